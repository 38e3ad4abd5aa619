local lumir = require 'lumir'
local torch = lumir.torch

local function matrix()
  return torch.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
end

test('position 0 is an error for numbers, lists and tensors', function()
  local text = "sum: 'dim' = 0 is no position; positions count from 1, -1 is the last"
  expect(function() return matrix():sum(0) end):raises(text)
  expect(function() return matrix():sum { dim = { 1, 0 } } end):raises(text)
  expect(function() return matrix():index_select(1, { 0 }) end)
    :raises "index_select: 'index' holds a 0, which is no position; positions count from 1"
end)

test('dimensions and positions that are not there are told as the user counts them', function()
  expect(function() return matrix():sum(3) end):raises 'sum: dimension 3 is out of range (1 to 2, or -2 to -1)'
  expect(function() return matrix():unsqueeze(4) end)
    :raises 'unsqueeze: dimension 4 is out of range (1 to 3, or -3 to -1)'
  expect(function() return matrix():select(2, 9) end)
    :raises 'select: index 9 out of range for tensor of size [2, 3] at dimension 2'
  expect(function() return matrix():gather(2, torch.tensor { { 1 }, { 4 } }) end)
    :raises 'gather: index 4 is out of bounds for dimension 2 with size 3'
end)

test('shapes that do not fit are one line', function()
  expect(function() return torch.mm(matrix(), matrix()) end)
    :raises 'mm: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)'
  expect(function() return matrix() + torch.ones(2) end)
    :raises 'Tensor: The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 2'
end)

test('a misspelt name or option names its neighbour', function()
  expect(function() return torch.sofmax end):raises "torch.sofmax: there is no such name (did you mean 'softmax'?)"
  expect(function() return matrix().sofmax end):raises "Tensor: has no 'sofmax' (did you mean 'softmax'?)"
  expect(function() return matrix():sum(1, { keepdims = true }) end)
    :raises "sum: unknown option 'keepdims' (did you mean 'keepdim'?)"
end)

test('what is missing or of another kind is said in words', function()
  expect(function() return torch.softmax(matrix()) end):raises "softmax: needs 'dim' (an integer)"
  expect(function() return matrix():topk 'two' end):raises "topk: 'k' must be an integer, got 'two'"
  expect(function() return matrix():topk(1.5) end):raises "topk: 'k' must be an integer, got 1.5"
  expect(function() return matrix():add 'x' end):raises "add: 'other' must be a number or a tensor, got 'x'"
  expect(function() return matrix():relu(1) end):raises 'relu: takes at most 1 argument, got 2'
  expect(function() return torch.mse_loss(matrix(), matrix(), { reduction = 'summ' }) end)
    :raises "mse_loss: 'reduction' must be 'none', 'mean' or 'sum', got 'summ'"
  expect(function() return torch.cat { 1, 2 } end):raises "cat: 'tensors' must be a list of tensors, got table"
end)

test('positions must be whole', function()
  expect(function() return matrix():index_select(1, torch.tensor { 1.5 }) end)
    :raises "index_select: 'index' must hold whole numbers (positions)"
end)

test('a device that is not there is named', function()
  expect(function() return matrix():to 'cudaa' end)
    :raises "to: 'device' = 'cudaa' is no device ('cpu', 'cuda' or 'cuda:0')"
  expect(function() return matrix():to 'float65' end)
    :raises "to: 'dtype' = 'float65' is no element type (did you mean 'float64'?)"
end)
