-- A frozen network as a step, and fine-tuning of what was frozen.

local lumir = require 'lumir'
local audio, data, learn, nn, optim, torch =
  lumir.audio, lumir.data, lumir.learn, lumir.nn, lumir.optim, lumir.torch

local place = os.tmpname() .. '-songs'

local function small()
  return nn.Sequential { nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2), names = { 'first', 'embedding', 'head' } }
end

test('a step gives what a part of the network gives, with the weights as they were', function()
  local net, x = small(), torch.randn(4)
  local step = net:step 'embedding'
  local wanted = net.first(x):tanh():tolist()
  expect(step(x).values):near(wanted, { absolute = 1e-6 })
  expect(step(x).names):equals { 'embedding_1', 'embedding_2', 'embedding_3' }
  torch.no_grad(function() net.first.weight:zero_() end)
  expect(step(x).values):near(wanted, { absolute = 1e-6 })
  expect(net:step()(x).names):equals { 'output_1', 'output_2' }
  expect(tostring(step):find 'embedding' ~= nil):is_true()
end)

test('it prints what tells it from others, not all that the network is made of', function()
  local net = small()
  local text = tostring(net:step 'embedding')
  expect((text:gsub('sha %x%x%x%x%x%x%x%x }', 'sha }'))):equals "frozen { layer 'embedding', 15 parameters, sha }"
  expect((tostring(lumir.chain { net:step() }):gsub('%x+ }', '}'))):equals 'frozen { 23 parameters, sha }'
end)

test('it is heard as in eval, whatever mode the network is in, and draws nothing from the user', function()
  local net = nn.Sequential { nn.Linear(4, 3), nn.BatchNorm1d(3), nn.Dropout(0.5) }
  torch.manual_seed(3)
  local wanted = torch.rand(2):tolist()
  torch.manual_seed(3)
  local step, x = net:step(), torch.randn { 4 }
  torch.manual_seed(3)
  net:step()
  expect(torch.rand(2)):near(wanted)
  expect(step(x).values):near(step(x).values)
  expect(net.training):is_true()
  expect(step(x).values):near(net:eval()(x:view(1, -1))[1]:tolist(), { absolute = 1e-6 })
end)

test('what is no row of numbers stays a tensor', function()
  local step = nn.Sequential { nn.Conv1d(1, 3, 3) }:step()
  expect(step(torch.randn(1, 10)).shape):equals { 3, 8 }
end)

test('parts that are none, functions of the session and weights without a size are refused', function()
  local net = small()
  expect(function() net:step 'embeding' end)
    :raises "step: the network has no layer 'embeding' (did you mean 'embedding'?)"
  local deep = nn.Sequential { nn.Residual(nn.Sequential { nn.Linear(2, 2) }) }
  expect(function() deep:step '0.body.1' end)
    :raises "step: the network has no layer '0.body.1' (did you mean '0.body.0'?)"
  expect(function() net:step 'a\0b' end):raises [[step: the network has no layer 'a\0b']]
  expect(function() nn.Sequential { nn.Lambda(function(x) return x end) }:step() end)
    :raises('step: a Lambda holds a function of this session, and steps run beside it; a class that is written with '
      .. 'nn.Module can be a step')
  expect(function() nn.Sequential { nn.LazyLinear(2) }:step() end)
    :raises "step: 'weight' of LazyLinear has no size yet: no batch went through the network so far"
end)

test('a part within another one is listened to', function()
  local net = nn.Sequential { nn.Residual(nn.Sequential { nn.Linear(4, 4), nn.Tanh() }), nn.Linear(4, 2) }
  local x = torch.randn(4)
  local body = net[1].body
  expect(net:step '0.body.0'(x).values):near(body[1](x):tolist(), { absolute = 1e-6 })
  expect(net:step '0.body'(x).values):near(body(x):tolist(), { absolute = 1e-6 })
  expect(net:step '0'(x).values):near(net[1](x):tolist(), { absolute = 1e-6 })
end)

--- A network that is written in Lua, with what its code uses from around it.
local slopes, Branch, Net = { first = 0.5, 0.25 }, nn.Module 'Branch', nn.Module 'Net'
local function bend(x, slope) return torch.maximum(x, x * slope) end
function Branch:init(width) self.linear = nn.Linear(width, width) end
function Branch:forward(x) return bend(self.linear(x), slopes.first) end
function Net:init(body, options)
  self.body, self.branch, self.embedding = body, Branch(options.width), nn.Identity()
  self.by = nn.Parameter(torch.full({ options.width }, options.scale))
  self.head = nn.Linear(options.width, 2)
