-- torch.autograd.detect_anomaly: the first NaN is named.

local lumir = require 'lumir'
local torch, nn, optim = lumir.torch, lumir.nn, lumir.optim
local watched = torch.autograd.detect_anomaly

--- The message without where this file stands.
local function message_of(fn, ...)
  local good, problem = pcall(fn, ...)
  if good then error('expected an error, got none', 2) end
  return (tostring(problem):gsub('^[^:]*:%d+: ', ''):gsub('called at [^:]*:%d+', 'called at HERE'))
end

test('an operator that gives NaN is named as Lua called it', function()
  expect(message_of(watched, function() return torch.zeros(2):log() * 0 end)):equals '*: gives NaN, and was given none'
  expect(message_of(watched, function() return torch.sqrt(torch.tensor { 1, -1 }) end))
    :equals 'sqrt: gives NaN, and was given none'
  expect(message_of(watched, function() return torch.tensor { 0 / 0 } + 1 end)):equals '+: was given NaN'
  expect(message_of(watched, function() return nn.ReLU()(torch.tensor { 0 / 0 }) end)):equals 'ReLU: was given NaN'
end)

test('outside of it NaN is a number like others, and what the function gives comes back', function()
  expect(torch.zeros(1):log():mul(0):isnan():all():item()):is_true()
  local a, b = watched(function(x) return x + 1, 'two' end, torch.ones(1))
  expect(a):near { 2 }
  expect(b):equals 'two'
  pcall(watched, error)
  expect(torch.sqrt(torch.tensor { -1 }):isnan():item()):is_true()
end)

test('a gradient that is NaN names whose it is, and the line that called that', function()
  local x = torch.tensor({ 0, 4 }, { requires_grad = true })
  local function loss() return torch.where(x:gt(0), x:log(), torch.zeros(2)):sum() end
  expect(message_of(watched, function() loss():backward() end))
    :equals 'backward: the gradient of log is NaN (LogBackward0; called at HERE)'
  expect(message_of(watched, function() torch.autograd.grad(loss(), x) end))
    :equals 'grad: the gradient of log is NaN (LogBackward0; called at HERE)'
  local good, problem = pcall(watched, function() loss():backward() end)
  expect(good):equals(false)
  expect(problem):contains 'anomaly.lua:33'
end)

test('a gradient of a kernel of our own names the layer', function()
  local gru, x = nn.GRU(2, 3), torch.randn(4, 1, 2)
  expect(message_of(watched, function() (gru(x):pow(2) * 1e30 * 1e30):sum():backward() end))
    :equals 'backward: the gradient of GRU is NaN (OwnGradient; called at HERE)'
end)

local function rows()
  local x, y = {}, {}
  for i = 1, 12 do x[i], y[i] = { math.sin(i), math.cos(i) }, i % 2 == 0 and 'even' or 'odd' end
  x[8] = { 0, 0 }
  return lumir.data.table { x = x, y = y }
end

--- Its gradient is NaN for a row of zeros.
local function network()
  local Length = nn.Module 'Length'
  function Length:init() self.linear = nn.Linear(2, 2, { bias = false }) end
  function Length:forward(x) return self.linear(x) * x:pow(2):matmul(self.linear.weight:pow(2)):sqrt() end
  return nn.Sequential { Length() }
end

test('infinity is an anomaly where that is asked for', function()
  local x = torch.tensor { 1, 0 }
  expect(watched(function() return x:reciprocal():max():item() end)):equals(math.huge)
  local watched_too = torch.autograd.detect_infinity
  expect(function() watched_too(function() return x:reciprocal() end) end)
    :raises 'reciprocal: gives infinity, and was given none'
  local given = torch.tensor { 1 / 0 }
  expect(function() watched_too(function() return given + 1 end) end):raises '+: was given infinity'
  expect(function() watched_too(function() return given - given end) end):raises '-: gives NaN, and was given none'
  expect(watched_too(function(a, b) return a + b end, 1, 2)):equals(3)
  expect(x:reciprocal():max():item()):equals(math.huge)
end)

test('nn.fit names the batch as well', function()
  lumir.seed(1)
  local how = { epochs = 2, batch_size = 3, shuffle = false, optimizer = optim.SGD { lr = 0.01 } }
  how.detect_anomaly = true
  expect(message_of(nn.fit, network(), rows(), how)):equals(
    'minimize: the gradient of sqrt is NaN (SqrtBackward0; called at HERE; in Length, in Sequential; '
      .. 'batch 3 of epoch 1)')
end)

test('a loop of its own says so too, forward and backward', function()
  lumir.seed(1)
  local net, loss = network(), nn.CrossEntropyLoss()
  local sgd = optim.SGD(net, { lr = 0.01 })
  expect(message_of(watched, function()
    for _ in nn.epochs(2, { net }) do
      for x, y in rows():batches { batch_size = 3 } do
        local out = net(x)
        if x:eq(0):any():item() then out = out / x:sum(2, { keepdim = true }) * x:sum(2, { keepdim = true }) end
        sgd:minimize(loss(out, y))
      end
    end
  end)):equals '/: gives NaN, and was given none (batch 3 of epoch 1)'
end)

test('a training without NaN ends as it would have ended', function()
  local data = lumir.data.table { x = { { 1, 2 }, { 2, 1 }, { -1, -2 }, { -2, 1 } }, y = { 'a', 'b', 'a', 'b' } }
  local weights = {}
  for i, detect in ipairs { false, true } do
    lumir.seed(4)
    local net = nn.Linear(2, 2)
    nn.fit(net, data, { epochs = 3, optimizer = optim.Adam { lr = 0.1 }, detect_anomaly = detect })
    weights[i] = net.weight
  end
  expect(weights[1]:equal(weights[2])):is_true()
end)
