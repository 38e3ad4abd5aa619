local lumir = require 'lumir'
local learn = lumir.learn

local nan = 0 / 0

test('what is missing becomes the mean, the median or a number of the column', function()
  local x = { { 1, nan }, { nan, 4 }, { 2, 6 }, { 6, 8 } }
  local function filled(options) return learn.SimpleImputer(options):fit_transform(x):tolist() end
  expect(filled {}):equals { { 1, 6 }, { 3, 4 }, { 2, 6 }, { 6, 8 } }
  expect(filled { strategy = 'median' }[2][1]):equals(2)
  expect(filled { strategy = 'constant', fill_value = -1 }[1][2]):equals(-1)
end)

test('a pipeline that begins with an imputer takes rows with missing numbers; others refuse them', function()
  local x, y = { { 1 }, { nan }, { 8 }, { 9 } }, { 'low', 'low', 'high', 'high' }
  local pipeline = learn.Pipeline { learn.SimpleImputer { strategy = 'constant' }, learn.NearestCentroid() }:fit(x, y)
  expect(pipeline:predict { { nan }, { 7 } }):equals { 'low', 'high' }
  expect(function() learn.NearestCentroid():fit(x, y) end)
    :raises 'NearestCentroid: column 1 holds NaN in row 2 (SimpleImputer before it fills in what is missing)'
end)

test('boosting takes missing numbers as they are', function()
  local x, y = {}, {}
  for i = 1, 60 do x[i], y[i] = { i % 2 == 0 and nan or i }, i % 2 == 0 and 'gone' or 'there' end
  local model = learn.HistGradientBoosting { min_samples_leaf = 5, max_iter = 10 }:fit(x, y)
  expect(model:predict { { nan }, { 3 } }):equals { 'gone', 'there' }
end)
