-- Networks over pictures beside torchvision's.

local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, torch = lumir.nn, lumir.torch
local resnet, vgg = require 'models.resnet', require 'models.vgg'
local vit, cnn = require 'models.vit', require 'models.cnn'
local seeded = dofile(core.root() .. '/tests/golden/models/seeded.lua')

--- One batch forward and back from the weights that torchvision's network had.
local function expect_step(net, name, height, width)
  local golden = seeded.read('images.json')[name]
  expect(net.n_parameters):equals(golden.parameters)
  seeded.fill(net, 21):train()
  torch.manual_seed(22)
  local x, y = torch.randn(2, 3, height, width), torch.tensor { 4, 9 }
  local single = nn.CrossEntropyLoss()(net(x), y):item()
  expect(single):near(golden.loss, { relative = 1e-3 })
  net:to 'float64'
  local loss = nn.CrossEntropyLoss()(net(x:to 'float64'), y)
  expect(loss:item()):near(golden.loss, { relative = 1e-6 })
  loss:backward()
  for parameter, tensor in net:named_parameters() do
    local kept = golden.gradients[parameter] or error('torchvision has no ' .. parameter)
    local why = seeded.difference(tensor.grad, kept, 1e-5)
    if why then error(('%s, gradient of %s: %s'):format(name, parameter, why)) end
  end
end

test('ResNet-18, 34 and 50 have the loss and the gradients of torchvision', function()
  for _, name in ipairs { 'resnet18', 'resnet34', 'resnet50' } do expect_step(resnet[name](10), name, 64, 64) end
end)

test('the backbone of a ResNet hears one channel as its network hears it in three', function()
  torch.manual_seed(1)
  local whole = resnet.resnet18(10):eval()
  local net, channels = resnet.backbone('resnet18', { weights = whole:state_dict() })
  expect(channels):equals(512)
  local x = torch.randn(2, 1, 64, 40)
  local seen = torch.cat({ x, x, x }, 2)
  for i = 1, 8 do seen = whole[i](seen) end
  expect(net:eval()(x):detach()):near(seen:detach(), { absolute = 1e-4 })
  local crnn = require('models.crnn').network(10, { n_mels = 192, backbone = 'resnet18' })
  expect(crnn(torch.randn(1, 1, 192, 64)).shape):equals { 1, 10 }
  expect(crnn.gru.weight_ih_l0.shape):equals { 96, 512 * 6 }
  local frozen = require('models.crnn').network(10, { n_mels = 192, backbone = 'resnet18', frozen = true,
    weights = whole:state_dict() })
  for name, parameter in frozen:named_parameters() do
    expect(parameter.requires_grad):equals(not name:find '^backbone')
  end
  expect(function() require('models.crnn').network(10, { frozen = true }) end)
    :raises "network: 'weights' and 'frozen' are of a backbone, and 'backbone' is 'none'"
  for _, given in ipairs { { size = 'large' }, { dropout = 0.2 } } do
    given.backbone = 'resnet18'
    expect(function() require('models.crnn').network(10, given) end)
      :raises "network: 'size' and 'dropout' are of these convolutions, and 'backbone' is 'resnet18'"
  end
  expect(function() resnet.backbone('resnet18', { weights = { 1 } }) end)
    :raises "backbone: 'weights' must be a state dict, tensors by name, got 1 under 1"
  local heard                                               -- decibels are centred before they come to it
  crnn.backbone:register_forward_hook(function(_, inputs) heard = inputs[1] end)
  crnn:train()(torch.randn(2, 1, 192, 64) * 10 - 40)
  expect(heard:mean():abs():item() < 0.01 and math.abs(heard:std():item() - 1) < 0.01):is_true()
end)

test('VGG has them, too, and the parameters of the deck', function()
  local smaller = vgg.vgg16(10)
  expect(smaller.n_parameters):equals(seeded.read('images.json').vgg16.parameters)
  local without = 990 * 4097 / 1e9                          -- classes that it has less than the published one
  expect(smaller:summary({ 1, 3, 224, 224 }).mult_adds / 1e9 + without):near(15.484, { absolute = 0.0006 })
  local net = vgg.vgg19(10, { dropout = 0 })
  expect(net.n_parameters):equals(139611210)
  expect(net:summary({ 1, 3, 224, 224 }).mult_adds / 1e9 + without):near(19.647, { absolute = 0.0006 })
  expect_step(net, 'vgg19', 32, 32)
end)

test('the vision transformer has them, too', function()
  expect_step(vit.vit_b_16(10), 'vit_b_16', 224, 224)
end)

test('of ten classes ResNet50 has the parameters of the deck', function()
  expect(resnet.resnet50(10).n_parameters):equals(23528522)
end)

test('multiply-accumulates are those that torchvision publishes, which counts one', function()
  local function giga(net) return net:summary({ 1, 3, 224, 224 }).mult_adds / 1e9 end
  expect(giga(resnet.resnet18(1000))):near(1.814, { absolute = 0.002 })
  expect(giga(resnet.resnet34(1000))):near(3.664, { absolute = 0.002 })
  expect(giga(resnet.resnet50(1000))):near(4.089, { absolute = 0.002 })
end)

