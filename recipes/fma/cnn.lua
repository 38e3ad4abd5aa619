-- What genre is it?  Seven blocks of convolutions on FMA mel spectrograms, and what their filters have learnt.
-- The deck names 52,868,624 parameters and no listing. This one, of blocks that double from 16 filters on and dense
-- layers of 4,096 and 1,024, has 52,446,824 for eight genres and 1,280 frames: near, not the same.
local lumir = require 'lumir'
local audio, augment, data, feature, nn = lumir.audio, lumir.augment, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report = lumir.optim, lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'fma', epochs = 60, batch_size = 32, width = 16, dense = { 4096, 1024 }, dropout = 0.4,
  n_mels = 128, frames = 1280, lr = 1e-3, device = 'auto', seed = 1,
  leak = 'refused',                   -- 'moved': a recording of two sides stays on the later one; 'allowed'
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
  sample = { epochs = 20, batch_size = 16, width = 8, dense = { 128 }, frames = 256, lr = 2e-3 },
}
lumir.seed(opt.seed)

local mel = lumir.chain {
  audio.load { rate = 22050, mono = true },
  feature.melspectrogram { n_mels = opt.n_mels }, feature.power_to_db { top_db = 80 },
  feature.fix_frames { frames = opt.frames, value = 'min' }, feature.standardize(), feature.as_image(),
}
local tracks = data.fma(opt.root, { subset = 'small' }):map(mel)
if opt.shuffle_labels then tracks = tracks:shuffle_labels() end
local train, valid, test = tracks:split('official', { leak = opt.leak })     -- by artist, as published

local function block(from, to)
  return nn.Sequential { nn.Conv2d(from, to, 3, { padding = 1 }), nn.BatchNorm2d(to), nn.ReLU(), nn.MaxPool2d(2) }
end
local layers, channels = { block(1, opt.width) }, opt.width
for i = 2, 7 do layers[i], channels = block(channels, 2 * channels), 2 * channels end
layers[8] = nn.Flatten()
local from = channels * math.floor(opt.n_mels / 2 ^ 7) * math.floor(opt.frames / 2 ^ 7)
for _, to in ipairs(opt.dense) do
  layers[#layers + 1] = nn.Sequential { nn.Linear(from, to), nn.ReLU(), nn.Dropout(opt.dropout) }
  from = to
end
layers[#layers + 1] = nn.Linear(from, tracks.n_classes)
local net = nn.Sequential(layers):to(opt.device)
print(('%d parameters'):format(net.n_parameters))
local run = nn.fit(net, train, {
  valid = valid, keep = 'accuracy', epochs = opt.epochs, batch_size = opt.batch_size, device = opt.device,
  optimizer = optim.AdamW { lr = opt.lr, weight_decay = 0.01 },
  schedule = optim.CosineAnnealingLR { T_max = opt.epochs },
  augment = augment.SpecAugment { time = 24, frequency = 12 } })
local results = evaluate(net, test)
print(results)

local figures = {}
for _, shown in ipairs { { 1, 16 }, { 5, 24 } } do          -- what they make of a track, and what they wait for
  local layer, n = shown[1], math.min(shown[2], opt.width * 2 ^ (shown[1] - 1))
  local units, path = {}, tostring(layer - 1)
  for unit = 1, n do units[unit] = unit end
  local dreams = nn.maximize_activation(net, path, units, { shape = { 1, opt.n_mels, opt.frames }, steps = 60 })
  local title = ('Block %d: activations'):format(layer)
  figures[#figures + 1] = report.activations(net, path, test, { n = n, title = title })
  figures[#figures + 1] = report.images(dreams:squeeze(2), {
    title = ('Block %d: what its filters wait for'):format(layer), x = 'frames', y = 'mel bands' })
end
report('Seven blocks of convolutions', { opt, tracks, mel, run, results, figures, report.network(net, test) })
