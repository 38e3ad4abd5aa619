-- help 'topk': operators of LibTorch, which have a schema but no words.

local lumir = require 'lumir'
local torch = lumir.torch
local core = require('lumir.native').core

test('an operator is shown as Lua writes it, with what counts from 1, and with shapes', function()
  local text = core.help 'topk'
  expect(text):contains 'x:topk(k, { dim = -1, largest = true, sorted = true }) -> values, indices\n'
  expect(text):contains '    k                an amount, an integer\n'
  expect(text):contains '    dim = -1         a dimension, counted from 1; -1 is the last\n'
  expect(text):contains '    indices   positions, counted from 1\n'
  expect(text):contains '  Example   x:topk(2), x [3, 4] -> values [3, 2], indices [3, 2]\n'
  expect(text):contains '  Source    LibTorch, aten::topk\n'
end)

test('arguments that are positions, classes and words say so', function()
  expect(core.help 'index_select'):contains '    index   a Tensor of positions, counted from 1\n'
  expect(core.help 'cross_entropy'):contains 'a Tensor of classes, counted from 1, or of shares of each class'
  expect(core.help 'l1_loss'):contains "reduction = 'mean'   'none', 'mean', 'sum'\n"
  expect(core.help 'slice')
    :contains "stop = none    a position, counted from 1, that belongs to it; -1 is the last; or 'none'"
  expect(core.help 'matmul'):contains 'x:matmul(y), x [3, 4], y [4, 5] -> [3, 5]'
  expect(core.help 'torch.argmax'):contains 'Tensor   positions, counted from 1'
end)

test('registered names come first, and a mistyped operator has its nearest', function()
  expect(core.help 'Tensor.tolist'):contains 'x:tolist()'
  expect(function() core.help 'tpok' end):raises "help: nothing is called 'tpok' (did you mean 'topk'?)"
  expect(function() core.help 'mfc' end):raises "help: nothing is called 'mfc' (did you mean 'mfcc'?)"
end)

test('every operator has help, which draws and warns of nothing', function()
  torch.manual_seed(3)
  local expected = torch.rand(2):tolist()
  torch.manual_seed(3)
  local tried = 0
  for _, name in ipairs(torch.names()) do
    local text = core.help('torch.' .. name)
    local ours = core.described('torch.' .. name)
    if not ours and not text:find('  Source    LibTorch, aten::', 1, true) then error(name .. ' has no help') end
    if text:find('  Example   ', 1, true) then tried = tried + 1 end
  end
  expect(torch.rand(2):tolist()):equals(expected)
  expect(tried):above(300)
end)
