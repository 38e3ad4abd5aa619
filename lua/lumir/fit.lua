-- nn.fit: the loop over epochs and batches, written once, with what every network needs: validation, patience, the best
-- weights, schedules, effects on batches. It is made of the same parts as a loop of one's own (nn.epochs, minimize,
-- nn.Best, report.Curve) and gives the same numbers.

local native = require 'lumir.native'
local core = native.core
local nn, optim, torch, evaluate, report, metric =
  native.nn, native.optim, native.torch, native.evaluate, native.report, native.metric

local defaults = {
  valid = false, epochs = 10, batch_size = 32, shuffle = true, balance = false, drop_last = false, workers = false,
  loss = false, optimizer = false, schedule = false, augment = {}, monitor = false, mode = false, patience = false,
  keep = 'best', device = 'cpu', amp = false, clip_norm = false, accumulate = 1, limit_batches = false,
  overfit_one_batch = false, fast_run = false, on_epoch = false,
}

local function parameter(name, type, text) return { name = name, type = type, text = text, optional = true } end

local words = {
  name = 'nn.fit',
  summary = 'Trains a network: one pass over the data in batches for each epoch, judged on other data after each. At '
    .. 'the end the network has its best weights again, unless keep says otherwise.',
  returns = 'a table: curve, a Curve; best and best_epoch; epochs, how many there were; seconds; options, as they were',
  example = "nn.fit(nn.Sequential { nn.LazyLinear(3) }, table, { epochs = 1, optimizer = optim.Adam { lr = 0.01 } })",
  source = "Keras' Model.fit and Lightning's Trainer",
  parameters = {
    { name = 'net', type = 'Module', text = 'what is trained' },
    { name = 'data', type = 'Dataset or Table', text = 'what it is trained on' },
    parameter('valid', 'Dataset or Table', 'what it is judged on after each epoch'),
    parameter('epochs', 'integer', 'how many at most; 10 unless given'),
    parameter('batch_size', 'integer', 'rows of a batch; 32 unless given'),
    parameter('shuffle', 'boolean', 'another order in each epoch; true unless given'),
    parameter('balance', 'boolean', 'every class as often as the others'),
    parameter('drop_last', 'boolean', 'leaves out a last batch that is smaller'),
    parameter('workers', 'integer', 'threads that make rows ahead'),
    parameter('loss', 'Module', 'CrossEntropyLoss unless given'),
    parameter('optimizer', 'Optimizer', 'bound or not; Adam unless given'),
    parameter('schedule', 'Scheduler', 'bound or not'),
    parameter('augment', 'list of BatchEffect', 'what is done to each batch, in order'),
    parameter('monitor', 'text', "what patience and ReduceLROnPlateau watch, as the curve calls it: 'valid_loss', "
      .. "'valid_accuracy' ('loss' and 'accuracy' mean these where there is validation)"),
    parameter('mode', 'word', "'min' or 'max' of what is watched; by its name unless given"),
    parameter('patience', 'integer', 'stops after so many epochs without a better one'),
    parameter('keep', 'text', "which epoch's weights stay: the 'best' by monitor, the best by another name "
      .. "('accuracy'), or the 'last'"),
    parameter('device', 'text', "'cpu', 'cuda' or 'auto'"),
    parameter('amp', 'boolean', "reckons in 'bfloat16' where that is exact enough (automatic mixed precision)"),
    parameter('clip_norm', 'number', 'the largest norm of all gradients'),
    parameter('accumulate', 'integer', 'batches that make a step together'),
    parameter('limit_batches', 'integer', 'how many batches an epoch has at most'),
    parameter('overfit_one_batch', 'boolean', 'trains on the first batch again and again: its loss must fall to zero'),
    parameter('fast_run', 'boolean', 'one epoch of two batches: does everything fit together?'),
    parameter('on_epoch', 'function', 'called with the row of the curve and the network; stops where it answers false'),
  },
}
native.lumir.doc(words)

local plain = { integer = 'number', number = 'number', boolean = 'boolean', text = 'string', word = 'string',
  ['function'] = 'function', ['list of BatchEffect'] = 'table' }

