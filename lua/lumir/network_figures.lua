-- lumir.report, pictures of what goes on inside a network: its layers' outputs, Grad-CAM, attention.
--
-- What is reckoned is in nn.activations, nn.grad_cam and nn.attention_weights; here it is laid out.

local native = require 'lumir.native'
local core, nn, report, torch = native.core, native.nn, native.report, native.torch
local shared = require 'lumir.grad_cam'

--- Words of every figure.
local function titled(parameters)
  for _, row in ipairs {
    { name = 'title', type = 'text', named = true, text = 'stands above the figure' },
    { name = 'caption', type = 'text', named = true, text = 'one sentence on what is to be seen' },
  } do parameters[#parameters + 1] = row end
  return parameters
end

--- How the rows and columns of what a network takes are to be read.
local function with_axes(parameters)
  for _, row in ipairs {
    { name = 'frame_rate', type = 'number', named = true, least = 0,
      text = 'columns of the input for each second; what its data say unless given' },
    { name = 'fmin', type = 'number', named = true, least = 0, unit = 'Hz', text = 'lowest frequency of the rows' },
    { name = 'fmax', type = 'number', named = true, least = 0, unit = 'Hz',
      text = 'highest frequency of the rows, as for fmin what the data say unless given; 0: rows are no frequencies' },
    { name = 'scale', type = 'word', default = 'mel', choices = { 'mel', 'linear' },
      text = 'how frequencies lie between fmin and fmax' },
  } do parameters[#parameters + 1] = row end
  return titled(parameters)
end

local function net_and_layer()
  return { name = 'net', type = 'Module', text = 'what is looked into' },
    { name = 'layer', type = 'Module or text', text = "a part of it, or its path as named_modules has it: 'trunk.3'" }
end

--- "layer '3.body.0'", "Conv2d"
local function called(layer)
  return type(layer) == 'string' and ("layer '%s'"):format(layer) or layer.name
end

--- The first row of data, or of a batch, as a batch of one that lies where the network does.
local function one_row(network, x)
  if core.kind(x) ~= 'Tensor' then x = x:batches { batch_size = 1 } () end
  local weight = network:parameters()[1]
  return weight and x['1:1']:to(weight.device) or x['1:1']
end

--- The first row of a batch, as a picture [rows, columns].
local function picture_of(who, x)
  if x.ndim == 4 then x = x:mean(2) end                     -- over channels
  if x.ndim ~= 3 then core.refuse(('%s: the input is no picture but %s'):format(who, tostring(x.shape))) end
  return x[1]
end

--- A map over an input, as large as that; its greatest number is 1.
local function on_input(who, network, x, map, how)
  local base, axes = picture_of(who, x), core.axes(network)
  if axes.n_mels ~= base.shape[1] then axes = {} end
  if map.ndim == 1 then map = map:unsqueeze(1):expand { base.shape[1], -1 } end     -- of time alone
  local upsample = nn.Upsample({ base.shape[1], base.shape[2] }, { mode = 'bilinear' })
  local grown = upsample(map:view { 1, 1, unpack(map.shape) })[1][1]
  local most = grown:max():item()
  return report.heat(base, most > 0 and grown / most or grown, {
    unit = how.unit, x = 'frames', y = 'bands', frame_rate = how.frame_rate or axes.frame_rate,
    fmin = how.fmin or axes.fmin, fmax = how.fmax or axes.fmax, scale = how.scale,
    title = how.title, caption = how.caption,
  })
end

local net, layer = net_and_layer()
local read_activations = native.lumir.doc {
  name = 'report.activations',
  summary = 'What a layer gives for the first row of a batch: a picture of each channel of maps, a matrix of what is '
    .. 'numbers over time, a curve of plain numbers.',
  returns = 'a Figure',
  example = 'report.activations(nn.Conv2d(1, 4, 3), "", torch.rand(1, 1, 16, 16))',
  source = "Zeiler and Fergus (2014); Captum's LayerActivation",
  parameters = titled { net, layer,
    { name = 'x', type = 'Tensor, Dataset or Table', text = 'a batch, or data, of which the first row counts' },
    { name = 'n', type = 'integer', default = 16, least = 1, most = 256, text = 'channels of maps at most' },
  },
}

function report.activations(network, part, x, given)
  local how = read_activations(network, part, x, given)
  local seen = nn.activations(network, part, one_row(network, x))[1]
  local words = { unit = 'activation', title = how.title or 'Activations of ' .. called(part), caption = how.caption }
  if seen.ndim == 1 then
    words.unit, words.x, words.y = nil, 'unit', 'activation'
    return report.curve(seen, words)
  elseif seen.ndim == 2 then
    words.x, words.y = 'place', 'unit'
    return report.matrix(seen:t(), words)
  end
  local n = math.min(how.n, seen.shape[1])
  if not words.caption and n < seen.shape[1] then
    words.caption = ('The first %d of %d channels.'):format(n, seen.shape[1])
  end
  words.x, words.y = 'frames of the layer', 'bands of the layer'
  return report.images(seen['1:' .. n], words)
end

local read_grad_cam = native.lumir.doc {
  name = 'report.grad_cam',
  summary = 'The first row of a batch in grey, and over it in orange what of it speaks for a class, as a layer of '
    .. 'convolutions sees it: nn.grad_cam, drawn out to the size of the input.',
  returns = 'a Figure',
  example = 'report.grad_cam(nn.Sequential { nn.Conv2d(1, 4, 3), nn.GlobalAvgPool(), nn.Linear(4, 2) }, "0", '
    .. 'torch.rand(1, 1, 8, 8))',
  source = "Selvaraju et al., Grad-CAM (2017); Captum's LayerGradCam",
  parameters = with_axes { net, layer,
    { name = 'x', type = 'Tensor, Dataset or Table',
      text = 'a batch [rows, channels, bands, frames], or data, of which the first row counts' },
    { name = 'class', type = 'text or integer', named = true,
      text = 'its name or its place from 1; the one with the highest score unless given' },
  },
}

--- The class that a picture is of, by name where the network knows one.
local function class_of(network, x, class)
  local place = shared.class_at(network, class)
  if not place then
    core.judged(network, function() place = network(x):argmax(2)[1]:item() end)
  end
  return place, core.classes(network)[place] or tostring(place)
end

function report.grad_cam(network, part, x, given)
  local how = read_grad_cam(network, part, x, given)
  x = one_row(network, x)
  local place, class = class_of(network, x, how.class)
  local map = nn.grad_cam(network, part, x, { class = place })[1]
  how.unit = 'Grad-CAM (share of peak)'
  how.title = how.title or ('Grad-CAM of %s: %s'):format(called(part), class)
  how.caption = how.caption or ('What speaks for %s is orange; the input lies under it in grey.'):format(class)
  return on_input('grad_cam', network, x, map, how)
end

local read_attention = native.lumir.doc {
  name = 'report.attention',
  summary = 'Where a network looks in the first row of a batch: a picture of every head of a layer, or of every layer '
    .. 'the mean of its heads. With query and grid: what one place sees of the others, over the input that they are '
    .. 'patches of.',
  returns = 'a Figure',
  example = 'report.attention(nn.TransformerEncoderLayer(8, 2, { batch_first = true }), torch.randn(1, 5, 8))',
  source = "Vaswani et al. (2017), figures 3 to 5; Dosovitskiy et al. (2021), figure 6",
  parameters = with_axes { net,
    { name = 'x', type = 'Tensor, Dataset or Table', text = 'a batch, or data, of which the first row counts' },
    { name = 'layer', type = 'text', named = true,
      text = "the path of one, 'body.layers.0.self_attn'; all unless given" },
    { name = 'query', type = 'integer', named = true, least = 1,
      text = 'the place that looks; of patches of a picture 1, where that is the class token' },
    { name = 'grid', type = 'list of integer', named = true,
      text = 'how patches lie, which are the last places: { 8, 8 }, rows from the lowest band and columns' },
  },
}

--- The maps that are asked for: names and a tensor [n, queries, keys].
local function maps_of(network, x, layer_path)
  local names, pictures, known = {}, {}, {}
  for _, map in ipairs(nn.attention_weights(network, x)) do
    known[#known + 1] = map.name
    if map.name == layer_path then
      for head = 1, map.weights.shape[2] do names[head] = 'head ' .. head end
      return names, map.weights[1]
    end
    names[#names + 1], pictures[#pictures + 1] = map.name, map.weights[1]:mean(1)
  end
  if #known == 0 then core.refuse('attention: nothing in this ' .. network.name .. ' attends') end
  if layer_path then
    core.refuse(("attention: no layer '%s' attends%s"):format(layer_path, core.did_you_mean(layer_path, known)))
  end
  return names, torch.stack(pictures, 1)
end

function report.attention(network, x, given)
  local how = read_attention(network, x, given)
  x = one_row(network, x)
  local names, maps = maps_of(network, x, how.layer)
  local of = how.layer and ("layer '%s'"):format(how.layer) or 'all layers'
  if (how.query == nil) ~= (how.grid == nil) then core.refuse "attention: 'query' and 'grid' belong together" end
  if not how.query then
    return report.images(maps, {
      names = names, x = 'key (place)', y = 'query (place)', unit = 'share of attention', first_on_top = true,
      square = true, low = 0, title = how.title or 'Attention of ' .. of, caption = how.caption,
    })
  end
  local seen = maps:select(2, how.query):mean(1)
  local patches = how.grid[1] * how.grid[2]
  if patches > seen.shape[1] then
    core.refuse(("attention: 'grid' has %d patches, there are %d places"):format(patches, seen.shape[1]))
  end
  how.unit = 'attention (share of peak)'
  how.title = how.title or ('What place %d looks at: %s'):format(how.query, of)
  how.caption = how.caption or 'The mean of all maps; what is looked at is orange, the input lies under it in grey.'
  local of_patches = seen[('%d:-1'):format(seen.shape[1] - patches + 1)]:view(how.grid)
  return on_input('attention', network, x, of_patches, how)
end

local read_network = native.lumir.doc {
  name = 'report.network',
  summary = 'What a report shows of any network: its summary, its diagram, the filters of its first convolution over '
    .. 'pictures, Grad-CAM of its last maps, the attention of all layers; as far as it has them.',
  returns = 'a list of Figures, a Summary before them',
  example = '#report.network(net, torch.randn(1, 2))',
  source = "Lumir's own",
  parameters = with_axes { net,
    { name = 'x', type = 'Tensor, Dataset or Table', text = 'a batch, or data, of which the first row counts' },
  },
}

local function first_convolution(network)
  for _, part in network:named_modules() do
    if part.name == 'Conv2d' then return part end
  end
end

--- The last of the parts with weights that gives maps of more than one place; of parts within each other the outermost.
local function last_maps(network, x)
  local last, removes = nil, {}
  for path, part in network:named_modules() do
    if path ~= '' and #part:parameters() > 0 then
      removes[#removes + 1] = part:register_forward_hook(function(_, _, y)
        if core.kind(y) == 'Tensor' and y.ndim == 4 and y.shape[3] * y.shape[4] > 1 then last = path end
      end)
    end
  end
  local good, problem = pcall(core.judged, network, function() network(x) end)
  for _, remove in ipairs(removes) do remove() end
  if not good then error(problem, 0) end
  return last
end

function report.network(network, x, given)
  local how = read_network(network, x, given)
  x = one_row(network, x)
  local all = { network:summary(x), report.diagram(network, x) }
  local convolution, maps = first_convolution(network), last_maps(network, x)
  if convolution then all[#all + 1] = report.filters(convolution) end
  if maps then all[#all + 1] = report.grad_cam(network, maps, x, how) end
  if #nn.attention_weights(network, x) > 0 then all[#all + 1] = report.attention(network, x, how) end
  return all
end
