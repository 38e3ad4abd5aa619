-- What genre is it?  Fifteen classifiers on FMA's published features, then three votes; the official split.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local evaluate, report = lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'fma_features',    -- a folder with fma_metadata in it
  subset = 'medium',
  columns = 'features',                 -- or 'echonest', 'both'; 'sound': worked out of the sound, here
  sound = data.sample('fma', { folder = 'data/sample/fma_clips', artists = 3, tracks = 1 }),  -- or a folder, or ''
  clips = 'small',                      -- the subset of the sound, of which a clip of each genre is shown
  points = 2000,                        -- rows that the pictures of three dimensions show at most
  seed = 1,
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

--- So many rows at most, from all of them alike: t-SNE looks at every pair.
local function some(rows, n)
  local ids = {}
  for i = 1, math.min(n, #rows) do ids[i] = rows.ids[math.ceil(i * #rows / n)] end
  return #rows > n and rows:where('id', ids) or rows
end

local clouds, shown = {}, some(train, opt.points)
local near = math.min(30, #shown / 3)                                -- neighbours that t-SNE asks for
for i, project in ipairs { learn.PCA { n_components = 3 }, learn.LDA { n_components = 3 },
  learn.TSNE { n_components = 3, perplexity = near } } do
  local to_space = learn.Pipeline { learn.StandardScaler(), project }
  clouds[i] = report.scatter(to_space:fit_transform(shown), shown.labels,
    { label = 'genre', classes = tracks.classes, title = to_space.steps[2].name })
end

--- A clip of each genre: its waveform, its spectrum over time, and what 40 mel filters leave of that.
local function heard(sound)
  local clips = data.fma(sound, { subset = opt.clips }):draw { n = 1, per = 'genre' }
  local waves, spectra, mels = {}, {}, {}
  for i, path in ipairs(clips.path) do
    local clip = audio.load(path, { rate = 22050, mono = true, duration = 10 })
    local function picture(power, scale)
      return report.matrix(feature.power_to_db(power, { top_db = 80 }),
        { title = clips.genre[i], unit = 'dB', frame_rate = 22050 / 512, fmax = 11025, scale = scale })
    end
    waves[i] = report.waveform(clip, { title = clips.genre[i] })
    spectra[i] = picture(feature.spectrogram(clip, { power = 2 }), 'linear')
    mels[i] = picture(feature.melspectrogram(clip, { n_mels = 40 }), 'mel')
  end
  local filters = report.matrix(feature.mel_filters { n_mels = 40 }, { title = 'Mel filters', x = 'bin', y = 'band' })
  return { report.panels(waves, { title = 'A clip of each genre: waveform' }),
    report.panels(spectra, { title = 'Spectrogram' }), filters, report.panels(mels, { title = 'Mel spectrogram' }) }
end

local leans = learn.RandomForest():fit(train):importances { top = 20 }
local names = {}
for i = 1, math.min(6, #leans) do names[i] = leans[i].column end
report('Genre from features', { opt, train, results, clouds, leans,
  report.bars(tracks.labels, { title = 'Tracks of each genre', x = 'tracks' }),
  report.hist(train, { columns = names, title = 'The columns that a forest leans on most' }),
  opt.sound ~= '' and heard(opt.sound) or {} })
