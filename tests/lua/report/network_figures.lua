-- Pictures of networks: what they say, and that the same network gives the same bytes.
local lumir = require 'lumir'
local nn, report, torch = lumir.nn, lumir.report, lumir.torch

local function svg(figure, options)
  local path = os.tmpname()
  os.remove(path)
  path = figure:save(path .. '.svg', options)
  local file = assert(io.open(path, 'rb'))
  local text = file:read '*a'
  file:close()
  os.remove(path)
  return text
end

local function says(figure, words)
  local text = svg(figure)
  for _, word in ipairs(words) do expect(text):contains('>' .. word .. '</text>') end
end

local function convolutions()
  torch.manual_seed(4)
  return nn.Sequential {
    nn.Conv2d(1, 6, { 3, 3 }, { padding = 1 }), nn.BatchNorm2d(6), nn.ReLU(),
    nn.Residual(nn.Conv2d(6, 6, 3, { padding = 1 })),
    nn.Residual(nn.Conv2d(6, 6, 3, { padding = 1 })), nn.GlobalAvgPool(), nn.Linear(6, 3),
  }
end

test('a diagram has a box for each block, what follows it in it, and equal blocks once', function()
  local figure = report.diagram(convolutions(), { 2, 1, 16, 24 })
  says(figure, { 'input', '[2, 1, 16, 24]', 'Conv2d', '+ BatchNorm2d', '+ ReLU', '1, 6, { 3, 3 }, padding = 1',
    '72 weights', 'Residual × 2', '[2, 6, 16, 24]', 'GlobalAvgPool', 'Linear', '[2, 3]' })
  expect(figure.title):equals 'The network: Sequential'
  says(report.diagram(convolutions(), torch.rand(2, 1, 16, 24), { depth = 2, title = 'Deeper' }), { '[2, 6, 16, 24]' })
  expect(function() report.diagram(nn.Linear(2, 2), { 2, 'a' }) end)
    :raises "diagram: a shape must be a list of sizes, got 'a'"
end)

test('a network written in Lua is drawn in the order of its calls', function()
  local Net = nn.Module 'Net'
  function Net:init() self.last, self.first = nn.Linear(4, 2), nn.Linear(3, 4) end
  function Net:forward(x) return self.last(self.first(x)) end
  local text = svg(report.diagram(Net(), { 1, 3 }))
  expect(text:find('>[1, 4]</text>', 1, true) < text:find('>[1, 2]</text>', 1, true)):is_true()
end)

test('filters are pictures with their numbers, red and blue about zero', function()
  local net = convolutions()
  says(report.filters(net[1]), { '1', '6', 'frames', 'bands', 'weight' })
  local deeper = report.filters(nn.Conv2d(3, 4, 3), { channel = 2, n = 3 })
  expect(deeper.title):equals 'Filters, input channel 2 of 3'
  expect(deeper.caption):equals 'The first 3 of 4.'
  says(report.filters(nn.Conv1d(5, 4, 7)), { '4' })
  expect(function() report.filters(nn.Linear(2, 2)) end)
    :raises 'filters: Linear(2, 2) is no convolution; net[1] is the first part of a network'
  expect(function() report.filters(net[1], { channel = 2 }) end)
    :raises "filters: 'channel' = 2 is out of range (1 to 1)"
end)

test('a layer is drawn by what it gives: maps, numbers over time, plain numbers', function()
  local net, x = convolutions(), torch.rand(2, 1, 16, 24)
  local maps = report.activations(net, '0', x, { n = 4 })
  expect(maps.title):equals "Activations of layer '0'"
  expect(maps.caption):equals 'The first 4 of 6 channels.'
  says(maps, { '4', 'frames of the layer', 'activation' })
  says(report.activations(nn.LSTM(3, 5, { batch_first = true }), '', torch.rand(1, 7, 3)), { 'place', 'unit' })
  says(report.activations(net, net[7], x), { 'unit', 'activation' })
end)

test('Grad-CAM lies over the input, in seconds and Hz', function()
  local figure = report.grad_cam(convolutions(), '3', torch.rand(2, 1, 16, 24),
    { class = 2, frame_rate = 8, fmax = 8000 })
  expect(figure.title):equals "Grad-CAM of layer '3': 2"
  says(figure, { 'time (s)', 'frequency (Hz)', 'Grad-CAM (share of peak)' })
  expect(function() report.heat(torch.rand(2, 3), torch.rand(3, 2)) end)
    :raises "show: 'heat' is 3 x 2, the matrix under it 2 x 3"
end)

