-- What is there to hear?  A small network gives each recording its tags; a classifier for each tag stands beside it.
local lumir = require 'lumir'
local audio, data, feature, learn, nn = lumir.audio, lumir.data, lumir.feature, lumir.learn, lumir.nn
local optim, evaluate, report = lumir.optim, lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'tags',
  list = 'tags.csv', path = 'path', label = 'tags',   -- MagnaTagATune: annotations_final.csv, mp3_path
  group = 'piece',                    -- what stays on one side; '' for each file by itself
  columns = '',                       -- of 0 and 1 in place of one column: 'guitar,piano,drum*'
  n_mels = 64, frames = 128, epochs = 40, batch_size = 16, seed = 1,
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
}
lumir.seed(opt.seed)

local label = opt.label
if opt.columns ~= '' then
  label = {}
  for name in opt.columns:gmatch '[^,]+' do label[#label + 1] = name end
end
local clips = data.tagged(opt.root, { list = opt.list, path = opt.path, label = label, group = opt.group })
if opt.shuffle_labels then clips = clips:shuffle_labels() end
local rest, test = clips:split { hold = 0.3, stratify = true }
local train, valid = rest:split { hold = 0.25, stratify = true }

local mel = lumir.chain {
  audio.load { rate = 16000, mono = true },
  feature.melspectrogram { n_mels = opt.n_mels, hop_length = 512 }, feature.power_to_db { top_db = 80 },
  feature.fix_frames { frames = opt.frames, value = 'min' }, feature.standardize(), feature.as_image(),
}
local function block(from, to)
  return nn.Sequential { nn.Conv2d(from, to, 3, { padding = 1 }), nn.BatchNorm2d(to), nn.ReLU(), nn.MaxPool2d(2) }
end
local net = nn.Sequential {
  block(1, 16), block(16, 32), block(32, 32), nn.GlobalAvgPool(), nn.Dropout(0.2), nn.Linear(32, clips.n_classes),
}
local run = nn.fit(net, train:map(mel), {
  valid = valid:map(mel), monitor = 'average_precision', epochs = opt.epochs, batch_size = opt.batch_size,
  loss = nn.BCEWithLogitsLoss(), optimizer = optim.AdamW { lr = 3e-3 },
})
print(run)

local described = lumir.chain { audio.load { rate = 16000, mono = true }, feature.set 'gtzan' }
local linear = learn.Pipeline { learn.StandardScaler(), learn.OneVsRest(learn.LogisticRegression { C = 0.1 }) }
linear:fit(train:map(described))
local results = evaluate.compare({ network = net, ['one vs rest'] = linear }, test, { thresholds = valid })
print(results)
report('Tagger', { opt, clips, mel, net, run, results })
