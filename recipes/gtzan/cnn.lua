-- What genre is it?  Networks for photographs on pictures of music, three channels of the same: five blocks, VGG19
-- and ResNet50 from scratch, on MFCC and mel spectrograms. --model=cnn,vgg19,resnet50 is the deck's table of six;
-- --augment=false shows what bars and erased boxes are worth.
local lumir = require 'lumir'
local audio, augment, data, feature, nn = lumir.audio, lumir.augment, lumir.data, lumir.feature, lumir.nn
local optim, evaluate, report = lumir.optim, lumir.evaluate, lumir.report
local cnn, vgg, resnet = require 'models.cnn', require 'models.vgg', require 'models.resnet'

local opt = lumir.options {
  root = data.sample 'gtzan',
  model = { 'cnn', 'vgg19', 'resnet50' }, feature = { 'mfcc', 'mel' },
  image = 224, frames = 1292,         -- height and width of a picture; frames that it is made of, 30 s
  lr = 1e-3, deep_lr = 1e-5,          -- of the five blocks, and of the deep ones
  augment = true, epochs = 60, batch_size = 16, folds = 5, device = 'auto', seed = 1,
  leak = 'refused',                   -- 'moved': what stands on both sides is only tested; 'allowed'
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
  sample = { model = { 'cnn' }, image = 64, frames = 430, epochs = 25, folds = 2, deep_lr = 1e-4, lr = 2e-3 },
}
lumir.seed(opt.seed)
local build = { cnn = cnn.network, vgg19 = vgg.vgg19, resnet50 = resnet.resnet50 }
local describe = {
  mfcc = lumir.chain { feature.mfcc { n_mfcc = 40 }, feature.standardize { by = 'row' } },
  mel = lumir.chain { feature.melspectrogram(), feature.power_to_db { top_db = 80 }, feature.standardize() },
}
local songs = data.gtzan(opt.root)
if opt.shuffle_labels then songs = songs:shuffle_labels() end

--- One channel becomes three pictures of the same size, which the network looks at as at a photograph's colours.
local function network(model)
  local three = nn.Parallel { nn.Identity(), nn.Identity(), nn.Identity() }
  return nn.Sequential { nn.Resize(opt.image), three, build[model](songs.n_classes, { channels = 3 }) }
end
local bars, boxes = augment.SpecAugment { time = 20, frequency = 8 }, augment.RandomErasing()
local scores, net, seen = evaluate.Scores(), nil, nil
for _, name in ipairs(opt.feature) do
  seen = lumir.chain { audio.load { rate = 22050, mono = true, duration = 30 },
                       describe[name] or lumir.usage(name .. ': is neither mfcc nor mel'),
                       feature.fix_frames { frames = opt.frames, pad_mode = 'edge' }, feature.as_image() }
  for _, model in ipairs(opt.model) do
    if not build[model] then lumir.usage(model .. ': is none of cnn, vgg19, resnet50') end
    lumir.seed(opt.seed)
    local how = { folds = opt.folds, by = 'track', stratify = true, leak = opt.leak }
    for fold, train, test in songs:map(seen):folds(how) do    -- a fold is scored once, at its end
      local fit, watch = train:split { hold = 0.15, by = 'track', stratify = true, leak = opt.leak }
      net = network(model):to(opt.device)
      local run = nn.fit(net, fit, {
        valid = watch, keep = 'accuracy', epochs = opt.epochs, batch_size = opt.batch_size, device = opt.device,
        optimizer = optim.Adam { lr = model == 'cnn' and opt.lr or opt.deep_lr },
        augment = opt.augment and { bars, boxes } or nil })
      scores:add(evaluate(net, test), run, model .. ' ' .. name)
      print(('%s %s, fold %d of %d: %s'):format(model, name, fold, opt.folds, scores.last))
    end
  end
end
print(scores)
report('Pictures of music', { opt, songs, seen, scores, report.network(net, songs:map(seen)) })  -- of the last row
