local lumir = require 'lumir'
local learn = lumir.learn

test('every column gets mean 0 and deviation 1', function()
  local scaler = learn.StandardScaler()
  expect(scaler:fit_transform { { 1, 10 }, { 3, 30 } }):near { { -1, -1 }, { 1, 1 } }
  expect(scaler.center):near { 2, 20 }
  expect(scaler.scale):near { 1, 10 }
end)

test('a constant column becomes 0', function()
  expect(learn.StandardScaler():fit_transform { { 0.1 }, { 0.1 }, { 0.1 } })
    :near({ { 0 }, { 0 }, { 0 } }, { absolute = 1e-12 })
end)

test('without mean or deviation they stay', function()
  local rows = { { 1 }, { 3 } }
  expect(learn.StandardScaler { with_mean = false }:fit_transform(rows)):near { { 1 }, { 3 } }
  expect(learn.StandardScaler { with_std = false }:fit_transform(rows)):near { { -1 }, { 1 } }
end)

test('rows count by their weights, as scikit-learn 1.9.1 has them by sample_weight', function()
  local scaler = learn.StandardScaler():fit { x = { { 1, 10 }, { 3, 30 }, { 7, 5 } }, weights = { 1, 2, 0.5 } }
  expect(scaler.center):near({ 3, 20.714285714285715 }, { relative = 1e-14 })
  expect(scaler.scale):near({ 1.8516401995451028, 10.83267920578793 }, { relative = 1e-14 })
  expect(function() learn.StandardScaler():fit { x = { { 1 }, { 2 } }, weights = { 0, 0 } } end)
    :raises 'StandardScaler: no row weighs more than 0'
  expect(function() learn.RobustScaler():fit { x = { { 1 }, { 2 } }, weights = { 1, -1 } } end)
    :raises 'RobustScaler: the weight of row 2 must be 0 or more, got -1'
end)
