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

test('every metric of a search stands in its rows and its table', function()
  local search = learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 1, 3, 500 } },
    { folds = 3, scoring = { 'accuracy', 'f1_macro' }, refit = 'f1_macro' }):fit(songs())
  local rows = search.cv_results
  expect(rows[1].metrics.f1_macro.mean):equals(rows[1].mean)
  expect(rows[2].metrics.accuracy.scores):equals(
    learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 3 } }, { folds = 3 }):fit(songs()).cv_results[1].scores)
  expect(rows[3].metrics):equals(nil)
  local lines = {}
  for line in search.cv_table:gmatch '[^\n]+' do lines[#lines + 1] = line end
  expect(#lines):equals(4)
  for _, head in ipairs { 'rank', 'accuracy (sd)', 'macro F1 (sd)', 'setting' } do expect(lines[1]):contains(head) end
  local best = rows[search.best_params.n_neighbors == 1 and 1 or 2]
  expect(lines[2]):contains(('%.3f (%.3f)'):format(search.best_score, best.std))
  expect(lines[4]):contains 'n_neighbors = 500: KNeighbors: '
end)

test('a fitted search says by which metric it chose, over how many folds, and nothing of processors', function()
  local search = learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 1, 3 } },
    { folds = 3, scoring = { 'accuracy', 'f1_macro' }, refit = 'f1_macro' }):fit(songs())
  local text = tostring(search)
  expect(text):contains(('\nbest macro F1 %.3f, mean of 3 folds   n_neighbors = '):format(search.best_score))
  expect(text:find 'kernels' == nil and text:find 'processor' == nil):is_true()
end)

test('with return_train_score each setting is judged on the rows that taught it, too', function()
  local model = learn.Pipeline { learn.RobustScaler(), learn.KNeighbors() }
  local options = { folds = 3, scoring = { 'accuracy', 'f1_macro' }, refit = 'f1_macro' }
  local alone = learn.GridSearch(model, { n_neighbors = { 1, 5, 500 } }, options):fit(songs())
  options.return_train_score = true
  local search = learn.GridSearch(model, { n_neighbors = { 1, 5, 500 } }, options):fit(songs())
  local rows = search.cv_results
  expect(rows[1].train.mean):equals(1)                             -- a row is its own nearest neighbour
  expect(rows[1].metrics.accuracy.train.scores):equals { 1, 1, 1 }
  expect(rows[3].train):equals(nil)
  expect(alone.cv_results[2].train):equals(nil)
  -- what cross_validate finds with the same folds, which fits and asks for itself
  local found = learn.cross_validate(learn.Pipeline { learn.RobustScaler(), learn.KNeighbors { n_neighbors = 5 } },
    songs(), { folds = 3, scoring = { 'accuracy', 'f1_macro' } })
  for _, metric in ipairs { 'accuracy', 'f1_macro' } do
    expect(rows[2].metrics[metric].train.scores):near(found.train[metric], { absolute = 1e-12 })
    expect(rows[2].metrics[metric].scores):near(found.test[metric], { absolute = 1e-12 })
    expect(rows[2].metrics[metric].scores):equals(alone.cv_results[2].metrics[metric].scores)
  end
end)

test('the scores on rows that taught stand in a journal, and a search without them does not take its cells',
  function()
    local path = os.tmpname()
    os.remove(path)
    local function searched(more)
      more.folds, more.journal = 3, path
      return learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 1, 5 } }, more):fit(songs()).cv_results
    end
    local plain, with = searched {}, searched { return_train_score = true }
    local again = searched { return_train_score = true }
    expect(plain[1].train):equals(nil)
    expect(again[2].train.scores):equals(with[2].train.scores)
    expect(#with[2].train.scores):equals(3)
    os.remove(path)
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
    :raises 'GridSearch: needs a classifier or a regressor, got PCA()'
  expect(function() learn.GridSearch(two, { C = { 1 } }, { fold = 3 }) end)
    :raises("GridSearch: unknown option 'fold' (did you mean 'folds'?); "
      .. "its options are estimator, grid, folds, by, stratify, leak, scoring, refit, return_train_score, journal")
end)

