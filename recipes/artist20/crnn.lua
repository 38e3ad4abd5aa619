-- Who is singing?  A convolutional recurrent network hears pieces of 5 s, and the pieces of a song vote.
local lumir = require 'lumir'
local audio, augment, data, feature, nn = lumir.audio, lumir.augment, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report, crnn = lumir.optim, lumir.evaluate, lumir.report, require 'models.crnn'

local opt = lumir.options {
  root = data.sample 'artist20',
  split = 'last_album', by = 'album', leak = 'refused',   -- by: what is kept whole in what watches
  seconds = 5, overlap = 0.5, size = 'base',              -- seconds: of a piece; overlap: share it has with the next
  n_mels = 128, hop_length = 512, rate = 16000,
  epochs = 100, patience = 20, batch_size = 16, lr = 1e-3, device = 'auto', seed = 1,
  shuffle_labels = false,                                 -- the control: what is learned then must stay at chance
  choices = { size = { 'base', 'large' } },
  sample = { seconds = 4, hop_length = 1024, epochs = 60, lr = 2e-3 },   -- what holds on the made corpus instead
}
lumir.seed(opt.seed)
local load = audio.load { rate = opt.rate, mono = true }
local mel = lumir.chain { feature.melspectrogram { n_mels = opt.n_mels, hop_length = opt.hop_length },
                          feature.power_to_db { ref = 'max' }, feature.as_image() }
local pieces = audio.excerpts { seconds = opt.seconds, overlap = opt.overlap, rest = 'fill' }
local hear = lumir.chain { load, pieces, mel }
local vary = lumir.chain { load, augment.crop { seconds = opt.seconds }, augment.noise { snr = { 10, 30 } }, mel }
local songs = data.artist20(opt.root)
if opt.shuffle_labels then songs = songs:shuffle_labels() end
local train, valid = songs:split(opt.split, { leak = opt.leak })             -- valid is scored once, at the end
local fit, watch = train:split { hold = 1, by = opt.by, per = 'artist', leak = opt.leak }

local net = crnn.network(songs.n_classes, { n_mels = opt.n_mels, size = opt.size }):to(opt.device)
local run = nn.fit(net, fit:map(vary), {
  valid = watch:map(hear), monitor = 'loss', keep = 'accuracy', patience = opt.patience, epochs = opt.epochs,
  batch_size = opt.batch_size, device = opt.device, optimizer = optim.Adam { lr = opt.lr },
  schedule = optim.CosineAnnealingLR { T_max = opt.epochs },
})
print(run)

local heard = valid:map(hear):table()                       -- one piece against a song of all its pieces
local ways = {}
for name, vote in pairs { ['single pieces'] = 'none', ['mean of scores'] = 'mean', ['majority'] = 'majority' } do
  ways[name] = evaluate(net, heard, { vote = vote, over = 'track' }).best.accuracy
end
local results = evaluate(net, heard, { vote = 'mean', over = 'track' })
print(results)
report('CRNN with votes', { opt, songs, hear, run, results, report.tsne(net, heard), report.network(net, heard),
  report.bars(ways, { title = 'Pieces against songs', x = 'accuracy' }) })
