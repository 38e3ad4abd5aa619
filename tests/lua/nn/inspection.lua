-- Looking into networks: activations, Grad-CAM, ascent and attention beside captum and PyTorch; profiles.
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, torch = lumir.nn, lumir.torch

local path = '/tests/golden/nn/inspection.json'
local golden = core.from_json(core.read_file(core.root() .. path), 'inspection.json')
local close = { absolute = 1e-12, relative = 1e-9 }

--- The same network as the script that made the golden has, and the same numbers.
local function convolutions()
  torch.manual_seed(21)
  return nn.Sequential {
    nn.Conv2d(1, 4, 3, { padding = 1 }), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, { padding = 1 }), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3),
  }:to 'float64'
end

local function drawn(seed, ...)
  torch.manual_seed(seed)
  return torch.randn(...):to { dtype = 'float64' }
end

test("Grad-CAM is captum's, cut off at zero and as it is", function()
  local net, x = convolutions(), drawn(22, 2, 1, 8, 12)
  expect(nn.grad_cam(net, '3', x, { class = 2 })):near(golden.grad_cam.relu, close)
  expect(nn.grad_cam(net, net[4], x, { class = 3, relu = false })):near(golden.grad_cam.signed, close)
end)

test('Grad-CAM without a class is that of the highest score of each row', function()
  local net, x = convolutions(), drawn(22, 2, 1, 8, 12)
  local best, maps = net:eval()(x):argmax(2), nn.grad_cam(net, '3', x)
  for row = 1, 2 do
    local one = nn.grad_cam(net, '3', x, { class = best[row]:item() })
    expect(maps[row]):near(one[row]:tolist(), close)
  end
end)

