-- What genre is it?  An LSTM over MFCC frames on GTZAN, five-fold cross-validation.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local nn, optim, evaluate, report = lumir.nn, lumir.optim, lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'gtzan',
  n_mfcc = 13,
  frames = 1300,                      -- 30 s; longer ones are cut, shorter ones padded
  hidden = 64,
  epochs = 100,
  patience = 10,
  folds = 5,
  device = 'auto',
  seed = 7,
  sample = { frames = 260, epochs = 20 },   -- what holds on the made corpus instead
}
lumir.seed(opt.seed)

local frames = lumir.chain {
  audio.load { rate = 22050, mono = true },
  feature.mfcc { n_mfcc = opt.n_mfcc },
  feature.fix_frames { frames = opt.frames },
  feature.frames_first(),             -- [time, n_mfcc]
}
local songs = data.gtzan(opt.root):map(frames)

local function network()
  return nn.Sequential {
    nn.LSTM(opt.n_mfcc, opt.hidden, { num_layers = 2, batch_first = true }),
    nn.LastFrame(),
    nn.Linear(opt.hidden, songs.n_classes),
  }
end

local scores = evaluate.Scores()
for fold, train, valid in songs:folds { folds = opt.folds, by = 'track', stratify = true } do
  local scale = learn.StandardScaler():fit(train)         -- sees the training folds only
  local net = network():to(opt.device)
  local run = nn.fit(net, train:map(scale), {
    valid = valid:map(scale), monitor = 'loss', patience = opt.patience, keep = 'accuracy', epochs = opt.epochs,
    batch_size = 32, device = opt.device, loss = nn.CrossEntropyLoss(), optimizer = optim.Adam { lr = 1e-3 },
  })
  scores:add(evaluate(net, valid:map(scale)), run)
  print(('fold %d of %d: %s'):format(fold, opt.folds, scores.last))
end
print(scores)                         -- mean and standard deviation over the folds
report('LSTM on MFCC', { opt, songs, frames, network(), scores })
