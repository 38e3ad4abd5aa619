-- Which genre is it?  Six classical learners on GTZAN's tables of features, of 30 s and of every 3 s.
-- Ten rows of 3 s are one song. Dealt one by one, nine teach what the tenth asks: the scores look splendid, and lie.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local evaluate, report = lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'gtzan_features',  -- a folder with features_30_sec.csv and features_3_sec.csv, or one above
  seed = 1, hold = 0.2,                 -- the share of the songs, or of the rows, that tests
  sound = '',                           -- a folder of folders of recordings: the tables are worked out of it, here
  filtered = '',                        -- a folder of train_, valid_ and test_filtered.txt: the split without faults
}
lumir.seed(opt.seed)

local function scaled(model) return learn.Pipeline { learn.StandardScaler(), model } end
local function models() return {
  ['SVM'] = scaled(learn.SVC()),
  ['SVM (C = 10)'] = scaled(learn.SVC { C = 10 }),
  ['1-NN'] = scaled(learn.KNeighbors { n_neighbors = 1 }),
  ['5-NN'] = scaled(learn.KNeighbors { n_neighbors = 5 }),
  ['Random forest'] = learn.RandomForest(),
  ['Logistic regression'] = scaled(learn.LogisticRegression()),
} end

--- The table of the excerpts of 30 s, or of every 3 s of them: as published, or the same columns of any sound.
local function read(seconds)
  if opt.sound == '' then return data.gtzan_features(opt.root, { seconds = seconds }) end
  local steps = { audio.load { rate = 22050, duration = 30 }, feature.set 'gtzan' }
  if seconds == 3 then table.insert(steps, 2, audio.excerpts { seconds = 3 }) end
  return data.gtzan(opt.sound):map(lumir.chain(steps)):table()
end

--- Sides of songs, or of single rows; by lists where there are some.
local function split(rows, by)
  if opt.filtered == '' then return rows:split { hold = opt.hold, by = by, stratify = true, leak = 'allowed' } end
  local lists = opt.filtered .. '/{side}_filtered.txt'
  local train, _, test = rows:split('given', { lists = lists, missing = 'told', leak = 'allowed' })
  return train, test
end

local shown, f1, first, leak = {}, {}, nil, 'Nothing was torn apart.'
for _, case in ipairs { { 30, 'track' }, { 3, 'track' }, opt.filtered == '' and { 3, 'id' } or nil } do
  local seconds, by = unpack(case)
  local rows, fair = read(seconds), f1['3 s, songs kept whole']
  local train, test = split(rows, by)
  local results = evaluate.compare(models(), test, { train = train, vote = 'none' })
  local name = ('%d s, %s'):format(seconds, by == 'id' and 'rows dealt one by one' or 'songs kept whole')
  print(('\n%s\n%s\n'):format(name, results))
  f1[name] = results.best.f1
  if by == 'id' then
    leak = ('F1 %.3f with songs torn apart, %.3f with songs whole: %.1f points are the leak')
      :format(f1[name], fair, 100 * (f1[name] - fair))
    print('LEAK: ' .. leak)
  end
  if first then shown[#shown + 1] = report.confusion(results, { title = name .. ': ' .. results.best.name }) end
  first = first or { rows = rows, results = results }
end
report('Which genre is it?', { opt, first.rows, first.results, shown, what_the_leak_is_worth = leak,
  report.bars(f1, { title = 'F1 of the best model', x = 'macro F1' }) })
