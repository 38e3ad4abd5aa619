-- Who is singing?  ECAPA-TDNN, as speakers are told apart: directions of singers, learnt with a margin between.
local lumir = require 'lumir'
local audio, augment, data, feature, nn = lumir.audio, lumir.augment, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report, ecapa = lumir.optim, lumir.evaluate, lumir.report, require 'models.ecapa'

local opt = lumir.options {
  root = data.sample 'artist20',
  split = 'last_album',
  by = 'album', leak = 'refused',       -- by: what is kept whole in what watches; leak: or 'moved', 'allowed'
  seconds = 3, n_mels = 80,             -- seconds: of an excerpt
  channels = 512,                       -- of the network, a multiple of 128; its paper has 512 and 1024
  margin = 0.2, scale = 30.0,           -- margin: between singers, in rad; scale: of cosines in the loss
  separate = 'none',                    -- hears all, or only the voice as one of these hears it
  epochs = 100, batch_size = 32, lr = 1e-3, device = 'auto', seed = 1,
  shuffle_labels = false,                                 -- the control: what is learned then must stay at chance
  choices = { separate = { 'none', 'harmonic', 'repet', 'repet_sim' } },
  sample = { channels = 128, n_mels = 40, epochs = 22, batch_size = 16 },
}
lumir.seed(opt.seed)
local load = audio.load { rate = 16000, mono = true }
if opt.separate ~= 'none' then load = lumir.chain { load, feature[opt.separate]() } end
local mel = lumir.chain { feature.melspectrogram { n_mels = opt.n_mels, n_fft = 512, hop_length = 160 },
                          feature.power_to_db { top_db = 80 }, feature.standardize { by = 'row' },
                          feature.as_image() }
local hear = lumir.chain { load, audio.excerpts { seconds = opt.seconds, overlap = 0.5, rest = 'fill' }, mel }
local vary = lumir.chain { load, augment.crop { seconds = opt.seconds }, augment.noise { snr = { 10, 30 } }, mel }
local songs = data.artist20(opt.root)
if opt.shuffle_labels then songs = songs:shuffle_labels() end
local train, valid = songs:split(opt.split, { leak = opt.leak })             -- valid is scored once, at the end
local fit, watch = train:split { hold = 1, by = opt.by, per = 'artist', leak = opt.leak }

local net = ecapa.classifier(songs.n_classes, {
  n_features = opt.n_mels, channels = opt.channels, margin = opt.margin, scale = opt.scale }):to(opt.device)
local adam = optim.AdamW(net, { lr = opt.lr })
local cosine, curve, best = optim.CosineAnnealingLR(adam, { T_max = opt.epochs }), report.Curve(), nn.Best(net)
for epoch in nn.epochs(opt.epochs, { net, adam, cosine, curve, best }) do  -- saved each epoch; --resume goes on
  local mean = evaluate.Mean()
  for x, y in fit:map(vary):batches { batch_size = opt.batch_size, shuffle = true, device = opt.device } do
    mean:add(adam:minimize(net:teach(x, y)), x.shape[1])
  end
  cosine:step()
  local accuracy = evaluate(net, watch:map(hear), { vote = 'mean', over = 'track' }).best.accuracy
  best:offer(accuracy)
  curve:add { epoch = epoch, loss = mean.value, accuracy = accuracy }
end
best:restore()
local results = evaluate(net, valid:map(hear), { vote = 'mean', over = 'track' })
print(results)
report('ECAPA-TDNN on singers', { opt, songs, hear, curve, results,
  report.tsne(net, valid:map(hear), { layer = 'ears' }) })
