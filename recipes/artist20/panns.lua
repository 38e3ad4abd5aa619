-- Who is singing?  A frozen network listens, which learnt from other sounds; only a small head is trained.
-- --listener=cnn14 (--weights=FILE, of zenodo.org/records/3987831), musicnn (lumir fetch jamendo_musicnn), dvector
-- (lumir fetch dvector), or a file of Cnn14's weights. The sample's is musicnn as it was drawn, which needs none:
-- chance filters hear some timbre (Pons and Serra, Randomly Weighted CNNs for (Music) Audio Classification, 2019).
local lumir = require 'lumir'
local audio, augment, data, nn = lumir.audio, lumir.augment, lumir.data, lumir.nn
local optim, evaluate, report, listeners = lumir.optim, lumir.evaluate, lumir.report, require 'models.listeners'

local opt = lumir.options {
  root = data.sample 'artist20', listener = 'cnn14', weights = '',      -- a file, or a name of models/weights.lua
  split = 'last_album', by = 'album', leak = 'refused',     -- by: what is kept whole in what watches
  seconds = 150, copies = 4, snr = { 10.0, 30.0 },          -- seconds: of a song; copies: of it that teach; snr: in dB
  epochs = 100, batch_size = 8, lr = 0.005, device = 'auto', seed = 1,
  shuffle_labels = false,                                   -- the control: what is learned then must stay at chance
  -- made music is silent between its sounds: louder noise would be what a drawn network hears most
  sample = { listener = 'drawn', seconds = 8, copies = 2, snr = { 80.0, 100.0 }, epochs = 40 },
}
lumir.seed(opt.seed)
if not listeners.may_be(opt.listener) then
  lumir.usage(("--listener=%s: is none of %s, nor a file of Cnn14's weights"):format(opt.listener, listeners.names))
end
local ears = listeners.open(opt.listener, { weights = opt.weights })
if opt.seconds < (ears.seconds or 0) then
  lumir.usage(('--seconds=%g must be at least the %g s that %s hears at once'):format(opt.seconds, ears.seconds,
    opt.listener))
end
local songs = data.artist20(opt.root)
if opt.shuffle_labels then songs = songs:shuffle_labels() end
local train, valid = songs:split(opt.split, { leak = opt.leak })             -- valid is scored once, at the end
local fit, watch = train:split { hold = 1, by = opt.by, per = 'artist', leak = opt.leak }
local load = audio.load { rate = ears.rate, mono = true }
local fix = audio.fix_length { seconds = opt.seconds, fill = 'repeat' }      -- silence would be taken for a singer
local answer = ears.net:step('embedding', { device = opt.device })
if ears.seconds then answer = lumir.chain { audio.excerpts { seconds = ears.seconds }, answer } end
local hear = lumir.chain { load, fix, answer }
local vary = lumir.chain { load, augment.copies(opt.copies, { augment.crop { seconds = 1.1 * opt.seconds },
  augment.noise { snr = opt.snr }, augment.time_stretch { rate = { 0.9, 1.1 } } }), fix, answer }
local parts, width = {}, ears.size
for i, to in ipairs { 1024, 512, 256 } do
  local dropout = nn.Dropout(i == 2 and 0.4 or 0.3)
  parts[i] = nn.Sequential { dropout, nn.Linear(width, to), nn.BatchNorm1d(to), nn.ReLU() }
  width = to
end
local head = nn.Sequential { nn.Sequential(parts), nn.Dropout(0.2), nn.Linear(width, songs.n_classes) }
local run = nn.fit(head, fit:map(vary):table(), {           -- the ears never change: each version is heard once
  valid = watch:map(hear):table(), epochs = opt.epochs, batch_size = opt.batch_size, drop_last = true,
  device = opt.device, optimizer = optim.Adam { lr = opt.lr, weight_decay = 1e-4 },
  schedule = optim.ReduceLROnPlateau { patience = 5 } })
local results = evaluate(head, valid:map(hear), { top = { 1, 3 }, vote = 'mean', over = 'track' })
print(results)
report('A frozen listener', { opt, songs, hear, head, run, results, report.tsne(head, valid:map(hear)) })
