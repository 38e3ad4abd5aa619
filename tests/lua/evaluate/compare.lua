-- Judging models from Lua.

local lumir = require 'lumir'
local evaluate, learn = lumir.evaluate, lumir.learn

--- Rows 1 to `n` of three singers: one column tells them apart, and every `step`-th row has another's value.
local function songs(n, step)
  local rows = { x = {}, y = {}, groups = {} }
  for i = 1, n do
    local singer = i % 3
    rows.y[i] = 'singer_' .. singer + 1
    rows.x[i] = { i % step == 0 and (singer + 1) % 3 or singer }
    rows.groups[i] = rows.y[i] .. '/album ' .. math.floor(i / 9)
  end
  return rows
end

local train, valid = songs(90, 1000), songs(60, 10)
local nearest = learn.KNeighbors { n_neighbors = 1 }:fit(train)
local everyone = learn.KNeighbors { n_neighbors = 90 }:fit(train)

test('the best model stands first, with what is known of it', function()
  local results = evaluate.compare({ ['k-NN'] = nearest, ['All alike'] = everyone }, valid, { top = { 1, 3 } })
  expect(#results):equals(2)
  local best = results.best
  expect(best.name):equals 'k-NN'
  expect(best.settings):equals 'n_neighbors = 1'
  expect(best.accuracy):near(0.9)
  expect(best.top_3):equals(1)
  expect(best.intervals.accuracy.low):below(0.9)
  expect(best.intervals.accuracy.high):above(0.9)
  expect(best.confusion):equals { { 18, 2, 0 }, { 0, 18, 2 }, { 2, 0, 18 } }
  expect(best.per_class[1].name):equals 'singer_1'
  expect(best.per_class[1].recall):near(0.9)
  expect(best.predicted[10]):equals 'singer_3'
  expect(best.model:predict { { 0 } }):equals { 'singer_1' }
  expect(results.models[2].name):equals 'All alike'
end)

test('results print as a table, then the confusion matrix of the best', function()
  local text = tostring(evaluate.compare({ ['k-NN'] = nearest, ['All alike'] = everyone }, valid, { top = { 1, 3 } }))
  expect(text):contains 'model       top-1  (95 %)'
  expect(text):contains 'k-NN        0.900  ('
  expect(text):contains 'k-NN over All alike: +0.567'
  expect(text):contains ', beyond chance'
  expect(text):contains 'singer_1 18  2  ·   0.900'
end)

test('scores on the training set stand beside those on validation', function()
  local results = evaluate.compare({ nearest }, valid, { train = train })
  expect(results.best.name):equals 'KNeighbors'
  expect(results.best.train.accuracy):equals(1)
  expect(tostring(results)):contains 'train F1'
end)

test('one model is judged alone', function()
  local results = evaluate(nearest, valid)
  expect(results.best.name):equals 'KNeighbors'
  expect(results.best.accuracy):near(0.9)
end)

test('the same seed gives the same intervals', function()
  lumir.seed(5)
  local once = evaluate(nearest, valid).best.intervals
  lumir.seed(5)
  expect(evaluate(nearest, valid).best.intervals):equals(once)
end)

test('what cannot be judged is one clear line', function()
  expect(function() evaluate.compare({}, valid) end):raises "compare: 'models' is empty"
  expect(function() evaluate.compare({ a = 7 }, valid) end):raises "compare: 'models' must hold estimators, got number"
  expect(function() evaluate.compare({ learn.SVC() }, valid) end):raises 'compare: SVC is not fitted yet'
  expect(function() evaluate(nearest, valid, { top = { 4 } }) end):raises
    "compare: 'top' = 4 is out of range (1 to 3 classes)"
  expect(function() evaluate(nearest, valid, { tops = { 1 } }) end):raises(
    "evaluate: unknown option 'tops' (did you mean 'top'?); "
    .. 'its options are name, settings, metrics, top, train, thresholds, chain, vote, over')
  expect(function() evaluate.compre() end):raises("evaluate.compre: there is no such name (did you mean 'compare'?)" ..
    '; there are Mean, Scores, by_group, calibration_curve, check_submission, compare, corrected_t_test, mcnemar, '
    .. 'precision_recall_curve, roc_curve, score_submission, submission_text')
end)

test('a part of the songs is judged by the same classes', function()
  local part = { x = { { 2 }, { 1 } }, y = { 'singer_3', 'singer_3' } }
  expect(evaluate(nearest, part).best.accuracy):equals(0.5)
  expect(function() evaluate(nearest, { x = { { 2 } }, y = { 'singer_4' } }) end):raises
    "compare: 'singer_4' is no class that the models know (did you mean 'singer_1'?)"
end)

test('two classes are judged without a word about ranks, and a hole among models is named', function()
  local two = { x = { { 0 }, { 1 }, { 5 }, { 6 } }, y = { 'low', 'low', 'high', 'high' } }
  local model = lumir.learn.KNeighbors { n_neighbors = 1 }:fit(two)
  expect(evaluate(model, two).best.accuracy):equals(1)
  expect(function() evaluate.compare({ model, nil, model }, two) end):raises "compare: position 2 of 'models' is nil"
end)

test('models without names are called by what they end in', function()
  local two = { x = { { 0 }, { 1 }, { 5 }, { 6 } }, y = { 'low', 'low', 'high', 'high' } }
  local function pipeline()
    return learn.Pipeline { learn.RobustScaler(), learn.KNeighbors { n_neighbors = 1 } }:fit(two)
  end
  local results = evaluate.compare({ pipeline(), pipeline() }, two)
  expect(results.models[1].name):equals 'KNeighbors'
  expect(results.models[2].name):equals 'KNeighbors 2'
end)

--- Two models that hear the same recordings in ways of their own: one by both columns, the other by the second.
local function two_ears()
  local nn, data = lumir.nn, lumir.data
  local rows, pairs_of = songs(60, 10), {}
  for i, row in ipairs(rows.x) do pairs_of[i] = { row[1], i % 7 } end
  rows.ids = {}
  for i = 1, #rows.y do rows.ids[i] = 'song ' .. i end
  local wide = data.table { x = pairs_of, y = rows.y, groups = rows.groups, ids = rows.ids }
  local narrow = data.table { x = rows.x, y = rows.y, groups = rows.groups, ids = rows.ids }
  lumir.seed(1)
  local net = nn.Sequential { nn.Linear(2, 3) }
  return evaluate(net, wide), evaluate(nearest, narrow), net
end

test('results of the same recordings stand in one table, whatever each model heard', function()
  local network, neighbours = two_ears()
  local both = evaluate.compare { CNN = network, ['k-NN'] = neighbours }
  expect(#both):equals(2)
  expect(both.best.name):equals 'k-NN'
  expect(both.models[2].name):equals 'CNN'
  expect(both.best.accuracy):equals(neighbours.best.accuracy)
  expect(both.models[2].accuracy):equals(network.best.accuracy)
  local difference = both.value.differences[1]
  expect(difference.better):equals 'k-NN'
  expect(difference.gain.value):near(neighbours.best.accuracy - network.best.accuracy)
  expect(both.best.model:predict { { 0 } }):equals { 'singer_1' }
  expect(evaluate.compare({ network, network }).models[2].name):equals 'Sequential 2'
end)

test('results that cannot stand in one table are refused with the reason', function()
  local network, neighbours = two_ears()
  local fewer = evaluate(nearest, songs(30, 10))
  expect(function() evaluate.compare { a = network, b = fewer } end):raises
    'compare: a and b were judged on different recordings'
  expect(function() evaluate.compare { a = network, b = nearest } end):raises
    'compare: results stand beside results only, got Estimator; evaluate(model, data) makes them'
  local f1 = evaluate(nearest, { x = { { 0 }, { 1 } }, y = { 'singer_1', 'singer_2' } }, { metrics = { 'f1' } })
  local plain = evaluate(nearest, { x = { { 0 }, { 1 } }, y = { 'singer_1', 'singer_2' } })
  expect(function() evaluate.compare { a = f1, b = plain } end)
    :raises 'compare: a and b were measured by different metrics'
  expect(#evaluate.compare { network, neighbours }):equals(2)
end)

test('a model is called as the recipe says', function()
  expect(evaluate(nearest, valid, { name = 'Neighbours' }).best.name):equals 'Neighbours'
  expect(evaluate(learn.Pipeline { learn.StandardScaler(), nearest }:fit(train), valid).best.name):equals 'KNeighbors'
  local vote = learn.Voting { learn.GaussianNB(), learn.KNeighbors() }
  expect(evaluate(learn.Pipeline { learn.StandardScaler(), vote }:fit(train), valid).best.name):equals 'Voting (hard)'
  local chain = learn.Pipeline { learn.StandardScaler(), learn.KNeighbors() }
  local search = learn.GridSearch(chain, { n_neighbors = { 1, 3 } })
  expect(evaluate(search:fit(train), valid).best.name):equals 'KNeighbors'
end)

test('folds of two models are no cross-validation', function()
  local network, neighbours = two_ears()
  local scores = evaluate.Scores()
  scores:add(network)
  expect(function() scores:add(neighbours) end):raises(
    'add: Scores are of one model over folds, and Sequential and KNeighbors are two; evaluate.compare { a, b } sets '
    .. 'models side by side')
  scores:add(network)                                                       -- another seed's, say
  expect(#scores):equals(2)
end)
