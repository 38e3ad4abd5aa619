-- Groups, mixtures and projections from Lua.

local lumir = require 'lumir'
local learn = lumir.learn

--- Two clouds far from each other, of ten rows each.
local function clouds()
  local x, y = {}, {}
  for i = 1, 20 do
    local far = i % 2 * 50
    x[i], y[i] = { far + math.sin(i), math.cos(3 * i), far + math.sin(7 * i) }, far > 0 and 'far' or 'near'
  end
  return { x = x, y = y }
end

test('k-means tells two clouds apart and counts groups from 1', function()
  local means = learn.KMeans { n_clusters = 2, seed = 1 }
  local distances = means:fit_transform(clouds())
  expect(distances.shape):equals { 20, 2 }
  local labels = means.labels:tolist()
  for i = 3, 20 do expect(labels[i]):equals(labels[i - 2]) end
  expect(labels[1] + labels[2]):equals(3)
  expect(means.cluster_centers.shape):equals { 2, 3 }
end)

test('a mixture says how likely each cloud is', function()
  local shares = learn.GaussianMixture { n_components = 2, covariance_type = 'diag', seed = 1 }:fit_transform(clouds())
  expect(shares:sum(2):tolist()):near(lumir.torch.ones(20):tolist())
  expect(shares:max()):near(1)
end)

test('batches of components are the components of all rows', function()
  local rows = clouds()
  local whole = learn.PCA { n_components = 1 }:fit(rows)
  local batches = learn.IncrementalPCA { n_components = 1, batch_size = 5 }:fit(rows)
  expect(batches.components):near(whole.components:tolist(), { absolute = 1e-3 })
  expect(batches.n_samples_seen:tolist()):equals { 20 }
end)

test('UMAP places only the rows that it is fitted on', function()
  local umap = learn.UMAP { n_neighbors = 5, seed = 1 }
  expect(umap:fit_transform(clouds()).shape):equals { 20, 2 }
  expect(function() umap:transform(clouds()) end)
    :raises 'UMAP: places only the rows that it is fitted on; call fit_transform'
end)

test('groups that stand apart have a high silhouette', function()
  expect(learn.silhouette_score(clouds())):above(0.9)
  expect(function() learn.silhouette_score { x = { { 1 }, { 2 } } } end)
    :raises 'silhouette_score: the table has no labels'
end)

test('settings are drawn, or those that do well go on', function()
  local rows = clouds()
  local grid = { n_neighbors = { 1, 2, 3, 4 } }
  local drawn = learn.RandomizedSearch(learn.KNeighbors(), grid, { n_iter = 2, folds = 2, seed = 1 }):fit(rows)
  expect(#drawn.cv_results):equals(2)
  local few = { folds = 2, factor = 2, min_resources = 10, seed = 1 }
  local halved = learn.HalvingGridSearch(learn.KNeighbors(), grid, few):fit(rows)
  expect(halved.iteration:tolist()):equals { 0, 0, 0, 0, 1, 1 }
  expect(halved.resources:tolist()):equals { 10, 10, 10, 10, 20, 20 }
end)
