-- What those who come from PyTorch write of tensors, and what they are told.

local lumir = require 'lumir'
local torch = lumir.torch

test('== answers for one tensor, and refuses two, which nobody means', function()
  local x = torch.tensor { 1, 2 }
  local again = x
  expect(x == again):equals(true)
  local text = "Tensor: '==' of Lua answers one boolean; x:eq(y) compares element by element, x:equal(y) all of it, "
    .. 'x:is_same(y) asks whether both are one tensor'
  expect(function() return x == torch.tensor { 1, 2 } end):raises(text)
  expect(function() return x ~= torch.tensor { 1, 2 } end):raises(text)
  expect(x:equal(torch.tensor { 1, 2 })):equals(true)
  expect(x:is_same(x:clone())):equals(false)
  expect(x == nil):equals(false)
end)

test('a tensor in text, or called, or looped over, says what is meant', function()
  local x = torch.tensor { { 1, 2 }, { 3, 4 } }
  expect(function() return 'loss ' .. x end)
    :raises "Tensor: '..' joins text and numbers; x:item() gives the number of one element, tostring(x) text"
  local text = 'Tensor: is no function; for i, part in ipairs(x) do goes through its parts'
  expect(function() return x(1) end):raises(text)
  expect(function() for _ in x do error 'not here' end end):raises(text)
  expect(function() return x:item() end)
    :raises 'item: needs a tensor of one element, got [2, 2]; :tolist() gives all, :mean() one of them'
end)

test('ipairs goes through the rows of a tensor', function()
  local sums = {}
  for i, row in ipairs(torch.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } }) do sums[i] = row:sum():item() end
  expect(sums):equals { 3, 7, 11 }
  local listed = {}
  for i, word in ipairs { 'a', 'b' } do listed[i] = word end
  expect(listed):equals { 'a', 'b' }
  expect(function() ipairs(3) end):raises "bad argument #1 to 'ipairs' (table expected, got number)"
end)

test('what stands elsewhere than in torch is said', function()
  expect(function() return torch.float32 end)
    :raises "torch.float32: there is no such name; element types are words: { dtype = 'float32' }, x:to 'float32'"
  expect(function() return torch.nn end):raises 'torch.nn: there is no such name; lumir.nn is a module beside it'
  expect(function() return torch.device end)
    :raises "torch.device: there is no such name; devices are words: x:to 'cuda', { device = 'auto' }"
  expect(torch.zeros(2, { dtype = 'long' }).dtype):equals 'int64'
  expect(torch.zeros(2):to('half').dtype):equals 'float16'
end)

test('a hint that nobody means is left out', function()
  expect(function() return torch.qqq end):raises 'torch.qqq: there is no such name'
  expect(function() return lumir.ne end):raises 'lumir.ne: there is no such name'
  expect(function() return lumir.nnn end):raises "lumir.nnn: there is no such name (did you mean 'nn'?)"
end)

test('weights are not written into without a word', function()
  local w = torch.zeros(2, { requires_grad = true })
  local text = 'a tensor that gradients are kept for (requires_grad) cannot be written into; '
    .. 'torch.no_grad(function() ... end) around it allows that'
  expect(function() w[1] = 3 end):raises('Tensor: ' .. text)
  expect(function() w:add_(1) end):raises('add_: ' .. text)
  torch.no_grad(function() w[1] = 3 end)
  expect(w:detach()):near { 3, 0 }
end)

test('a gradient has the shape and the type of its tensor', function()
  local w = torch.zeros(2, { requires_grad = true })
  expect(function() w.grad = torch.ones(3) end)
    :raises 'Tensor: the gradient of [2] of float32 must be so too, got [3] of float32'
  w.grad = torch.ones(2)
  expect(w.grad):near { 1, 1 }
end)

test('other objects say what they are where an operator meets them', function()
  local clip = lumir.audio.silence { seconds = 0.1 }
  local rows = lumir.data.table { x = { { 1 }, { 2 } }, y = { 'a', 'b' } }
  expect(function() return rows + 1 end):raises "Table: is not reckoned with, but '+' stands beside it"
  expect(function() return rows .. 'x' end):raises "Table: '..' joins text and numbers; tostring(table) is its text"
  expect(function() return rows < rows end):raises "Table: has no order; '<' and '>' compare numbers and text"
  expect(function() clip.rate = 3 end):raises "Clip: 'rate' cannot be set"
  expect(function() return clip() end):raises 'Clip: is no function'
  expect(function() return rows:batches {}[1] end)
    :raises 'Batches: has no parts by place; it is called, or looped over: for ... in batches do'
end)
