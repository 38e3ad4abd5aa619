-- ResNet: residual networks, after He et al., Deep Residual Learning for Image Recognition (2016).
--
--   local resnet = require 'models.resnet'
--   local net = resnet.network(20, { width = 64, dropout = { 0.5, 0.3 } })   -- [batch, 1, mel, time]
--   local net = resnet.resnet50(10, { channels = 3 })                 -- pictures, with torchvision's names
--
-- resnet.network: a stem of 7 x 7, six basic blocks of one, two and four times the width, average and maximum
-- over all positions beside each other, two dense layers. Of width 64 and 20 classes it has 2,913,492
-- parameters, the trunk 2,776,512 of them.
--
-- resnet18, resnet34, resnet50 are those of the paper (50: with the stride in the 3 x 3, as torchvision has it).
-- Of 1,000 classes and [3, 224, 224] pictures they have, beside what torchvision publishes
-- (multiply-accumulates, where one counts one; two operations each):
--
--   resnet18   11,689,512 parameters   1.814e9 multiply-accumulates (published 1.81e9)
--   resnet34   21,797,672              3.664e9                      (3.66e9)
--   resnet50   25,557,032              4.089e9                      (4.09e9)

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'
local core = require('lumir.native').core

local resnet = {}

local function conv(from, to, kernel, stride)
  return nn.Conv2d(from, to, kernel, { stride = stride, padding = (kernel - 1) / 2, bias = false })
end

--- What makes the input of a block fit, where its shape changes.
local function shortcut(from, to, stride)
  if stride == 1 and from == to then return nil end
  return nn.Sequential { conv(from, to, 1, stride), nn.BatchNorm2d(to) }
end

--- What the parts of a block are called: as torchvision has them, and by their places.
local TORCHVISION = { 'conv1', 'bn1', 'conv2', 'bn2', block = { '', 'downsample', '' } }
local PLACES = { '0', '1', '3', '4' }

--- Two convolutions and what came in beside them; where the shape changes that goes through a convolution, too.
local function basic(from, to, stride, names)
  names = names or TORCHVISION
  local past = shortcut(from, to, stride)                   -- its weights are drawn first
  return nn.Residual(parts.named {
    names[1], conv(from, to, 3, stride), names[2], nn.BatchNorm2d(to), nn.ReLU(),
    names[3], conv(to, to, 3, 1), names[4], nn.BatchNorm2d(to),
  }, { shortcut = past, after = nn.ReLU(), names = names.block })
end

local read = lumir.doc {
  name = 'models.resnet.network',
  summary = 'A residual network of six blocks over spectrograms, [batch, 1, mel, time].',
  returns = 'a Module: [batch, 1, mel, time] -> [batch, n_classes]',
  example = "require('models.resnet').network(20, { width = 16 })(torch.randn(2, 1, 64, 32))",
  source = 'He et al., Deep Residual Learning for Image Recognition (2016)',
  parameters = {
    { name = 'n_classes', type = 'integer', text = 'scores of a row' },
    { name = 'width', type = 'integer', default = 64, least = 1, text = 'channels of the first blocks' },
    { name = 'dropout', type = 'list of number', named = true,
      text = 'before each of the two dense layers; no dropout unless given' },
  },
}

