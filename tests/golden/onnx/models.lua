-- Fits every learner that has a form in ONNX on the sets that check.py writes, saves each as .onnx, and says what it
-- answers itself: a line for each, `file|set|labels`.
local lumir = require 'lumir'
local data, learn, torch = lumir.data, lumir.learn, lumir.torch

local opt = lumir.options { folder = '.' }

local function scaled(learner) return learn.Pipeline { learn.StandardScaler(), learner } end

local models = {
  LogisticRegression = scaled(learn.LogisticRegression()),
  LinearSVC = scaled(learn.LinearSVC()),
  Ridge = scaled(learn.Ridge()),
  SGD = scaled(learn.SGD { seed = 1 }),
  ['SGD, log loss'] = scaled(learn.SGD { loss = 'log_loss', seed = 1 }),
  Perceptron = scaled(learn.Perceptron { seed = 1 }),
  LDA = learn.LDA(),
  GaussianNB = learn.GaussianNB(),
  ['Imputer, Ridge'] = learn.Pipeline { learn.SimpleImputer(), learn.StandardScaler(), learn.Ridge() },
  DecisionTree = learn.DecisionTree { seed = 1 },
  RandomForest = learn.RandomForest { n_estimators = 30, seed = 1 },
  ExtraTrees = learn.ExtraTrees { n_estimators = 30, seed = 1 },
  ['SVC, rbf'] = scaled(learn.SVC()),
  ['SVC, linear'] = scaled(learn.SVC { kernel = 'linear' }),
  ['SVC, poly'] = scaled(learn.SVC { kernel = 'poly', coef0 = 1 }),
  ['SVC, sigmoid'] = scaled(learn.SVC { kernel = 'sigmoid' }),
  ['SVC, probability'] = scaled(learn.SVC { probability = true, seed = 1 }),
  KNeighbors = learn.KNeighbors(),
  ['KNeighbors, distance'] = learn.KNeighbors { weights = 'distance' },
  ['KNeighbors, manhattan'] = learn.KNeighbors { metric = 'manhattan', n_neighbors = 4 },
  ['KNeighbors, minkowski'] = learn.KNeighbors { p = 3, weights = 'distance' },
  ['KNeighbors, cosine'] = learn.KNeighbors { metric = 'cosine', n_neighbors = 4 },
  ['KNeighbors, correlation'] = learn.KNeighbors { metric = 'correlation', weights = 'distance' },
  MLP = scaled(learn.MLP { hidden_layer_sizes = { 16, 8 }, max_iter = 30, seed = 1 }),
  ['MLP, logistic'] = scaled(learn.MLP { activation = 'logistic', max_iter = 30, seed = 1 }),
  ['MLP, tanh'] = scaled(learn.MLP { activation = 'tanh', max_iter = 30, seed = 1 }),
  ['Robust, best 3, LDA'] = learn.Pipeline { learn.RobustScaler(), learn.SelectKBest { k = 3 }, learn.LDA() },
  ['Min-max, variance, SVC'] = learn.Pipeline {
    learn.MinMaxScaler { feature_range = { -1, 1 }, clip = true }, learn.VarianceThreshold(), learn.SVC() },
  ['Max-abs, PCA, k-NN'] = learn.Pipeline {
    learn.MaxAbsScaler(), learn.PCA { n_components = 2, whiten = true }, learn.KNeighbors() },
  ['Length, forest columns, Ridge'] = learn.Pipeline {
    learn.Normalizer(), learn.SelectFromModel(learn.RandomForest { n_estimators = 20, seed = 1 }), learn.Ridge() },
  ['Search'] = learn.GridSearch(scaled(learn.SVC()), { C = { 0.1, 1, 10 } }),
}

local names = {}
for name in pairs(models) do names[#names + 1] = name end
table.sort(names)
for set in io.lines(opt.folder .. '/sets.txt') do
  local function side(which) return data.csv(('%s/%s_%s.csv'):format(opt.folder, set, which), { label = 'label' }) end
  local train, test = side 'train', side 'test'
  for i, name in ipairs(names) do
    local model = models[name]:fit(train)
    local file = model:save(('%s/%s_%02d.onnx'):format(opt.folder, set, i))
    torch.save(model:scores(test), (file:gsub('onnx$', 'npy')))
    print(('%s|%s|%s|%s'):format(name, set, file, table.concat(model:predict(test), ' ')))
  end
end
