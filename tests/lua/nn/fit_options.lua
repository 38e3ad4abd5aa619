-- nn.fit's averages, weights of rows, views and losses that learn, each beside a loop of its own with the same numbers.

local lumir = require 'lumir'
local audio, augment, feature = lumir.audio, lumir.augment, lumir.feature
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

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

--- Four tones of two genres, on disk while a function works on them.
local function with_tones(use)
  local folder = os.tmpname()
  os.remove(folder)
  for i = 1, 4 do
    local genre = i <= 2 and 'high' or 'low'
    local tone = audio.chirp { fmin = 100 * i, fmax = 2000, seconds = 0.4, rate = 8000 }
    tone:write(('%s/%s/%s.%05d.wav'):format(folder, genre, genre, i))
  end
  local good, problem = pcall(use, lumir.data.gtzan(folder))
  os.execute("rm -rf '" .. folder .. "'")
  if not good then error(problem, 0) end
end

local function network()
  lumir.seed(7)
  return nn.Sequential { nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2) }
end

local function expect_same(net, other)
  for name, value in pairs(net:state_dict()) do expect(other:state_dict()[name]:equal(value)):is_true() end
end

--- A training by hand: for each batch what `loss_of` makes of it, then what `after` does.
local function trained(net, data, how, loss_of, after)
  local sgd = how.optimizer or optim.SGD(net, { lr = 0.1 })
  for epoch in nn.epochs(how.epochs) do
    for x, y, _, weights in data:batches(how.batches) do
      sgd:minimize(loss_of(x, y, weights))
      if after then after('batch', epoch) end
    end
    if after then after('epoch', epoch) end
  end
  return net
end

test('averages of weights are kept and judged in place of the weights', function()
  local data, loss = lumir.data.table(rows(40)), nn.CrossEntropyLoss()
  for _, options in ipairs { { decay = 0.8, use_buffers = true }, { start = 2 } } do
    local each = options.decay and 'batch' or 'epoch'
    local net = network()
    local averaged = optim.AveragedModel(net, options)
    local own = trained(net, data, { epochs = 3, batches = { batch_size = 8, shuffle = true } }, function(x, y)
      return loss(net(x), y)
    end, function(now, epoch)
      if now == each and epoch >= averaged.options.start then averaged:update() end
    end)
    averaged:swap()

    local fitted = network()
    local run = nn.fit(fitted, data, { epochs = 3, batch_size = 8, valid = data, keep = 'last',
      optimizer = optim.SGD { lr = 0.1 }, average = optim.AveragedModel(options) })
    expect_same(own, fitted)
    local judged, n = 0, 0
    for x, y in data:batches { batch_size = 8 } do
      fitted:eval()
      judged, n = judged + loss(fitted(x), y):item() * x.shape[1], n + x.shape[1]
    end
    expect(run.curve.rows[3].valid_loss):near(judged / n, { relative = 1e-6 })
  end
end)

test('averages without weights say so, and their options are known', function()
  local averaged = optim.AveragedModel { decay = 0.9 }
  expect(averaged.bound):equals(false)
  expect(tostring(optim.AveragedModel { use_buffers = true, start = 3 }))
    :equals 'AveragedModel { use_buffers = true, start = 3 }'
  expect(averaged.options.decay):equals(0.9)
  expect(function() averaged:update() end)
    :raises 'update: this AveragedModel has no weights yet; averaged:bind(net) gives it some'
  expect(averaged:bind(network()).bound):equals(true)
  expect(function() optim.AveragedModel { decay = 2 } end):raises "AveragedModel: 'decay' = 2 is out of range (0 to 1)"
end)

