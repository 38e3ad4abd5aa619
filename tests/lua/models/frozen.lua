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

test('parts that no Sequential holds, networks in Lua and weights without a size are refused', function()
  local net = small()
  expect(function() net:step 'embeding' end)
    :raises "step: the network has no layer 'embeding' (did you mean 'embedding'?)"
  local deep = nn.Sequential { nn.Residual(nn.Sequential { nn.Linear(2, 2) }) }
  expect(function() deep:step '0.body.0' end)
    :raises("step: '0.body.0' does not stand in a Sequential, but in nn.Residual; what comes behind it cannot be left "
      .. 'out')
  local Net = nn.Module 'Net'
  function Net:init() self.linear = nn.Linear(2, 2) end
  function Net:forward(x) return self.linear(x) end
  expect(function() nn.Sequential { Net() }:step() end):raises('step: Net is written in Lua, and steps run in '
    .. 'threads that Lua does not; a network of registered layers can be a step')
  expect(function() nn.Sequential { nn.LazyLinear(2) }:step() end)
    :raises "step: 'weight' of LazyLinear has no size yet: no batch went through the network so far"
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
  nn.fit(net, rows, { epochs = 2, unfreeze = { [2] = 1 } })
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
