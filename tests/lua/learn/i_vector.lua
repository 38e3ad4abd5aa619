-- From sounds to i-vectors and back from a file, within folds.

local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn

--- Twelve recordings of three voices: each glides within a range of its own, four times, a little longer and higher.
local function voices()
  local rows, labels, columns = {}, {}, nil
  for voice = 1, 3 do
    for take = 1, 4 do
      local from = 200 * voice * (1 + 0.02 * take)
      local clip = audio.chirp { fmin = from, fmax = 2 * from, seconds = 1 + 0.1 * take, rate = 8000 }
      local row = feature.as_row(feature.mfcc(clip, { n_mfcc = 5 }), { frames = 20 })
      columns, rows[#rows + 1], labels[#labels + 1] = row.names, row.values, 'voice_' .. voice
    end
  end
  return data.table { x = rows, y = labels, columns = columns }
end

local function judged_by(scoring)
  return learn.Pipeline { learn.IVector { n_components = 4, dimension = 4, seed = 1 },
                          learn.LDA { n_components = 2 }, learn.PLDA { scoring = scoring } }
end

test('frames side by side are named by row and frame, and NaN stands behind the last', function()
  local frames = lumir.torch.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
  local longer = feature.as_row(frames, { frames = 4 })
  expect(longer.names):equals { 'row_01_at_01', 'row_02_at_01', 'row_01_at_02', 'row_02_at_02', 'row_01_at_03',
                                'row_02_at_03', 'row_01_at_04', 'row_02_at_04' }
  local values = longer.values
  expect({ values[1], values[2], values[5], values[6] }):equals { 1, 4, 3, 6 }
  expect(values[7] ~= values[7]):is_true()
  expect(feature.as_row(frames, { frames = 2 }).values):equals { 1, 4, 2, 5 }
end)

test('i-vectors and PLDA tell voices apart in folds, by ratios of likelihoods and by cosines', function()
  for _, scoring in ipairs { 'likelihood', 'cosine' } do
    local folds = learn.cross_validate(judged_by(scoring), voices(), { folds = 4 })
    expect(folds.mean.accuracy > 0.66):is_true()
  end
end)

test('what i-vectors learnt stands in a file, and a search sets their numbers', function()
  local model, path = judged_by 'likelihood':fit(voices()), os.tmpname() .. '.safetensors'
  model:save(path)
  expect(learn.load(path):scores(voices())):near(model:scores(voices()), { absolute = 0 })
  os.remove(path)
  local search = learn.GridSearch(judged_by 'cosine', { dimension = { 2, 4, 21 } }, { folds = 2 }):fit(voices())
  expect(search.cv_results[3].reason):equals(
    "IVector: 'dimension' = 21 is more than n_components x n_features = 4 x 5")
end)
