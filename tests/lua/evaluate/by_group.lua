-- Right answers by groups of recordings: words, and thirds by a number.

local lumir = require 'lumir'
local data, evaluate, nn = lumir.data, lumir.evaluate, lumir.nn

--- Six recordings, of which the third and the sixth are wrong.
local function results()
  local table = data.table {
    x = { { 1, 0 }, { 1, 0 }, { 0, 1 }, { 0, 1 }, { 0, 1 }, { 1, 0 } }, columns = { 'abba', 'queen' },
    y = { 'abba', 'abba', 'abba', 'queen', 'queen', 'queen' }, ids = { 'a', 'b', 'c', 'd', 'e', 'f' },
  }
  return evaluate(nn.Sequential { nn.Identity() }, table, { vote = 'none' })
end

test('the share that is right of each word; what has none is left out', function()
  local shares = evaluate.by_group(results(), { a = 'female', b = 'female', c = 'female', d = 'male', f = 'male' })
  expect(shares.female.share):near(2 / 3, { absolute = 1e-12 })
  expect(shares.female.count):equals(3)
  expect(shares.male):equals { share = 0.5, count = 2 }
end)

test('numbers make groups of as many recordings, named by their greatest', function()
  local lengths = { a = 10, b = 40, c = 20, d = 30, e = 60, f = 50 }
  local shares = evaluate.by_group(results(), lengths, { unit = 's' })
  expect(shares['1 (up to 20 s)']):equals { share = 0.5, count = 2 }
  expect(shares['2 (up to 40 s)']):equals { share = 1, count = 2 }
  expect(shares['3 (up to 60 s)']):equals { share = 0.5, count = 2 }
  expect(evaluate.by_group(results(), lengths, { parts = 2 })['1 (up to 30)'].count):equals(3)
end)

test('no group at all is an empty table', function()
  expect(next(evaluate.by_group(results(), {}))):equals(nil)
end)

test('a group is a word or a number', function()
  expect(function() evaluate.by_group(results(), { a = true }) end)
    :raises "by_group: the group of 'a' must be a word or a number, got true"
end)
