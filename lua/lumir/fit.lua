-- nn.fit: the loop over epochs and batches, written once, with what every network needs: validation, patience, the best
-- weights, schedules, effects on batches. It is made of the same parts as a loop of one's own (nn.epochs, minimize,
-- nn.Best, report.Curve) and gives the same numbers.

local native = require 'lumir.native'
local core, unfreeze = native.core, require 'lumir.unfreeze'
local nn, optim, torch, evaluate, report, metric =
  native.nn, native.optim, native.torch, native.evaluate, native.report, native.metric

--- What nn.find_rate needs of it.
local shared = {}

--- By what is to be foretold: the loss unless one is given, and what validation measures beside it.
local LOSS = { classes = 'CrossEntropyLoss', tags = 'BCEWithLogitsLoss', numbers = 'MSELoss' }
local MEASURED = {
  classes = { 'accuracy', 'f1' }, tags = { 'average_precision', 'roc_auc' }, numbers = { 'r2', 'mean_absolute_error' },
}

--- What each is told that trains a network on data, before options of its own.
function shared.parameters(own)
  local all = {
    { name = 'net', type = 'Module', text = 'what is trained' },
    { name = 'data', type = 'Dataset, Table or table', text = 'what it is trained on' },
    { name = 'loss', type = 'Module', named = true,
      text = 'unless given CrossEntropyLoss, of tags BCEWithLogitsLoss, of numbers MSELoss; parameters of its own '
        .. '(CenterLoss, ArcFaceLoss) are trained, too' },
    { name = 'optimizer', type = 'Optimizer', named = true, text = 'bound or not; Adam unless given' },
    { name = 'batch_size', type = 'integer', default = 32, least = 1, text = 'rows of a batch' },
    { name = 'augment', type = 'BatchEffect or list of BatchEffect', named = true,
      text = 'what is done to each batch, in order' },
    { name = 'views', type = 'integer', default = 1, least = 1, most = 1000,
      text = 'how often a batch has its rows, each drawn anew by the chain and by augment; the loss takes one output '
        .. 'of each view in place of a target, as NTXentLoss and VICRegLoss do' },
    { name = 'sample_weight', type = 'list of number', named = true,
      text = "how much each row counts: the loss, of reduction = 'none', becomes a weighted mean; those of the table "
        .. 'unless given' },
    { name = 'weights', type = 'list of number', named = true,
      text = 'how likely each row is drawn, again and again, as batches has it' },
    { name = 'device', type = 'text', default = 'cpu', text = "'cpu', 'cuda' or 'auto'" },
  }
  for _, parameter in ipairs(own) do all[#all + 1] = parameter end
  return all
end

local read = native.lumir.doc {
  name = 'nn.fit',
  summary = 'Trains a network: one pass over the data in batches for each epoch, judged on other data after each. At '
    .. 'the end the network has its best weights again, unless keep says otherwise, and is in the mode for training: '
    .. 'net:eval() comes before calls by hand. Parts that were in eval mode before stay in it.',
  returns = 'a table: curve, a Curve; best and best_epoch; epochs, how many there were; seconds; options, as they were',
  example = "nn.fit(nn.Sequential { nn.LazyLinear(3) }, table, { epochs = 1, optimizer = optim.Adam { lr = 0.01 } })",
  source = "Keras' Model.fit and Lightning's Trainer",
  parameters = shared.parameters {
    { name = 'epochs', type = 'integer', default = 10, least = 1, most = 1e9, text = 'how many at most' },
    { name = 'valid', type = 'Dataset, Table or table', named = true,
      text = 'what it is judged on after each epoch; no row of it is padded' },
    { name = 'shuffle', type = 'boolean', default = true, text = 'another order in each epoch' },
    { name = 'balance', type = 'boolean', default = false, text = 'every class as often as the others' },
    { name = 'drop_last', type = 'boolean', default = false, text = 'leaves out a last batch that is smaller' },
    { name = 'workers', type = 'integer', named = true, least = 1, most = 1024, text = 'threads that make rows ahead' },
    { name = 'schedule', type = 'Scheduler', named = true, text = 'bound or not' },
    { name = 'monitor', type = 'text', default = 'loss',
      text = "what patience and ReduceLROnPlateau watch, as the curve calls it: 'valid_loss', 'valid_accuracy' ('loss' "
        .. "and 'accuracy' mean these where there is validation)" },
    { name = 'mode', type = 'word', named = true, choices = { 'min', 'max' },
      text = 'of what is watched; by its name unless given, as for keep' },
    { name = 'patience', type = 'integer', named = true, least = 1,
      text = 'stops after so many epochs without a better one' },
    { name = 'unfreeze', type = 'table', named = true,
      text = 'how many of the last parts of a frozen network learn from which epoch on, { [5] = 2, [9] = 4 }: '
        .. 'nn.unfreeze_last; groups of the optimizer give the backbone a lower rate' },
    { name = 'keep', type = 'text', default = 'best',
      text = "which epoch's weights stay: the 'best' by monitor, the best by another name ('accuracy'), or the "
        .. "'last'" },
    { name = 'amp', type = 'boolean or text', named = true,
      text = "'bfloat16', or true, or 'float16' with a GradScaler of its own: reckons so where that is exact enough; "
        .. 'torch.autocast says when it pays' },
    { name = 'clip_norm', type = 'number', named = true, above = 0, text = 'the largest norm of all gradients' },
    { name = 'accumulate', type = 'integer', default = 1, least = 1, text = 'batches that make a step together' },
    { name = 'limit_batches', type = 'integer', named = true, least = 1,
      text = 'how many batches an epoch has at most' },
    { name = 'overfit_one_batch', type = 'boolean', default = false,
      text = 'trains on the first batch again and again, as it is: its loss must fall to zero' },
    { name = 'fast_run', type = 'boolean', default = false,
      text = 'one epoch of two batches: does everything fit together?' },
    { name = 'every', type = 'integer', default = 0, least = 0,
      text = 'batches from one save within an epoch to the next; see nn.epochs' },
    { name = 'detect_anomaly', type = 'boolean', default = false,
      text = 'ends with the first NaN, which is named: torch.autograd.detect_anomaly' },
    { name = 'detect_infinity', type = 'boolean', default = false,
      text = 'the same, with the first infinity, too: torch.autograd.detect_infinity' },
    { name = 'average', type = 'AveragedModel', named = true,
      text = 'averages of weights, bound or not, which are judged and kept in place of the weights: exponential ones '
        .. 'after each batch, plain ones after each epoch; use_buffers where there are batch norms' },
    { name = 'events', type = 'word', default = 'none', choices = { 'none', 'epoch', 'step' },
      text = 'what event files for TensorBoard get, as those of report.Curve' },
    { name = 'histograms', type = 'boolean', default = false,
      text = 'weights and gradients after each epoch go into the event files, too: Curve.add_histograms' },
    { name = 'on_epoch', type = 'function', named = true,
      text = 'called with the row of the curve and the network; stops where it answers false' },
  },
}

--- What each row of the curve holds.
local function measured(options, target)
  local names = { 'loss', 'accuracy', 'grad_norm', 'lr' }
  if not options.valid then return names end
  names[#names + 1] = 'valid_loss'
  for _, name in ipairs(MEASURED[target] or {}) do names[#names + 1] = 'valid_' .. name end
  return names
end

--- What an option calls it, as the curve does: 'loss' is that of validation where there is one.
local function watched(option, name, options, target)
  local names = measured(options, target)
  for _, full in ipairs { 'valid_' .. name, name } do
    for _, known in ipairs(names) do
      if known == full then return full end
    end
  end
  core.refuse(("fit: '%s' = '%s' is not measured%s; there are %s"):format(option, name, core.did_you_mean(name, names),
    table.concat(names, ', ')))
end

local function mode_of(name)
  return name ~= 'grad_norm' and metric.greater_is_better(name) and 'max' or 'min'
end

--- Where each class of other data stands among those of the training data, for their labels; nil where all stand alike.
local function places_of(classes, among)
  local place, places, alike = {}, {}, true
  for i, name in ipairs(among) do place[name] = i end
  for i, name in ipairs(classes) do
    if not place[name] then core.refuse(("fit: 'valid' has the class '%s', which the data have not"):format(name)) end
    places[i], alike = place[name], alike and place[name] == i
  end
  return not alike and torch.tensor(places, { dtype = 'int64' }) or nil
end

--- Loss and measures of tags or numbers on data that the network does not learn from.
local function judge_values(fit, measures)
  local mean, truth, outs = evaluate.Mean(), {}, {}
  core.judge(fit.net, fit.valid, fit.options.batch_size, function(out, y)
    mean:add(fit.options.loss(out, y):mean():item(), out.shape[1])
    for _, row in ipairs(out:tolist()) do outs[#outs + 1] = row end
    for _, row in ipairs(y:tolist()) do truth[#truth + 1] = row end
  end)
  local found = { valid_loss = mean.value }
  for _, name in ipairs(measures) do found['valid_' .. name] = metric[name](truth, outs) end
  return found
end

--- A pass over data in batches, as the options have them; whether the order is another one in each.
function shared.batches(data, how, shuffle)
  return data:batches {
    batch_size = how.batch_size, shuffle = shuffle, balance = how.balance, drop_last = how.drop_last,
    device = how.device, workers = how.workers, views = how.views, weights = how.weights,
    sample_weight = how.sample_weight,
  }
end

--- A batch behind all effects.
function shared.augmented(x, y, lengths, how, data)
  local rows, target, n_classes, _ = x.shape[1], y, #data.classes, nil
  for _, effect in ipairs(how.augment) do
    x, target, _, lengths = effect(x, target, { lengths = lengths, n_classes = n_classes > 0 and n_classes or nil })
  end
  if how.views > 1 and x.shape[1] ~= rows then
    core.refuse(("fit: 'views' = %d has every row so often already, and augment.Views again"):format(how.views))
  end
  return x, target, lengths
end

--- The loss of a batch: of views, of targets, or of targets that count as much as the weights of rows say.
function shared.loss_of(how, out, target, weights, y)
  if how.views > 1 then return how.loss(unpack(out:chunk(how.views))) end
  local losses = how.loss(out, target)
  if not weights then return losses end
  if not rawequal(target, y) then core.refuse 'fit: weights of rows do not go with effects that change targets' end
  if losses.ndim == 0 or losses.shape[1] ~= weights.shape[1] then
    core.refuse(("fit: weights of rows take a loss of each row: nn.%s { reduction = 'none' }"):format(how.loss.name))
  end
  if losses.ndim > 1 then losses = losses:flatten(2):mean(2) end
  return (losses * weights):sum() / weights:sum()
end

--- Whether the network gives a score for each class. One of other classes than the data would be found out only when it
-- is judged; what a loss with parameters of its own takes need not be scores.
local function gives_scores(fit, out, y)
  local n_classes = #fit.data.classes
  if fit.options.views > 1 then return false end
  if not y then error('fit: the data have no labels to learn', 0) end
  if y.ndim ~= 1 or out.ndim ~= 2 or out.shape[2] == n_classes then return true end
  if fit.options.loss.n_parameters > 0 then return false end
  error(('fit: the network gives %d scores a row, and the data have %d classes'):format(out.shape[2], n_classes), 0)
end

--- Loss, accuracy and F1 on data that the network does not learn from.
local function judge(fit)
  if fit.data.target ~= 'classes' then return judge_values(fit, MEASURED[fit.data.target]) end
  local mean, truth, guessed = evaluate.Mean(), {}, {}
  core.judge(fit.net, fit.valid, fit.options.batch_size, function(out, y)
    if fit.scores == nil then fit.scores = gives_scores(fit, out, y) end     -- of a training that is resumed here
    if fit.places then y = fit.places[y] end
    mean:add(fit.options.loss(out, y):mean():item(), out.shape[1])
    if not fit.scores then return end
    for _, class in ipairs(out:argmax(2):tolist()) do guessed[#guessed + 1] = class end
    for _, class in ipairs(y:tolist()) do truth[#truth + 1] = class end
  end)
  return {
    valid_loss = mean.value,
    valid_accuracy = fit.scores and metric.accuracy(truth, guessed) or nil,
    valid_f1 = fit.scores and metric.f1(truth, guessed) or nil,
  }
end

--- The loss of views of such data, which are drawn as those of the training are.
local function judge_views(fit)
  local mean, options = evaluate.Mean(), fit.options
  local batches = fit.valid:batches {
    batch_size = options.batch_size, device = options.device, workers = options.workers, views = options.views }
  core.judged(fit.net, function()
    for x, y, lengths in batches do
      local mixed, _, mixed_lengths = shared.augmented(x, y, lengths, options, fit.valid)
      mean:add(shared.loss_of(options, fit.net(mixed, { lengths = mixed_lengths })):item(), x.shape[1])
    end
  end)
  return { valid_loss = mean.value }
end

--- Calls a function in mixed precision where that is wanted.
local function forward(fn, options)
  if options.amp then return torch.autocast(options.amp == true and 'bfloat16' or options.amp, fn) end
  return fn()
end

--- Counts which answers to a batch are right: by the labels that effects made of its own (augment.Views has more of
-- them), or by its own where they made shares of classes; not at all where those are of other rows.
local function count_right(right, out, y, target)
  local labels = target.ndim == 1 and target or y
  if not y or y.ndim ~= 1 or out.shape[1] ~= labels.shape[1] then return end
  right:add(out:argmax(2):eq(labels):sum():item() / labels.shape[1], labels.shape[1])
end

--- Makes the step of a batch; answers its loss.
local function minimize(fit, value, where)
  local options = fit.options
  local good, number = pcall(fit.optimizer.minimize, fit.optimizer, value,
    { clip_norm = options.clip_norm, accumulate = options.accumulate, scaler = fit.scaler })
  if good then return number end
  if options.detect_anomaly or options.detect_infinity then error(number, 0) end     -- which says the batch itself
  error(('fit: %s: %s'):format(where, tostring(number):gsub('^[^:]*:%d+: ', '')), 0)
end

--- Takes the weights into their averages, if it is time.
local function take_into_average(fit, epoch, each)
  local average = fit.average
  if not average or epoch < average.options.start then return end
  if each == (average.options.decay == 'none' and 'epoch' or 'batch') then average:update() end
end

--- What follows the step of a batch.
local function after_step(fit, value, epoch)
  if not fit.known then core.remember(fit.net, fit.data) end
  fit.known = true                                          -- the network knows what it is trained on
  local optimizer, schedule = fit.optimizer, fit.schedule
  fit.curve:step { loss = value, lr = optimizer.lr, grad_norm = optimizer.grad_norm }
  if schedule and schedule.options.per == 'batch' then schedule:step() end
  take_into_average(fit, epoch, 'batch')
end

--- One pass over the training data; answers the mean loss, the share of right answers, the last norm of gradients.
local function train(fit, epoch)
  local options = fit.options
  local mean, right = evaluate.Mean(), evaluate.Mean()
  local batches = shared.batches(fit.data, options, options.shuffle)
  for x, y, lengths, weights in batches do
    local mixed, target, mixed_lengths = shared.augmented(x, y, lengths, options, fit.data)
    local out, value
    forward(function()
      out = fit.net(mixed, { lengths = mixed_lengths })
      if fit.scores == nil then fit.scores = gives_scores(fit, out, y) end
      value = shared.loss_of(options, out, target, weights, y)
    end, options)
    local number = minimize(fit, value, ('epoch %d, batch %d'):format(epoch, batches.done))
    mean:add(number, weights and weights:sum():item() or x.shape[1])
    if fit.scores then count_right(right, out:detach(), y, target) end
    after_step(fit, number, epoch)
    if options.limit_batches and batches.done >= options.limit_batches then break end
  end
  fit.optimizer:finish()                                    -- where limit_batches has ended it before the last one
  take_into_average(fit, epoch, 'epoch')
  return mean.value, right.value, fit.optimizer.grad_norm
end

--- Parts that take their sizes from what they first see must see it before an optimiser can have their weights.
local function prime(net, data, device)
  if not core.is_lazy(net) then return end
  core.judged(net, function()
    local x, _, lengths = data:batches { batch_size = 1, device = device } ()
    net(x, { lengths = lengths })
  end)
end

function shared.data_of(data)
  return type(data) == 'table' and native.data.table(data) or data
end

--- The network and its loss where they belong; answers an optimizer that is bound.
function shared.prepare(net, data, options)
  if (options.views or 1) > 1 and not options.loss then
    core.refuse "fit: 'views' take a loss that compares them: { loss = nn.NTXentLoss() }, nn.VICRegLoss()"
  end
  local weighted = options.sample_weight or core.kind(data) == 'Table' and #data.weights > 0
  options.loss = options.loss or nn[LOSS[data.target] or LOSS.classes] { reduction = weighted and 'none' or 'mean' }
  options.augment = core.kind(options.augment) == 'BatchEffect' and { options.augment } or options.augment or {}
  net:to(options.device)
  options.loss:to(options.device)
  prime(net, data, options.device)
  local optimizer = options.optimizer or optim.Adam()
  local learns = options.loss.n_parameters > 0
  if not optimizer.bound then optimizer = optimizer:bind(learns and { net, options.loss } or net) end
  core.check_optimizer(net, options.loss, optimizer, options.schedule)
  return optimizer
end

local function show_run(run)
  local best = run.best and (', best %s %.4g at epoch %d'):format(run.watched, run.best, run.best_epoch) or ''
  return ('%d epoch%s in %.1f s%s'):format(run.epochs, run.epochs == 1 and '' or 's', run.seconds, best)
end

--- What the row of an epoch says of other data, and the weights that did best; both of averages where there are some.
local function weigh(fit, row)
  local average = fit.average and fit.average.n_averaged > 0 and fit.average
  if average and not average.swapped then average:swap() end                 -- swapped where a stop came in between
  local found = fit.valid and (fit.options.views > 1 and judge_views or judge)(fit) or {}
  for name, value in pairs(found) do row[name] = value end
  fit.curve:add(row, { show = fit.shown })
  if fit.options.histograms then fit.curve:add_histograms(fit.net) end
  for _, name in ipairs { fit.monitor, fit.kept } do
    if row[name] == nil then core.refuse(("fit: '%s' is not measured for data of this kind"):format(name)) end
  end
  fit.stopper:offer(row[fit.monitor])
  if fit.kept then fit.best:offer(row[fit.kept]) end
  if average then average:swap() end
end

--- One epoch: training, validation, the row of the curve and all that goes by it; false: it was the last.
local function run_epoch(fit, epoch)
  local options, schedule = fit.options, fit.schedule
  local row = { epoch = epoch, lr = fit.optimizer.lr }
  unfreeze.apply(options.unfreeze, fit.net, epoch)
  row.loss, row.accuracy, row.grad_norm = train(fit, epoch)
  if row.accuracy ~= row.accuracy then row.accuracy = nil end
  weigh(fit, row)
  if schedule and schedule.options.per ~= 'batch' then
    if schedule.wants_metric then schedule:step(row[fit.monitor]) else schedule:step() end
  end
  local goes_on = not options.on_epoch or options.on_epoch(row, fit.net) ~= false
  return goes_on and not (options.patience and fit.stopper.since >= options.patience)
end

--- All that a training is made of, with options that were read.
local function begin(net, data, options)
  local fit = { net = net, data = shared.data_of(data), valid = shared.data_of(options.valid), options = options }
  if options.histograms and options.events == 'none' then
    core.refuse "fit: 'histograms' go into event files; { events = 'epoch' } makes them"
  end
  if type(options.amp) == 'string' and options.amp ~= 'bfloat16' and options.amp ~= 'float16' then
    core.refuse(("fit: 'amp' = '%s' is neither 'bfloat16' nor 'float16'"):format(options.amp))
  end
  unfreeze.check(options.unfreeze, options.epochs, net)
  if options.fast_run then options.epochs, options.limit_batches = 1, 2 end
  if options.overfit_one_batch then
    options.limit_batches, options.shuffle, options.balance, options.augment = 1, false, false, nil
    options.weights = nil                                   -- which would draw other rows each time
  end
  fit.places = fit.valid and options.views == 1 and places_of(fit.valid.classes, fit.data.classes)
  if fit.places and fit.data.target ~= 'classes' then
    core.refuse("fit: 'valid' has its tags or numbers in another order than the data")
  end
  fit.optimizer, fit.schedule = shared.prepare(net, fit.data, options), options.schedule
  if fit.schedule and not fit.schedule.bound then fit.schedule = fit.schedule:bind(fit.optimizer) end
  options.optimizer = core.printed_line(fit.optimizer)       -- its lr as it begins
  fit.scaler = options.amp == 'float16' and optim.GradScaler() or nil
  fit.average = options.average
  if fit.average and not fit.average.bound then fit.average = fit.average:bind(net) end

  fit.monitor = watched('monitor', options.monitor, options, fit.data.target)
  if options.keep == 'best' then fit.kept = fit.monitor
  elseif options.keep ~= 'last' then fit.kept = watched('keep', options.keep, options, fit.data.target) end
  local first = (MEASURED[fit.data.target] or MEASURED.classes)[1]
  fit.shown = { 'epoch', 'loss', 'valid_loss', 'valid_' .. first }
  if fit.data.target == 'classes' then table.insert(fit.shown, 3, 'accuracy') end
  local mode = options.mode or mode_of(fit.monitor)
  fit.curve, fit.stopper = report.Curve { events = options.events }, nn.Best(net, { mode = mode })
  local by_monitor = fit.kept == nil or fit.kept == fit.monitor
  fit.best = nn.Best(net, { mode = by_monitor and mode or mode_of(fit.kept) })
  return fit
end

--- Options as a report lists them.
local function told(options, fit)
  for _, name in ipairs { 'sample_weight', 'weights' } do
    if options[name] then options[name] = ('%d numbers'):format(#options[name]) end
  end
  options.average = fit.average and tostring(fit.average)
  return options
end

local function run(net, data, options)
  local fit = begin(net, data, options)
  local parts = { net, fit.optimizer, fit.curve, fit.stopper, fit.best }
  parts[#parts + 1] = fit.schedule
  parts[#parts + 1] = fit.average
  parts[#parts + 1] = fit.scaler
  if options.loss.n_parameters > 0 then parts[#parts + 1] = options.loss end
  local loop = nn.epochs(options.epochs, parts, { every = options.every })
  if not net.training then net:train() end
  for epoch in loop do
    if not run_epoch(fit, epoch) then loop:stop() end
  end
  if not fit.known then core.remember(net, fit.data) end    -- a run that was resumed behind its last epoch
  if fit.best.value then                                    -- none where what is kept by was NaN to the end
    fit.best:restore()
  elseif fit.average and fit.average.n_averaged > 0 then
    fit.average:swap()
  end
  return setmetatable({
    curve = fit.curve, net = net, options = told(options, fit), watched = fit.kept, best = fit.best.value,
    best_epoch = fit.best.at, epochs = #fit.curve.rows, seconds = loop.seconds,
  }, { __name = 'Training', __tostring = show_run })
end

function nn.fit(net, data, given)
  local options = read(net, data, given)
  if options.detect_infinity then return torch.autograd.detect_infinity(run, net, data, options) end
  if options.detect_anomaly then return torch.autograd.detect_anomaly(run, net, data, options) end
  return run(net, data, options)
end

return shared
