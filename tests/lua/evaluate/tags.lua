-- Taggers and regressors are judged as classifiers are: by what the data have, whatever answers.

local lumir = require 'lumir'
local core = require('lumir.native').core
local data, evaluate, learn, nn, optim = lumir.data, lumir.evaluate, lumir.learn, lumir.nn, lumir.optim
local metric, torch = lumir.metric, lumir.torch
local golden = require 'golden.metric_tags'

local function logits(scores)
  local rows = {}
  for i, row in ipairs(scores) do
    rows[i] = {}
    for j, p in ipairs(row) do
      p = math.min(math.max(p, 1e-4), 1 - 1e-4)
      rows[i][j] = math.log(p / (1 - p))
    end
  end
  return rows
end

test('a tagger is judged with the scores of its metrics, a table of tags and thresholds', function()
  local case = golden.tags[2]
  local rows = { x = logits(case.scores), y = case.truth }
  local net = nn.Identity()
  local plain = evaluate(net, rows).best
  expect(plain.average_precision):near(metric.average_precision(case.truth, case.scores), { absolute = 1e-9 })
  expect(plain.intervals.average_precision.low):below(plain.average_precision)
  local results = evaluate(net, rows, { thresholds = rows })
  for j, tag in ipairs(results.best.per_tag) do
    expect(tag.threshold):near(case.thresholds[j], { absolute = 1e-3 })
  end
  expect(results.best.f1):above(plain.f1 - 1e-12)
  for line in (tostring(results) .. '\n'):gmatch '(.-)\n' do expect(#line):below(81) end
  expect(tostring(results)):contains 'ROC-AUC'
end)

test('a tag that no recording has is named', function()
  local rows = { x = { { 3, -1 }, { -2, -3 } }, y = { { 'loud' }, {} }, names = { 'loud', 'sad' } }
  expect(tostring(evaluate(nn.Identity(), rows))):contains "no recording has 'sad': left out of the means over tags"
end)

test('numbers are judged by R2, MAE and RMSE with intervals', function()
  local case = golden.numbers[2]
  local rows = { x = case.predicted, y = case.truth, target = 'numbers' }
  local results = evaluate(nn.Identity(), rows)
  expect(results.best.r2):near(case.expected.r2, { absolute = 1e-5 })
  expect(results.best.mean_absolute_error):near(case.expected.mean_absolute_error, { absolute = 1e-4 })
  for _, name in ipairs { 'r2', 'mean_absolute_error', 'root_mean_squared_error' } do
    local interval = results.best.intervals[name]
    expect(interval.low):below(interval.value)
    expect(interval.high):above(interval.value)
  end
  expect(tostring(results)):contains 'RMSE'
end)

--- Rows of two numbers, whose tags and whose sum are to be told.
local function made(rows, target)
  torch.manual_seed(1)
  local x, tags, sums = {}, {}, {}
  for i = 1, rows do
    local a, b = math.sin(i * 1.7), math.cos(i * 2.3)
    x[i], sums[i] = { a, b }, 3 * a - b
    tags[i] = { a > 0.2 and 1 or 0, b > 0 and 1 or 0 }
  end
  if target == 'numbers' then return { x = x, y = sums, target = 'numbers' } end
  return { x = x, y = tags, names = { 'a', 'b' } }
end

test('nn.fit trains taggers and regressors by the loss of their target, and a loop by hand does', function()
  local options = { epochs = 30, optimizer = optim.Adam { lr = 0.05 } }
  local tags, numbers = made(64), made(64, 'numbers')
  options.valid = tags
  options.monitor = 'average_precision'
  local net = nn.Linear(2, 2)
  local run = nn.fit(net, tags, options)
  expect(run.best):above(0.95)
  expect(evaluate(net, tags).best.roc_auc):above(0.95)
  options.valid, options.monitor, options.optimizer = numbers, 'mean_absolute_error', optim.Adam { lr = 0.1 }
  options.epochs = 60
  net = nn.Linear(2, 1)
  nn.fit(net, numbers, options)
  expect(evaluate(net, numbers).best.r2):above(0.9)

  net = nn.Linear(2, 2)
  local adam, loss = optim.Adam { lr = 0.1 }:bind(net), nn.BCEWithLogitsLoss()
  for _ = 1, 30 do
    for x, y in data.table(tags):batches { batch_size = 16 } do adam:minimize(loss(net(x), y)) end
  end
  expect(evaluate(net, tags).best.average_precision):above(0.95)
end)

test('a learner stands beside a network, and what was learnt of other targets is refused', function()
  local tags = made(64)
  local net, linear = nn.Linear(2, 2), learn.OneVsRest():fit(tags)
  local results = evaluate.compare({ network = net, linear = linear }, tags)
  expect(results.best.name):equals 'linear'
  expect(#results.value.differences):equals(1)
  expect(function() evaluate(linear, made(8, 'numbers')) end)
    :raises 'compare: OneVsRest learnt several tags a row, and these rows have numbers'
  expect(function() results:mcnemar('network', 'linear') end)
    :raises 'mcnemar: is of one class a row, and these results are of several tags a row'
end)

test('folds of a tagger are summed up as one', function()
  local scores = evaluate.Scores()
  local tags = made(60)
  tags.groups = {}
  for i = 1, 60 do tags.groups[i] = 'piece ' .. math.ceil(i / 5) end
  for _, train, valid in data.table(tags):folds { folds = 3 } do
    scores:add(evaluate(learn.OneVsRest():fit(train), valid))
  end
  expect(scores.mean.roc_auc):above(0.9)
  expect(scores.interval.roc_auc.value):above(0.9)
  expect(learn.cross_validate(learn.OneVsRest(), tags, { folds = 3, scoring = { 'roc_auc' } }).test.roc_auc[1])
    :above(0.9)
end)

test('what a model foretold of tags and numbers is written with a head', function()
  local tags = made(12)
  tags.ids = {}
  for i = 1, 12 do tags.ids[i] = tostring(i) end
  local text, rows = evaluate.submission_text(learn.OneVsRest():fit(tags), tags)
  expect(rows):equals(12)
  expect(text:match '^(.-)\n'):equals 'id,tags,a,b'
  local json = core.from_json(evaluate.submission_text(learn.OneVsRest():fit(tags), tags, { path = 'x.json' }), 'x')
  expect(json['012'].scores.a):above(0)
  local numbers = made(12, 'numbers')
  text = evaluate.submission_text(learn.RidgeRegressor():fit(numbers), numbers)
  expect(text:match '^(.-)\n'):equals 'id,1'
end)
