local lumir = require 'lumir'
local optim, torch = lumir.optim, lumir.torch

local function sgd(lr) return optim.SGD({ torch.tensor({ 1 }, { requires_grad = true }) }, { lr = lr }) end

--- The rates of the first n epochs.
local function rates(schedule, n)
  local all = {}
  for epoch = 1, n do
    all[epoch] = schedule:get_last_lr()[1]
    schedule:step()
  end
  return all
end

test('a cosine falls to the least rate', function()
  local optimizer = sgd(2)
  local cosine = optim.CosineAnnealingLR(optimizer, { T_max = 4, eta_min = 1 })
  expect(optimizer.lr):equals(2)
  expect(rates(cosine, 4)):near { 2, 1.5 + math.sqrt(0.5) / 2, 1.5, 1.5 - math.sqrt(0.5) / 2 }
  expect(optimizer.lr):near(1)
  expect(cosine.last_epoch):equals(4)
end)

test('a warm-up rises evenly before it, within T_max', function()
  local cosine = optim.CosineAnnealingLR(sgd(1), { T_max = 8, warmup = 4 })
  expect(rates(cosine, 9)):near({ 0.2, 0.4, 0.6, 0.8, 1, 0.5 + math.sqrt(0.5) / 2, 0.5, 0.5 - math.sqrt(0.5) / 2, 0 },
    { absolute = 1e-12 })
end)

test('options alone make a schedule that is bound later, more than once', function()
  local plain = optim.StepLR { step_size = 1, gamma = 0.5 }
  local a, b = sgd(1), sgd(8)
  local one, other = plain:bind(a), plain:bind(b)
  one:step()
  one:step()
  other:step()
  expect(a.lr):equals(0.25)
  expect(b.lr):equals(4)
  expect(plain:get_last_lr()):equals {}
  expect(function() plain:step() end)
    :raises 'step: StepLR has no optimizer yet: optim.StepLR(optimizer, options), or bind'
  expect(function() plain:bind(optim.SGD()) end)
    :raises 'StepLR: SGD has no parameters yet: optim.SGD(net, options), or bind'
end)

test('a plateau is told how well it goes', function()
  local optimizer = sgd(1)
  local plateau = optim.ReduceLROnPlateau(optimizer, { factor = 0.5, patience = 1 })
  for _, loss in ipairs { 3, 2, 2, 2 } do plateau:step(loss) end
  expect(optimizer.lr):equals(0.5)
  expect(function() plateau:step() end):raises 'step: ReduceLROnPlateau goes by a number: step(valid.loss)'
  expect(function() optim.StepLR(sgd(1), { step_size = 1 }):step(0.5) end)
    :raises 'step: StepLR goes by steps alone, not by a number'
end)

test('a schedule goes on from its state', function()
  local a, b = sgd(1), sgd(1)
  local one = optim.ReduceLROnPlateau(a, { patience = 1 })
  for _, loss in ipairs { 1, 2 } do one:step(loss) end
  local other = optim.ReduceLROnPlateau(b, { patience = 1 }):load_state_dict(one:state_dict())
  one:step(2)
  other:step(2)
  expect(a.lr):near(0.1)
  expect(b.lr):near(0.1)
end)

test('what must be given is asked for', function()
  expect(function() optim.CosineAnnealingLR(sgd(1)) end)
    :raises "CosineAnnealingLR: 'T_max' is missing (steps until the least rate, those of the warm-up included)"
  expect(function() optim.CosineAnnealingLR('adamw', { T_max = 3 }) end)
    :raises "CosineAnnealingLR: 'optimizer' must be an Optimizer, got 'adamw'"
end)

test('a function of Lua says what the first rate is multiplied by, bound or later', function()
  local function fall(epoch) return 0.5 ^ epoch end
  local optimizer = sgd(2)
  expect(rates(optim.LambdaLR(optimizer, fall), 3)):equals { 2, 1, 0.5 }
  expect(optimizer.lr):equals(0.25)
  expect(rates(optim.LambdaLR({ lr_lambda = fall, per = 'batch' }):bind(sgd(4)), 2)):equals { 4, 2 }
  expect(function() optim.LambdaLR(sgd(1), function() end) end)
    :raises "step: a schedule's function must answer a number, got nil"
  expect(function() optim.LambdaLR(sgd(1), function() return -1 end) end)
    :raises "LambdaLR: 'lr_lambda' of 0 answered -1, which is no factor of a rate"
  expect(function() optim.LambdaLR(sgd(1), 3) end):raises "LambdaLR: 'lr_lambda' must be a function, got 3"
end)

test('two schedules of one optimiser multiply', function()
  local optimizer = sgd(1)
  local warm = optim.LinearLR(optimizer, { start_factor = 0.5, total_iters = 2 })
  local fall = optim.StepLR(optimizer, { step_size = 3, gamma = 0.1 })
  local seen = {}
  for epoch = 1, 5 do
    seen[epoch] = optimizer.lr
    warm:step()
    fall:step()
  end
  expect(seen):near { 0.5, 0.75, 1, 0.1, 0.1 }
end)
