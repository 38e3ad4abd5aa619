-- The made corpora of genres: how hard they are.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn

--- The share of right answers of an SVM on the statistics of MFCCs: of what a spectrum alone tells.
local function accuracy_on(songs, by)
  local described = songs:map(lumir.chain {
    audio.load(), feature.set { feature.mfcc { n_mfcc = 20 } }, feature.summary { 'mean', 'std' },
  })
  local right, all = 0, 0
  for _, train, valid in described:folds { folds = 3, by = by } do
    local answers = learn.Pipeline { learn.StandardScaler(), learn.SVC { C = 10 } }:fit(train):predict(valid)
    for i, label in ipairs(valid.labels) do
      right, all = right + (answers[i] == label and 1 or 0), all + 1
    end
  end
  return right / all
end

local function with_sample(name, options, body)
  options.folder = os.tmpname()
  os.remove(options.folder)
  local good, problem = pcall(body, data[name](data.sample(name, options)))
  os.execute("rm -rf '" .. options.folder .. "'")
  if not good then error(problem, 0) end
end

test('made genres are told apart by their spectrum in part: better than twice by chance, not always', function()
  with_sample('gtzan', { tracks = 6, shortest = 5, longest = 6 }, function(songs)
    expect(#songs):equals(60)
    expect(songs.n_classes):equals(10)
    expect(songs.synthetic):equals(true)
    local accuracy = accuracy_on(songs, 'track')
    expect(accuracy):above(0.2)
    expect(accuracy):below(0.95)
  end)
end)

test('the made FMA keeps its artists apart, and is as hard', function()
  with_sample('fma', { artists = 4, tracks = 2, shortest = 5, longest = 6 }, function(tracks)
    expect(#tracks):equals(64)
    expect(tracks.classes):equals { 'Electronic', 'Experimental', 'Folk', 'Hip-Hop', 'Instrumental', 'International',
                                    'Pop', 'Rock' }
    local train, valid, test_set = tracks:split 'official'
    expect({ #train, #valid, #test_set }):equals { 32, 16, 16 }
    local accuracy = accuracy_on(tracks, 'artist')
    expect(accuracy):above(0.25)
    expect(accuracy):below(0.95)
  end)
end)
