-- Loops over batches as Lua sees them.

local lumir = require 'lumir'
local data, augment, torch, nn = lumir.data, lumir.augment, lumir.torch, lumir.nn

local function rows(n)
  local x, y = {}, {}
  for i = 1, n do x[i], y[i] = { i, i % 3 }, i % 2 == 0 and 'a' or 'b' end
  return data.table { x = x, y = y }
end

--- The first numbers of all rows of a pass, in the order in which they came.
local function order(songs)
  local seen = {}
  for x in songs:batches { batch_size = 8, shuffle = true } do
    for _, row in ipairs(x:tolist()) do seen[#seen + 1] = row[1] end
  end
  return table.concat(seen, ' ')
end

test('passes differ, and come again after the seed is set', function()
  local songs = rows(12)
  lumir.seed(1)
  local first, second = order(songs), order(songs)
  expect(first ~= second):equals(true)
  lumir.seed(1)
  expect(order(songs)):equals(first)
  expect(order(songs)):equals(second)
  lumir.seed(2)
  expect(order(songs) ~= first):equals(true)
end)

test('passes of an epoch come again after the seed is set there', function()
  local songs = rows(12)
  local orders = {}
  for epoch in nn.epochs(2) do
    lumir.seed(1)
    orders[epoch] = { order(songs), order(songs) }
    lumir.seed(1)
    expect(order(songs)):equals(orders[epoch][1])
  end
  expect(orders[1][1] ~= orders[2][1]):equals(true)
end)

test('classes count from 1, a last batch has the rest, the number of batches is known', function()
  local batches = rows(5):batches { batch_size = 2 }
  expect(#batches):equals(3)
  local sizes = {}
  for x, y in batches do
    sizes[#sizes + 1] = x.shape[1]
    for _, class in ipairs(y:tolist()) do expect(class >= 1 and class <= 2):equals(true) end
  end
  expect(sizes):equals { 2, 2, 1 }
  expect(batches()):equals(nil)
end)

test('what stands in a bar of SpecAugment is of what is true of an example, not of its padding', function()
  local x = torch.cat({ torch.tensor { { { -10, -6 }, { -10, -6 } } }, torch.zeros { 1, 6, 2 } }, 2)
  local drawn = { time = { { { 1, 1 } } }, frequency = { {} } }
  local how = { drawn = drawn, lengths = torch.tensor { 2 } }
  expect(augment.SpecAugment()(x, nil, how)[1][1]):near { -8, -8 }
  expect(augment.SpecAugment { value = 'min' }(-x, nil, how)[1][1]):near { 6, 6 }
  expect(augment.SpecAugment { value = 'min' }(-x, nil, { drawn = drawn })[1][1]):near { 0, 0 }
end)

test('a batch is moved to its device as it is handed over, its targets too', function()
  -- 'meta' stands in for a GPU: a device that takes tensors and holds no numbers
  local seen = 0
  for x, y in rows(5):batches { batch_size = 2, device = 'meta' } do
    expect(x.device):equals 'meta'
    expect(y.device):equals 'meta'
    seen = seen + x.shape[1]
  end
  expect(seen):equals(5)
  for x in rows(5):batches { batch_size = 2 } do expect(x.device):equals 'cpu' end
end)