test("attention is PyTorch's need_weights, of each head and averaged, masked and inside of an encoder", function()
  torch.manual_seed(23)
  local layer = nn.MultiheadAttention(8, 2, { batch_first = true, need_weights = false }):to 'float64'
  local x = drawn(24, 2, 5, 8)
  local maps = nn.attention_weights(layer, x)
  expect(#maps):equals(1)
  expect(maps[1].weights):near(golden.attention.heads, close)
  local averaged = nn.attention_weights(layer, { x, x, x }, { average_attn_weights = true })[1].weights
  expect(averaged):near(golden.attention.averaged, close)
  local Masked = nn.Module 'Masked'
  function Masked:init() self.body = layer end
  function Masked:forward(y)
    local unseen = torch.tensor { { false, false, false, false, false }, { false, false, false, true, true } }
    return self.body(y, { key_padding_mask = unseen })
  end
  local inside = nn.attention_weights(Masked(), x)[1]
  expect(inside.name):equals 'body'
  expect(inside.weights):near(golden.attention.masked, close)
  torch.manual_seed(25)
  local encoder = nn.TransformerEncoderLayer(8, 2, { dim_feedforward = 16, batch_first = true }):to 'float64'
  maps = nn.attention_weights(encoder, x)
  expect(maps[1].name):equals 'self_attn'
  expect(maps[1].weights):near(golden.attention.encoder, close)
end)

test('ten steps of ascent go where a script of PyTorch goes', function()
  local found = nn.maximize_activation(convolutions(), '3', { 2, 3 }, {
    shape = { 1, 8, 12 }, steps = 10, lr = 0.05, l2 = 1e-4, tv = 1e-3 })
  expect(found):near(golden.ascent, close)
end)

test('what is maximized is more active, and the seed alone says where it begins', function()
  local net = convolutions()
  local function ascend(given)
    given.shape = { 1, 8, 12 }
    return nn.maximize_activation(net, '7', 2, given)
  end
  local before = torch.rand(1):item()
  torch.manual_seed(5)
  local first = ascend { steps = 5 }
  local after = torch.rand(1):item()
  torch.manual_seed(5)
  expect(torch.rand(1):item()):equals(after)                -- nothing was drawn on the way
  expect(before ~= after):is_true()
  expect(ascend { steps = 5 }):near(first:tolist(), { absolute = 0 })
  expect((ascend { steps = 5, seed = 2 } - first):abs():max():item()):above(0.01)
  local score = function(x) return net:eval()(x)[1][2]:item() end
  expect(score(ascend { steps = 40 }) - score(ascend { steps = 1 })):above(0.005)
end)

test('what is looked into stays as it was: mode, gradients, hooks, frozen weights', function()
  local net, x = convolutions(), drawn(22, 2, 1, 8, 12)
  net:freeze():train()
  net[2]:eval()
  nn.grad_cam(net, '3', x)
  nn.activations(net, '3', x)
  nn.maximize_activation(net, '7', 1, { shape = { 1, 8, 12 }, steps = 1 })
  expect(net.training and net[1].training and not net[2].training):is_true()
  for _, parameter in ipairs(net:parameters()) do expect(parameter.grad):equals(nil) end
  expect(x.requires_grad):equals(false)
end)

test('activations are what a layer gives in eval', function()
  local net = nn.Sequential { nn.Linear(3, 4), nn.Dropout(0.9), nn.ReLU() }
  local x = torch.randn(5, 3)
  expect(nn.activations(net, '1', x)):near(net[1](x):detach():tolist(), { absolute = 0 })
  expect(nn.activations(net, net[3], x)):near(net[1](x):relu():detach():tolist(), { absolute = 0 })
end)

test('mistakes are said in one line', function()
  local net, x = convolutions(), drawn(22, 2, 1, 8, 12)
  expect(function() nn.grad_cam(net, '33', x) end)
    :raises "grad_cam: Sequential has no layer '33'; net:named_modules() has all"
  expect(function() nn.grad_cam(net, '7', x) end):raises 'grad_cam: the layer gives no maps but [2, 3]'
  expect(function() nn.grad_cam(net, '3', x, { class = 'rock' }) end)
    :raises "grad_cam: there is no class 'rock'; the network was trained on none by name"
  expect(function() nn.grad_cam(net, '3', x, { class = 4 }) end)
    :raises "grad_cam: 'class' = 4 is out of range (1 to 3)"
  expect(function() nn.maximize_activation(net, '7', 4, { shape = { 1, 8, 12 } }) end)
    :raises "maximize_activation: 'unit' = 4 is out of range (1 to 3)"
  expect(function() nn.maximize_activation(net, '7', 1) end):raises "maximize_activation: wants 'shape', or 'start'"
  expect(#nn.attention_weights(net, x)):equals(0)
end)

test('a profile has time and memory of every part, and leaves the network as it was', function()
  local net = nn.Sequential { nn.Linear(256, 512), nn.BatchNorm1d(512), nn.Dropout(0.5), nn.Linear(512, 4) }
  local mean = net[2].running_mean:clone()
  torch.manual_seed(3)
  local profile = net:profile({ 64, 256 }, { runs = 3 })
  local drawn_after = torch.rand(1):item()
  torch.manual_seed(3)
  expect(torch.rand(1):item()):equals(drawn_after)
  expect(net[2].running_mean):near(mean:tolist(), { absolute = 0 })
  expect(net:parameters()[1].grad):equals(nil)
  expect(#profile.rows):equals(5)
  local whole, first = profile.rows[1], profile.rows[2]
  expect(first.name):equals '0'
  for _, row in ipairs(profile.rows) do
    expect(row.calls):equals(1)
    expect(row.forward):above(0)
    expect(row.backward):above(0)
  end
  local parts = 0
  for i = 2, 5 do parts = parts + profile.rows[i].forward end
  expect(whole.forward >= 0.5 * parts):is_true()
  expect(profile.forward):equals(whole.forward)
  expect(first.memory):near(64 * 512 * 4, { relative = 0.1 })       -- its output
  local ahead = net:profile({ 64, 256 }, { runs = 1, backward = false })
  expect(ahead.backward):equals(0)
end)

test('histograms without event files are refused', function()
  local rows = { x = { { 1, 2 }, { 3, 4 } }, y = { 'a', 'b' } }
  expect(function() nn.fit(nn.Linear(2, 2), rows, { epochs = 1, histograms = true }) end)
    :raises "fit: 'histograms' go into event files; { events = 'epoch' } makes them"
  expect(function() lumir.report.Curve():add_histograms(nn.Linear(2, 2)) end)
    :raises "add_histograms: the curve has no event files; report.Curve { events = 'epoch' }"
end)

test('a profile prints within 80 columns, however long names are', function()
  local net = nn.Sequential { nn.Sequential { nn.Conv2d(1, 64, 7, { stride = 2, padding = 3, bias = false }) } }
  local text = tostring(nn.profile(net, { 1, 1, 16, 16 }, { runs = 1 }))
  expect(text):contains 'Forward ms'
  for line in text:gmatch '[^\n]+' do expect(#line):below(81) end
  expect(function() nn.profile(net:freeze(), { 1, 1, 16, 16 }) end):raises(
    'profile: nothing in Sequential has a gradient; { backward = false } looks at the way forward alone')
end)

test('of what is no number nothing is shown', function()
  local net, x = convolutions(), drawn(22, 2, 1, 8, 12)
  x[2][1][3][4] = 0 / 0
  expect(function() nn.grad_cam(net, '3', x, { class = 2 }) end):raises('grad_cam: the layer gives NaN or an infinite '
    .. 'number in row 2 (torch.autograd.detect_anomaly names the call that made it)')
  local from_x = { start = x, steps = 2 }
  expect(function() nn.maximize_activation(net, '3', { 1, 2 }, from_x) end):raises('maximize_activation: the layer '
    .. 'gives NaN or an infinite number in row 2 (torch.autograd.detect_anomaly names the call that made it)')
  local broken = drawn(22, 1, 1, 8, 12)
  torch.no_grad(function() net[8].bias[1] = 1 / 0 end)
  expect(function() nn.grad_cam(net, '3', broken) end):raises('grad_cam: the network gives NaN or an infinite '
    .. 'number in row 1 (torch.autograd.detect_anomaly names the call that made it)')
  local layer = nn.MultiheadAttention(8, 2, { batch_first = true }):to 'float64'
  local rows = drawn(24, 2, 5, 8)
  rows[1][2][3] = 0 / 0
  expect(function() nn.attention_weights(layer, rows) end):raises
    "attention_weights: the layer has NaN in row 1: its input does, or a mask hides every key"
end)
