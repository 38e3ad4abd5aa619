-- Operators by their own schema. Numbers are PyTorch's for the same input, with positions counted from 1.
local lumir = require 'lumir'
local torch = lumir.torch

local function matrix()
  return torch.tensor { { 1, 2, 3.5 }, { 3, 4, 0.5 } }
end

test('operators are functions of torch and methods of tensors', function()
  expect(torch.matmul(matrix(), matrix().T)):near { { 17.25, 12.75 }, { 12.75, 25.25 } }
  expect(matrix():matmul(matrix().T)):near { { 17.25, 12.75 }, { 12.75, 25.25 } }
  expect(torch.tensor({ 0, 1 }):exp()):near({ 1, 2.7182818 }, { relative = 1e-6 })
end)

test('options go in one table, by the names of PyTorch', function()
  expect(matrix():sum(1)):near { 4, 6, 4 }
  expect(matrix():sum(2, { keepdim = true })):near { { 6.5 }, { 7.5 } }
  expect(matrix():sum { dim = { 1, 2 } }):near(14)
  expect(matrix():std { dim = 2, correction = 0 }):near({ 1.0274023, 1.4719601 }, { relative = 1e-5 })
  expect(torch.div(torch.tensor { 7, -7 }, 2, { rounding_mode = 'floor' })):near { 3, -4 }
end)

test('dimensions count from 1 and -1 is the last', function()
  expect(matrix():mean(1)):near { 2, 3, 2 }
  expect(matrix():mean(-1)):near({ 2.1666667, 2.5 }, { relative = 1e-6 })
  expect(matrix():unsqueeze(1).shape):equals { 1, 2, 3 }
  expect(matrix():unsqueeze(3).shape):equals { 2, 3, 1 }
  expect(matrix():permute(2, 1).shape):equals { 3, 2 }
  expect(matrix():transpose(1, 2).shape):equals { 3, 2 }
  expect(torch.stack({ matrix(), matrix() }, 3).shape):equals { 2, 3, 2 }
  expect(torch.cat({ matrix(), matrix() }, 2).shape):equals { 2, 6 }
  expect(matrix():flatten(1, 2).shape):equals { 6 }
  expect(matrix():movedim(1, 2).shape):equals { 3, 2 }
  expect(matrix():softmax(2):sum(2)):near({ 1, 1 }, { relative = 1e-6 })
end)

test('positions of elements count from 1 and ends are included', function()
  expect(matrix():select(2, 1)):near { 1, 3 }
  expect(matrix():narrow(2, 2, 2)):near { { 2, 3.5 }, { 4, 0.5 } }
  expect(matrix():slice(2, 1, 2)):near { { 1, 2 }, { 3, 4 } }
  expect(matrix():slice(2, { start = -2, stop = -1 })):near { { 2, 3.5 }, { 4, 0.5 } }
  expect(matrix():slice(2, -3, -2)):near { { 1, 2 }, { 3, 4 } }
  expect(torch.arange(1, 7):tensor_split { 3, 5 }[2]):near { 3, 4 }
end)

