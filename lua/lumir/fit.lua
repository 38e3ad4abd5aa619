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
  overfit_one_batch = false, fast_run = false, on_epoch = false, every = 0, events = 'none',
  detect_anomaly = false,
}

local function parameter(name, type, text) return { name = name, type = type, text = text, optional = true } end

local words = {
  name = 'nn.fit',
  summary = 'Trains a network: one pass over the data in batches for each epoch, judged on other data after each. At '
    .. 'the end the network has its best weights again, unless keep says otherwise, and is in the mode for training: '
    .. 'net:eval() comes before calls by hand. Parts that were in eval mode before stay in it.',
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
    parameter('augment', 'list of BatchEffect', 'what is done to each batch, in order; or one'),
    parameter('monitor', 'text', "what patience and ReduceLROnPlateau watch, as the curve calls it: 'valid_loss', "
      .. "'valid_accuracy' ('loss' and 'accuracy' mean these where there is validation)"),
    parameter('mode', 'word', "'min' or 'max' of what is watched; by its name unless given, as for keep"),
    parameter('patience', 'integer', 'stops after so many epochs without a better one'),
    parameter('keep', 'text', "which epoch's weights stay: the 'best' by monitor, the best by another name "
      .. "('accuracy'), or the 'last'"),
    parameter('device', 'text', "'cpu', 'cuda' or 'auto'"),
    parameter('amp', 'boolean', "reckons in 'bfloat16' where that is exact enough (automatic mixed precision)"),
    parameter('clip_norm', 'number', 'the largest norm of all gradients'),
    parameter('accumulate', 'integer', 'batches that make a step together'),
    parameter('limit_batches', 'integer', 'how many batches an epoch has at most'),
    parameter('overfit_one_batch', 'boolean', 'trains on the first batch again and again, as it is: its loss must fall '
      .. 'to zero'),
    parameter('fast_run', 'boolean', 'one epoch of two batches: does everything fit together?'),
    parameter('every', 'integer', 'batches from one save within an epoch to the next; see nn.epochs'),
    parameter('detect_anomaly', 'boolean', 'ends with the first NaN, which is named: torch.autograd.detect_anomaly'),
    parameter('events', 'word', "'epoch' or 'step': writes event files for TensorBoard, as report.Curve does"),
    parameter('on_epoch', 'function', 'called with the row of the curve and the network; stops where it answers false'),
  },
}
native.lumir.doc(words)

local plain = { integer = 'number', number = 'number', boolean = 'boolean', text = 'string', word = 'string',
  ['function'] = 'function', ['list of BatchEffect'] = 'table' }

