local lumir = require 'lumir'
local torch = lumir.torch

test('backward leaves gradients', function()
  local w = torch.tensor({ 1, 2, 3 }, { requires_grad = true })
  local loss = (w * w):sum()
  loss:backward()
  expect(w.grad):near { 2, 4, 6 }
end)

test('gradients add up until they are cleared', function()
  local w = torch.tensor({ 1, 2 }, { requires_grad = true })
  for _ = 1, 2 do (w * 3):sum():backward() end
  expect(w.grad):near { 6, 6 }
  w.grad = nil
  expect(w.grad):equals(nil)
end)

test('gradients go through positions', function()
  local w = torch.tensor({ 1, 2, 3 }, { requires_grad = true })
  w:index_select(1, { 3, 3, 1 }):sum():backward()
  expect(w.grad):near { 1, 0, 2 }
end)

test('a tensor that is no single number needs a gradient to start from', function()
  local w = torch.tensor({ 1, 2 }, { requires_grad = true })
  local y = w * 2
  expect(function() y:backward() end):raises 'backward: of [2] needs a gradient of the same shape; a loss is one number'
  y:backward(torch.tensor { 1, 10 })
  expect(w.grad):near { 2, 20 }
end)

test('a graph serves once unless it is retained', function()
  local w = torch.tensor({ 2 }, { requires_grad = true })
  local loss = (w * w):sum()
  loss:backward { retain_graph = true }
  loss:backward()
  expect(w.grad):near { 8 }
  expect(function() loss:backward() end)
    :raises 'backward: an earlier backward has freed this graph; it needs { retain_graph = true } there'
  expect(loss.requires_grad):equals(true)
  expect(function() (loss * 2):backward() end)              -- nor is it left out where it is part of another one
    :raises 'backward: an earlier backward has freed this graph; it needs { retain_graph = true } there'
end)

test('nothing to differentiate is an error', function()
  expect(function() torch.ones(1):sum():backward() end)
    :raises 'backward: nothing that this was computed from requires a gradient (requires_grad = true)'
end)

test('no_grad records nothing, and ends even with an error', function()
  local w = torch.tensor({ 2 }, { requires_grad = true })
  local y, z = torch.no_grad(function(k) return w * k, 7 end, 3)
  expect(y.requires_grad):equals(false)
  expect(z):equals(7)
  pcall(torch.no_grad, function() error 'stop' end)
  expect((w * 2).requires_grad):is_true()
end)

test('requires_grad can be set later, and detach cuts', function()
  local w = torch.ones(2)
  w.requires_grad = true
  expect((w * 2).requires_grad):is_true()
  expect((w * 2):detach().requires_grad):equals(false)
end)

test('least squares by hand finds the line', function()
  local x = torch.linspace(-1, 1, 21)
  local y = x * 3 - 0.5
  local w, b = torch.zeros({}, { requires_grad = true }), torch.zeros(1)
  w.requires_grad, b.requires_grad = true, true
  for _ = 1, 200 do
    (x * w + b - y):square():mean():backward()
    torch.no_grad(function()
      w:sub_(w.grad * 0.3)
      b:sub_(b.grad * 0.3)
    end)
    w.grad, b.grad = nil, nil
  end
  expect(w):near(3, { absolute = 1e-3 })
  expect(b):near({ -0.5 }, { absolute = 1e-3 })
end)

test('gradients, and gradients of gradients, are those of PyTorch', function()
  local golden = require 'golden.gradients'
  local function numbers(list) return torch.tensor(list, { dtype = 'float64' }) end
  local names = {
    torch = torch, nn = lumir.nn, grad = torch.autograd.grad,
    leaf = function(x)
      local copy = x:clone()
      copy.requires_grad = true
      return copy
    end,
    X = numbers { { 0.3, 0.9, -0.1, 0.7 }, { 0.5, -0.4, 0.6, 0.2 }, { 0.8, 0.5, -0.25, 0.15 } },
    V = numbers { 0.3, -0.9, 0.1, 0.7, 0.5 },
    C = torch.arange(1, 33, { dtype = 'float64' }):reshape(1, 2, 4, 4):sin(),
    W = torch.arange(1, 37, { dtype = 'float64' }):reshape(2, 2, 3, 3):cos(),
    K = torch.tensor({ 1, 3, 2 }, { dtype = 'int64' }),
  }
  expect(#golden):equals(13)
  for _, case in ipairs(golden) do
    local code, expected = unpack(case)
    local results = { setfenv(assert(loadstring(code)), names)() }
    expect(#results):equals(#expected)
    for i, result in ipairs(results) do
      local good, problem = pcall(function() expect(result):near(expected[i], { absolute = 1e-6, relative = 1e-5 }) end)
      if not good then error(('%s\nresult %d: %s'):format(code, i, tostring(problem)), 0) end
    end
  end
end)

test('grad leaves no gradient behind, and says what it lacks', function()
  local grad = torch.autograd.grad
  local w, other = torch.tensor({ 2 }, { requires_grad = true }), torch.ones(1, { requires_grad = true })
  expect(grad((w * w):sum(), w)):near { 4 }
  expect(w.grad):equals(nil)
  expect(function() grad(w:sum(), { w, other }) end)
    :raises 'grad: one of the inputs was not used; { allow_unused = true } gives nil for it'
  local dw, unused = grad(w:sum(), { w, other }, { allow_unused = true })
  expect(dw):near { 1 }
  expect(unused):equals(nil)
  expect(function() grad(torch.ones(2), w) end)
    :raises "grad: position 1 of 'outputs' has no gradient (requires_grad = true)"
  expect(function() grad(w * torch.ones(2), w) end)
    :raises 'grad: of [2] needs grad_outputs of the same shape; a loss is one number'
  expect(function() grad(w:sum(), { w, 3 }) end):raises "grad: position 2 of 'inputs' must be a Tensor, got number"
end)
