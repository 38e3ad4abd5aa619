local lumir = require 'lumir'
local learn = lumir.learn

test('one wild value does not move the others', function()
  local scaler = learn.RobustScaler()
  expect(scaler:fit_transform { { 1 }, { 2 }, { 3 }, { 4 }, { 100 } })
    :near { { -1 }, { -0.5 }, { 0 }, { 0.5 }, { 48.5 } }
  expect(scaler.center):near { 3 }
  expect(scaler.scale):near { 2 }
end)

test('quantiles between two rows are interpolated', function()
  local scaler = learn.RobustScaler { quantile_range = { 10, 90 } }
  scaler:fit { { 0 }, { 1 }, { 2 }, { 3 } }
  expect(scaler.scale):near { 2.4 }
end)

test('NaN is named by column and row', function()
  expect(function() learn.RobustScaler():fit { { 1, 2 }, { 3, 0 / 0 } } end)
    :raises 'RobustScaler: column 2 holds NaN in row 2 (SimpleImputer before it fills in what is missing)'
end)
