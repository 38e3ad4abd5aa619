-- nn.find_rate: a trial of growing learning rates, which says where to begin.
--
-- Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks (2017), section 3.3; names and defaults are
-- those of Lightning's lr_find, and the loss is smoothed as there.

local native = require 'lumir.native'
local core = native.core
local nn, optim, report = native.nn, native.optim, native.report
local fit = require 'lumir.fit'

local options = {
  loss = false, optimizer = false, batch_size = 32, augment = {}, device = 'cpu', min_lr = 1e-8, max_lr = 1,
  num_training = 100, early_stop_threshold = 4, smoothing = 0.98,
}

local function option(name, type, text) return { name = name, type = type, text = text, optional = true } end

native.lumir.doc {
  name = 'nn.find_rate',
  summary = 'Trains for some batches while the learning rate grows from very small to very large, and proposes the '
    .. 'rate at which the loss fell fastest before it was least. Network, optimizer and '
    .. 'generator are then as they were, bit by bit.',
  returns = 'a table: suggestion, a rate, nil where the loss never fell; lrs and losses (smoothed), lists; figure, '
    .. 'the curve; diverged, whether it ended early',
  example = 'nn.find_rate(nn.LazyLinear(3), table, { num_training = 20 }).suggestion',
  source = 'Smith (2017), section 3.3; lr_find of Lightning and fastai',
  parameters = {
    { name = 'net', type = 'Module', text = 'what is to be trained' },
    { name = 'data', type = 'Dataset or Table', text = 'what it is to be trained on' },
    option('loss', 'Module', 'CrossEntropyLoss unless given'),
    option('optimizer', 'Optimizer', 'bound or not; Adam unless given'),
    option('batch_size', 'integer', 'rows of a batch; 32 unless given'),
    option('augment', 'list of BatchEffect', 'what is done to each batch, in order'),
    option('device', 'text', "'cpu', 'cuda' or 'auto'"),
    option('min_lr', 'number', 'the first rate; 1e-8 unless given'),
    option('max_lr', 'number', 'the last; 1 unless given'),
    option('num_training', 'integer', 'batches, each with a rate of its own; 100 unless given'),
    option('early_stop_threshold', 'number', 'ends where the loss is so many times the least so far; 4 unless given'),
    option('smoothing', 'number', 'how much of the mean loss so far stays at each batch; 0.98 unless given'),
  },
}

local function check(good, name, value, rule)
  if not good then error(("find_rate: '%s' = %s %s"):format(name, core.show(value), rule), 4) end
end

