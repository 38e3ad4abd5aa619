-- A learner, a search or a projection in Lumir, timed: what `lumir bench learn` runs beside tests/bench/learners.py,
-- which has the same works and says what is printed.
local lumir = require 'lumir'
local core = require('lumir.native').core
local learn, torch = lumir.learn, lumir.torch

local opt = lumir.options { work = 'KNeighbors', folder = '.' }

local x, y = torch.load(opt.folder .. '/x.npy'), torch.load(opt.folder .. '/y.npy'):tolist()
local rows = tonumber(core.read_file(opt.folder .. '/rows'))
local function part(from, to)
  local labels = {}
  for i = from, to do labels[#labels + 1] = ('class %d'):format(y[i]) end
  return { x = x[('%d:%d'):format(from, to)], y = labels }
end
local train = part(1, rows)
local test = #y > rows and part(rows + 1, #y)
x = nil
collectgarbage()

local function timed(phase, work)
  local cpu, wall = os.clock(), core.now()
  local result = work()
  print(('time\t%s\t%.3f\t%.3f'):format(phase, (os.clock() - cpu) * 1000, (core.now() - wall) * 1000))
  return result
end

local function classify(learner)
  timed('fit', function() return learner:fit(train) end)
  local answers = timed('predict', function() return learner:predict(test) end)
  local right = 0
  for i, answer in ipairs(answers) do right = right + (answer == test.y[i] and 1 or 0) end
  print(('quality\taccuracy\t%.6f'):format(right / #answers))
end

local function search(learner, grid)
  local found = learn.GridSearch(learner, grid, { folds = 5 })
  timed('fit', function() return found:fit(train) end)
  print(('quality\tbest\t%.6f'):format(found.best_score))
end

--- Points go to a file, where the peers' script judges them.
local function embed(projection, divergence)
  local points = timed('fit', function() return projection:fit_transform(train) end)
  torch.save(points, opt.folder .. '/points.npy')
  if divergence then print(('quality\tKL\t%.6f'):format(projection[divergence]:item())) end
end

--- What fits and says itself, in an array of its state, how good that was.
local function describe(projection, array)
  timed('fit', function() return projection:fit(train) end)
  timed('transform', function() return projection:transform(train) end)
  print(('quality\t%s\t%.6f'):format(array, projection[array]:sum():item()))
end

local works = {
  ['svc-grid'] = function()
    search(learn.Pipeline { learn.RobustScaler(), learn.SelectKBest { k = 100 }, learn.SVC() }, {
      { kernel = 'rbf', C = { 0.1, 1, 5, 10, 50, 100 },
        gamma = { 'scale', 'auto', 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4 } },
      { kernel = 'linear', C = { 0.01, 0.1, 1, 10 } },
    })
  end,
  ['rbf-grid'] = function()
    search(learn.Pipeline { learn.StandardScaler(), learn.SVC() },
      { C = { 1, 10, 100, 1000 }, gamma = { 0.1, 0.03, 0.01, 0.003 } })
  end,
  ['forest-grid'] = function()
    search(learn.RandomForest { seed = 1 },
      { n_estimators = { 100, 200, 300 }, max_depth = { 'none', 10, 20 }, min_samples_split = { 2, 5 } })
  end,
  boosting = function() classify(learn.HistGradientBoosting { max_iter = 10, early_stopping = 'no', seed = 1 }) end,
  pca = function() describe(learn.PCA { n_components = 50, seed = 1 }, 'explained_variance_ratio') end,
  svd = function()
    describe(learn.PCA { n_components = 50, svd_solver = 'full' }, 'explained_variance_ratio')
  end,
  ['k-means'] = function() describe(learn.KMeans { n_clusters = 20, n_init = 10, seed = 1 }, 'inertia') end,
  mixture = function() describe(learn.GaussianMixture { n_components = 8, seed = 1 }, 'lower_bound') end,
  umap = function() embed(learn.UMAP { seed = 1 }) end,
  ['tsne-5000'] = function() embed(learn.TSNE { seed = 1 }, 'kl_divergence') end,
  ['tsne-20000'] = function() embed(learn.TSNE { seed = 1 }, 'kl_divergence') end,
}

print(('version\tlumir %s, level %s'):format(core.version(), core.level()))
local work = works[opt.work]
if work then
  work()
else
  classify(learn[opt.work]())
end
for line in io.lines '/proc/self/status' do
  local kilobytes = line:match '^VmHWM:%s+(%d+)'
  if kilobytes then print(('memory\t%.1f'):format(kilobytes / 1000)) end
end
