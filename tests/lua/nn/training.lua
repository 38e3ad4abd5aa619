-- Loops over batches and epochs, nn.fit, checkpoints, networks that are written in Lua.

local lumir = require 'lumir'
local nn, optim, torch, learn, report = lumir.nn, lumir.optim, lumir.torch, lumir.learn, lumir.report
local augment = lumir.augment

--- Rows of two classes that a line tells apart.
local function rows(n)
  local x, y = {}, {}
  for i = 1, n do
    local side = i % 2 == 0 and 1 or -1
    x[i] = { side + math.sin(i) * 0.3, math.cos(3 * i), side * 0.5 + math.sin(7 * i) * 0.2 }
    y[i] = i % 2 == 0 and 'even' or 'odd'
  end
  return { x = x, y = y }
end

local function network()
  return nn.Sequential { nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2) }
end

test('batches hold every row once, in an order of their own in each pass', function()
  lumir.seed(3)
  local data = lumir.data.table(rows(10))
  local function order()
    local seen = {}
    for x in data:batches { batch_size = 4, shuffle = true } do
      for i = 1, x.shape[1] do seen[#seen + 1] = ('%.5f'):format(x[i][2]:item()) end
    end
    return seen
  end
  local first, second = order(), order()
  expect(#first):equals(10)
  expect(table.concat(first, ' ') ~= table.concat(second, ' ')):equals(true)
  table.sort(first)
  table.sort(second)
  expect(first):equals(second)
end)

test('fit finds what a line tells apart, and a loop of its own gives the same numbers', function()
  local data = lumir.data.table(rows(40))
  lumir.seed(7)
  local net = network()
  local run = nn.fit(net, data, { epochs = 5, batch_size = 8, optimizer = optim.Adam { lr = 0.05 }, keep = 'last' })
  expect(run.curve.rows[5].accuracy > 0.9):equals(true)

  lumir.seed(7)
  local own = network()
  local adam, loss, losses = optim.Adam(own, { lr = 0.05 }), nn.CrossEntropyLoss(), {}
  for epoch in nn.epochs(5, { own, adam }) do
    local mean = lumir.evaluate.Mean()
    for x, y in data:batches { batch_size = 8, shuffle = true } do
      mean:add(adam:minimize(loss(own(x), y)), x.shape[1])
    end
    losses[epoch] = mean.value
  end
  for epoch = 1, 5 do expect(losses[epoch]):equals(run.curve.rows[epoch].loss) end
  expect(own[1].weight:equal(net[1].weight)):equals(true)
end)

test('what an accumulation leaves when a pass ends is a step, in nn.fit and in a loop of its own', function()
  local data = lumir.data.table(rows(40))
  local function trained(run)
    lumir.seed(7)
    local net = network()
    run(net, optim.SGD(net, { lr = 0.1, momentum = 0.9 }), nn.CrossEntropyLoss())
    return net[1].weight
  end
  --- Five batches: two steps of two, and one of what is left.
  local by_hand = trained(function(net, sgd, loss)
    for _ in nn.epochs(3) do
      local batches = data:batches { batch_size = 8, shuffle = true }
      for x, y in batches do
        (loss(net(x), y) / 2):backward()
        if batches.done % 2 == 0 or batches.done == #batches then
          sgd:step()
          sgd:zero_grad()
        end
      end
    end
  end)
  local minimized = trained(function(net, sgd, loss)
    for _ in nn.epochs(3) do
      for x, y in data:batches { batch_size = 8, shuffle = true } do
        sgd:minimize(loss(net(x), y), { accumulate = 2 })
        for _ in data:batches { batch_size = 40 } do end    -- another pass that ends meanwhile finishes nothing
      end
    end
  end)
  local fitted = trained(function(net, sgd)
    nn.fit(net, data, { epochs = 3, batch_size = 8, optimizer = sgd, accumulate = 2, keep = 'last' })
  end)
  expect(minimized:allclose(by_hand)):equals(true)
  expect(fitted:equal(minimized)):equals(true)
end)

test('how long a network was trained stands in its results', function()
  local data = lumir.data.table(rows(40))
  local net = network()
  expect(tostring(lumir.evaluate(net, data)):match 'fit s[^\n]*\n.- (%-)  '):equals '-'
  local run = nn.fit(net, data, { epochs = 1 })
  expect(tostring(run):find '^1 epoch in'):equals(1)
  expect(lumir.evaluate(net, data).best.fit_seconds >= run.seconds):equals(true)
  local first = lumir.evaluate(net, data).best.fit_seconds
  nn.fit(net, data, { epochs = 1 })                         -- goes on: both count
  expect(lumir.evaluate(net, data).best.fit_seconds > first):equals(true)
end)

test('validation is by the names of classes', function()
  local all = { x = {}, y = {} }
  for i = 1, 60 do
    all.x[i], all.y[i] = { i % 3 == 0 and 4 or 0, i % 3 == 1 and 4 or 0, math.sin(i) }, ({ 'c', 'a', 'b' })[i % 3 + 1]
  end
  local some = { x = {}, y = {} }
  for i = 1, 60 do
    if all.y[i] ~= 'a' then some.x[#some.x + 1], some.y[#some.y + 1] = all.x[i], all.y[i] end
  end
  lumir.seed(1)
  local net = nn.Linear(3, 3)
  local run = nn.fit(net, all, { valid = some, epochs = 20, batch_size = 10, optimizer = optim.Adam { lr = 0.1 } })
  expect(run.curve.rows[20].valid_accuracy):equals(1)
  expect(function() nn.fit(net, { x = all.x, y = all.y }, { valid = rows(8) }) end)
    :raises "fit: 'valid' has the class 'even', which the data have not"
end)

test('what is watched is known before the first epoch, and mode is of what patience watches', function()
  local data = lumir.data.table(rows(40))
  local function fit(options)
    lumir.seed(7)
    options.epochs, options.valid, options.optimizer = 15, data, optim.Adam { lr = 0.05 }
    return nn.fit(network(), data, options)
  end
  expect(function() fit { monitor = 'val_loss' } end)
    :raises("fit: 'monitor' = 'val_loss' is not measured (did you mean 'valid_loss'?); there are loss, accuracy, "
      .. 'grad_norm, lr, valid_loss, valid_accuracy, valid_f1')
  local run = fit { monitor = 'loss', mode = 'min', keep = 'accuracy' }
  local most = 0
  for _, row in ipairs(run.curve.rows) do most = math.max(most, row.valid_accuracy) end
  expect(run.best):equals(most)
  expect(fit { monitor = 'grad_norm', keep = 'last' }.watched):equals(nil)
end)

test('the epoch that is kept comes back, with its weights', function()
  local data = lumir.data.table(rows(40))
  lumir.seed(7)
  local net, kept = network(), {}
  local run = nn.fit(net, data, { valid = data, epochs = 6, batch_size = 8, monitor = 'loss', mode = 'max',
    optimizer = optim.SGD { lr = 0.2 }, on_epoch = function(row) kept[row.epoch] = net[1].weight:clone() end })
  expect(run.best_epoch):equals(1)                          -- the loss falls, and the highest was asked for
  expect(net[1].weight:equal(kept[1])):equals(true)
  expect(net[1].weight:equal(kept[6])):equals(false)
end)

test('parts in eval mode stay in it while the rest is trained', function()
  local data = lumir.data.table(rows(40))
  local net = nn.Sequential { nn.BatchNorm1d(3), nn.Linear(3, 2) }
  net[1]:eval()
  nn.fit(net, data, { valid = data, epochs = 2, optimizer = optim.SGD { lr = 0.1 } })
  expect(net[1].training):equals(false)
  expect(net[1].running_mean:abs():sum():item()):equals(0)
  expect(net.training and net[2].training):equals(true)
end)

test('a fit that is refused leaves a network as it was, and the next one says what it knows', function()
  local net = nn.Linear(3, 2)
  local three = rows(9)
  for i = 1, 9 do three.y[i] = ({ 'a', 'b', 'c' })[i % 3 + 1] end
  expect(function() nn.fit(net, three, { epochs = 1 }) end)
    :raises 'fit: the network gives 2 scores a row, and the data have 3 classes'
  nn.fit(net, rows(8), { epochs = 1 })
  lumir.evaluate(net, lumir.data.table(rows(8)))            -- which would not be, of three classes
  expect(function() nn.fit(net, rows(8), { schedul = 1, epocs = 2 }) end)
    :raises "fit: unknown option 'epocs' (did you mean 'epochs'?)"
  nn.fit(net, rows(8), { epochs = 1, augment = false, valid = false })
end)

test('options of a fit are read by one schema, which is its help, too', function()
  local net, data = network(), rows(8)
  local function refused(options) return expect(function() nn.fit(net, data, options) end) end
  refused { epochs = 0 }:raises "fit: 'epochs' = 0 is out of range (1 to 1000000000)"
  refused { batch_size = 2.5 }:raises "fit: 'batch_size' must be an integer, got 2.5"
  refused { mode = 'least' }:raises "fit: 'mode' = 'least' is none of 'min', 'max'"
  refused { clip_norm = -1 }:raises "fit: 'clip_norm' = -1 is out of range (must be above 0)"
  refused { optimizer = 'adam' }:raises "fit: 'optimizer' must be Optimizer, got 'adam'"
  refused { augment = { optim.Adam() } }:raises "fit: position 1 of 'augment' must be a BatchEffect, got Optimizer"
  refused { augment = 3 }:raises "fit: 'augment' must be BatchEffect or list of BatchEffect, got 3"
  expect(function() nn.fit(data) end):raises "fit: 'net' must be Module, got table"
  expect(nn.fit(net, data, { epochs = 2 }).options.batch_size):equals(32)
  local help = require('lumir.native').core.help 'nn.fit'
  expect(help:match '^[^\n]*'):contains 'nn.fit(net, data, options) -> a table: curve'
  expect(help):contains 'epochs            = 10'
  local before = help:match '\n(    batch_size [^\n]-)rows of a batch'
  expect(#before <= 40):is_true()                           -- the long types of other options push nothing out
end)

test('patience stops, the best weights come back, a callback may end it', function()
  local data = lumir.data.table(rows(40))
  lumir.seed(7)
  local run = nn.fit(network(), data, {
    valid = data, epochs = 50, batch_size = 8, patience = 2, monitor = 'loss', keep = 'accuracy',
    optimizer = optim.SGD { lr = 0 },
  })
  expect(run.epochs):equals(3)
  expect(run.best_epoch):equals(1)
  local seen = 0
  nn.fit(network(), data, { epochs = 9, optimizer = optim.SGD { lr = 0.1 }, on_epoch = function(row)
    seen = row.epoch
    return row.epoch < 4
  end })
  expect(seen):equals(4)
end)

test('a loss that is NaN names its epoch and batch', function()
  local data = lumir.data.table(rows(8))
  local Bad = nn.Module 'Bad'
  function Bad:init() self.linear = nn.Linear(3, 2) end
  function Bad:forward(x) return self.linear(x) / 0 * 0 end
  expect(function() nn.fit(Bad(), data, { epochs = 1, optimizer = optim.SGD { lr = 0.1 } }) end)
    :raises 'fit: epoch 1, batch 1: minimize: the loss is nan'
end)

test('a network in Lua has parts, parameters and fields, named as PyTorch names them', function()
  local Scale = nn.Module 'Scale'
  function Scale:init(n)
    self.body = nn.Sequential { nn.Linear(n, n) }
    self.by = nn.Parameter(torch.ones(n))
    self.mean = nn.Buffer(torch.zeros(n))
    self.n = n
  end
  function Scale:forward(x) return self.body(x) * self.by + self.mean end
  local net = Scale(3)
  local names = {}
  for name in net:named_parameters() do names[#names + 1] = name end
  expect(names):equals { 'by', 'body.0.weight', 'body.0.bias' }
  expect(net.n):equals(3)
  expect(net(torch.ones(2, 3)).shape[2]):equals(3)
  expect(net.n_parameters):equals(15)
  expect(function() net.parts = { nn.ReLU() } end):raises(
    "Scale: 'parts' is a list of modules, whose parameters nobody would see; nn.ModuleList { ... } holds them")
  expect(function() nn.ReLU().x = 1 end):raises(
    "ReLU: 'x' cannot be set; a network with fields of its own is written with nn.Module")
end)

test('evaluate gives back the mode it found, and a file the network', function()
  local data = lumir.data.table(rows(20))
  lumir.seed(2)
  local net = nn.Sequential { nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 2) }
  nn.fit(net, data, { epochs = 2, optimizer = optim.Adam { lr = 0.01 } })
  net:train()
  local before = lumir.evaluate(net, data)
  expect(net.training):equals(true)
  expect(net[2].training):equals(true)
  local path = os.tmpname() .. '.safetensors'
  net:save(path)
  local again = lumir.evaluate(learn.load(path), data)
  expect(again.best.predicted):equals(before.best.predicted)
  os.remove(path)
end)

test('fit counts right answers to every view of a batch, and none where views are of shares of classes', function()
  local Still = nn.Module 'Still'                           -- what comes in are the scores
  function Still:init() self.by = nn.Parameter(torch.ones(1)) end
  function Still:forward(x) return x * self.by end
  local x, y = {}, {}
  for i = 1, 8 do x[i], y[i] = { i % 2, 1 - i % 2 }, i % 2 == 1 and 'a' or 'b' end
  local views = augment.Views { augment.RandomBrightness { brightness = 0 } }
  local function accuracy(effects)
    local run = nn.fit(Still(), { x = x, y = y }, { epochs = 1, batch_size = 4, augment = effects, keep = 'last' })
    return run.curve.rows[1].accuracy
  end
  expect(accuracy(views)):equals(1)
  expect(accuracy { views, augment.Mixup() }):equals(nil)
end)

test('a network of other classes than the data is refused at its first batch', function()
  expect(function() nn.fit(nn.Linear(3, 5), rows(8), { epochs = 1 }) end)
    :raises 'fit: the network gives 5 scores a row, and the data have 2 classes'
end)

test('an optimizer of another network, or a schedule of another optimizer, is refused before all', function()
  local net, other = nn.Linear(3, 2), nn.Linear(3, 2)
  expect(function() nn.fit(net, rows(8), { epochs = 1, optimizer = optim.Adam(other, { lr = 1 }) }) end)
    :raises('fit: Adam holds no parameter of this Linear: it is of another network; '
      .. 'optim.Adam { ... } is bound by nn.fit')
  local own, foreign = optim.Adam(net, { lr = 1 }), optim.Adam(other, { lr = 1 })
  expect(function()
    nn.fit(net, rows(8), { epochs = 1, optimizer = own, schedule = optim.StepLR(foreign, { step_size = 1 }) })
  end):raises 'fit: StepLR sets the rate of another optimizer'
  local run = nn.fit(net, rows(8), { epochs = 1, optimizer = own })
  expect(run.options.optimizer):contains 'Adam'
end)

test('a curve has a line, rows and figures', function()
  local curve = report.Curve()
  curve:add { epoch = 1, loss = 2.5, accuracy = 0.25 }
  curve:add { epoch = 2, loss = 1.5, accuracy = 0.5 }
  expect(tostring(curve)):contains
    'epoch   accuracy    loss\n    1      0.250   2.500\n    2      0.500   1.500'
  expect(#curve.rows):equals(2)
  expect(#curve:figures()):equals(2)
end)
