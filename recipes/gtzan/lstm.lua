-- What genre is it?  Recurrent networks on GTZAN, five folds; several models or features make a table:
-- --model=rnn32,rnn128,rnn64x2,lstm64,lstm64x2,bilstm64 or --feature=mfcc13,mfcc20,mel20,mel30,mel40,mel50,mel128
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local nn, optim, evaluate, report = lumir.nn, lumir.optim, lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'gtzan',
  model = { 'lstm64x2' },             -- rnn, lstm or bilstm (with two dense layers), its width, x its layers
  feature = { 'mfcc13' },             -- mfcc or mel, and how many bands
  frames = 1300,                      -- 30 s; longer ones are cut, shorter ones padded
  per_class = 100,                    -- recordings of each genre at most
  epochs = 100, patience = 10, folds = 5, device = 'auto', seed = 7,
  leak = 'refused',                   -- 'moved': what stands on both sides is only tested; 'allowed'
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
  sample = { frames = 260, epochs = 20 },   -- what holds on the made corpus instead
}
lumir.seed(opt.seed)
local cells = { rnn = nn.RNN, lstm = nn.LSTM, bilstm = nn.LSTM }
local features = {
  mfcc = function(n) return feature.mfcc { n_mfcc = n } end,
  mel = function(n) return lumir.chain { feature.melspectrogram { n_mels = n }, feature.power_to_db() } end,
}
local function read(name, known)      -- 'lstm64x2': nn.LSTM, 64, 2
  local kind, size, layers = name:match '^(%a+)(%d+)x?(%d*)$'
  return known[kind] or lumir.usage(name .. ': no such model or feature'), tonumber(size), tonumber(layers) or 1
end
local songs = data.gtzan(opt.root):draw { n = opt.per_class, per = 'genre' }
if opt.shuffle_labels then songs = songs:shuffle_labels() end

local function network(model, inputs)
  local cell, width, layers = read(model, cells)
  local both = model:find '^bi' ~= nil
  local dense = both and nn.Sequential { nn.Linear(2 * width, width), nn.ReLU(), nn.Linear(width, songs.n_classes) }
  return nn.Sequential { cell(inputs, width, { num_layers = layers, bidirectional = both, batch_first = true }),
                         nn.LastFrame(), dense or nn.Linear(width, songs.n_classes) }
end
local scores, frames, net = evaluate.Scores(), nil, nil
for _, name in ipairs(opt.feature) do
  local extract, inputs = read(name, features)
  frames = lumir.chain { audio.load { rate = 22050, mono = true }, extract(inputs),
                         feature.fix_frames { frames = opt.frames }, feature.frames_first() }   -- [time, bands]
  local rounds = { folds = opt.folds, by = 'track', stratify = true, leak = opt.leak }
  for _, model in ipairs(opt.model) do
    lumir.seed(opt.seed)                -- a row is the same in every table
    for fold, train, test in songs:map(frames):folds(rounds) do        -- a fold is scored once, at its end
      local fit, watch = train:split { hold = 0.15, by = 'track', stratify = true, leak = opt.leak }
      local scale = learn.StandardScaler():fit(fit)           -- sees what is learnt from only
      net = network(model, inputs):to(opt.device)
      local run = nn.fit(net, fit:map(scale), {
        valid = watch:map(scale), monitor = 'loss', patience = opt.patience, keep = 'accuracy', epochs = opt.epochs,
        batch_size = 32, device = opt.device, loss = nn.CrossEntropyLoss(), optimizer = optim.Adam { lr = 1e-3 } })
      scores:add(evaluate(net, test:map(scale)), run, model .. ' ' .. name)
      print(('%s %s, fold %d of %d: %s'):format(model, name, fold, opt.folds, scores.last))
    end
  end
end
print(scores)                         -- means, and all folds as one with a 95 % interval
report('Recurrent networks', { opt, songs, frames, scores, report.network(net, songs:map(frames)) })  -- of the last row