test('results that are positions count from 1', function()
  local x = torch.tensor { 3, 9, 1, 7 }
  expect(x:argmax():item()):equals(2)
  expect(x:argsort()):near { 3, 1, 4, 2 }
  local values, places = x:topk(2)
  expect(values):near { 9, 7 }
  expect(places):near { 2, 4 }
  local sorted, order = x:sort { descending = true }
  expect(sorted):near { 9, 7, 3, 1 }
  expect(order):near { 2, 4, 1, 3 }
  local most, where = matrix():max(2)
  expect(most):near { 3.5, 4 }
  expect(where):near { 3, 2 }
  local least, place = x:kthvalue(1)
  expect(least:item()):equals(1)
  expect(place:item()):equals(3)
  expect(x:gt(2):nonzero()):near { { 1 }, { 2 }, { 4 } }
  expect(torch.where(matrix():gt(2))[2]):near { 3, 1, 2 }
  expect(torch.searchsorted(torch.tensor { 1, 3, 5 }, torch.tensor { 0, 3, 9 })):near { 1, 2, 4 }
  expect(torch.bucketize(torch.tensor { 0, 4 }, torch.tensor { 1, 3, 5 })):near { 1, 3 }
  expect(torch.tril_indices(2, 2)):near { { 1, 2, 2 }, { 1, 1, 2 } }
  expect(torch.randperm(4):sort()):near { 1, 2, 3, 4 }
  local kept, inverse = torch.unique(torch.tensor { 5, 2, 5 }, { return_inverse = true })
  expect(kept):near { 2, 5 }
  expect(inverse):near { 2, 1, 2 }
  local _, at = torch.max_pool1d_with_indices(torch.tensor { { { 1, 5, 2, 8 } } }, 2)
  expect(at):near { { { 2, 4 } } }
end)

test('arguments that are positions count from 1, as tensors or as lists', function()
  expect(matrix():index_select(2, { 3, 1 })):near { { 3.5, 1 }, { 0.5, 3 } }
  expect(matrix():index_select(2, torch.tensor { -1 })):near { { 3.5 }, { 0.5 } }
  expect(matrix():gather(2, torch.tensor { { 3 }, { 1 } })):near { { 3.5 }, { 3 } }
  expect(matrix():take { 1, 6 }):near { 1, 0.5 }
  expect(torch.zeros(2, 3):scatter(2, torch.tensor { { 2 }, { 3 } }, 1)):near { { 0, 1, 0 }, { 0, 0, 1 } }
  expect(torch.zeros(3):index_add(1, { 2, 2 }, torch.tensor { 1, 4 })):near { 0, 5, 0 }
  expect(torch.zeros(3):index_copy(1, { 3 }, torch.tensor { 4 })):near { 0, 0, 4 }
  expect(torch.zeros(3):index_fill(1, { 1, -1 }, 2)):near { 2, 0, 2 }
  expect(torch.one_hot(torch.tensor({ 1, 3 }, { dtype = 'int64' }))):near { { 1, 0, 0 }, { 0, 0, 1 } }
  expect(torch.bincount(torch.tensor({ 1, 1, 3 }, { dtype = 'int64' }))):near { 2, 0, 1 }
  expect(torch.embedding(matrix(), torch.tensor { 2, 1 })):near { { 3, 4, 0.5 }, { 1, 2, 3.5 } }
end)

test('what was found at a position is found there again', function()
  local x = torch.tensor { { 3, 9, 1 }, { 5, 4, 6 } }
  local values, places = x:max(2, { keepdim = true })
  expect(x:gather(2, places)):near(values)
  local sorted, order = x:sort(1)
  expect(x:gather(1, order)):near(sorted)
  expect(x:take_along_dim(x:argsort(2), 2)):near { { 1, 3, 9 }, { 4, 5, 6 } }
end)

test('classes count from 1', function()
  local scores = torch.tensor { { 2, 0, 0 }, { 0, 0, 3 } }
  expect(torch.cross_entropy(scores, torch.tensor { 1, 3 })):near(0.1672339, { relative = 1e-5 })
  expect(torch.nll_loss(scores:log_softmax(2), torch.tensor { 1, 3 })):near(0.1672339, { relative = 1e-5 })
  expect(torch.nll_loss(scores:log_softmax(2), torch.tensor { 1, 2 }, { ignore_index = 2 }))
    :near(0.2395447, { relative = 1e-5 })
  expect(torch.cross_entropy(scores, torch.tensor { { 1, 0, 0 }, { 0, 0, 1 } })):near(0.1672339, { relative = 1e-5 })
  expect(function() return torch.nll_loss(scores, torch.tensor { 1, 4 }) end)
    :raises 'nll_loss: Target 4 is out of bounds'
end)

