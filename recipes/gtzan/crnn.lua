-- What genre is it?  A convolutional recurrent network on excerpts of 30, 10, 3 or 1 s (--seconds=30,10,3,1).
-- By song, and as published by excerpt: then seconds of a song teach what its others ask (the deck's 93.5 % are so).
local lumir = require 'lumir'
local audio, data, feature, nn = lumir.audio, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report, crnn = lumir.optim, lumir.evaluate, lumir.report, require 'models.crnn'

local opt = lumir.options {
  root = data.sample 'gtzan', seconds = { 30 }, size = 'base',   -- seconds: of excerpts, one network each
  by = { 'song', 'excerpt' },                                    -- what a split keeps whole
  n_mels = 192, hop_length = 256, epochs = 100, patience = 10, batch_size = 16, lr = 1e-4, seed = 1,
  device = 'auto', leak = 'refused', shuffle_labels = false,     -- shuffle_labels: the control, which stays at chance
  backbone = 'none', weights = '', tune = 'head',                -- weights: torchvision's file; tune: all at lr / 10
  choices = { size = { 'base', 'large' }, by = { 'song', 'excerpt' }, backbone = { 'none', 'resnet18' },
              tune = { 'head', 'all' } },
  sample = { seconds = { 3 }, n_mels = 128, hop_length = 1024, epochs = 25, lr = 2e-3 },
}
lumir.seed(opt.seed)
local weights = opt.weights ~= '' and lumir.torch.load(opt.weights) or nil
local songs, alone = data.gtzan(opt.root), opt.backbone == 'none'
if opt.shuffle_labels then songs = songs:shuffle_labels() end
local function hear(seconds) return lumir.chain {
  audio.load { rate = 22050, mono = true, duration = 30 }, audio.excerpts { seconds = seconds, rest = 'fill' },
  feature.melspectrogram { n_mels = opt.n_mels, hop_length = opt.hop_length, fmax = 8000 },
  feature.power_to_db { ref = 'max' }, feature.as_image() } end

--- 80, 10 and 10 of a hundred: whole songs, or single excerpts, under a red line then.
local function split(rows, by)
  local how = { hold = 0.1, by = 'track', stratify = true, leak = opt.leak }
  if by == 'excerpt' then rows, how.by, how.leak = rows:by_row(), 'id', 'allowed' end
  local rest, test = rows:split(how)
  how.hold = 1 / 9
  local train, valid = rest:split(how)
  return { train, valid, test }
end
local shown, f1, lines, first = {}, {}, {}, nil
for _, seconds in ipairs(opt.seconds) do
  local rows = songs:map(hear(seconds)):table()
  for _, by in ipairs(opt.by) do
    lumir.seed(opt.seed)                           -- each as if it stood alone
    local sides, name = split(rows, by), ('%g s by %s'):format(seconds, by)
    local net = crnn.network(songs.n_classes, {
      n_mels = opt.n_mels, size = (alone or opt.size ~= 'base') and opt.size or nil, backbone = opt.backbone,
      weights = weights, frozen = not alone and opt.tune == 'head' }):to(opt.device)
    local run = nn.fit(net, sides[1], {
      valid = sides[2], patience = opt.patience, epochs = opt.epochs, batch_size = opt.batch_size,
      device = opt.device, optimizer = optim.Adam {
        lr = opt.lr, groups = opt.tune == 'all' and { { match = 'backbone.*', lr = opt.lr / 10 } } or {} } })
    local function score(side) return evaluate(net, side, { vote = 'none' }).best.f1 end
    local results = evaluate(net, sides[3], { vote = by == 'song' and 'mean' or 'none', over = 'track', name = name })
    print(('\n%s\n%s'):format(name, results))
    shown[#shown + 1], shown[#shown + 2], first, f1[name] = results, run, first or net, score(sides[3])
    lines[#lines + 1] = ('- %s: F1 train %.3f, valid %.3f, test %.3f%s'):format(name, score(sides[1]), score(sides[2]),
      f1[name], by == 'song' and '' or ' (a LEAK)')
  end
end
print('\n' .. table.concat(lines, '\n'))
report('A convolutional recurrent network', { opt, songs, hear(opt.seconds[1]), shown,
  report.network(first, songs:map(hear(opt.seconds[1]))), two_ways_to_split = table.concat(lines, '\n'),
  report.bars(f1, { title = 'F1 of excerpts', x = 'macro F1' }) })
