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
