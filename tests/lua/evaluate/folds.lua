-- evaluate.Scores: means over folds, and what all folds say together.
local lumir = require 'lumir'
local evaluate, learn = lumir.evaluate, lumir.learn

--- Results on rows of which so many are right.
local function results(right, rows)
  local model = learn.KNeighbors { n_neighbors = 1 }:fit(lumir.data.table { x = { { -1 }, { 1 } }, y = { 'a', 'b' } })
  local x, y = {}, {}
  for i = 1, rows do
    x[i] = { i % 2 == 0 and 1 or -1 }
    y[i] = (i % 2 == 0) == (i <= right) and 'b' or 'a'
  end
  return evaluate(model, lumir.data.table { x = x, y = y })
end

test('scores of folds have a mean, a spread, and an interval over all answers at once', function()
  local scores = evaluate.Scores()
  scores:add(results(8, 10))
  scores:add(results(6, 10))
  expect(scores.mean.accuracy):near(0.7)
  expect(scores.std.accuracy):near(0.1)
  local all = scores.interval.accuracy
  expect(all.value):near(0.7)
  local whole = results(14, 20).best                       -- the same answers in one table
  expect(whole.accuracy):near(0.7)
  expect(all.low > 0.4 and all.low < 0.6):equals(true)
  expect(all.high > 0.8 and all.high < 0.9):equals(true)
  local text = tostring(scores)
  expect(text):contains 'mean (sd)'
  expect(text):contains '0.700 (0.100)'
  expect(text):contains(('0.700 (%.2f-%.2f)'):format(all.low, all.high))
  expect(scores.last):contains 'accuracy 0.600'
end)

test('settings that are named stand in a row each', function()
  local scores = evaluate.Scores()
  for _, fold in ipairs { 1, 2 } do
    scores:add(results(8 + fold % 2, 10), nil, 'rnn32')
    scores:add(results(5, 10), nil, 'lstm64')
  end
  local first, second = scores.settings[1], scores.settings[2]
  expect(first.name):equals 'rnn32'
  expect(first.mean.accuracy):near(0.85)
  expect(second.mean.accuracy):near(0.5)
  expect(second.interval.accuracy.value):near(0.5)
  expect(#scores):equals(4)
  local text = tostring(scores)
  expect(text:match 'rnn32%s+(%S+ %S+)' ~= nil):equals(true)
  expect(text):contains '0.850 (0.050)'
  expect(function() return scores.mean end)
    :raises 'mean: there are 2 settings; scores.settings[1].mean is that of the first'
end)
