-- What genre is it?  Classical learners on FMA's published features, the official split.
local lumir = require 'lumir'
local data, learn, evaluate, report = lumir.data, lumir.learn, lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'fma_features',    -- a folder with fma_metadata in it
  subset = 'medium',
  columns = 'features',                 -- or 'echonest', 'both'
  seed = 1,
}
lumir.seed(opt.seed)

local tracks = data.fma_features(opt.root, { subset = opt.subset, columns = opt.columns })
local train, _, test = tracks:split 'official'

local models = {
  learn.SVC(), learn.SVC { kernel = 'linear' }, learn.RandomForest(), learn.KNeighbors(),
}
for i, model in ipairs(models) do
  models[i] = learn.Pipeline { learn.StandardScaler(), model }
end

local results = evaluate.compare(models, test, { train = train })    -- accuracy, precision, recall, F1, seconds
print(results)

local plane = learn.Pipeline { learn.StandardScaler(), learn.PCA { n_components = 2 } }
local picture = report.scatter(plane:fit_transform(train), train.labels, { label = 'genre', title = 'Two components' })
report('Genre from features', { opt, train, results, picture })