local function read(given)
  if given ~= nil and type(given) ~= 'table' then
    error(('find_rate: options must be a table, got %s'):format(core.kind(given)), 3)
  end
  local how, names = {}, {}
  for name, default in pairs(options) do
    how[name] = default
    names[#names + 1] = name
  end
  table.sort(names)
  for name, value in pairs(given or {}) do
    if options[name] == nil then
      error(("find_rate: unknown option '%s'%s"):format(tostring(name), core.did_you_mean(tostring(name), names)), 3)
    end
    local wanted = type(options[name])
    if wanted ~= 'boolean' and type(value) ~= wanted then
      error(("find_rate: '%s' must be a %s, got %s"):format(name, wanted, core.kind(value)), 3)
    end
    how[name] = value
  end
  check(how.min_lr > 0, 'min_lr', how.min_lr, 'must be above 0')
  check(how.max_lr > how.min_lr and how.max_lr < math.huge, 'max_lr', how.max_lr, 'must be above min_lr')
  check(how.num_training >= 2 and how.num_training % 1 == 0, 'num_training', how.num_training,
    'must be a whole number from 2')
  check(how.early_stop_threshold > 1, 'early_stop_threshold', how.early_stop_threshold, 'must be above 1')
  check(how.smoothing >= 0 and how.smoothing < 1, 'smoothing', how.smoothing, 'must be from 0 to below 1')
  return how
end

--- Where the loss falls steepest over the logarithm of the rate, whose steps are all alike. The first ten losses are
-- smoothed over too few to count; behind the least one the loss jumps up and down.
local function steepest(lrs, losses)
  local first, last, place, least = math.min(11, #losses), math.min(11, #losses), nil, 0
  for i = first, #losses do
    if losses[i] < losses[last] then last = i end
  end
  for i = first, last do
    local before, after = math.max(i - 1, first), math.min(i + 1, last)
    local slope = after > before and (losses[after] - losses[before]) / (after - before) or 0
    if slope < least then place, least = i, slope end
  end
  return place and lrs[place]
end

local function figure_of(run)
  local across = {}
  for i, rate in ipairs(run.lrs) do across[i] = math.log10(rate) end
  local lines = { loss = { x = across, y = run.losses } }
  if run.suggestion then
    local at = math.log10(run.suggestion)
    lines[('suggestion %.2g'):format(run.suggestion)] = {
      x = { at, at }, y = { math.min(unpack(run.losses)), math.max(unpack(run.losses)) },
    }
  end
  local words = { x = 'learning rate (power of ten)', y = 'smoothed loss', title = 'Learning rate finder' }
  return report.curve(lines, words)
end

local function show_run(run)
  local found = run.suggestion and ('suggestion %.3g'):format(run.suggestion) or 'no suggestion: the loss never fell'
  return ('%s   (%d rates from %.3g to %.3g%s)'):format(found, #run.lrs, run.lrs[1], run.lrs[#run.lrs],
    run.diverged and ', then it diverged' or '')
end

--- The trial itself: rates, and the smoothed loss of each.
local function try(net, data, loss, optimizer, how)
  local lrs, losses, mean, least = {}, {}, 0, nil
  local growth = (how.max_lr / how.min_lr) ^ (1 / (how.num_training - 1))
  while true do
    for x, y, lengths in data:batches { batch_size = how.batch_size, shuffle = true, device = how.device } do
      for _, effect in ipairs(how.augment) do
        local _
        x, y, _, lengths = effect(x, y, { lengths = lengths, n_classes = #data.classes })
      end
      local n = #lrs + 1
      optimizer.lr = how.min_lr * growth ^ (n - 1)
      local value = loss(net(x, { lengths = lengths }), y)
      local number = value:item()
      if number ~= number or math.abs(number) == math.huge then return lrs, losses, true end
      mean = how.smoothing * mean + (1 - how.smoothing) * number
      lrs[n], losses[n] = optimizer.lr, mean / (1 - how.smoothing ^ n)
      if n > 1 and losses[n] > how.early_stop_threshold * least then return lrs, losses, true end
      if not least or losses[n] < least then least = losses[n] end
      if n == how.num_training then return lrs, losses, false end
      optimizer:zero_grad()
      value:backward()
      optimizer:step()
    end
  end
end

function nn.find_rate(net, data, given)
  fit.check_arguments('find_rate', net, data)
  local how = read(given)
  data = fit.data_of(data)
  local loss, optimizer = how.loss or nn.CrossEntropyLoss(), how.optimizer or optim.Adam()
  net:to(how.device)
  loss:to(how.device)
  fit.prime(net, data, how.device)
  if not optimizer.bound then optimizer = optimizer:bind(net) end
  local restore = core.snapshot { net, loss, optimizer }
  net:train()
  local good, lrs, losses, diverged = pcall(try, net, data, loss, optimizer, how)
  restore()
  if not good then error(lrs, 0) end
  if #lrs == 0 then error('find_rate: the loss of the first batch is not finite', 2) end
  local run = { lrs = lrs, losses = losses, diverged = diverged, suggestion = steepest(lrs, losses) }
  run.figure = figure_of(run)
  return setmetatable(run, { __name = 'RateTrial', __tostring = show_run })
end
