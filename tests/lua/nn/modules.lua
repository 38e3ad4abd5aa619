-- Networks that are written in Lua, hooks, coroutines, weights that are shared, states.

local lumir = require 'lumir'
local nn, optim, torch, data = lumir.nn, lumir.optim, lumir.torch, lumir.data

--- A class with one function forward.
local function class(name, forward, init)
  local made = nn.Module(name)
  made.init, made.forward = init, forward
  return made
end

--- Collects, and writes over what the stacks of dead coroutines were.
local function forget()
  for _ = 1, 10 do collectgarbage() end
  local threads = {}
  for i = 1, 200 do
    threads[i] = coroutine.create(function() coroutine.yield {} end)
    coroutine.resume(threads[i])
  end
end

test('a function that one network keeps in a field is its own', function()
  local Act = class('Act', function(self, x) return self.act(x) end, function(self, act) self.act = act end)
  local relu, neg = Act(torch.relu), Act(torch.neg)
  local x = torch.tensor { -1, 2 }
  expect(relu(x)):near { 0, 2 }
  expect(neg(x)):near { 1, -2 }
  relu.act = torch.abs
  expect(relu(x)):near { 1, 2 }
end)

test('a network that a dead coroutine made answers', function()
  local Twice = class('Twice', function(self, x) return self.linear(x) * self.n end, function(self)
    self.n, self.linear = 2, nn.Linear(2, 2)
  end)
  local calls, x = 0, torch.ones(1, 2)
  for _ = 1, 20 do
    local net
    coroutine.wrap(function()
      net = Twice()
      net:register_forward_hook(function() calls = calls + 1 end)
    end)()
    forget()
    expect(net(x)):near((net.linear(x) * 2):detach())
  end
  expect(calls):equals(20)
end)

test('a network that is called in a coroutine says there what went wrong', function()
  local bad = class('Bad', function() error('the true reason', 0) end)()
  local good, problem = coroutine.resume(coroutine.create(function() return bad(torch.ones(1)) end))
  expect(good):equals(false)
  expect(problem):equals 'the true reason'
  local plain = nn.Linear(1, 1)
  plain:register_forward_hook(function() error('the hook failed', 0) end)
  good, problem = coroutine.resume(coroutine.create(function() return plain(torch.ones(1, 1)) end))
  expect(good):equals(false)
  expect(problem):equals 'the hook failed'
  local outputs = coroutine.wrap(function()
    for i = 1, 3 do coroutine.yield(nn.Identity()(torch.full({ 1 }, i))) end
  end)
  expect(outputs():item() + outputs():item()):equals(3)
end)