end
function Net:forward(x)
  local y = self.body(x)
  return self.head(self.embedding(self.branch(y) * self.by + bend(y, slopes[1])))
end
local function written() return Net(nn.Sequential { nn.Linear(4, 3), nn.Tanh() }, { width = 3, scale = 2 }) end

test('a network that is written in Lua is a step, whole and as far as a part of it', function()
  local net, x = written(), torch.randn(4)
  local body = net.body(x)
  local wanted = net.embedding(net.branch(body) * net.by + bend(body, 0.25)):tolist()
  expect(net:step 'embedding'(x).values):near(wanted, { absolute = 1e-6 })
  expect(net:step()(x).values):near(net(x):tolist(), { absolute = 1e-6 })
  local within = nn.Sequential { nn.Linear(4, 4), net, names = { 'first', 'second' } }
  expect(within:step 'second.branch.linear'(x).values)
    :near(net.branch.linear(net.body(within.first(x))):tolist(), { absolute = 1e-6 })
  local step = net:step 'embedding'
  torch.no_grad(function() net.by:zero_() end)
  slopes.first = 7
  expect(step(x).values):near(wanted, { absolute = 1e-6 })
  slopes.first = 0.5
  local chain = lumir.chain { step }
  step = nil -- luacheck: ignore 311
  collectgarbage()
  expect(chain(x).values):near(wanted, { absolute = 1e-6 })
end)

test('a network whose parts are no more those of its init is refused, at the line that asks for a step', function()
  local net = written()
  net.head = nil
  expect(function() net:step() end):raises 'step: Net has other parameters than its init makes'
  local _, problem = pcall(function() net:step() end)
  expect(problem):contains 'frozen.lua:'
  net.head = nn.Linear(5, 2)
  expect(function() net:step() end):raises "step: 'head.weight' of Net is [2, 5], but its init makes [2, 3]"
  expect(function() net:clone() end):raises "clone: 'head.weight' of Net is [2, 5], but its init makes [2, 3]"
  _, problem = pcall(function() net:step() end)
  expect(problem):contains 'frozen.lua:'
end)

test('parts that a network got behind its init refuse a step in the words that refuse a copy', function()
  local net = written()
  net.late = nn.Linear(2, 2)
  expect(function() net:step() end):raises 'step: Net has other parameters than its init makes'
  expect(function() net:clone() end):raises 'clone: Net has other parameters than its init makes'
  local whole = nn.Sequential { net, nn.Linear(2, 2) }
  expect(function() whole:step '0' end):raises 'step: Net has other parameters than its init makes'
  expect(function() whole:step '0.embedding' end):raises 'step: Net has other parameters than its init makes'
  expect(function() whole:clone() end):raises 'clone: Net has other parameters than its init makes'
  local before = nn.Sequential { nn.Linear(4, 4), net }                       -- what is cut off is not looked at
  local x = torch.randn(4)
  expect(before:step '0'(x).values):near(before[1](x):tolist(), { absolute = 1e-6 })
  net.late = nil
  expect(before:step()(x).values):near(before(x):tolist(), { absolute = 1e-6 })
end)

test('parts without parameters that init did not make, or made otherwise, refuse a copy and a step as well', function()
  local net, Dropping = written(), nn.Module 'Dropping'
  function Dropping:init() self.drop = nn.Dropout(0.5) end
  function Dropping:forward(x) return self.drop(x) end
  local dropping = Dropping()
  expect(dropping:clone().drop.options.p):equals(0.5)
  net.late = nn.Dropout(0.5)
  dropping.drop = nn.Dropout(0.1)
  expect(function() net:step() end):raises 'step: Net has other parts than its init makes'
  expect(function() net:clone() end):raises 'clone: Net has other parts than its init makes'
  expect(function() dropping:step() end):raises 'step: Dropping has other parts than its init makes'
  expect(function() dropping:clone() end):raises 'clone: Dropping has other parts than its init makes'
end)