--- What an argument is declared to be; `level` is of the line that is to blame.
local function check(declared, value, level)
  local wanted, got = declared.type, core.kind(value)
  local fits = type(value) == plain[wanted]
  for kind in wanted:gmatch '%u%w+' do fits = fits or got == kind end
  if wanted:find '^Dataset' then fits = fits or type(value) == 'table' end
  if wanted == 'integer' and fits then fits = value >= 1 and value == math.floor(value) and value < 2 ^ 31 end
  if fits then return end
  local what = wanted == 'integer' and 'a whole number from 1' or wanted
  local shown = type(value) == 'number' and core.show(value) or got
  error(("fit: '%s' must be %s, got %s"):format(declared.name, what, shown), level + 1)
end

local function read(given)
  if given ~= nil and type(given) ~= 'table' then
    error(('fit: options must be a table, got %s'):format(core.kind(given)), 3)
  end
  local options, names = {}, {}
  for name, default in pairs(defaults) do
    options[name] = default
    names[#names + 1] = name
  end
  table.sort(names)
  for name, value in pairs(given or {}) do
    if defaults[name] == nil then
      error(("fit: unknown option '%s'%s"):format(tostring(name), core.did_you_mean(tostring(name), names)), 3)
    end
    for _, declared in ipairs(words.parameters) do
      if declared.name == name and value ~= false then check(declared, value, 3) end
    end
    options[name] = value
  end
  if options.fast_run then options.epochs, options.limit_batches = 1, 2 end
  if options.overfit_one_batch then options.limit_batches, options.shuffle = 1, false end
  return options
end

local function is_unbound(object) return object and not object.bound end   -- a Scheduler or an Optimizer

--- 'loss' is that of validation where there is one.
local function watched(name, options)
  if options.valid and not name:find '^valid_' and name ~= 'best' then return 'valid_' .. name end
  return name
end

local function mode_of(name, options)
  if options.mode then return options.mode end
  return name:find 'loss' and 'min' or 'max'
end

--- Loss, accuracy and F1 on data that the network does not learn from.
local function judge(net, data, loss, options)
  local was_training, mean, truth, guessed = net.training, evaluate.Mean(), {}, {}
  net:eval()
  torch.no_grad(function()
    for x, y, lengths in data:batches { batch_size = options.batch_size, device = options.device } do
      local out = net(x, { lengths = lengths })
      mean:add(loss(out, y):item(), x.shape[1])
      for _, class in ipairs(out:argmax(2):tolist()) do guessed[#guessed + 1] = class end
      for _, class in ipairs(y:tolist()) do truth[#truth + 1] = class end
    end
  end)
  net:train(was_training)
  return {
    valid_loss = mean.value,
    valid_accuracy = metric.accuracy(truth, guessed),
    valid_f1 = metric.f1(truth, guessed),
  }
end

local function augmented(x, y, lengths, options)
  local drawn
  for _, effect in ipairs(options.augment) do
    x, y, drawn, lengths = effect(x, y, { lengths = lengths, n_classes = options.n_classes })
  end
  return x, y, lengths, drawn
end

--- Calls a function in mixed precision where that is wanted.
local function forward(fn, options)
  if options.amp then return core.autocast(options.device, fn) end
  return fn()
end

--- A network of other classes than the data would be found out only when it is judged.
local function check_scores(out, y, n_classes)
  if not y or y.ndim ~= 1 or out.ndim ~= 2 or out.shape[2] == n_classes then return end
  error(('fit: the network gives %d scores a row, and the data have %d classes'):format(out.shape[2], n_classes), 0)
end

--- One pass over the training data; answers the mean loss, the share of right answers, and how many steps there were.
local function train(net, data, loss, optimizer, options, epoch, after_step)
  local mean, right, norm, steps = evaluate.Mean(), evaluate.Mean(), 0, 0
  local how = { clip_norm = options.clip_norm or nil, accumulate = options.accumulate }
  for x, y, lengths in data:batches {
    batch_size = options.batch_size, shuffle = options.shuffle, balance = options.balance,
    drop_last = options.drop_last, device = options.device, workers = options.workers or nil,
  } do
    local mixed, target, mixed_lengths = augmented(x, y, lengths, options)
    local out, value
    forward(function()
      out = net(mixed, { lengths = mixed_lengths })
      if steps == 0 then check_scores(out, y, options.n_classes) end
      value = loss(out, target)
    end, options)
    local good, number = pcall(optimizer.minimize, optimizer, value, how)
    if not good then
      error(('fit: epoch %d, batch %d: %s'):format(epoch, steps + 1, tostring(number):gsub('^[^:]*:%d+: ', '')), 0)
    end
    steps = steps + 1
    mean:add(number, x.shape[1])
    if y and y.ndim == 1 then right:add(out:detach():argmax(2):eq(y):sum():item() / x.shape[1], x.shape[1]) end
    norm = optimizer.grad_norm
    after_step()
    if options.limit_batches and steps >= options.limit_batches then break end
  end
  return mean.value, right.value, norm
end

--- Parts that take their sizes from what they first see must see it before an optimiser can have their weights.
local function prime(net, data)
  if not core.is_lazy(net) then return end
  net:eval()
  torch.no_grad(function()
    local x, _, lengths = data:batches { batch_size = 1 } ()
    net(x, { lengths = lengths })
  end)
  net:train()
end

local function show_run(run)
  local best = run.best and (', best %s %.4g at epoch %d'):format(run.watched, run.best, run.best_epoch) or ''
  return ('%d epochs in %.1f s%s'):format(run.epochs, run.seconds, best)
end

local function data_of(data)
  return type(data) == 'table' and native.data.table(data) or data
end

function nn.fit(net, data, given)
  check(words.parameters[1], net, 2)
  check(words.parameters[2], data, 2)
  local options = read(given)
  data = data_of(data)
  options.n_classes = #data.classes
  options.valid = options.valid and data_of(options.valid)
  local loss = options.loss or nn.CrossEntropyLoss()
  net:to(options.device)
  loss:to(options.device)
  core.remember(net, data)
  local optimizer = options.optimizer or optim.Adam()
  options.loss, options.optimizer = loss, tostring(optimizer)         -- its lr as it begins
  if is_unbound(optimizer) then
    prime(net, data)
    optimizer = optimizer:bind(net)
  end
  local schedule = options.schedule
  if is_unbound(schedule) then schedule = schedule:bind(optimizer) end
  core.check_optimizer(net, optimizer, schedule)

  local monitor = watched(options.monitor or 'loss', options)
  local kept = options.keep == 'best' and monitor or watched(options.keep, options)
  local curve, stopper = report.Curve(), nn.Best(net, { mode = mode_of(monitor, options) })
  local best = nn.Best(net, { mode = mode_of(kept, options) })
  local parts = { net, optimizer, curve, stopper, best }
  if schedule then parts[#parts + 1] = schedule end
  local started, loop = core.now(), nn.epochs(options.epochs, parts)

  net:train()
  for epoch in loop do
    local function after_step()
      if schedule and schedule.options.per == 'batch' then schedule:step() end
    end
    local row = { epoch = epoch, lr = optimizer.lr }
    row.loss, row.accuracy, row.grad_norm = train(net, data, loss, optimizer, options, epoch, after_step)
    if row.accuracy ~= row.accuracy then row.accuracy = nil end
    if options.valid then
      for name, value in pairs(judge(net, options.valid, loss, options)) do row[name] = value end
    end
    curve:add(row, { show = { 'epoch', 'loss', 'accuracy', 'valid_loss', 'valid_accuracy' } })
    if row[monitor] == nil then error(("fit: 'monitor' = '%s' is not measured"):format(monitor), 2) end
    if options.keep ~= 'last' and row[kept] == nil then
      error(("fit: 'keep' = '%s' is not measured"):format(options.keep), 2)
    end
    stopper:offer(row[monitor])
    if options.keep ~= 'last' then best:offer(row[kept]) end
    if schedule and schedule.options.per ~= 'batch' then
      if schedule.wants_metric then schedule:step(row[monitor]) else schedule:step() end
    end
    if options.on_epoch and options.on_epoch(row, net) == false then loop:stop() end
    if options.patience and stopper.since >= options.patience then loop:stop() end
  end
  if options.keep ~= 'last' then best:restore() end
  local rows = curve.rows
  return setmetatable({
    curve = curve, net = net, options = options, watched = kept, best = best.value, best_epoch = best.at, epochs = #rows,
    seconds = core.now() - started,
  }, { __name = 'Training', __tostring = show_run })
end
