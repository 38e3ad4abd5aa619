local lumir = require 'lumir'
local torch = lumir.torch

test('numbers are float32 unless said otherwise, truth values are bool', function()
  expect(torch.tensor({ 1, 2 }).dtype):equals 'float32'
  expect(torch.tensor({ 1, 2 }, { dtype = 'float64' }).dtype):equals 'float64'
  expect(torch.tensor({ true }).dtype):equals 'bool'
end)

test('nested tables give the shape', function()
  local x = torch.tensor { { { 1, 2, 3 } }, { { 4, 5, 6 } } }
  expect(x.shape):equals { 2, 1, 3 }
  expect(x.ndim):equals(3)
  expect(#x):equals(2)
  expect(x:tolist()):equals { { { 1, 2, 3 } }, { { 4, 5, 6 } } }
end)

test('a ragged table is an error that names the place', function()
  expect(function() torch.tensor { { 1, 2 }, { 3 } } end)
    :raises 'tensor: element [2] has another length than those before it (1, not 2)'
  expect(function() torch.tensor { { 1 }, 2 } end):raises 'tensor: element [2] is a single value where others are lists'
  expect(function() torch.tensor { 1, { 2 } } end):raises 'tensor: element [2] is a list where others are single values'
  expect(function() torch.tensor { { 1, 'x' } } end):raises 'tensor: element [1][2] must be a number, got text'
end)

test('an unknown type or option names its neighbour', function()
  expect(function() torch.tensor({ 1 }, { dtype = 'float23' }) end)
    :raises "tensor: 'dtype' = 'float23' is no element type (did you mean 'float32'?)"
  expect(function() torch.tensor({ 1 }, { dtyp = 'float32' }) end)
    :raises "tensor: unknown option 'dtyp' (did you mean 'dtype'?); its options are dtype, device, requires_grad"
end)

test('a tensor of a tensor is a copy', function()
  local x = torch.tensor { 1, 2 }
  local y = torch.tensor(x)
  y[1] = 9
  expect(x):near { 1, 2 }
  expect(torch.tensor(x, { dtype = 'float64' }).dtype):equals 'float64'
end)

test('arithmetic takes tensors and numbers on either side', function()
  local x = torch.tensor { 1, 2, 4 }
  expect(x + 1):near { 2, 3, 5 }
  expect(1 - x):near { 0, -1, -3 }
  expect(x * x):near { 1, 4, 16 }
  expect(8 / x):near { 8, 4, 2 }
  expect(-x):near { -1, -2, -4 }
  expect(x ^ 2):near { 1, 4, 16 }
  expect(2 ^ x):near { 2, 4, 16 }
  expect(x % 3):near { 1, 2, 1 }
end)

test('a number takes the type of the tensor that it meets', function()
  local whole = torch.tensor({ 1, 2 }, { dtype = 'int64' })
  expect((whole + 1).dtype):equals 'int64'
  expect((whole + 0.5).dtype):equals 'float32'
  expect((whole / 2).dtype):equals 'float32'
  expect((torch.tensor({ 1 }, { dtype = 'float64' }) + 0.5).dtype):equals 'float64'
end)

test('item wants one element', function()
  expect(torch.tensor({ { 7 } }):item()):equals(7)
  expect(torch.tensor(true):item()):equals(true)
  expect(function() torch.tensor({ 1, 2 }):item() end)
    :raises 'item: needs a tensor of one element, got [2]; :tolist() gives all, :mean() one of them'
end)

test('Lua has no order of tensors', function()
  local x = torch.tensor { 1 }
  expect(function() return x < x end)
    :raises("Tensor: '<' and '>' of Lua answer one boolean; x:lt(y), x:le(y), x:gt(y), x:ge(y) compare element by "
      .. 'element, x:item() gives the number of one element')
end)
