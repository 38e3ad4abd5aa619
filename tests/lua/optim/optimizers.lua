local lumir = require 'lumir'
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

local function weight(...) return torch.tensor({ ... }, { requires_grad = true }) end

test('a loss is minimised by its module', function()
  torch.manual_seed(1)
  local net = nn.Linear(3, 1)
  local adam = optim.Adam(net, { lr = 0.05 })
  local x = torch.randn(16, 3)
  local y = x:matmul(torch.tensor { { 1 }, { -2 }, { 3 } }) + 0.5
  local first, last
  for _ = 1, 400 do
    last = adam:minimize((net(x) - y):pow(2):mean())
    first = first or last
  end
  expect(type(last)):equals 'number'
  expect(last):below(1e-3 * first)
  expect(net.weight):near({ { 1, -2, 3 } }, { absolute = 0.05 })
end)

test('minimize is zero_grad, backward and step', function()
  local a, b = weight(1, 2, 3), weight(1, 2, 3)
  local one, other = optim.AdamW({ a }, { lr = 0.1 }), optim.AdamW({ b }, { lr = 0.1 })
  for _ = 1, 3 do
    local loss = (a * a):sum()
    one:zero_grad()
    loss:backward()
    one:step()
    expect(other:minimize((b * b):sum())):equals(loss:item())
  end
  expect(a:detach():tolist()):equals(b:detach():tolist())
end)

test('the rate is read and set, of all groups and of one', function()
  local sgd = optim.SGD({ body = weight(1), head = weight(1) }, { lr = 0.1, groups = { { match = 'head', lr = 0.5 } } })
  expect(sgd.lr):equals(0.5)
  expect(sgd.param_groups[2].lr):equals(0.1)
  sgd.lr = 0.01
  expect(sgd.param_groups[1].lr):equals(0.01)
  expect(sgd.param_groups[2].lr):equals(0.01)
  sgd.param_groups[2].momentum = 0.9
  expect(sgd.param_groups[1].momentum):equals(0)
  expect(sgd.param_groups[2].momentum):equals(0.9)
  expect(sgd.param_groups[2].params.body:tolist()):equals { 1 }
  expect(function() sgd.lr = -1 end):raises "SGD: 'lr' = -1 is out of range (at least 0)"
  expect(function() sgd.momentum = 1 end)
    :raises "SGD: 'momentum' cannot be assigned; param_groups[1].momentum = ... changes an option"
end)

test('options alone make an optimiser that is bound later', function()
  local plain = optim.SGD { lr = 0.5 }
  local w = weight(4)
  local bound = plain:bind { w }
  bound:minimize(w:sum())
  expect(w:detach():tolist()):equals { 3.5 }
  expect(function() plain:step() end):raises 'step: SGD has no parameters yet: optim.SGD(net, options), or bind'
  expect(tostring(plain)):contains 'no parameters yet'
  expect(tostring(bound)):equals('SGD { lr = 0.5 }\n  { dampening = 0, lr = 0.5, maximize = false, momentum = 0, '
    .. 'nesterov = false, weight_decay = 0 }\n  1 parameter of 1 number')
end)

test('clipping and accumulation are said by name', function()
  local w = weight(3, 4)
  local sgd = optim.SGD({ w }, { lr = 1 })
  sgd:minimize((w * w):sum() / 2, { clip_norm = 1 })
  expect(sgd.grad_norm):near(5)
  expect(w:detach()):near { 2.4, 3.2 }
  expect(function() sgd:minimize(w:sum(), { clip = 1 }) end)
    :raises "minimize: unknown option 'clip'; its options are clip_norm, clip_value, accumulate, scaler"
  expect(sgd:minimize(w:sum() * 2, { accumulate = 2 })):near(11.2)
  expect(w:detach()):near { 2.4, 3.2 }
  sgd:minimize(w:sum() * 4, { accumulate = 2 })
  expect(w:detach()):near({ -0.6, 0.2 }, { absolute = 1e-6 })
end)

test('gradients can be clipped by hand', function()
  local w = weight(3, 4)
  w:pow(2):sum():backward()
  expect(optim.clip_grad_norm({ w }, 5)):near(10)
  expect(w.grad):near { 3, 4 }
  optim.clip_grad_value({ w }, 3.5)
  expect(w.grad):near { 3, 3.5 }
end)

test('a state is a table of tensors and goes back', function()
  local w = weight(1, 2)
  local adam = optim.Adam({ w = w }, { lr = 0.1 })
  adam:minimize((w * w):sum())
  local state = adam:state_dict()
  expect(state['state.w.step']:item()):equals(1)
  local after = w:detach():clone()
  local copy = weight(unpack(after:tolist()))
  local other = optim.Adam({ w = copy }, { lr = 0.5 }):load_state_dict(state)
  adam:minimize((w * w):sum())
  other:minimize((copy * copy):sum())
  expect(copy:detach():tolist()):equals(w:detach():tolist())
  expect(function() other:load_state_dict { lr = 1 } end)
    :raises "load_state_dict: 'lr' must be a Tensor, got 1"
  expect(function() other:load_state_dict {} end)
    :raises "load_state_dict: has no array 'groups.1.betas' of Adam"
end)

test('what is no parameter is refused', function()
  expect(function() optim.SGD({ 'w' }, {}) end)
    :raises "SGD: 'parameters' must be a Module or a table of Tensors, got 'w'"
  expect(function() optim.SGD({ torch.ones(2) * weight(1) }, {}) end)
    :raises "SGD: parameter '1' is computed from others: only what is at the beginning can be changed"
  expect(function() optim.SGD { lrr = 1 } end)
    :raises("SGD: unknown option 'lrr' (did you mean 'lr'?); its options are lr, weight_decay, maximize, groups, "
      .. 'momentum, dampening, nesterov')
  expect(function() optim.SGD({ torch.tensor({ 1 }, { dtype = 'int64' }) }, {}) end)
    :raises "SGD: parameter '1' is of int64, which has no gradient"
end)
