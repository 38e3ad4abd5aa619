-- What genre is it?  Fifteen classifiers on FMA's published features, then three votes; the official split.
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
  learn.MLP(), learn.SVC(), learn.ExtraTrees(), learn.RandomForest(), learn.LinearSVC(), learn.LogisticRegression(),
  learn.KNeighbors(), learn.Bagging(), learn.Ridge(), learn.SGD(), learn.DecisionTree(), learn.AdaBoost(),
  learn.NearestCentroid(), learn.Perceptron(), learn.GaussianNB(),
  learn.Voting { learn.MLP(), learn.RandomForest { n_estimators = 50 }, learn.SVC() },
  learn.Voting { learn.MLP(), learn.SVC() },
  learn.Voting { learn.KNeighbors(), learn.RandomForest { n_estimators = 50 }, learn.GaussianNB() },
}
for i, model in ipairs(models) do
  models[i] = learn.Pipeline { learn.StandardScaler(), model }
end

local results = evaluate.compare(models, test, { train = train })    -- accuracy, precision, recall, F1, seconds
print(results)

local pictures = {}
for _, project in ipairs { learn.PCA { n_components = 2 }, learn.LDA { n_components = 2 } } do
  local plane = learn.Pipeline { learn.StandardScaler(), project }:fit_transform(train)
  pictures[#pictures + 1] = report.scatter(plane, train.labels, { label = 'genre', title = project.name })
end
report('Genre from features', { opt, train, results, results.best.confusion, pictures })
