local lumir = require 'lumir'
local learn = lumir.learn

test('a pipeline fits its steps one after the other', function()
  local pipeline = learn.Pipeline {
    learn.StandardScaler(), learn.SelectKBest { k = 1 }, learn.KNeighbors { n_neighbors = 1 },
  }
  local rows, labels = { { 1, 0 }, { 2, 100 }, { 1, 200 }, { 2, 300 } }, { 'a', 'a', 'b', 'b' }
  pipeline:fit(rows, labels)
  expect(pipeline:predict { { 9, 20 }, { -9, 260 } }):equals { 'a', 'b' }
  expect(pipeline:transform(rows))
    :near({ { -1.3416408 }, { -0.4472136 }, { 0.4472136 }, { 1.3416408 } }, { absolute = 1e-6 })
  expect(pipeline.steps[1].center):near { 1.5, 150 }
end)

test('what cannot be a step is named by its place', function()
  expect(function() learn.Pipeline { learn.SVC(), learn.SVC() } end)
    :raises 'Pipeline: step 1 must be a transformer, got SVC()'
  expect(function() learn.Pipeline { 3 } end):raises 'Pipeline: step 1 must be an estimator, got 3'
  expect(function() learn.Pipeline {} end):raises 'Pipeline: needs at least one step'
end)

test('options of what is inside are read and set by path, in a copy that is not fitted', function()
  local model = learn.Pipeline { learn.StandardScaler(), learn.SVC { C = 2 } }
  model:fit({ { 1 }, { 2 } }, { 'a', 'b' })
  local other = model:set { ['SVC.C'] = 10, kernel = 'linear' }
  expect(model:get 'SVC.C'):equals(2)
  expect(other:get 'C'):equals(10)
  expect(other:get '2.kernel'):equals 'linear'
  expect(model.fitted and not other.fitted):is_true()
  expect(model:set('SVC.C', 3):get 'SVC.C'):equals(3)
  expect(function() model:get 'SVC.c' end):raises "get: SVC has no option 'c' (did you mean 'C'?)"
end)