--- What an argument is declared to be; `level` is of the line that is to blame.
local function check(declared, value, level, who)
  local wanted, got = declared.type, core.kind(value)
  local fits = type(value) == plain[wanted]
  for kind in wanted:gmatch '%u%w+' do fits = fits or got == kind end
  if wanted:find '^Dataset' then fits = fits or type(value) == 'table' end
  if wanted == 'integer' and fits then fits = value >= 1 and value == math.floor(value) and value < 2 ^ 31 end
  if fits then return end
  local what = wanted == 'integer' and 'a whole number from 1' or wanted
  local shown = type(value) == 'number' and core.show(value) or got
  error(("%s: '%s' must be %s, got %s"):format(who or 'fit', declared.name, what, shown), level + 1)
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
  local unknown = {}
  for name in pairs(given or {}) do
    if defaults[name] == nil then unknown[#unknown + 1] = tostring(name) end
  end
  table.sort(unknown)
  if unknown[1] then
    error(("fit: unknown option '%s'%s"):format(unknown[1], core.did_you_mean(unknown[1], names)), 3)
  end
  for _, declared in ipairs(words.parameters) do
    local value = given and given[declared.name]
    if value == false and declared.type ~= 'boolean' then value = nil end
    if value ~= nil then
      if value ~= defaults[declared.name] then check(declared, value, 3) end
      options[declared.name] = value
    end
  end
  if core.kind(options.augment) == 'BatchEffect' then options.augment = { options.augment } end
  if options.fast_run then options.epochs, options.limit_batches = 1, 2 end
  if options.overfit_one_batch then
    options.limit_batches, options.shuffle, options.balance, options.augment = 1, false, false, {}
  end
  return options
end

local function is_unbound(object) return object and not object.bound end   -- a Scheduler or an Optimizer

--- What each row of the curve holds.
local function measured(options)
  local names = { 'loss', 'accuracy', 'grad_norm', 'lr' }
  for _, name in ipairs(options.valid and { 'valid_loss', 'valid_accuracy', 'valid_f1' } or {}) do
    names[#names + 1] = name
  end
  return names
end

--- What an option calls it, as the curve does: 'loss' is that of validation where there is one.
local function watched(option, name, options)
  local names = measured(options)
  for _, full in ipairs { 'valid_' .. name, name } do
    for _, known in ipairs(names) do
      if known == full then return full end
    end
  end
  error(("fit: '%s' = '%s' is not measured%s; there are %s"):format(option, name, core.did_you_mean(name, names),
    table.concat(names, ', ')), 3)
end

local function mode_of(name)
  return (name:find 'loss' or name == 'grad_norm') and 'min' or 'max'
end

--- Where each class of other data stands among those of the training data, for their labels; nil where all stand alike.
local function places_of(classes, among)
  local place, places, alike = {}, {}, true
  for i, name in ipairs(among) do place[name] = i end
  for i, name in ipairs(classes) do
    if not place[name] then error(("fit: 'valid' has the class '%s', which the data have not"):format(name), 3) end
    places[i], alike = place[name], alike and place[name] == i
  end
  return not alike and torch.tensor(places, { dtype = 'int64' }) or nil
end

--- Loss, accuracy and F1 on data that the network does not learn from.
local function judge(net, data, loss, options)
  local mean, truth, guessed = evaluate.Mean(), {}, {}
  core.judged(net, function()
    for x, y, lengths in data:batches { batch_size = options.batch_size, device = options.device } do
      if options.places then y = options.places[y] end
      local out = net(x, { lengths = lengths })
      mean:add(loss(out, y):item(), x.shape[1])
      for _, class in ipairs(out:argmax(2):tolist()) do guessed[#guessed + 1] = class end
      for _, class in ipairs(y:tolist()) do truth[#truth + 1] = class end
    end
  end)
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
  if not y then error('fit: the data have no labels to learn', 0) end
  if y.ndim ~= 1 or out.ndim ~= 2 or out.shape[2] == n_classes then return end
  error(('fit: the network gives %d scores a row, and the data have %d classes'):format(out.shape[2], n_classes), 0)
end

--- One pass over the training data; answers the mean loss, the share of right answers, the last norm of gradients.
local function train(net, data, loss, optimizer, options, epoch, after_step)
  local mean, right = evaluate.Mean(), evaluate.Mean()
  local how = { clip_norm = options.clip_norm or nil, accumulate = options.accumulate }
  local batches = data:batches {
    batch_size = options.batch_size, shuffle = options.shuffle, balance = options.balance,
    drop_last = options.drop_last, device = options.device, workers = options.workers or nil,
  }
  for x, y, lengths in batches do
    local mixed, target, mixed_lengths = augmented(x, y, lengths, options)
    local out, value
    forward(function()
      out = net(mixed, { lengths = mixed_lengths })
      if batches.done == 1 then check_scores(out, y, options.n_classes) end
      value = loss(out, target)
    end, options)
    local good, number = pcall(optimizer.minimize, optimizer, value, how)
    if not good and options.detect_anomaly then error(number, 0) end       -- which says the batch itself
    if not good then
      error(('fit: epoch %d, batch %d: %s'):format(epoch, batches.done, tostring(number):gsub('^[^:]*:%d+: ', '')), 0)
    end
    mean:add(number, x.shape[1])
    if y and y.ndim == 1 then right:add(out:detach():argmax(2):eq(y):sum():item() / x.shape[1], x.shape[1]) end
    after_step(number)
    if options.limit_batches and batches.done >= options.limit_batches then break end
  end
  optimizer:finish()                                        -- where limit_batches has ended it before the last one
  return mean.value, right.value, optimizer.grad_norm
end

--- Parts that take their sizes from what they first see must see it before an optimiser can have their weights.
local function prime(net, data, device)
  if not core.is_lazy(net) then return end
  core.judged(net, function()
    local x, _, lengths = data:batches { batch_size = 1, device = device } ()
    net(x, { lengths = lengths })
  end)
end

local function show_run(run)
  local best = run.best and (', best %s %.4g at epoch %d'):format(run.watched, run.best, run.best_epoch) or ''
  return ('%d epoch%s in %.1f s%s'):format(run.epochs, run.epochs == 1 and '' or 's', run.seconds, best)
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
  options.places = options.valid and places_of(options.valid.classes, data.classes)
  local loss = options.loss or nn.CrossEntropyLoss()
  net:to(options.device)
  loss:to(options.device)
  local optimizer = options.optimizer or optim.Adam()
  options.loss, options.optimizer = loss, tostring(optimizer)         -- its lr as it begins
  if is_unbound(optimizer) then
    prime(net, data, options.device)
    optimizer = optimizer:bind(net)
  end
  local schedule = options.schedule
  if is_unbound(schedule) then schedule = schedule:bind(optimizer) end
  core.check_optimizer(net, optimizer, schedule)

  local monitor = watched('monitor', options.monitor or 'loss', options)
  local kept = options.keep == 'best' and monitor or options.keep ~= 'last' and watched('keep', options.keep, options)
  local mode = options.mode or mode_of(monitor)
  local curve, stopper = report.Curve { events = options.events }, nn.Best(net, { mode = mode })
  local best = nn.Best(net, { mode = kept == monitor and mode or mode_of(kept or monitor) })
  local parts = { net, optimizer, curve, stopper, best }
  if schedule then parts[#parts + 1] = schedule end
  local loop = nn.epochs(options.epochs, parts, { every = options.every })

  if not net.training then net:train() end
  local known                                               -- whether the network knows what it is trained on
  for epoch in loop do
    local function after_step(value)
      if not known then core.remember(net, data) end
      known = true
      curve:step { loss = value, lr = optimizer.lr, grad_norm = optimizer.grad_norm }
      if schedule and schedule.options.per == 'batch' then schedule:step() end
    end
    local row = { epoch = epoch, lr = optimizer.lr }
    row.loss, row.accuracy, row.grad_norm = train(net, data, loss, optimizer, options, epoch, after_step)
    if row.accuracy ~= row.accuracy then row.accuracy = nil end
    if options.valid then
      for name, value in pairs(judge(net, options.valid, loss, options)) do row[name] = value end
    end
    curve:add(row, { show = { 'epoch', 'loss', 'accuracy', 'valid_loss', 'valid_accuracy' } })
    for _, name in ipairs { monitor, kept or nil } do
      if row[name] == nil then error(("fit: '%s' is not measured for data of this kind"):format(name), 2) end
    end
    stopper:offer(row[monitor])
    if kept then best:offer(row[kept]) end
    if schedule and schedule.options.per ~= 'batch' then
      if schedule.wants_metric then schedule:step(row[monitor]) else schedule:step() end
    end
    if options.on_epoch and options.on_epoch(row, net) == false then loop:stop() end
    if options.patience and stopper.since >= options.patience then loop:stop() end
  end
  if not known then core.remember(net, data) end            -- a run that was resumed behind its last epoch
  if best.value then best:restore() end                     -- none where what is kept by was NaN to the end
  local rows = curve.rows
  options.places = nil                                      -- of use to this loop alone
  return setmetatable({
    curve = curve, net = net, options = options, watched = kept or nil, best = best.value, best_epoch = best.at,
    epochs = #rows, seconds = loop.seconds,
  }, { __name = 'Training', __tostring = show_run })
end

local plain_fit = nn.fit
function nn.fit(net, data, given)
  if type(given) == 'table' and given.detect_anomaly then
    return torch.autograd.detect_anomaly(plain_fit, net, data, given)
  end
  return plain_fit(net, data, given)
end

--- For nn.find_rate, which is told of a network and its data as nn.fit is.
return {
  prime = prime,
  data_of = data_of,
  check_arguments = function(who, net, data)
    for i, given in ipairs { net, data } do check(words.parameters[i], given, 3, who) end
  end,
}