test('a hook may take itself off and add others', function()
  local net, heard = nn.Linear(2, 2), {}
  local off
  off = net:register_forward_hook(function()
    heard[#heard + 1] = 'first'
    off()
    for _ = 1, 50 do net:register_forward_hook(function() heard[#heard + 1] = 'new' end) end
  end)
  net:register_forward_hook(function(part, x, y)
    heard[#heard + 1] = part.name .. x.shape[1] .. y.shape[2]
  end)
  net(torch.zeros(3, 2))
  expect(heard):equals { 'first', 'Linear32' }
  net(torch.zeros(3, 2))
  expect(#heard):equals(2 + 1 + 50)
end)

test('a part, a parameter or a buffer gives way to another in its place', function()
  local net = class('Net', function(_, x) return x end)()
  net.w = nn.Parameter(torch.ones(2))
  net.head = nn.Linear(2, 2)
  net.w = nn.Parameter(torch.zeros(3))
  expect(net.w.requires_grad):equals(true)
  expect(net.w.shape):equals { 3 }
  net.head = nn.Linear(2, 1)
  expect(net.n_parameters):equals(3 + 3)
  net.w = nn.Buffer(torch.zeros(1))
  expect(net.n_parameters):equals(3)
  net.w = torch.full({ 2 }, 7)
  expect(net:state_dict().w):near { 7, 7 }
  net.w = nn.Identity()
  expect(net.w.name):equals 'Identity'
  net.w = nn.Parameter(torch.ones(1))
  expect(#net:children()):equals(1)
  net.head, net.w = nil, nil
  expect(net.n_parameters):equals(0)
  expect(#net:children()):equals(0)
  net.w = 'now a field'
  expect(net.w):equals 'now a field'
  net.w = nn.Linear(1, 1)
  expect(net.w.name):equals 'Linear'
end)

test('what nobody would read is refused', function()
  local Net = class('Net', function(_, x) return x end)
  local net = Net()
  net.w, net.head = nn.Parameter(torch.ones(2)), nn.Linear(2, 2)
  expect(function() net.w = torch.ones(2) end)
    :raises "Net: 'w' is a Parameter, whose place nn.Parameter(...) or nil can take, got Tensor"
  expect(function() net.head = 7 end):raises "Net: 'head' is a part, whose place a Module or nil can take, got number"
  expect(function() net.options = { width = 3 } end)
    :raises "Net: every Module has a 'options' of its own; another name is needed"
  expect(function() net.apply = nn.Linear(2, 2) end)
    :raises "Net: every Module has a 'apply' of its own; another name is needed"
  expect(function() Net.train = function() end end)
    :raises "Net: every Module has a 'train' of its own; another name is needed"
end)

test('lengths go on behind a forward, as they came or as it says', function()
  local x, lengths = torch.randn(2, 6, 3), torch.tensor { 3, 6 }
  local Plain = class('Plain', function(_, frames) return frames * 2 end)
  expect(nn.Sequential { Plain(), nn.LastFrame() }(x, { lengths = lengths })[1]):near(x[1][3] * 2)
  local Half = class('Half', function(_, frames, named)
    return frames['1:2, 1:3'], { lengths = named.lengths:sub(named.lengths:div(2):floor():long()) }
  end)
  expect(nn.Sequential { Half(), nn.LastFrame() }(x, { lengths = lengths })[1]):near(x[1][2])
  local Cut = class('Cut', function(_, frames) return frames['1:2, 1:3'] end)
  expect(function() nn.Sequential { Cut(), nn.LastFrame() }(x, { lengths = lengths }) end)
    :raises "LastFrame: 'lengths' must be 1 to 3, got 6"
  local Odd = class('Odd', function(_, frames) return frames, { 1 } end)
  expect(function() Odd()(x) end):raises 'Odd: the table that forward returns last must hold tensors by name'
end)

test('weights that two places share are there once', function()
  local linear = nn.Linear(3, 3)
  local net = nn.Sequential { linear, nn.ReLU(), linear }
  expect(net.n_parameters):equals(12)
  expect(#net:parameters()):equals(2)
  local names, applied = {}, 0
  for name in net:named_parameters() do names[#names + 1] = name end
  expect(names):equals { '0.weight', '0.bias' }
  net:apply(function(part) if part.name == 'Linear' then applied = applied + 1 end end)
  expect(applied):equals(1)
  expect(nn.summary(net, { 2, 3 }).mult_adds):equals(48)
  local held = net:state_dict()
  expect(held['2.weight']:equal(held['0.weight'])):equals(true)
end)

test('a clone, and a network from a file, have a module twice where theirs has', function()
  local linear = nn.Linear(3, 3)
  local net = nn.Sequential { linear, nn.ReLU(), linear, nn.Linear(3, 2) }
  net[2]:eval()
  local copy = net:clone()
  expect(copy.n_parameters):equals(12 + 8)
  expect(copy[1] == copy[3]):equals(true)
  expect(copy[1] == net[1]):equals(false)
  expect(copy[2].training):equals(false)
  expect(copy.training):equals(true)
  local calls = 0
  copy[1]:register_forward_hook(function() calls = calls + 1 end)
  copy(torch.ones(1, 3))
  expect(calls):equals(2)
  local rows = data.table { x = { { 1, 0, 1 }, { 0, 1, 1 } }, y = { 'cat', 'dog' } }
  nn.fit(net, rows, { epochs = 1 })
  local path = os.tmpname() .. '.safetensors'
  net:save(path)
  local loaded = lumir.learn.load(path)
  os.remove(path)
  expect(loaded:predict(rows)):equals(net:predict(rows))
end)

test('a clone knows the classes', function()
  local rows = data.table { x = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 0, 0 } }, y = { 'cat', 'dog', 'cat', 'dog' } }
  local net = nn.Linear(2, 2)
  nn.fit(net, rows, { epochs = 1 })
  local path = os.tmpname() .. '.safetensors'
  net:clone():save(path)
  expect(lumir.learn.load(path).classes):equals { 'cat', 'dog' }
  os.remove(path)
end)

test('a network knows the classes that it was trained on last', function()
  local function rows(a, b)
    return data.table { x = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 0, 0 } }, y = { a, b, a, b } }
  end
  local net, path = nn.Linear(2, 2), os.tmpname() .. '.safetensors'
  nn.fit(net, rows('cat', 'dog'), { epochs = 1 })
  nn.fit(net, rows('jazz', 'rock'), { epochs = 1 })
  net:save(path)
  expect(lumir.learn.load(path).classes):equals { 'jazz', 'rock' }
  os.remove(path)
end)

test('a state dict goes out and comes in, all or nothing', function()
  local net, other = nn.Linear(3, 2), nn.Linear(3, 2)
  expect(other:load_state_dict(net:state_dict()) == other):equals(true)
  expect(other.weight:detach()):near(net.weight:detach())
  local before = net.weight:detach():clone()
  expect(function() net:load_state_dict { weight = torch.zeros(2, 3) } end)
    :raises "load_state_dict: has no array 'bias' of Linear"
  expect(function() net:load_state_dict { weight = torch.zeros(2, 3), bias = torch.zeros(2), x = torch.zeros(1) } end)
    :raises "load_state_dict: 'x' is no part of Linear"
  expect(net.weight:detach()):near(before)
  local longer = { ['module.weight'] = torch.zeros(2, 3), ['module.bias'] = torch.zeros(2) }
  expect(function() net:load_state_dict(longer) end)
    :raises("load_state_dict: has no array 'weight', 'bias' of Linear; 'module.bias', 'module.weight' are no part of "
      .. "Linear ({ rename = { ['module.'] = '' } } takes that off)")
end)

test('a network moves as in PyTorch', function()
  local net = nn.Linear(3, 2)
  expect(net:double().weight.dtype):equals 'float64'
  expect(net:half().weight.dtype):equals 'float16'
  expect(net:float():cpu().weight.dtype):equals 'float32'
  local good, problem = pcall(function() net:cuda() end)
  if not good then expect(problem):contains 'cuda: ' end   -- where there is no such device
end)

test('a layer without sizes takes them from a state, unless that does not fit', function()
  local net = nn.Sequential { nn.LazyLinear(3) }
  expect(function()
    net:load_state_dict { ['0.weight'] = torch.zeros(3, 4), ['0.bias'] = torch.zeros(3), odd = torch.zeros(1) }
  end):raises "load_state_dict: 'odd' is no part of Sequential"
  expect(net[1].name):equals 'LazyLinear'
  expect(function() net:load_state_dict {} end)
    :raises "load_state_dict: has no array '0.weight', '0.bias' of Sequential"
  expect(function() net:load_state_dict { ['0.weight'] = torch.zeros(4), ['0.bias'] = torch.zeros(3) } end)
    :raises("load_state_dict: '0.weight' is [4], which gives no size to a part of Sequential that has seen nothing "
      .. "yet; '0.bias' is [3], which gives no size to a part of Sequential that has seen nothing yet")
  net:load_state_dict { ['0.weight'] = torch.ones(3, 4), ['0.bias'] = torch.zeros(3) }
  expect(tostring(net[1])):equals 'Linear(4, 3)'
  expect(net(torch.ones(1, 4))):near { { 4, 4, 4 } }
end)

test('the weights of a layer without sizes are of the type that it was given, not that of its input', function()
  local linear = nn.LazyLinear(3)
  expect(pcall(linear, torch.zeros(2, 4):double())):equals(false)
  expect(linear.weight.dtype):equals 'float32'
  local wide = nn.LazyLinear(3):to 'float64'
  wide(torch.zeros(2, 4):double())
  expect(wide.weight.dtype):equals 'float64'
  local conv = nn.LazyConv1d(3, 1)
  expect(function() conv(torch.zeros(2, 4, 5):long()) end)
    :raises 'LazyConv1d(3, 1): takes fractions, got [2, 4, 5] of int64'
  expect(conv.name):equals 'LazyConv1d'
  local whole = nn.LazyLinear(3)
  expect(function() whole(torch.zeros(2, 4):long()) end)
    :raises 'LazyLinear(3): takes fractions of [..., features], got [2, 4] of int64'
  expect(whole.name):equals 'LazyLinear'
end)

test('an optimiser, and evaluate, refuse weights that have no size yet', function()
  local net = nn.Sequential { nn.Linear(2, 2), nn.LazyLinear(2) }
  expect(function() optim.Adam(net) end)
    :raises "Adam: parameter '1.weight' has no size yet: the network must see a batch first"
  local rows = data.table { x = { { 1, 0 }, { 0, 1 } }, y = { 'cat', 'dog' } }
  expect(function() lumir.evaluate(net, rows) end)
    :raises "Sequential: '1.weight' has no size yet: no batch went through the network so far"
end)

test('the embedding of a network has one row for each row of the data', function()
  local x, y = {}, {}
  for i = 1, 60 do x[i], y[i] = { math.sin(i), i % 3 }, i % 2 == 0 and 'a' or 'b' end
  local rows = data.table { x = x, y = y }
  local linear = nn.Linear(2, 2)
  expect(pcall(lumir.report.tsne, nn.Sequential { linear, nn.ReLU(), linear }, rows)):equals(true)
end)
