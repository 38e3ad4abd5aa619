-- The control of an experiment: a network that is good finds nothing in labels that were shuffled.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local nn, optim, evaluate = lumir.nn, lumir.optim, lumir.evaluate

--- Two genres that any ear tells apart: low tones and high ones.
local function corpus()
  local root = os.tmpname()
  os.remove(root)
  for i = 1, 20 do
    for genre, frequency in pairs { low = 150, high = 1500 } do
      local tone = audio.sine { frequency = frequency * (1 + i / 50), seconds = 0.5, rate = 8000 }
      tone:write(('%s/%s/%s.%05d.wav'):format(root, genre, genre, i))
    end
  end
  return root
end

local function accuracy(songs)
  lumir.seed(3)
  local describe = lumir.chain { audio.load(), feature.mfcc { n_mfcc = 4, n_mels = 20 }, feature.summary { 'mean' } }
  local scores = evaluate.Scores()
  for _, train, valid in songs:map(describe):folds { folds = 4, by = 'track', leak = 'allowed' } do
    local scale = learn.StandardScaler():fit(train)
    local net = nn.Sequential { nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2) }
    nn.fit(net, train:map(scale), { epochs = 8, batch_size = 8, keep = 'last', optimizer = optim.Adam { lr = 0.02 } })
    scores:add(evaluate(net, valid:map(scale)))
  end
  return scores.interval.accuracy
end

test('what is told apart from the labels as they are stays at chance where they are shuffled', function()
  local root = corpus()
  local songs = data.gtzan(root)
  local real, control = accuracy(songs), accuracy(songs:shuffle_labels { seed = 1 })
  os.execute("rm -r '" .. root .. "'")
  expect(real.value):equals(1)
  expect(real.low > 0.8):is_true()
  expect(control.low < 0.5 and control.value < 0.7):is_true()
end)
