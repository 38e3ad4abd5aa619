-- nn.find_rate: a trial of growing learning rates, which says where to begin.
--
-- Leslie N. Smith, Cyclical Learning Rates for Training Neural Networks (2017), section 3.3; names and defaults are
-- those of Lightning's lr_find, and the loss is smoothed as there.

local native = require 'lumir.native'
local core = native.core
local nn, report = native.nn, native.report
local fit = require 'lumir.fit'

local read = native.lumir.doc {
  name = 'nn.find_rate',
  summary = 'Trains for some batches while the learning rate grows from very small to very large, and proposes the '
    .. 'rate at which the loss fell fastest before it was least. Network, optimizer and '
    .. 'generator are then as they were, bit by bit, but for lazy parts, which are drawn here.',
  returns = 'a table: suggestion, a rate, nil where the loss never fell; lrs and losses (smoothed), lists; figure, '
    .. 'the curve; diverged, whether it ended early',
  example = 'nn.find_rate(nn.LazyLinear(3), table, { num_training = 20 }).suggestion',
  source = 'Smith (2017), section 3.3; lr_find of Lightning and fastai',
  parameters = fit.parameters {
    { name = 'min_lr', type = 'number', default = 1e-8, above = 0, below = 'max_lr', text = 'the first rate' },
    { name = 'max_lr', type = 'number', default = 1, above = 'min_lr', text = 'the last rate' },
    { name = 'num_training', type = 'integer', default = 100, least = 2, text = 'batches, each with its own rate' },
    { name = 'early_stop_threshold', type = 'number', default = 4, above = 1,
      text = 'ends where the loss is so many times the least so far' },
    { name = 'smoothing', type = 'number', default = 0.98, least = 0, below = 1,
      text = 'how much of the mean loss so far stays at each batch' },
  },
}

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
local function try(net, data, optimizer, how)
  local lrs, losses, mean, least = {}, {}, 0, nil
  local growth = (how.max_lr / how.min_lr) ^ (1 / (how.num_training - 1))
  while true do
    for x, y, lengths, weights in fit.batches(data, how, true) do
      local mixed, target, mixed_lengths = fit.augmented(x, y, lengths, how, data)
      local n = #lrs + 1
      optimizer.lr = how.min_lr * growth ^ (n - 1)
      local value = fit.loss_of(how, net(mixed, { lengths = mixed_lengths }), target, weights, y)
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
  local how = read(net, data, given)
  data = fit.data_of(data)
  local optimizer = fit.prepare(net, data, how)
  local restore = core.snapshot { net, how.loss, optimizer }
  net:train()
  local good, lrs, losses, diverged = pcall(try, net, data, optimizer, how)
  restore()
  if not good then error(lrs, 0) end
  if #lrs == 0 then core.refuse 'find_rate: the loss of the first batch is not finite' end
  local run = { lrs = lrs, losses = losses, diverged = diverged, suggestion = steepest(lrs, losses) }
  run.figure = figure_of(run)
  return setmetatable(run, { __name = 'RateTrial', __tostring = show_run })
end