test('parts that took their sizes from what they saw are in copies and steps', function()
  local Lazy = nn.Module 'Lazy'
  function Lazy:init() self.conv, self.head, self.unseen = nn.LazyConv1d(2, 3), nn.LazyLinear(3), nn.LazyLinear(1) end
  function Lazy:forward(x) return self.head(self.conv(x)) end
  local net, x = Lazy(), torch.randn(2, 4, 5)
  local wanted = net(x)
  torch.manual_seed(3)
  local copy = net:clone()
  local drawn = torch.rand(1):item()
  torch.manual_seed(3)
  expect(torch.rand(1):item()):equals(drawn)
  expect(copy(x):equal(wanted)):is_true()
  expect(copy.conv.name):equals 'Conv1d'
  net.unseen(torch.randn(1, 2))
  expect(net:step()(x[1])):near(wanted[1], { absolute = 1e-6 })
end)

test('of two networks with the same weights and another code each step has its own', function()
  local factor = { by = 2 }
  local Scaled = nn.Module 'Scaled'
  function Scaled:init() self.linear = nn.Linear(2, 2) end
  function Scaled:forward(x) return self.linear(x) * factor.by end
  local net, x = Scaled(), torch.randn(2)
  local twice, again = net:step(), net:step()
  factor.by = 3
  local thrice = net:step()
  local y = net.linear(x)
  expect(twice(x).values):near((y * 2):tolist(), { absolute = 1e-6 })
  expect(again(x).values):near((y * 2):tolist(), { absolute = 1e-6 })
  expect(thrice(x).values):near((y * 3):tolist(), { absolute = 1e-6 })
end)

test('the networks of models/ that are written in Lua are steps', function()
  local size = { height = 32, width = 32, channels = 1, dim = 16, heads = 2, depth = 2 }
  local vit = require('models.vit').network(5, size)
  local image = torch.randn(1, 32, 32)
  local tokens
  local take_off = vit.embedding:register_forward_hook(function(_, _, y) tokens = y end)
  vit:eval()(image:unsqueeze(1))
  take_off()
  expect(vit:step 'embedding'(image).values):near(tokens[1]:tolist(), { absolute = 1e-5 })
  local ecapa = require('models.ecapa').network { channels = 128, n_features = 10 }:eval()
  local frames = torch.randn(10, 40)
  expect(ecapa:step()(frames).values):near(ecapa(frames:unsqueeze(1))[1]:tolist(), { absolute = 1e-4 })
  local silero = require('models.silero').network():eval()
  local sound = audio.sine { frequency = 220, seconds = 0.5, rate = 16000 }
  expect(silero:step()(sound).values):near(silero(sound.samples:unsqueeze(1))[1]:tolist(), { absolute = 1e-5 })
end)

test('what code of a network cannot take along is told', function()
  local table_of_session, tensor = setmetatable({}, {}), torch.ones(2)
  local A, B, C = nn.Module 'A', nn.Module 'B', nn.Module 'C'
  function A:forward(x) return x * tensor end -- luacheck: ignore 212
  function B:forward(x) return x * table_of_session.scale end -- luacheck: ignore 212
  function C:forward(x) return x .. 'text' end -- luacheck: ignore 212
  expect(function() A():step() end):raises("step: 'tensor', which the code of the network uses, is a Tensor of this "
    .. 'session; what steps use must be a part, a parameter or a buffer of it')
  expect(function() B():step() end)
    :raises "step: 'table_of_session', which the code of the network uses, is a table with a metatable"
  local ok, problem = pcall(C():step(), torch.ones(2))
  expect(ok):equals(false)
  expect(tostring(problem):find("'..' joins text and numbers", 1, true) ~= nil):is_true()
end)

--- Songs of the made corpus, a row each.
local function songs_through(step, seconds)
  local load = audio.load { rate = 8000, mono = true, duration = seconds or 0.5 }
  local sample = data.sample('artist20', {
    folder = place, artists = 2, albums = 2, songs = 2, shortest = 5, longest = 5, unlabelled = 0,
  })
  return data.artist20(sample):map(lumir.chain { load, step })
end