test('attention is a picture of each head or layer, or lies over the input', function()
  torch.manual_seed(6)
  local layer = nn.TransformerEncoderLayer(8, 2, { dim_feedforward = 8, batch_first = true })
  local net, x = nn.TransformerEncoder(layer, 2), torch.rand(2, 5, 8)
  says(report.attention(net, x), { 'layers.0.self_attn', 'layers.1.self_attn', 'key (place)', 'query (place)' })
  says(report.attention(net, x, { layer = 'layers.1.self_attn' }), { 'head 1', 'head 2', 'share of attention' })
  says(report.attention(net, x, { query = 1, grid = { 2, 2 } }), { 'attention (share of peak)', 'bands' })
  expect(function() report.attention(net, x, { query = 1, grid = { 3, 2 } }) end)
    :raises "attention: 'grid' has 6 patches, there are 5 places"
  expect(function() report.attention(net, x, { query = 1 }) end):raises "attention: 'query' and 'grid' belong together"
  expect(function() report.attention(net, x, { layer = 'layers.1.self_atn' }) end):raises(
    "attention: no layer 'layers.1.self_atn' attends (did you mean 'layers.1.self_attn'?)")
  expect(function() report.attention(nn.Linear(8, 8), x) end):raises 'attention: nothing in this Linear attends'
end)

test('images are named or numbered, and as many as have room', function()
  says(report.images(torch.rand(2, 3, 4), { names = { 'rock', 'pop' }, unit = 'dB' }),
    { 'rock', 'pop', 'dB', 'column' })
  expect(function() report.images(torch.rand(3, 4)) end):raises 'images: takes pictures [n, rows, columns], got [3, 4]'
  expect(function() report.images(torch.rand(2, 3, 4), { names = { 'rock' } }) end)
    :raises 'images: 2 pictures but 1 names'
  expect(function() report.images(torch.rand(257, 1, 1)) end):raises 'images: 257 pictures, at most 256 have room'
end)

--- Rows of three classes, and a network that has seen them for so many epochs.
local function trained(epochs)
  lumir.seed(1)
  local rows = { x = {}, y = {} }
  for i = 1, 30 do
    rows.x[i], rows.y[i] = { math.sin(i), math.cos(i), i % 3 }, ({ 'abba', 'queen', 'u2' })[i % 3 + 1]
  end
  local net = nn.Sequential { nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 3) }
  local run = nn.fit(net, rows, {
    epochs = epochs, batch_size = 10, valid = rows, optimizer = lumir.optim.Adam { lr = 0.05 } })
  return net, rows, run
end

test('confusion over epochs has a picture of each, in percent of the row', function()
  local net, rows = trained(1)
  local early = lumir.evaluate(net, rows)
  local later = lumir.evaluate((trained(20)), rows)
  says(report.confusions({ early, later }, { names = { 'epoch 1', 'epoch 20' } }),
    { 'epoch 1', 'epoch 20', 'abba', '% of the row', 'true class' })
  expect(function() report.confusions({ early }, { names = { 'a', 'b' } }) end)
    :raises 'confusions: 1 results but 2 names'
end)

test("t-SNE shows any layer's output", function()
  local net, rows = trained(5)
  local figure = report.tsne(net, rows, { layer = '0', seed = 1 })
  expect(figure.title):equals 't-SNE by class, layer 0'
  expect(function() report.tsne(net, rows, { layer = '9' }) end)
    :raises "tsne: Sequential has no layer '9'; net:named_modules() has all"
  local model = lumir.learn.KNeighbors({ n_neighbors = 1 }):fit(rows)
  expect(function() report.tsne(model, rows, { layer = '0' }) end)
    :raises "tsne: 'layer' = '0' is one of a network, and the model is none"
end)

test('the same network gives the same bytes, on a slide and in a column', function()
  for _, medium in ipairs { 'slide', 'column' } do
    local x = torch.rand(1, 1, 16, 24)
    local function all()
      local net = convolutions()
      return svg(report.diagram(net, x), { medium = medium }) .. svg(report.filters(net[1]), { medium = medium })
        .. svg(report.grad_cam(net, '3', x), { medium = medium })
    end
    local first = all()
    expect(all() == first):is_true()
  end
end)

test('Grad-CAM of a report looks at the last maps that weights make, wherever they lie', function()
  local function title(list)
    return report.network(nn.Sequential(list), torch.rand(1, 1, 16, 24))[4].title:match "layer '[%w.]+'"
  end
  local three = nn.Parallel { nn.Identity(), nn.Identity(), nn.Identity() }
  local deep = nn.Sequential {
    nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Sequential { nn.Conv2d(4, 4, 3), nn.ReLU() }, nn.MaxPool2d(2),
    nn.GlobalAvgPool(), nn.Linear(4, 3),
  }
  expect(title { three, deep }):equals "layer '1.2'"
  expect(title { three, nn.Sequential { nn.Conv2d(3, 4, 3), nn.ReLU() }, nn.GlobalAvgPool(), nn.Linear(4, 3) })
    :equals "layer '1'"
end)
