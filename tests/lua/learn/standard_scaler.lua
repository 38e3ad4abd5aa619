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
