-- Grid search from Lua.

local lumir = require 'lumir'
local learn = lumir.learn

--- Three overlapping clouds in six albums.
local function songs()
  local table_ = { x = {}, y = {}, groups = {} }
  local walk = 0.5
  for i = 1, 90 do
    local row = {}
    for column = 1, 5 do
      walk = (walk * 997 + 0.123) % 1
      row[column] = (i % 3) * (column % 2) + 3 * walk
    end
    table_.x[i], table_.y[i] = row, 'singer_' .. i % 3
    table_.groups[i] = ('singer_%d/album_%d'):format(i % 3, math.floor(i / 3) % 5)
  end
  return table_
end

local grid = { { kernel = 'rbf', C = { 1, 10 }, gamma = { 'scale', 0.1 } }, { kernel = 'linear', C = { 1 } } }

test('a search tries every setting in order and keeps the best', function()
  local pipeline = learn.Pipeline { learn.RobustScaler(), learn.SVC() }
  local search = learn.GridSearch(pipeline, grid, { folds = 3 }):fit(songs())
  local tried = search.cv_results
  expect(#tried):equals(5)
  expect(tried[2].params):equals { C = 1, gamma = 0.1, kernel = 'rbf' }
  expect(#tried[1].scores):equals(3)
  local best = tried[1]
  for _, row in ipairs(tried) do
    if row.mean > best.mean then best = row end
  end
  expect(search.best_score):equals(best.mean)
  expect(search.best_params):equals(best.params)
  expect(best.rank):equals(1)
  expect(search.best_estimator.name):equals 'Pipeline'
  expect(search:predict(songs())):equals(search.best_estimator:predict(songs()))
end)

test('a setting that cannot be fitted is a row with its reason', function()
  local search = learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 3, 500 } }, { folds = 3 }):fit(songs())
  expect(search.cv_results[2].reason):equals "KNeighbors: 'n_neighbors' = 500 is more than the 60 training rows"
  expect(search.cv_results[2].mean):equals(nil)
  expect(search.best_params):equals { n_neighbors = 3 }
end)

test('keys, grids and folds that cannot be are one clear line', function()
  local two = learn.Pipeline { learn.SelectKBest { k = 2 }, learn.PCA { n_components = 1 }, learn.SVC() }
  expect(function() learn.GridSearch(two, { kay = 1 }) end):raises "GridSearch: no step has an option 'kay'"
  expect(function() learn.GridSearch(two, { ['SCV.C'] = 1 }) end)
    :raises "GridSearch: no step is called 'SCV' in 'SCV.C' (did you mean 'SVC'?)"
  expect(function() learn.GridSearch(two, nil) end):raises "GridSearch: 'grid' is nil; a misspelt name?"
  expect(function() learn.GridSearch(learn.PCA(), { n_components = 1 }) end)
    :raises 'GridSearch: needs a classifier, got PCA()'
  expect(function() learn.GridSearch(two, { C = { 1 } }, { fold = 3 }) end)
    :raises("GridSearch: unknown option 'fold' (did you mean 'folds'?); "
      .. "its options are estimator, grid, folds, by, stratify, leak, scoring, refit, journal")
end)
