-- Learners for several tags a row and for numbers: as scikit-learn has them.

local lumir = require 'lumir'
local learn = lumir.learn
local golden = require 'golden.learn_tags'
local exact = { absolute = 1e-9 }
local fitted = { absolute = 1e-6 }                        -- where an optimiser ends

test('one classifier for each tag says what those of scikit-learn say', function()
  local model = learn.OneVsRest(learn.LogisticRegression { C = 2, tol = 1e-10, max_iter = 10000 })
  model:fit { x = golden.x, y = golden.tags }
  expect(model:scores(golden.unseen):tolist()):near(golden.tag_scores, fitted)
  model:fit { x = golden.x, y = golden.classes }
  expect(model:scores(golden.unseen):tolist()):near(golden.class_scores, fitted)
end)

test('tags that all rows have alike, or none, have the answer always', function()
  local model = learn.OneVsRest(learn.GaussianNB())
  model:fit { x = { { 0 }, { 1 }, { 5 }, { 6 } }, y = { { 'low', 'all' }, { 'low', 'all' }, { 'all' }, { 'all' } } }
  expect(model:predict { x = { { 0.5 }, { 5.5 } } }):equals { { 'all', 'low' }, { 'all' } }
end)

test('numbers are foretold as scikit-learn foretells them', function()
  local rows = { x = golden.x, y = golden.numbers, target = 'numbers' }
  local weighted = { x = golden.x, y = golden.numbers, target = 'numbers', weights = {} }
  for i = 1, #golden.x do weighted.weights[i] = i end
  local function scores(model, data) return model:fit(data):scores(golden.unseen):tolist() end
  expect(scores(learn.RidgeRegressor { alpha = 3 }, rows)):near(golden.ridge, exact)
  expect(scores(learn.RidgeRegressor { alpha = 3 }, weighted)):near(golden.ridge_weighted, exact)
  expect(scores(learn.KNeighborsRegressor { n_neighbors = 4 }, rows)):near(golden.neighbours, exact)
  expect(scores(learn.KNeighborsRegressor { n_neighbors = 4, weights = 'distance' }, rows))
    :near(golden.neighbours_by_distance, exact)
  local model = learn.Pipeline { learn.StandardScaler(), learn.RidgeRegressor() }
  model:fit { x = { { 1 }, { 2 }, { 3 } }, y = { 10, 20, 30 }, target = 'numbers' }
  expect(model:predict { x = { { 2 } } }[1]):near(20, exact)
end)

test('what learns one class a row says so of tags and numbers', function()
  local tags, numbers = { x = { { 1 }, { 2 } }, y = { { 'a' }, { 'b' } } }, { x = { { 1 }, { 2 } }, y = { 1, 2 } }
  expect(function() learn.SVC():fit(tags) end):raises('SVC: tells classes apart, one a row, and these rows have '
    .. 'several tags a row (learn.OneVsRest fits one for each tag)')
  expect(function() learn.RidgeRegressor():fit(numbers) end)
    :raises("RidgeRegressor: foretells numbers, and these rows have one class a row (target = 'numbers' beside x and "
      .. 'y makes y some)')
end)

test('a model of tags or numbers is the same from its file', function()
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  local tagger = learn.OneVsRest():fit { x = golden.x, y = golden.tags, names = { 'slow', 'loud', 'sad' } }
  tagger:save(folder .. '/tagger.safetensors')
  expect(learn.load(folder .. '/tagger.safetensors'):predict { x = golden.unseen })
    :equals(tagger:predict { x = golden.unseen })
  local ridge = learn.RidgeRegressor():fit { x = golden.x, y = golden.numbers, target = 'numbers' }
  ridge:save(folder .. '/ridge.safetensors')
  expect(learn.load(folder .. '/ridge.safetensors'):predict { x = golden.unseen })
    :equals(ridge:predict { x = golden.unseen })
  shell('rm -rf ' .. folder)
end)