function resnet.network(n_classes, given, ...)
  local options = read(n_classes, given, ...)
  local w, dropout = options.width, options.dropout
  if dropout and #dropout ~= 2 then
    core.refuse(("network: 'dropout' takes two numbers, one for each dense layer, got %d"):format(#dropout))
  end
  local function block(from, to, stride) return basic(from, to, stride, PLACES) end
  local list = {
    conv(1, w, 7, 2), nn.BatchNorm2d(w), nn.ReLU(), nn.MaxPool2d(3, { stride = 2, padding = 1 }),
    block(w, w, 1), block(w, w, 1), block(w, 2 * w, 2), block(2 * w, 2 * w, 1), block(2 * w, 4 * w, 2),
    block(4 * w, 4 * w, 1), nn.AvgMaxPool2d(),
  }
  local function add(part) list[#list + 1] = part end
  if dropout then add(nn.Dropout(dropout[1])) end
  add(nn.Linear(8 * w, 4 * w))
  add(nn.BatchNorm1d(4 * w))
  add(nn.ReLU())
  if dropout then add(nn.Dropout(dropout[2])) end
  add(nn.Linear(4 * w, n_classes))
  return nn.Sequential(list)
end

local function bottleneck(from, width, stride)
  local to = 4 * width
  return nn.Residual(parts.named {
    'conv1', conv(from, width, 1, 1), 'bn1', nn.BatchNorm2d(width), nn.ReLU(),
    'conv2', conv(width, width, 3, stride), 'bn2', nn.BatchNorm2d(width), nn.ReLU(),
    'conv3', conv(width, to, 1, 1), 'bn3', nn.BatchNorm2d(to),
  }, { shortcut = shortcut(from, to, stride), after = nn.ReLU(), names = TORCHVISION.block })
end

--- Blocks of one width; answers how many channels come out, too.
local function stage(block, growth, from, width, count, stride)
  local blocks = {}
  for i = 1, count do
    blocks[i] = block(i == 1 and from or growth * width, width, i == 1 and stride or 1)
  end
  return nn.Sequential(blocks), growth * width
end

--- Each function of pictures by its block, what that multiplies the width by, and the blocks of its four stages.
local PICTURES = {
  resnet18 = { basic, 1, { 2, 2, 2, 2 } },
  resnet34 = { basic, 1, { 3, 4, 6, 3 } },
  resnet50 = { bottleneck, 4, { 3, 4, 6, 3 } },
}

--- What stands before the average over all positions, and how many channels come out of it.
local function trunk(shape, channels)
  local block, growth, counts = unpack(shape)
  local from, stages = 64, {}
  for i = 1, 4 do stages[i], from = stage(block, growth, from, 64 * 2 ^ (i - 1), counts[i], i == 1 and 1 or 2) end
  return {
    'conv1', conv(channels, 64, 7, 2), 'bn1', nn.BatchNorm2d(64), nn.ReLU(),
    nn.MaxPool2d(3, { stride = 2, padding = 1 }),
    'layer1', stages[1], 'layer2', stages[2], 'layer3', stages[3], 'layer4', stages[4],
  }, from
end

--- The parts one after the other, their convolutions drawn as torchvision draws them.
local function drawn(list)
  return parts.named(list):apply(function(part)
    if part.name ~= 'Conv2d' then return end
    nn.init.kaiming_normal_(part.weight, { mode = 'fan_out', nonlinearity = 'relu' })
  end)
end

local function pictures(shape, n_classes, channels)
  local list, from = trunk(shape, channels)
  parts.append(list, 'embedding', nn.GlobalAvgPool(), 'fc', nn.Linear(from, n_classes))
  return drawn(list)
end

local read_backbone = lumir.doc {
  name = 'models.resnet.backbone',
  summary = 'What such a network has before its average over all positions, for networks of which it is a part. '
    .. 'Weights that were learnt from pictures of three colours hear a spectrogram as one that has it in each.',
  returns = 'a Module: [batch, 1, height, width] -> [batch, channels, height / 32, width / 32]; its channels',
  example = "require('models.resnet').backbone 'resnet18'",
  source = 'He et al., Deep Residual Learning for Image Recognition (2016)',
  parameters = {
    { name = 'name', type = 'word', choices = { 'resnet18', 'resnet34', 'resnet50' }, text = 'which of them' },
    { name = 'weights', type = 'table', named = true, text = 'a state dict of torchvision; drawn unless given' },
  },
}

function resnet.backbone(name, given, ...)
  local options = read_backbone(name, given, ...)
  local list, from = trunk(PICTURES[name], 1)
  local net = drawn(list)
  if options.weights then
    local state = {}
    for key, tensor in pairs(options.weights) do
      if type(key) ~= 'string' or core.kind(tensor) ~= 'Tensor' then
        core.refuse(("backbone: 'weights' must be a state dict, tensors by name, got %s under %s"):format(
          core.show(tensor), core.show(key)))
      end
      state[key] = not key:find '^fc%.' and tensor or nil
    end
    local first = state['conv1.weight']
    if first and #first.shape == 4 then state['conv1.weight'] = first:sum({ 2 }, true) end
    net:load_state_dict(state)
  end
  return net, from
end

for _, name in ipairs { 'resnet18', 'resnet34', 'resnet50' } do
  local read_picture = lumir.doc {
    name = 'models.resnet.' .. name,
    summary = "The residual network of that depth over pictures, with torchvision's names: its state dicts load.",
    returns = 'a Module: [batch, channels, height, width] -> [batch, n_classes]; its part embedding gives what '
      .. 'the last layer hears',
    example = "require('models.resnet').resnet18(10)",
    source = 'He et al., Deep Residual Learning for Image Recognition (2016); torchvision.models.' .. name,
    parameters = {
      { name = 'n_classes', type = 'integer', text = 'scores of a picture' },
      { name = 'channels', type = 'integer', default = 3, least = 1, text = 'of a picture' },
    },
  }
  resnet[name] = function(n_classes, given, ...)
    local options = read_picture(n_classes, given, ...)
    return pictures(PICTURES[name], n_classes, options.channels)
  end
end

return resnet
