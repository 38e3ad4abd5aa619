-- What genre is it?  A small vision transformer on FMA mel spectrograms.
local lumir = require 'lumir'
local audio, augment, data, feature, nn = lumir.audio, lumir.augment, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report, torch = lumir.optim, lumir.evaluate, lumir.report, lumir.torch

local opt = lumir.options {
  root = data.sample 'fma', epochs = 60, batch_size = 128, width = 192, depth = 12, heads = 3, warmup = 10,
  patch = 16, n_mels = 128, frames = 512, device = 'auto', seed = 1,
  leak = 'refused',                   -- 'moved': a recording of two sides stays on the later one; 'allowed'
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
  sample = { epochs = 30, batch_size = 16, width = 64, depth = 2, heads = 4, frames = 128, warmup = 3 },
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

local ViT = nn.Module 'ViT'

function ViT:init(classes)
  local n = (opt.n_mels / opt.patch) * (opt.frames / opt.patch)
  self.patches = nn.Conv2d(1, opt.width, opt.patch, { stride = opt.patch })
  self.class = nn.Parameter(torch.zeros { 1, 1, opt.width })
  self.place = nn.Parameter(torch.randn { 1, n + 1, opt.width } * 0.02)
  local layer = nn.TransformerEncoderLayer(opt.width, opt.heads, {
    dim_feedforward = 4 * opt.width, activation = 'gelu', norm_first = true, batch_first = true })
  self.body = nn.TransformerEncoder(layer, opt.depth)
  self.norm = nn.LayerNorm(opt.width)
  self.head = nn.Linear(opt.width, classes)
end

function ViT:forward(x)                                   -- [batch, 1, mel, time]
  local patches = self.patches(x):flatten(3):transpose(2, 3)
  local class = self.class:expand { x.shape[1], -1, -1 }
  local tokens = torch.cat({ class, patches }, 2) + self.place
  return self.head(self.norm(self.body(tokens)[':, 1']))
end

local net = ViT(tracks.n_classes)
local run = nn.fit(net, train, {
  valid = valid, keep = 'best', epochs = opt.epochs, batch_size = opt.batch_size, device = opt.device, amp = true,
  loss = nn.CrossEntropyLoss { label_smoothing = 0.1 },
  optimizer = optim.AdamW { lr = 5e-4, weight_decay = 0.05 },
  schedule = optim.CosineAnnealingLR { T_max = opt.epochs, warmup = opt.warmup },
  augment = { augment.SpecAugment { time = 48, frequency = 16 }, augment.Mixup { alpha = 0.2 } },
})
print(run)
local results = evaluate(net, test)
print(results)
local grid = { opt.n_mels / opt.patch, opt.frames / opt.patch }    -- of patches, behind the class token
report('Vision transformer', { opt, tracks, mel, run, results, report.network(net, test),
                               report.attention(net, test, { query = 1, grid = grid }) })
