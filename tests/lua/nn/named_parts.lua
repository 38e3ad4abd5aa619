-- Containers whose parts have names of their own in states.

local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

local function names_of(net)
  local names = {}
  for name in net:named_parameters() do names[#names + 1] = name end
  return table.concat(names, ' ')
end

test('parts of a Sequential have the names that are given, those without one their numbers', function()
  local net = nn.Sequential { nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1), names = { 'first', '', 'head.0' } }
  expect(names_of(net)):equals 'first.weight first.bias head.0.weight head.0.bias'
  expect(net.first.name):equals 'Linear'
  expect(net[2].name):equals 'ReLU'
  expect(net(torch.randn(4, 2)).shape):equals { 4, 1 }
end)

test('of a container without a name the parts stand in its place, as in published residual networks', function()
  local block = nn.Residual(nn.Sequential {
    nn.Conv1d(2, 2, 1), nn.Dropout(0.9), nn.BatchNorm1d(2), names = { 'conv1', '', 'bn1' },
  }, { shortcut = nn.Sequential { nn.Conv1d(2, 2, 1) }, after = nn.ReLU(), names = { '', 'downsample', '' } })
  expect(names_of(block)):equals(
    'conv1.weight conv1.bias bn1.weight bn1.bias downsample.0.weight downsample.0.bias')
  local x = torch.randn(2, 2, 5)
  block:eval()
  expect(block(x)):near(block(x))                           -- dropout is told, wherever it stands
  local wanted = block.bn1(block.conv1(x)) + block.downsample(x)
  expect(block(x)):near(wanted:relu(), { absolute = 1e-6 })
end)

test('branches of a Parallel have names, too', function()
  local net = nn.Parallel { nn.Linear(2, 1), nn.Linear(2, 1), merge = 'sum', names = { 'left', 'right' } }
  expect(names_of(net)):equals 'left.weight left.bias right.weight right.bias'
end)

test('a network with names is built again from its file, and copied', function()
  local inner = nn.Sequential { nn.Linear(2, 2), names = { 'inner' } }
  local net = nn.Sequential { inner, nn.Linear(2, 1), names = { '', 'head' } }
  local x = torch.randn(3, 2)
  expect(names_of(net:clone())):equals 'inner.weight inner.bias head.weight head.bias'
  expect(net:clone()(x)):near(net(x))
end)

test('names that do not fit are refused', function()
  local function two(names) return function() nn.Sequential { nn.ReLU(), nn.ReLU(), names = names } end end
  expect(two { 'a' }):raises 'Sequential: has 2 parts and 1 names'
  expect(two { 'a', 'a' }):raises "Sequential: two parts are called 'a'"
  expect(function() nn.Residual(nn.ReLU(), { names = { 'body' } }) end)
    :raises "Residual: 'names' must be three, of body, shortcut and after"
end)

test('Permute orders dimensions, from 1', function()
  expect(nn.Permute { 1, 3, 2 }(torch.randn(2, 3, 4)).shape):equals { 2, 4, 3 }
  expect(function() nn.Permute { 1, 1 } end):raises "Permute: 'dims' must hold each number from 1 to 2 once"
  expect(function() nn.Permute { 2, 1 }(torch.randn(2, 3, 4)) end)
    :raises 'Permute: takes 2 dimensions, got [2, 3, 4]'
end)

test('Normalize gives rows length 1, and leaves rows of zeros', function()
  local rows = nn.Normalize()(torch.tensor { { 3, 4 }, { 0, 0 } })
  expect(rows):near { { 0.6, 0.8 }, { 0, 0 } }
end)

test('StatisticsPool gives mean and deviation, of true lengths', function()
  local x = torch.tensor { { { 1, 3, 100 } } }
  expect(nn.StatisticsPool()(x, { lengths = torch.tensor { 2 } })):near { { 2, 1 } }
  expect(nn.StatisticsPool()(torch.tensor { { { 1, 3 } } })):near { { 2, 1 } }
end)
