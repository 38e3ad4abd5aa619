-- Estimators from Lua: how they are made, printed, fitted and asked.

local lumir = require 'lumir'
local learn = lumir.learn

--- Two clouds of `n` rows each, at -2 and 2 in every column; the noise is a fixed walk.
local function clouds(n)
  local table_ = { x = {}, y = {}, groups = {} }
  local walk = 0.5
  for i = 1, 2 * n do
    local centre = i % 2 == 0 and 2 or -2
    local row = {}
    for column = 1, 4 do
      walk = (walk * 997 + 0.123) % 1
      row[column] = centre + 2 * walk - 1
    end
    table_.x[i], table_.y[i], table_.groups[i] = row, i % 2 == 0 and 'high' or 'low', 'album ' .. i % 6
  end
  return table_
end

test('estimators print as scikit-learn prints them', function()
  local pipeline = learn.Pipeline { learn.RobustScaler(), learn.SelectKBest { k = 100 }, learn.SVC { C = 10 } }
  expect(tostring(pipeline)):equals('Pipeline { RobustScaler(), SelectKBest { k = 100 }, SVC { C = 10 } }')
  expect(pipeline.steps[3].options.C):equals(10)
  expect(learn.KNeighbors().options.weights):equals('uniform')
end)

test('a classifier learns a table and answers in words', function()
  local model = learn.SVC():fit(clouds(20))
  expect(model.fitted):is_true()
  expect(model.classes):equals { 'high', 'low' }
  expect(model:predict { x = { { 2, 2, 2, 2 }, { -2, -2, -2, -2 } } }):equals { 'high', 'low' }
  expect(model:score(clouds(20))):equals(1)
  expect(model:scores { x = { { 2, 2, 2, 2 } } }:tolist()[1][1]):above(0)
end)

test('rows may be a tensor with labels behind it', function()
  local x = lumir.torch.tensor { { 0, 0 }, { 0, 1 }, { 5, 5 }, { 5, 6 } }
  local model = learn.KNeighbors { n_neighbors = 1 }:fit(x, { 'near', 'near', 'far', 'far' })
  expect(model:predict(x)):equals { 'near', 'near', 'far', 'far' }
  expect(model:predict { { 4, 4 } }):equals { 'far' }
  expect(model:scores(x)):near { { 0, 1 }, { 0, 1 }, { 1, 0 }, { 1, 0 } }
end)

test('what a learner cannot do is one clear line', function()
  local songs = clouds(10)
  expect(function() learn.SVC { gama = 1 } end):raises("SVC: unknown option 'gama' (did you mean 'gamma'?); "
    .. "its options are C, kernel, degree, gamma, coef0, tol, class_weight, max_iter, cache_size, probability, seed")
  expect(function() learn.SVC():predict(songs) end):raises 'SVC: is not fitted yet; call fit first'
  expect(function() learn.SVC():fit(nil) end):raises 'fit: got nil; a misspelt name?'
  expect(function() learn.SVC():fit { x = songs.x } end):raises 'SVC: 20 rows but 0 labels'
  expect(function() learn.SVC():fit { x = songs.x, z = 1 } end):raises(
    "fit: unknown field 'z' of a table; it has x, y, target, names, groups, weights, ids, columns, synthetic")
  expect(function() learn.SVC():fit { x = { { 1 }, { 2, 3 } }, y = { 1, 2 } } end)
    :raises "fit: row 2 of 'x' must be a list of 1 numbers"
  expect(function() learn.SVC():fit { x = songs.x, y = { 'a' } } end):raises 'fit: 20 rows but 1 labels'
  expect(function() learn.RobustScaler():predict(songs) end):raises 'predict: RobustScaler is no classifier'
  expect(function() learn.Pipeline { learn.SVC(), learn.SVC() } end)
    :raises 'Pipeline: step 1 must be a transformer, got SVC()'
end)

test('a saved model answers as the one that was saved', function()
  local path = os.tmpname() .. '.safetensors'
  local songs = clouds(20)
  local model = learn.Pipeline { learn.StandardScaler(), learn.KNeighbors { n_neighbors = 3 } }:fit(songs)
  model:save(path)
  local loaded = learn.load(path)
  os.remove(path)
  local level = require('lumir.native').core.level()
  expect(tostring(loaded)):equals('Pipeline { StandardScaler(), KNeighbors { n_neighbors = 3 } }')
  expect(loaded.level):equals(level)
  expect(loaded:scores(songs):tolist()):equals(model:scores(songs):tolist())
  expect(loaded:predict(songs)):equals(model:predict(songs))
  expect(function() learn.SVC():save(path) end):raises 'save: SVC is not fitted yet'
end)

