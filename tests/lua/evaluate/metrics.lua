-- Metrics by name, and how the parts of a recording answer together.

local lumir = require 'lumir'
local evaluate, learn, metric = lumir.evaluate, lumir.learn, lumir.metric

local rows = { x = { { 0 }, { 1 }, { 4 }, { 5 } }, y = { 'low', 'low', 'high', 'high' } }
local forest = learn.RandomForest { n_estimators = 50, seed = 1 }:fit(rows)

test('metrics are asked for by name, the first one ranks', function()
  local results = evaluate.compare({ forest = forest }, rows, { metrics = { 'f1_weighted', 'log_loss', 'top_2' } })
  local best = results.best
  expect(best.f1_weighted):equals(1)
  expect(best.log_loss):below(0.7)
  expect(best.top_2):equals(1)
  expect(best.accuracy == nil):is_true()
  expect(tostring(results)):contains 'model    weighted F1  (95 %)   log loss   top-2   fit s'
end)

test('a metric that is unknown is one clear line', function()
  expect(function() evaluate(forest, rows, { metrics = { 'f1_macr' } }) end):raises
    "compare: there is no metric 'f1_macr' (did you mean 'f1_macro'?)"
  expect(function() evaluate(forest, rows, { vote = 'median' }) end):raises
    "evaluate: 'vote' = 'median' is none of 'mean', 'majority', 'none' (did you mean 'mean'?)"
end)

test('log loss is the mean surprise', function()
  local loss = metric.log_loss({ 1, 2 }, { { 0.75, 0.25 }, { 0.5, 0.5 } })
  expect(loss):near((-math.log(0.75) - math.log(0.5)) / 2, { absolute = 1e-12 })
end)

test('a search chooses by a metric, also by one of which less is better', function()
  local x, y = {}, {}
  for i = 1, 30 do
    x[i], y[i] = { (i * 7) % 30 + (i % 3 == 0 and 8 or 0) }, (i * 7) % 30 < 15 and 'low' or 'high'
  end
  local grid = { max_depth = { 1, 2, 5 } }
  for _, scoring in ipairs { 'f1_weighted', 'log_loss', 'top_1' } do
    local small = learn.RandomForest { n_estimators = 10, seed = 1 }
    local search = learn.GridSearch(small, grid, { folds = 3, scoring = scoring })
    search:fit(x, y)
    local best, means = search.best_score, {}
    for i, candidate in ipairs(search.cv_results) do means[i] = candidate.mean end
    table.sort(means)
    expect(best):near(scoring == 'log_loss' and means[1] or means[#means], { absolute = 1e-12 })
    expect(best):below(scoring == 'log_loss' and 5 or 1.001)
  end
  expect(function() learn.GridSearch(learn.SVC(), { C = { 1 } }, { scoring = 'f1_macr' }) end):raises
    "GridSearch: there is no metric 'f1_macr' (did you mean 'f1_macro'?)"
end)

test('score takes a metric by name', function()
  expect(forest:score(rows)):equals(1)
  expect(forest:score(rows, { metric = 'top_1' })):equals(1)
  expect(forest:score(rows.x, rows.y, { metric = 'f1_weighted' })):equals(1)
  expect(function() forest:score(rows, { metrik = 'f1' }) end)
    :raises "score: unknown option 'metrik' (did you mean 'metric'?); its options are metric, vote, over"
  expect(function() forest:score { x = rows.x } end):raises 'score: the table has no labels'
end)

test('a mean takes weights from 0 on', function()
  local mean = lumir.evaluate.Mean()
  mean:add(3, 0)
  mean:add(1, 2)
  mean:add(4)
  expect(mean.value):equals(2)
  expect(function() mean:add(1, -1) end):raises "add: 'weight' = -1 is out of range (at least 0)"
  expect(mean.value):equals(2)
end)