test('amounts and plain numbers stay as they are', function()
  expect(torch.arange(1, 5):roll(1)):near { 4, 1, 2, 3 }
  expect(matrix():diagonal { offset = 1 }):near { 2, 0.5 }
  expect(torch.zeros(2, 0).shape):equals { 2, 0 }
  expect(matrix():view(-1, 2).shape):equals { 3, 2 }
  expect(matrix():reshape { 6 }.shape):equals { 6 }
  expect(#matrix():split(2, 2)):equals(2)
end)

test('a tensor of positions is never changed in place', function()
  local places = torch.tensor({ 2, 1 }, { dtype = 'int64' })
  matrix():index_select(1, places)
  expect(places):near { 2, 1 }
end)

test('whole numbers at the end may be spelt out', function()
  expect(torch.zeros(2, 3).shape):equals { 2, 3 }
  expect(matrix():view(3, 2)):near { { 1, 2 }, { 3.5, 3 }, { 4, 0.5 } }
  expect(matrix():tile(2, 1).shape):equals { 4, 3 }
  expect(torch.ones(2, 2, { dtype = 'int64' }).dtype):equals 'int64'
  expect(matrix():expand(4, 2, 3).shape):equals { 4, 2, 3 }
end)

test('a number stands for a list of it', function()
  expect(torch.avg_pool2d(torch.ones(1, 1, 4, 4), 2).shape):equals { 1, 1, 2, 2 }
  expect(torch.conv2d(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 3, 3), { padding = 1 }).shape):equals { 1, 1, 5, 5 }
end)

test('types, devices and choices are words', function()
  expect(torch.zeros(2, { dtype = 'float64', device = 'cpu' }).dtype):equals 'float64'
  expect(matrix():to('float64').dtype):equals 'float64'
  expect(matrix():to('cpu', { dtype = 'int32' }).dtype):equals 'int32'
  expect(matrix():long()):near { { 1, 2, 3 }, { 3, 4, 0 } }
  expect(torch.mse_loss(matrix(), torch.zeros(2, 3), { reduction = 'sum' })):near(42.5)
  expect(torch.mse_loss(matrix(), torch.zeros(2, 3), { reduction = 'none' }).shape):equals { 2, 3 }
  expect(torch.promote_types('int64', 'float32')):equals 'float32'
end)

test('comparing gives truth values, which pick elements', function()
  local x = matrix()
  expect(x:eq(3):tolist()):equals { { false, false, false }, { true, false, false } }
  expect(x:gt(2):tolist()):equals { { false, false, true }, { true, true, false } }
  expect(x[x:gt(2)]):near { 3.5, 3, 4 }
  x[x:lt(1)] = -1
  expect(x['2, 3']:item()):equals(-1)
  expect(x[torch.tensor { 2, 1 }]['1, 1']:item()):equals(3)
end)

test('in-place operators change their tensor and are not listed', function()
  local x = torch.zeros(2)
  x:add_(3):mul_(2)
  expect(x):near { 6, 6 }
  for _, name in ipairs(torch.names()) do
    if name:find '_$' then error(name) end
  end
end)

test('help lists the forms of an operator as Lua writes them', function()
  expect(torch.help 'topk'):equals 'torch.topk(self, k, dim = -1, largest = true, sorted = true) -> values, indices'
  expect(torch.help 'slice'):equals 'torch.slice(self, dim = 1, start = none, stop = none, step = 1) -> Tensor'
  expect(torch.help 'l1_loss'):equals "torch.l1_loss(self, target, reduction = 'mean') -> Tensor"
end)

test('lumir.seed governs random tensors', function()
  lumir.seed(5)
  local a = torch.randn(3):tolist()
  local b = torch.randn(3):tolist()
  lumir.seed(5)
  expect(torch.randn(3):tolist()):equals(a)
  expect(a[1] ~= b[1]):is_true()
end)