test('weights of classes that are none are refused, in a search too', function()
  local songs = clouds(10)
  local wanted = "SVC: 'class_weight' names 'hgh', which is no class (did you mean 'high'?)"
  expect(function() learn.SVC { class_weight = { hgh = 2 } }:fit(songs) end):raises(wanted)
  local grid = { class_weight = { { high = 2 }, { hgh = 2 } } }
  local search = learn.GridSearch(learn.SVC(), grid, { folds = 2 }):fit(songs)
  expect(search.cv_results[1].reason):equals(nil)
  expect(search.cv_results[2].reason):equals(wanted)
end)

test('an object that is no value goes into options as it is, and is refused by what it is called', function()
  local clip = lumir.audio.silence { seconds = 0.1 }
  expect(function() learn.SVC { C = clip } end):raises "SVC: 'C' must be a number, got a clip"
  expect(function() learn.Pipeline { clip } end):raises 'Pipeline: step 1 must be an estimator, got a clip'
end)

test('labels are text, numbers or truth values, and what is empty is said', function()
  local x = { { 0 }, { 1 } }
  expect(function() learn.KNeighbors():fit { x = x, y = { {}, {} } } end)
    :raises "fit: 'y' names no tag in any row"
  expect(function() learn.KNeighbors():fit(x, { 1, 0 / 0 }) end)
    :raises "fit: 'y' must hold text or numbers, got nan at position 2"
  expect(learn.KNeighbors { n_neighbors = 1 }:fit(x, { true, false }):predict(x)):equals { 'true', 'false' }
  expect(function() learn.KNeighbors():fit { x = {}, y = {} } end):raises "fit: 'x' is empty"
  expect(function() learn.KNeighbors():fit(x, { 'a', '' }) end):raises "fit: 'y' holds a blank label at position 2"
  expect(function() learn.KNeighbors():fit { x = x, y = { 'a', 'b' }, names = { 'a', ' ', 'b' } } end)
    :raises "fit: 'names' holds a blank label at position 2"
end)

test('a model goes to folders that are there', function()
  local model = learn.KNeighbors { n_neighbors = 1 }:fit({ { 0 }, { 1 } }, { 'a', 'b' })
  expect(function() model:save '/none/of/this/m.safetensors' end):raises '/none/of/this: no such folder'
end)

test('what a model has not is answered with what it has', function()
  local model = learn.RobustScaler():fit { { 1 }, { 3 } }
  expect(function() return model.centre end):raises "Estimator: has no 'centre' (did you mean 'center'?)"
  local search = learn.GridSearch(learn.SVC(), { C = { 1 } })
  expect(function() return search.best_scor end):raises "Estimator: has no 'best_scor' (did you mean 'best_score'?)"
  expect(function() return search.best_score end):raises 'best_score: GridSearch is not fitted yet'
end)

test('rows of one recording get one prediction where that is asked for', function()
  local model = learn.KNeighbors { n_neighbors = 1 }:fit({ { 0 }, { 10 } }, { 'low', 'high' })
  local parts = { x = { { 1 }, { 2 }, { 9 }, { 8 } }, ids = { 'a', 'b', 'c', 'd' } }
  expect(model:predict(parts)):equals { 'low', 'low', 'high', 'high' }
  local labels, ids = model:predict(parts, { vote = 'none' })
  expect(labels):equals { 'low', 'low', 'high', 'high' }
  expect(ids):equals { 'a', 'b', 'c', 'd' }
end)

test('labels may be a tensor of whole numbers, and another one is told the way', function()
  local classes = {}
  for i = 1, 20 do classes[i] = i % 2 end
  local x, y = lumir.torch.tensor(clouds(10).x), lumir.torch.tensor(classes, { dtype = 'int64' })
  local model = learn.KNeighbors { n_neighbors = 1 }:fit { x = x, y = y }
  expect(model.classes):equals { '0', '1' }
  expect(model:predict(x)[3]):equals '1'
  expect(learn.KNeighbors { n_neighbors = 1 }:fit(x, y):predict(x)[4]):equals '0'
  expect(function() learn.SVC():fit { x = x, y = y:double() } end):raises("fit: 'y' is a Tensor of float64 [20]; "
    .. "classes are whole numbers, one a row (y:long()), and target = 'numbers' beside x and y foretells numbers")
  local numbers = learn.RidgeRegressor():fit { x = x, y = y:double(), target = 'numbers' }
  expect(#numbers:predict(x)):equals(20)
end)
