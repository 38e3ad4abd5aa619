local lumir = require 'lumir'
local learn = lumir.learn

test('the first direction is the one in which rows differ most', function()
  local pca = learn.PCA { n_components = 1 }
  local half = math.sqrt(0.5)
  expect(pca:fit_transform { { 0, 0 }, { 1, 1 }, { 2, 2 } })
    :near({ { -2 * half }, { 0 }, { 2 * half } }, { absolute = 1e-9 })
  expect(pca.components):near { { half, half } }
  expect(pca.explained_variance):near { 2 }
  expect(pca.explained_variance_ratio):near { 1 }
end)

test('more directions than there are is an error', function()
  expect(function() learn.PCA { n_components = 3 }:fit { { 1, 2 }, { 2, 1 }, { 0, 0 } } end)
    :raises "PCA: 'n_components' = 3 is more than the 2 directions of these rows and columns"
end)
