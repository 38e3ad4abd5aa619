local lumir = require 'lumir'
local torch = lumir.torch

test('a matrix shows its kind, range and mean, then its numbers', function()
  expect(tostring(torch.tensor { { 1.25, -2.5 }, { 3, 4 } })):equals(
    'Tensor [2, 2] float32 cpu · -2.5 to 4 · mean 1.438\n   1.250  -2.500\n   3.000   4.000')
end)

test('a large matrix shows a corner', function()
  local rows = {}
  for i = 1, 6 do
    rows[i] = {}
    for j = 1, 9 do rows[i][j] = 100 * i + j end
  end
  expect(tostring(torch.tensor(rows))):equals(
    'Tensor [6, 9] float32 cpu · 101 to 609 · mean 355\n  101  102  103 ...  109\n  201  202  203 ...  209\n  ...')
end)

test('a single number, nothing and truth values show as what they are', function()
  expect(tostring(torch.tensor(3.5))):equals 'Tensor [] float32 cpu · 3.5'
  expect(tostring(torch.tensor {})):equals 'Tensor [0] float32 cpu · empty'
  expect(tostring(torch.tensor { true, false, true })):equals 'Tensor [3] bool cpu · 2 of 3 true\n   true  false   true'
end)

test('what is not finite is counted, and the range is of the rest', function()
  expect(tostring(torch.tensor { 0 / 0, 2, 1 / 0 })):contains '2 to 2 · mean 2 · 2 not finite'
end)

test('whole numbers show without a point', function()
  expect(tostring(torch.tensor({ 110, 7 }, { dtype = 'int64' }))):equals
    'Tensor [2] int64 cpu · 7 to 110 · mean 58.5\n  110    7'
end)

test('more than two dimensions show the first matrix', function()
  expect(tostring(torch.tensor { { { 1, 2 } }, { { 3, 4 } } })):equals
    'Tensor [2, 1, 2] float32 cpu · 1 to 4 · mean 2.5\n  [1, :, :]\n  1  2'
end)
