-- Runs the recipes that train networks, one epoch of each on the sample corpora, and writes each network as ONNX with
-- what it answers at other sizes: a line for each, `file|what|shapes`. The networks are the recipes' own: nn.fit and
-- report are listened to. One model with its scaler is written by net:save, too: `file|label|labels`.
local lumir = require 'lumir'
local audio, data, feature = lumir.audio, lumir.data, lumir.feature
local learn, nn, optim, torch = lumir.learn, lumir.nn, lumir.optim, lumir.torch

local opt = lumir.options {
  folder = '.', recipes = '.',
  corpora = '',      -- where sample corpora lie already: CORPORA/gtzan ...; else they are made
}
local function corpus(name) return opt.corpora == '' and data.sample(name) or opt.corpora .. '/' .. name end
local written = {}

-- 'batch' alone changes, then all that can
local function write(what, net, x)
  if written[what] then return end
  written[what] = true
  local name = what:gsub('%W', '_')
  local file = opt.folder .. '/' .. name
  local example = x:narrow(1, 1, 1)
  local _, shapes = torch.onnx.export(net, example, file .. '.onnx', { input_names = { 'x' }, output_names = { 'y' } })
  local mode = net.training
  net:eval()
  for round = 1, 2 do
    local shape = {}
    for axis, size in ipairs(shapes.inputs.x) do
      local own = example.shape[axis]
      shape[axis] = size == 'batch' and (round == 1 and 1 or 3) or type(size) == 'number' and own
        or (round == 1 and own or own + 37)
    end
    local rows = torch.randn(shape)
    torch.save({ in1 = rows, out1 = net(rows):detach() }, ('%s_%d.npz'):format(file, round))
  end
  net:train(mode)
  print(('%s|%s|%s'):format(name, what, table.concat(shapes.inputs.x, ' x ')))
end

local function first_batch(rows)
  local batch
  for x in rows:batches { batch_size = 2 } do batch = batch or x end
  return batch
end

local function run(recipe, given)
  local options, fit, report = lumir.options, nn.fit, lumir.report
  lumir.options = function(defaults)
    for name, value in pairs(defaults.sample or {}) do defaults[name] = value end
    for name, value in pairs(given) do defaults[name] = value end
    defaults.root = corpus(recipe:match '^%w+')
    return defaults
  end
  local shown = 0
  nn.fit = function(net, train, how)
    how.schedule = nil                                    -- warm-ups are longer than an epoch
    local result = fit(net, train, how)
    shown = shown + 1
    write(('%s %s'):format(recipe, given.names and given.names[math.ceil(shown / given.folds)] or net.name), net,
          first_batch(train))
    return result
  end
  lumir.report = setmetatable({ tsne = function() end, Curve = report.Curve }, { __call = function(_, _, parts)
    for _, part in ipairs(parts) do
      local is_network = type(part) == 'userdata' and tostring(part):find '^Sequential'
      if is_network and recipe:find 'resnet' then         -- whose loop is its own
        write(recipe .. ' ResNet', part, torch.randn(2, 1, 64, 126))
      end
    end
  end, __index = report })
  dofile(opt.recipes .. '/' .. recipe)
  lumir.options, nn.fit, lumir.report = options, fit, report
end

local models = { 'rnn32', 'rnn128', 'rnn64x2', 'lstm64', 'lstm64x2', 'bilstm64' }
run('gtzan/lstm.lua', { model = models, names = models, epochs = 1, folds = 2 })
run('artist20/resnet.lua', { epochs = 1 })
run('fma/vit.lua', { epochs = 1 })

-- a chain with its scaler, as a file of labels
lumir.seed(3)
local songs = data.gtzan(corpus 'gtzan')
local frames = songs:map(lumir.chain { audio.load { rate = 22050, mono = true }, feature.mfcc { n_mfcc = 13 },
                                       feature.fix_frames { frames = 130 }, feature.frames_first() })
local scale = learn.StandardScaler():fit(frames)
local net = nn.Sequential { nn.GRU(13, 16, { batch_first = true }), nn.LastFrame(), nn.Linear(16, songs.n_classes) }
nn.fit(net, frames:map(scale), { epochs = 3, batch_size = 32, loss = nn.CrossEntropyLoss(),
                                 optimizer = optim.Adam { lr = 1e-2 } })
net:save(opt.folder .. '/scaled.onnx')
local rows
for x in frames:batches { batch_size = 1000 } do rows = x end
torch.save({ rows = rows }, opt.folder .. '/scaled.npz')
print('scaled|label|' .. table.concat(nn.Network(net):predict(frames:map(scale)), ' '))
