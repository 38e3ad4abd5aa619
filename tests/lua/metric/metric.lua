local metric, learn = require('lumir').metric, require('lumir').learn
local golden = require 'golden.metric'

test('metrics are those of scikit-learn', function()
  local truth, predicted = golden.truth, golden.predicted
  expect(metric.accuracy(truth, predicted)):near(golden.accuracy, { absolute = 1e-12 })
  expect(metric.confusion(truth, predicted)):equals(golden.confusion)
  for _, name in ipairs { 'precision', 'recall', 'f1' } do
    for _, average in ipairs { 'macro', 'weighted', 'micro', 'none' } do
      expect(metric[name](truth, predicted, { average = average }))
        :near(golden[name .. '_' .. average], { absolute = 1e-12 })
    end
  end
  for k = 1, 3 do
    expect(metric.top_k(golden.classes, golden.scores, { k = k })):near(golden['top_' .. k], { absolute = 1e-12 })
  end
end)

test('mistakes are one clear line', function()
  expect(function() metric.accuracy({}, {}) end):raises 'accuracy: there are no rows'
  expect(function() metric.accuracy({ 'a' }, { 'a', 'b' }) end):raises 'accuracy: 2 predictions for 1 rows'
  expect(function() metric.f1({ 'a' }, { 'a' }, { average = 'makro' }) end):raises
    "f1: 'average' = 'makro' is none of 'macro', 'weighted', 'micro', 'none' (did you mean 'macro'?)"
end)

test('no row of a matrix or a report of classes is without a name', function()
  expect(function() metric.confusion({ 'a', '' }, { 'a', 'a' }) end)
    :raises "confusion: 'truth' holds a blank label at position 2"
  expect(function() metric.classification_report({ 'a', 'b' }, { ' ', 'a' }) end)
    :raises "classification_report: 'predicted' holds a blank label at position 1"
  local rows = 0
  for line in metric.classification_report(golden.truth, golden.predicted):gmatch '[^\n]+' do
    rows = rows + (line:find '^ *%S.- +[%d.]+ +%d' and 1 or 0)
  end
  expect(rows):equals(#golden.confusion + 3)
end)

test('labels that are whole numbers stand in the order of numbers', function()
  local counts = metric.confusion({ 10, 9, 10 }, { 10, 9, 9 })
  expect(counts[1][1]):equals(1)
  expect(counts[2][1]):equals(1)
  expect(counts[2][2]):equals(1)
  local model = learn.KNeighbors { n_neighbors = 1 }
  model:fit({ { 1 }, { 2 }, { 3 } }, { 10, 9, 100 })
  expect(table.concat(model.classes, ' ')):equals '9 10 100'
  expect(function() return learn.GridSearch(model, { n_neighbors = { 1 } }).best_score end)
    :raises 'best_score: GridSearch is not fitted yet'
end)
