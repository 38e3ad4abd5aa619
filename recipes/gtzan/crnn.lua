-- What genre is it?  A convolutional recurrent network on excerpts of 30, 10, 3 or 1 s: --seconds=30,10,3,1
-- By song, as it should be, and as published, by excerpt: then seconds of one song teach what its others ask (the
-- 93.5 % of the course's deck are of that kind). Both columns stand beside each other, with a red line.
local lumir = require 'lumir'
local audio, data, feature, nn = lumir.audio, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report, crnn = lumir.optim, lumir.evaluate, lumir.report, require 'models.crnn'

local opt = lumir.options {
  root = data.sample 'gtzan', seconds = { 30 }, size = 'base',
  by = { 'song', 'excerpt' },         -- what is kept on one side
  n_mels = 192, hop_length = 256, epochs = 100, patience = 10, batch_size = 16, lr = 1e-4, seed = 1,
  device = 'auto', leak = 'refused', choices = { size = { 'base', 'large' } },
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
  sample = { seconds = { 3 }, n_mels = 128, hop_length = 1024, epochs = 25, lr = 2e-3 },
}
lumir.seed(opt.seed)
local songs = data.gtzan(opt.root)
if opt.shuffle_labels then songs = songs:shuffle_labels() end

local function hear(seconds) return lumir.chain {
  audio.load { rate = 22050, mono = true, duration = 30 }, audio.excerpts { seconds = seconds, rest = 'fill' },
  feature.melspectrogram { n_mels = opt.n_mels, hop_length = opt.hop_length, fmax = 8000 },
  feature.power_to_db { ref = 'max' }, feature.as_image(),
} end

--- 80, 10 and 10 of a hundred: whole songs, or rows of them.
local function split(rows, by)
  local how = { hold = 0.1, by = by == 'song' and 'track' or 'id', stratify = true,
                leak = by == 'song' and opt.leak or 'allowed' }
  local rest, test = rows:split(how)
  how.hold = 1 / 9
  local train, valid = rest:split(how)
  return { train, valid, test }
end

local shown, f1, said, best, form = {}, {}, {}, nil, '%-22s %8s %8s %8s %8s'
local lines = { form:format('macro F1', 'train', 'valid', 'test', 'song') }
for _, seconds in ipairs(opt.seconds) do
  local rows = songs:map(hear(seconds)):table()
  for _, by in ipairs(opt.by) do
    local sides = split(rows, by)
    local net = crnn.network(songs.n_classes, { n_mels = opt.n_mels, size = opt.size }):to(opt.device)
    local run = nn.fit(net, sides[1], {
      valid = sides[2], patience = opt.patience, epochs = opt.epochs, batch_size = opt.batch_size,
      device = opt.device, optimizer = optim.Adam { lr = opt.lr } })
    local name, scores = ('%g s by %s'):format(seconds, by), {}
    for i, side in ipairs(sides) do scores[i] = evaluate(net, side, { vote = 'none' }).best.f1 end
    local results = evaluate(net, sides[3], { vote = 'mean', over = 'track', name = name })
    print(('\n%s\n%s'):format(name, results))
    lines[#lines + 1] = form:gsub('%%8s', '%%8.3f'):format(name, scores[1], scores[2], scores[3], results.best.f1)
    said[#said + 1] = ('- %s: F1 of excerpts %.3f on train, %.3f in validation, %.3f in test; of songs %.3f')
      :format(name, scores[1], scores[2], scores[3], results.best.f1)
    f1[name], shown[#shown + 1], shown[#shown + 2], best = scores[3], results, run, best or net
  end
end
print('\n' .. table.concat(lines, '\n'))
report('A convolutional recurrent network', { opt, songs, hear(opt.seconds[1]), shown,
  report.network(best, songs:map(hear(opt.seconds[1]))), report.bars(f1, { title = 'F1 of excerpts', x = 'macro F1' }),
  two_ways_to_split = table.concat(said, '\n') })
