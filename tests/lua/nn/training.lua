-- Loops over batches and epochs, nn.fit, checkpoints, networks that are written in Lua.

local lumir = require 'lumir'
local nn, optim, torch, learn, report = lumir.nn, lumir.optim, lumir.torch, lumir.learn, lumir.report

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

test('a network of other classes than the data is refused at its first batch', function()
  expect(function() nn.fit(nn.Linear(3, 5), rows(8), { epochs = 1 }) end)
    :raises 'fit: the network gives 5 scores a row, and the data have 2 classes'
end)

test('an optimizer of another network, or a schedule of another optimizer, is refused before anything is learnt', function()
  local net, other = nn.Linear(3, 2), nn.Linear(3, 2)
  expect(function() nn.fit(net, rows(8), { epochs = 1, optimizer = optim.Adam(other, { lr = 1 }) }) end)
    :raises 'fit: Adam holds no parameter of this Linear: it is of another network; optim.Adam { ... } is bound by nn.fit'
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
  expect(tostring(curve)):contains 'epoch  accuracy   loss\n    1     0.250  2.500\n    2     0.500  1.500'
  expect(#curve.rows):equals(2)
  expect(#curve:figures()):equals(2)
end)
