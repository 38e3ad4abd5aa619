-- Metrics of several tags a row and of numbers: as scikit-learn and SciPy have them.

local lumir = require 'lumir'
local metric = lumir.metric
local golden = require 'golden.metric_tags'
local exact = { absolute = 1e-12, relative = 1e-12 }

--- What a metric is called and how it averages, by the name that the golden numbers have: 'f1_macro'.
local function asked(name)
  for _, average in ipairs { 'macro', 'weighted', 'micro' } do
    local own = name:match('^(.*)_' .. average .. '$')
    if own then return own, { average = average } end
  end
  return name, {}
end

test('areas, F1 and losses of tags are those of scikit-learn, ties and tags of no row among them', function()
  for _, case in ipairs(golden.tags) do
    for name, value in pairs(case.expected) do
      local own, options = asked(name)
      local ranks = own == 'roc_auc' or own == 'average_precision'
      expect(metric[own](case.truth, ranks and case.scores or case.taken, options)):near(value, exact)
    end
  end
end)

test('metrics of numbers are those of scikit-learn and SciPy', function()
  for _, case in ipairs(golden.numbers) do
    for name, value in pairs(case.expected) do
      expect(metric[name](case.truth, case.predicted)):near(value, exact)
    end
  end
  expect(metric.mean_absolute_error({ { 1, 2 }, { 3, 4 } }, { { 1, 3 }, { 3, 5 } }, { multioutput = 'raw_values' }))
    :equals { 0, 1 }
  expect(metric.r2({ 5, 5 }, { 5, 5 })):equals(1)
  expect(metric.pearson({ 1, 2 }, { 5, 5 })):equals(0)
end)

test('tags may be given by their names', function()
  local truth, given = { { 'guitar', 'slow' }, { 'drums' }, {} }, { { 'guitar' }, { 'drums', 'slow' }, {} }
  expect(metric.accuracy(truth, given)):near(1 / 3, exact)
  expect(metric.f1(truth, given, { average = 'micro' })):near(2 / 3, exact)
  expect(metric.f1(truth, given, { average = 'none' })):equals { 1, 1, 0 }
end)

test('a tag that no row has is left out of means, and no number in a list', function()
  local truth, scores = { { 1, 0 }, { 0, 0 } }, { { 0.9, 0.2 }, { 0.1, 0.3 } }
  expect(metric.roc_auc(truth, scores)):equals(1)
  local each = metric.roc_auc(truth, scores, { average = 'none' })
  expect(each[1]):equals(1)
  expect(each[2] ~= each[2]):equals(true)
  expect(metric.f1({ { 1, 0 }, { 0, 0 } }, { { 1, 1 }, { 0, 0 } })):equals(1)
  expect(function() metric.roc_auc({ { 0 }, { 0 } }, { { 0.1 }, { 0.2 } }) end)
    :raises 'roc_auc: no tag stands on some rows and not on others'
end)

test('what does not go together is refused in one line', function()
  expect(function() metric.cohen_kappa({ { 1, 0 } }, { { 1, 0 } }) end)
    :raises 'cohen_kappa: measures one class a row, and these rows have several tags a row'
  expect(function() metric.roc_auc({ { 1, 2 } }, { { 0.1, 0.2 } }) end)
    :raises "roc_auc: row 1 of 'truth' holds 2, tags are 0 or 1"
  expect(function() metric.r2({ 1, 2 }, { 1 }) end):raises "r2: 'scores' is [1, 1], [2, 1] is wanted"
end)