test('embeddings of files are kept by the weights, and a head trains on what is kept', function()
  lumir.seed(1)
  local net = nn.Sequential {
    nn.LogMel { rate = 8000, n_fft = 256, n_mels = 16 }, nn.Flatten(2, 3), nn.GlobalAvgPool(), nn.Linear(16, 8),
    names = { 'hearing', '', 'embedding', 'head' },
  }
  local songs = songs_through(net:step('embedding', { batch_size = 7 }))
  local table = songs:table()
  expect(#table.columns):equals(16)
  expect(table.columns[1]):equals 'embedding_01'
  local clip = audio.load(songs.path[1], { rate = 8000, mono = true, duration = 0.5 })
  local alone = net:step('embedding')(clip)
  expect(table.x[1]):near(alone.values, { absolute = 1e-4 })
  local again = songs_through(net:step('embedding', { batch_size = 3 })):table()
  expect(again.x):near(table.x)
  local head = nn.fit(nn.Sequential { nn.LazyLinear(#table.classes) }, table, { epochs = 2 })
  expect(head.epochs):equals(2)
  local nearest = learn.KNeighbors { n_neighbors = 1 }:fit(table)
  expect(lumir.evaluate(nearest, table).best.accuracy):equals(1)
end)

test('columns are called by the layer that was asked for, where the network ends with it, too', function()
  local ears = nn.Sequential {
    nn.LogMel { rate = 8000, n_fft = 256, n_mels = 16 }, nn.Flatten(2, 3), nn.GlobalAvgPool(),
    names = { '', '', 'embedding' },
  }
  expect(songs_through(ears:step()):table().columns[1]):equals 'output_01'
  expect(songs_through(ears:step 'embedding'):table().columns[1]):equals 'embedding_01'
end)

test('a frozen part learns from its epoch on, at a rate of its own, and its norms keep what they knew', function()
  torch.manual_seed(1)
  local net = nn.Sequential { nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2),
                              names = { 'trunk', 'norm', '', 'head' } }
  net:freeze()
  net.head:unfreeze()
  net.norm:eval()
  local seen = {}
  local rows = { x = torch.randn(40, 2):tolist(), y = {} }
  for i, row in ipairs(rows.x) do rows.y[i] = row[1] > 0 and 'a' or 'b' end
  local before, mean = net.trunk.weight:clone(), net.norm.running_mean:clone()
  nn.fit(net, rows, {
    epochs = 4, keep = 'last', unfreeze = { [3] = 3 },
    optimizer = optim.SGD { lr = 0.1, groups = { { match = 'trunk.*', lr = 0.001 } } },
    on_epoch = function(row) seen[row.epoch] = (net.trunk.weight - before):abs():max():item() end,
  })
  expect(seen[2]):equals(0)
  expect(seen[3] > 0 and seen[3] < 0.01):is_true()
  expect(net.norm.running_mean:equal(mean)):is_true()
  expect(function() nn.fit(net, rows, { unfreeze = { 'all' } }) end)
    :raises "fit: 'unfreeze' must say how many of the last parts learn from which epoch on: { [5] = 2 }"
end)

test('parts are freed at whole epochs of the training, and counted whole', function()
  local net, rows = nn.Sequential { nn.Linear(2, 2) }, { x = { { 1, 2 }, { 2, 1 } }, y = { 'a', 'b' } }
  for _, plan in ipairs { { [1.5] = 1 }, { [0] = 1 }, { [1] = 0.5 }, { [1] = -1 }, { [1] = math.huge } } do
    expect(function() nn.fit(net, rows, { epochs = 2, unfreeze = plan }) end)
      :raises "fit: 'unfreeze' must say how many of the last parts learn from which epoch on: { [5] = 2 }"
  end
  expect(function() nn.fit(net, rows, { epochs = 2, unfreeze = { [3] = 1 } }) end)
    :raises "fit: 'unfreeze' = { [3] = 1 } comes behind the last epoch, 2"
  expect(function() nn.fit(net, rows, { epochs = 2, unfreeze = { [2] = 1 } }) end)
    :raises "fit: 'unfreeze' frees nothing: no weight of the network is frozen, which net:freeze() does"
end)

test('parts that are freed count from the end, those without weights do not', function()
  local net = nn.Sequential { nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2) }:freeze()
  nn.unfreeze_last(net, 2)
  local learns = {}
  for name, parameter in net:named_parameters() do
    if parameter.requires_grad then learns[#learns + 1] = name end
  end
  expect(learns):equals { '2.weight', '2.bias', '4.weight', '4.bias' }
end)
