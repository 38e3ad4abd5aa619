-- Who is singing?  A residual network from scratch on 64-band mel spectrograms, with mixup and a cosine schedule.
local lumir = require 'lumir'
local audio, augment, data, feature, nn = lumir.audio, lumir.augment, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report, resnet = lumir.optim, lumir.evaluate, lumir.report, require 'models.resnet'

local opt = lumir.options {
  root = data.sample 'artist20',                          -- made when first needed; point it at the real one
  split = 'last_album', by = 'album', leak = 'refused',   -- by: what is kept whole in what watches
  seconds = 150, epochs = 100, batch_size = 32, lr = 0.01, mixup = 0.2, width = 64, device = 'auto', seed = 1,
  shuffle_labels = false,                                 -- the control: what is learned then must stay at chance
  sample = { seconds = 4, epochs = 60, batch_size = 16, width = 16 },   -- what holds on the made corpus instead
}
lumir.seed(opt.seed)
local load = audio.load { rate = 16000, mono = true }
local mel = lumir.chain { feature.melspectrogram { n_mels = 64, n_fft = 1024, hop_length = 512, fmax = 8000 },
                          feature.power_to_db { ref = 'max' }, feature.standardize(), feature.as_image() }
local hear = lumir.chain { load, audio.excerpts { seconds = opt.seconds, hop = opt.seconds / 2, rest = 'fill' }, mel }
local vary = lumir.chain { load, augment.crop { seconds = opt.seconds }, augment.noise { snr = { 10, 30 } }, mel }
local songs = data.artist20(opt.root)                     -- rows become [1, mel, time]
if opt.shuffle_labels then songs = songs:shuffle_labels() end
local train, valid = songs:split(opt.split, { leak = opt.leak })             -- valid is scored once, at the end
local fit, watch = train:split { hold = 1, by = opt.by, per = 'artist', leak = opt.leak }
local net = resnet.network(songs.n_classes, { width = opt.width, dropout = { 0.5, 0.3 } }):to(opt.device)
local adamw, loss = optim.AdamW(net, { lr = opt.lr }), nn.CrossEntropyLoss { label_smoothing = 0.1 }
local cosine = optim.CosineAnnealingLR(adamw, { T_max = opt.epochs })
local mixup = augment.Mixup { alpha = opt.mixup, n_classes = songs.n_classes }
local curve, best, first = report.Curve(), nn.Best(net), nn.Best(net)
for epoch in nn.epochs(opt.epochs, { net, adamw, cosine, curve, best, first }) do  -- saved each epoch; --resume goes on
  local mean = evaluate.Mean()
  for x, y in fit:map(vary):batches { batch_size = opt.batch_size, shuffle = true, device = opt.device } do
    local mixed, target = mixup(x, y)
    mean:add(adamw:minimize(loss(net(mixed), target)), x.shape[1])           -- a number
  end
  cosine:step()
  local accuracy = evaluate(net, watch:map(hear), { vote = 'mean', over = 'track' }).best.accuracy
  best:offer(accuracy)
  first:offer(-epoch)                                     -- the weights of epoch 1, for a picture at the end
  curve:add { epoch = epoch, loss = mean.value, accuracy = accuracy }
end
first:restore()
local early = report.tsne(net, valid:map(hear), { title = 'epoch 1' })
best:restore()
local results = evaluate(net, valid:map(hear), { vote = 'mean', over = 'track' })
print(results)
local late = report.tsne(net, valid:map(hear), { title = 'best epoch' })
report('ResNet from scratch', { opt, songs, hear, curve, results, early, late, report.network(net, valid:map(hear)) })