test('a vision transformer counts its dense layers once a picture, as torchinfo does', function()
  local net = vit.vit_b_16(1000)
  expect(net.n_parameters):equals(86567656)
  expect(net:summary({ 1, 3, 224, 224 }).mult_adds / 1e9):near(5.76, { absolute = 0.006 })
end)

-- torchvision 0.29.2: torch.manual_seed(3); VisionTransformer(image_size=32, patch_size=16, num_layers=2, num_heads=2,
-- hidden_dim=8, mlp_dim=16, num_classes=3): the first two numbers of an array, and the sum of all
local DRAWN = {
  ['conv_proj.weight'] = { -0.0176824331, 0.0190354958, 1.5459173 },
  ['conv_proj.bias'] = { 0, 0, 0 },
  ['encoder.pos_embedding'] = { 0.000550535566, 0.0345770232, 0.0094025376 },
  ['encoder.layers.encoder_layer_0.self_attention.in_proj_weight'] = { -0.334236264, 0.251885474, 0.671205938 },
  ['encoder.layers.encoder_layer_1.self_attention.out_proj.weight'] = { 0.33800301, -0.00300700893, 2.61559877 },
  ['encoder.layers.encoder_layer_0.mlp.0.weight'] = { -0.195510387, -0.273530424, -0.38063103 },
  ['encoder.layers.encoder_layer_1.mlp.3.weight'] = { -0.497139454, 0.210654616, -1.95959592 },
  ['heads.head.weight'] = { 0, 0, 0 },
}
local DRAWN_SMALL = {
  ['encoder.layers.encoder_layer_0.mlp.0.bias'] = { -1.72273147e-07, -7.43084456e-07, 5.71240346e-06 },
  ['encoder.layers.encoder_layer_1.mlp.3.bias'] = { -2.74610841e-07, 5.11989981e-07, -1.82278845e-06 },
}

test('a vision transformer is drawn as torchvision draws it, number by number', function()
  torch.manual_seed(3)
  local net = vit.network(3, { height = 32, width = 32, depth = 2, heads = 2, dim = 8, hidden = 16 })
  local state = net:state_dict()
  local function check(all, close)
    for name, wanted in pairs(all) do
      local flat = state[name]:flatten():to 'float64'
      expect({ flat[1]:item(), flat[2]:item(), flat:sum():item() }):near(wanted, { absolute = close })
    end
  end
  check(DRAWN, 1e-6)
  check(DRAWN_SMALL, 1e-12)
end)

test('each gives what its last layer hears, for a step', function()
  local x = torch.randn(2, 1, 32, 32)
  for _, net in ipairs { resnet.resnet18(4, { channels = 1 }), cnn.network(4, { channels = 1 }) } do
    net:eval()
    local heard
    local off = net.embedding:register_forward_hook(function(_, _, y) heard = y end)
    net(x)
    off()
    expect(heard.shape):equals { 2, 512 }
    local rows = net:step('embedding')(x[1])
    expect(#rows.values):equals(512)
    expect(rows.values[1]):near(heard[1][1]:item(), { absolute = 1e-4 })
  end
end)

test('five blocks of convolution, norm, LeakyReLU and pooling learn from pictures of any size', function()
  local net = cnn.network(10)
  expect(net.n_parameters):equals(1575690)
  expect(net:summary({ 1, 3, 224, 224 }).mult_adds / 1e9):near(0.97, { absolute = 0.006 })
  expect(net(torch.randn(2, 3, 64, 48)).shape):equals { 2, 10 }
  expect(net.block1[3].name):equals 'LeakyReLU'
  expect(cnn.network(3, { filters = { 4, 8 } })(torch.randn(2, 3, 8, 8)).shape):equals { 2, 3 }
end)

test('pictures of another size than a vision transformer was made for are refused by name', function()
  local function small(height)
    return vit.network(2, { height = height, width = 64, dim = 8, heads = 2, depth = 1 })
  end
  expect(small(32)(torch.randn(1, 3, 32, 64)).shape):equals { 1, 2 }
  expect(function() small(32)(torch.randn(1, 3, 64, 64)) end)
    :raises 'network: takes [batch, 3, 32, 64] (channels, height x width), got [1, 3, 64, 64]'
  expect(function() small(8) end):raises "network: 'height' = 8 is less than a patch of 16"
end)

test('the residual network takes two numbers for its two dropouts', function()
  for _, dropout in ipairs { {}, { 0.5 }, { 0.1, 0.2, 0.3 } } do
    expect(function() resnet.network(2, { width = 4, dropout = dropout }) end)
      :raises(("network: 'dropout' takes two numbers, one for each dense layer, got %d"):format(#dropout))
  end
end)

test('pictures too small for a network are refused by the part that they are too small for', function()
  local net = cnn.network(10)
  for _, mode in ipairs { 'train', 'eval' } do
    net[mode](net)
    local good, problem = pcall(net, torch.randn(2, 3, 8, 8))
    if type(problem) == 'table' then problem = problem.message end
    expect(good):equals(false)
    expect(problem):contains 'the input is too small here'
    expect(problem:find('modules =', 1, true) == nil):is_true()
  end
end)