test('a row of weight 3 counts like three rows, from its table or by sample_weight', function()
  local some, more, weights = rows(12), rows(12), {}
  for i = 1, 12 do
    weights[i] = i % 3 + 1
    for _ = 2, weights[i] do
      more.x[#more.x + 1], more.y[#more.y + 1] = some.x[i], some.y[i]
    end
  end
  local function fitted(data, options)
    lumir.seed(7)
    local net = nn.Linear(3, 2)
    options.epochs, options.batch_size, options.keep, options.shuffle = 4, 64, 'last', false
    options.optimizer = optim.SGD { lr = 0.5 }
    local run = nn.fit(net, data, options)
    return net.weight:detach(), run.curve.rows[4].loss
  end
  local repeated, loss = fitted(more, {})
  local weighted, weighted_loss = fitted({ x = some.x, y = some.y, weights = weights }, {})
  expect(weighted):near(repeated, { absolute = 1e-6 })
  expect(weighted_loss):near(loss, { relative = 1e-6 })
  local by_option = nn.CrossEntropyLoss { reduction = 'none' }
  local run = nn.fit(nn.Linear(3, 2), some, { epochs = 1, sample_weight = weights, loss = by_option })
  expect(run.options.sample_weight):equals '12 numbers'     -- for a slide; there may be a million
  expect(fitted(some, { sample_weight = weights, loss = by_option }):equal(weighted)):is_true()
  expect(fitted(some, {}):equal(weighted)):equals(false)
end)

test('a loop of its own gets the weights of rows, and nn.fit gives the same numbers', function()
  local given = rows(40)
  given.weights = {}
  for i = 1, 40 do given.weights[i] = i / 40 end
  local data, losses = lumir.data.table(given), nn.CrossEntropyLoss { reduction = 'none' }
  local net = network()
  trained(net, data, { epochs = 2, batches = { batch_size = 8, shuffle = true } }, function(x, y, weights)
    return (losses(net(x), y) * weights):sum() / weights:sum()
  end)
  local fitted = network()
  nn.fit(fitted, data, { epochs = 2, batch_size = 8, keep = 'last', optimizer = optim.SGD { lr = 0.1 } })
  expect_same(net, fitted)
end)

test('weights of rows ask for a loss of each row, for targets as they are, and for one of each row', function()
  local function refused(options) return expect(function() nn.fit(network(), rows(8), options) end) end
  local weights = { 1, 2, 3, 4, 5, 6, 7, 8 }
  refused { sample_weight = weights, loss = nn.CrossEntropyLoss() }
    :raises "fit: weights of rows take a loss of each row: nn.CrossEntropyLoss { reduction = 'none' }"
  refused { sample_weight = weights, augment = augment.Mixup() }
    :raises 'fit: weights of rows do not go with effects that change targets'
  refused { sample_weight = { 1, 2 } }
    :raises "batches: 'sample_weight' must be 8 numbers, one for each row, got 2"
  refused { sample_weight = { 1, 'a' } }:raises "fit: position 2 of 'sample_weight' must be a number, got 'a'"
  refused { weights = { 1, 2 } }:raises "batches: 'weights' must be 8 numbers, one for each row, got 2"
  refused { augment = { 3 } }:raises "fit: position 1 of 'augment' must be a BatchEffect, got 3"
end)

test('rows are drawn as their weights say', function()
  local given, weights = rows(8), {}
  for i = 1, 8 do weights[i] = i == 3 and 1 or 0 end
  local Watched, seen = nn.Module 'Watched', {}
  function Watched:init() self.linear = nn.Linear(3, 2) end
  function Watched:forward(x)
    for i = 1, x.shape[1] do seen[#seen + 1] = x[i][1]:item() end
    return self.linear(x)
  end
  nn.fit(Watched(), given, { epochs = 1, weights = weights })
  expect(#seen):equals(8)
  for _, value in ipairs(seen) do expect(value):near(given.x[3][1], { relative = 1e-6 }) end
end)

test('a batch of two views has its rows twice, and a loss of views compares them', function()
  local data, loss = lumir.data.table(rows(40)), nn.NTXentLoss()
  local noise = augment.RandomBrightness { brightness = 0.4 }
  local first
  for x in data:batches { batch_size = 16, views = 2 } do first = first or x end
  expect(first.shape):equals { 32, 3 }
  expect(first['1:16']:equal(first['17:32'])):is_true()

  local net = network()
  local how = { epochs = 2, batches = { batch_size = 16, shuffle = true, views = 2 } }
  trained(net, data, how, function(x) return loss(unpack(net((noise(x))):chunk(2))) end)
  local fitted, unlabelled = network(), { x = rows(40).x }
  local options = { epochs = 2, batch_size = 16, views = 2, augment = noise, loss = loss, keep = 'last',
    optimizer = optim.SGD { lr = 0.1 } }
  nn.fit(fitted, unlabelled, options)
  expect_same(net, fitted)
  options.valid = { x = rows(8).x }
  local run = nn.fit(fitted, unlabelled, options)
  expect(run.curve.rows[2].valid_loss > 0):is_true()
  expect(run.curve.rows[2].accuracy):equals(nil)
end)

test('views are drawn anew by a chain that draws', function()
  with_tones(function(songs)
    local chain = lumir.chain { audio.load(), augment.crop { seconds = 0.1 }, feature.mfcc { n_mfcc = 4 } }
    for x, y in songs:map(chain):batches { batch_size = 4, views = 2 } do
      expect(x.shape[1]):equals(8)
      expect(x['1:4']:equal(x['5:8'])):equals(false)
      expect(y['1:4']:equal(y['5:8'])):is_true()
    end
  end)
end)

test('a loss of views outside of views says what is missing', function()
  expect(function() nn.fit(network(), rows(8), { epochs = 1, loss = nn.NTXentLoss() }) end)
    :raises 'NTXentLoss: takes two views of [batch, numbers], got [8, 2] and [8]; nn.fit makes them with { views = 2 }'
  local views = augment.Views { augment.RandomBrightness() }
  expect(function() nn.fit(network(), rows(8), { epochs = 1, loss = nn.VICRegLoss(), views = 2, augment = views }) end)
    :raises "fit: 'views' = 2 has every row so often already, and augment.Views again"
end)

test('a loss with parameters is learnt with the network', function()
  local data = lumir.data.table(rows(40))
  local function parts()
    lumir.seed(7)
    return nn.Linear(3, 5), nn.ArcFaceLoss(2, 5)
  end
  local net, loss = parts()
  local sgd = optim.SGD({ net, loss }, { lr = 0.001 })
  trained(net, data, { epochs = 2, optimizer = sgd, batches = { batch_size = 8, shuffle = true } },
    function(x, y) return loss(net(x), y) end)
  local fitted, learnt = parts()
  local before = learnt.weight:detach():clone()
  local run = nn.fit(fitted, data, { epochs = 2, batch_size = 8, loss = learnt, valid = data, keep = 'last',
    optimizer = optim.SGD { lr = 0.001 } })
  expect_same(net, fitted)
  expect(learnt.weight:equal(loss.weight)):is_true()
  expect(learnt.weight:equal(before)):equals(false)
  expect(run.curve.rows[2].valid_loss > 0):is_true()
  expect(run.curve.rows[2].valid_accuracy):equals(nil)      -- what the loss takes are no scores
  expect(function() nn.fit(net, data, { epochs = 1, loss = loss, optimizer = optim.SGD(net, { lr = 0.001 }) }) end)
    :raises("fit: SGD does not hold 'weight' of ArcFaceLoss, which is learnt: optim.SGD({ net, loss }, { ... }), "
      .. 'or optim.SGD { ... } is bound by nn.fit')
end)

test('infinity ends a training where that is asked for', function()
  local Blown = nn.Module 'Blown'
  function Blown:init() self.linear = nn.Linear(3, 2) end
  function Blown:forward(x) return self.linear(x) * 1e38 * 1e38 end
  local options = { epochs = 1, batch_size = 4, detect_infinity = true }
  expect(function() nn.fit(Blown(), rows(8), options) end)
    :raises '*: gives infinity, and was given none (in Blown; batch 1 of epoch 1)'
  options.detect_infinity = false
  expect(function() nn.fit(Blown(), rows(8), options) end):raises 'fit: epoch 1, batch 1: minimize: the loss is nan'
end)

test('a recurrent layer refuses rows without time, by hand, in nn.fit and in evaluate', function()
  local flat = lumir.data.table(rows(8))
  local function net() return nn.Sequential { nn.LSTM(3, 4, { batch_first = true }), nn.Linear(4, 2) } end
  local said = 'LSTM(3, 4, { batch_first = true }): got a batch of 8 rows without time, [8, 3], which would be taken '
    .. 'for one sequence; rows of [time, 3] have time, and x:unsqueeze(2) makes each row a frame'
  expect(function() nn.fit(net(), flat, { epochs = 1 }) end):raises(said)
  expect(function()
    for x in flat:batches { batch_size = 8 } do net()(x) end
  end):raises(said)
  expect(function() lumir.evaluate(net(), flat) end):raises(said)
  expect(function()
    for x in flat:batches { batch_size = 8 } do nn.MultiheadAttention(3, 1)(x) end
  end):raises((said:gsub('^.-:', 'MultiheadAttention(3, 1):'):gsub('%(2%)', '(1)')))
  for x in flat:batches { batch_size = 8 } do
    expect(net()(x:unsqueeze(2)).shape):equals { 8, 1, 2 }
    expect(net()(x['1:3']).shape):equals { 3, 2 }           -- a sequence that is not the batch
    if x then break end
  end
  expect(net()(torch.ones(8, 3)).shape):equals { 8, 2 }     -- the loop is over
end)

test('fewer rows than a batch with drop_last are refused, where nothing would be trained', function()
  expect(function() nn.fit(network(), rows(8), { epochs = 1, drop_last = true }) end):raises
    "batches: 'drop_last' leaves no batch: 8 rows are fewer than 'batch_size' = 32"
  expect(nn.fit(network(), rows(8), { epochs = 1, batch_size = 8, drop_last = true }).epochs):equals(1)
end)

test('sequences of a batch are heard one by one, as long as the batch or not', function()
  with_tones(function(songs)
    local frames = lumir.chain { audio.load(), feature.mfcc { n_mfcc = 3 }, feature.fix_frames { frames = 4 },
      feature.frames_first() }
    local heard = 0
    for batch in songs:map(frames):batches { batch_size = 4 } do
      for i = 1, 4 do heard = heard + nn.GRU(3, 2)(batch[i]).shape[1] end
    end
    expect(heard):equals(16)
  end)
end)

test('a loop that an error has ended is worked on no more', function()
  local flat = lumir.data.table(rows(8))
  local function batch_named()
    local good, problem = pcall(torch.autograd.detect_anomaly, function() return torch.zeros(1) / 0 end)
    return not good and tostring(problem):match 'batch %d'
  end
  pcall(function()
    for _ in flat:batches { batch_size = 4 } do error 'stopped' end
  end)
  expect(batch_named()):equals(nil)
  for _ in flat:batches { batch_size = 4 } do
    expect(batch_named()):equals 'batch 1'
    for x in flat:batches { batch_size = 2 } do
      if x then break end
    end
    expect(batch_named()):equals 'batch 1'
    if batch_named() then break end
  end
  expect(batch_named()):equals(nil)
end)

test('mixed precision learns what numbers of 32 bits learn; those of 16 have losses that are scaled', function()
  local data = lumir.data.table(rows(40))
  local function last_loss(amp)
    local run = nn.fit(network(), data, { epochs = 6, batch_size = 8, optimizer = optim.SGD { lr = 0.1 }, amp = amp })
    return run.curve.rows[6].loss
  end
  local whole = last_loss(nil)
  for _, amp in ipairs { 'bfloat16', 'float16' } do
    local mixed = last_loss(amp)
    expect(mixed):near(whole, { relative = 0.05 })
    expect(mixed == whole):equals(false)
  end
  expect(function() last_loss 'float8' end):raises "fit: 'amp' = 'float8' is neither 'bfloat16' nor 'float16'"
end)

test('minimize takes a scaler, which leaves out a step whose gradients are infinite', function()
  local w, scaler = torch.tensor({ 1 }, { requires_grad = true }), optim.GradScaler { init_scale = 1024 }
  local sgd = optim.SGD({ w }, { lr = 0.5 })
  sgd:minimize((w * 1e37):sum(), { scaler = scaler })
  expect(w:item()):equals(1)
  expect(scaler.factor):equals(512)
  expect(scaler.skipped):equals(1)
  expect(tostring(scaler)):equals 'GradScaler { init_scale = 1024 } at 512'
  sgd:minimize((w * 0.5):sum(), { scaler = scaler })
  expect(w:item()):equals(0.75)
  expect(function() sgd:minimize(w:sum(), { scaler = 3 }) end):raises "minimize: 'scaler' must be a GradScaler, got 3"
  for _, dtype in ipairs { 'int64', 'complex64' } do
    expect(function() scaler:scale(torch.ones(1, { dtype = dtype })) end)
      :raises(("scale: 'loss' must be of fractions, got %s"):format(dtype))
  end
end)
