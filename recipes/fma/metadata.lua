-- What genre is it?  Fifteen classifiers on FMA's published features, then three votes; the official split.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local evaluate, report = lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'fma_features',    -- a folder with fma_metadata in it
  subset = 'medium',
  columns = 'features',                 -- 'sound': worked out of the sound, here
  sound = data.sample('fma', { folder = 'data/sample/fma_clips', artists = 3, tracks = 1 }),  -- or a folder, or ''
  clips = 'small',                      -- the subset of the sound, of which a clip of each genre is shown
  points = 2000,                        -- rows that the pictures of three dimensions show at most
  seed = 1,
  choices = { columns = { 'features', 'echonest', 'both', 'sound' } },
}
lumir.seed(opt.seed)

local from_sound = lumir.chain { audio.load { rate = 22050 }, feature.set 'fma' }
local tracks = opt.columns == 'sound' and data.fma(opt.sound, { subset = opt.clips }):map(from_sound):table()
  or data.fma_features(opt.root, { subset = opt.subset, columns = opt.columns })
local train, _, test = tracks:split 'official'

local models = {
  learn.MLP(), learn.SVC(), learn.ExtraTrees(), learn.RandomForest(), learn.LinearSVC(), learn.LogisticRegression(),
  learn.KNeighbors(), learn.Bagging(), learn.Ridge(), learn.SGD(), learn.DecisionTree(), learn.AdaBoost(),
  learn.NearestCentroid(), learn.Perceptron(), learn.GaussianNB(),
  learn.Voting { learn.MLP(), learn.RandomForest { n_estimators = 50 }, learn.SVC() },
  learn.Voting { learn.MLP(), learn.SVC { probability = true }, voting = 'soft' },
  learn.Voting { learn.KNeighbors(), learn.RandomForest { n_estimators = 50 }, learn.GaussianNB(),
    weights = { 1, 2, 2 } },
}
for i, model in ipairs(models) do
  models[i] = learn.Pipeline { learn.StandardScaler(), model }
end

local results = evaluate.compare(models, test, { train = train })    -- accuracy, precision, recall, F1, seconds
print(results)

local clouds, shown = {}, train:draw { n = opt.points }              -- t-SNE looks at every pair
for i, project in ipairs { learn.PCA { n_components = 3 }, learn.LDA { n_components = 3 },
  learn.TSNE { n_components = 3, perplexity = math.min(30, #shown / 3) } } do
  local to_space = learn.Pipeline { learn.StandardScaler(), project }
  clouds[i] = report.scatter(to_space:fit_transform(shown), shown, { title = to_space.steps[2].name })
end

local leans = learn.RandomForest():fit(train):importances { top = 20 }
local names = {}
for i = 1, math.min(6, #leans) do names[i] = leans[i].column end
report('Genre from features', { opt, tracks, results, clouds, leans,
  report.bars(tracks.labels, { title = 'Tracks of each genre', x = 'tracks' }),
  report.hist(train, { columns = names, title = 'The columns that a forest leans on most' }),
  opt.sound ~= '' and report.clips(data.fma(opt.sound, { subset = opt.clips }):draw { n = 1, per = 'genre' }) or {} })