--- 60 rows whose number is a line of the first column, in the groups of three that are named.
local function line(noise)
  local rows = { x = {}, y = {}, groups = {}, target = 'numbers' }
  for i = 1, 60 do
    rows.x[i] = { i % 10, math.sin(5 * i) }
    rows.y[i] = 3 * (i % 10) + (noise or 0) * math.sin(11 * i)
    rows.groups[i] = 'song ' .. math.ceil(i / 3)
  end
  return lumir.data.table(rows)
end

test('a journal whose path holds a zero byte is refused, as of any option that is text', function()
  expect(function() learn.GridSearch { estimator = learn.SVC(), grid = { C = { 1 } }, journal = 'a\0b' } end)
    :raises [[GridSearch: 'journal' = 'a\0b' holds a zero byte]]
  expect(function() learn.SVC { kernel = 'rbf\0' } end)
    :raises [[SVC: 'kernel' = 'rbf\0' is none of 'rbf', 'linear', 'poly', 'sigmoid' (did you mean 'rbf'?)]]
end)

test('every search takes regressors, and chooses by R2 unless told otherwise', function()
  local rows, ridge = line(1), learn.Pipeline { learn.StandardScaler(), learn.RidgeRegressor() }
  local search = learn.GridSearch(ridge, { alpha = { 0.1, 1000 } }, { folds = 3 }):fit(rows)
  expect(search.best_params):equals { alpha = 0.1 }
  local same = learn.Pipeline { learn.StandardScaler(), learn.RidgeRegressor { alpha = 0.1 } }
  local alone = learn.cross_validate(same, rows, { folds = 3 })
  expect(search.cv_results[1].scores):near(alone.test.r2, { absolute = 1e-12 })
  expect(search.best_score):near(alone.mean.r2, { absolute = 1e-12 })
  expect(search:predict(rows)[1]):near(rows.labels[1], { absolute = 2 })
  local errors = { folds = 3, scoring = 'mean_squared_error' }
  local by_error = learn.GridSearch(ridge, { alpha = { 1000, 0.1 } }, errors):fit(rows)
  expect(by_error.best_params):equals { alpha = 0.1 }
  local drawn = learn.RandomizedSearch(learn.KNeighborsRegressor(), { n_neighbors = { 1, 3, 15 } },
    { folds = 3, n_iter = 2, seed = 1 }):fit(rows)
  expect(drawn.best_score > 0.9):is_true()
  local halved = learn.HalvingGridSearch(learn.KNeighborsRegressor { n_neighbors = 1 }, { n_neighbors = { 1, 3, 5 } },
    { folds = 3, factor = 2, seed = 1 }):fit(rows)
  expect(halved.best_score > 0.9):is_true()
  expect(function() learn.GridSearch(ridge, { alpha = { 1 } }, { scoring = 'f1' }) end):raises
    "GridSearch: 'scoring' = 'f1' does not measure numbers, which RidgeRegressor foretells"
  expect(function() learn.GridSearch(ridge, { alpha = { 1 } }):fit(songs()) end)
    :raises('GridSearch: foretells numbers, and these rows have one class a row '
      .. "(target = 'numbers' beside x and y makes y some)")
end)

test('cross-validation and learning curves of a regressor are scored by R2', function()
  local rows = line(1)
  local found = learn.cross_validate(learn.RidgeRegressor(), rows, { folds = 3 })
  expect(found.mean.r2 > 0.9):is_true()
  expect(tostring(found)):contains 'R2'
  local curve = learn.learning_curve(learn.RidgeRegressor(), rows, { sizes = { 0.2, 1 }, folds = 3 })
  expect(#curve.rows == 2 and curve.test[2] > 0.9):is_true()
  expect(tostring(curve)):contains 'R2 (sd)'
end)
