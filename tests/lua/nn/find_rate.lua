-- nn.find_rate: leaves everything as it was, and proposes a rate that trains.

local lumir = require 'lumir'
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

--- Rows of two classes that a line tells apart.
local function rows(n)
  local x, y = {}, {}
  for i = 1, n do
    local side = i % 2 == 0 and 1 or -1
    x[i] = { side + math.sin(i) * 0.3, math.cos(3 * i), side * 0.5 + math.sin(7 * i) * 0.2 }
    y[i] = i % 2 == 0 and 'even' or 'odd'
  end
  return lumir.data.table { x = x, y = y }
end

test('weights, buffers, gradients, optimizer, modes and generator are bit by bit as they were', function()
  local data = rows(40)
  lumir.seed(3)
  local net = nn.Sequential { nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(), nn.Linear(8, 2) }
  local adam, loss = optim.Adam(net, { lr = 0.02 }), nn.CrossEntropyLoss()
  for x, y in data:batches { batch_size = 8 } do adam:minimize(loss(net(x), y)) end
  net[2]:eval()
  local function all()
    local found = {}
    for _, part in net:named_modules() do
      for _, name in ipairs { 'weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked' } do
        local good, tensor = pcall(function() return part[name] end)
        if good then
          found[#found + 1] = tensor:clone()
          if tensor.grad then found[#found + 1] = tensor.grad:clone() end
        end
      end
    end
    for _, tensor in pairs(adam:state_dict()) do found[#found + 1] = tensor end
    return found
  end
  local before = all()
  torch.manual_seed(11)
  local expected = torch.rand(3):tolist()
  torch.manual_seed(11)
  local run = nn.find_rate(net, data, { optimizer = adam, batch_size = 8, num_training = 30 })
  expect(torch.rand(3):tolist()):equals(expected)
  expect(#run.lrs):above(10)
  local after = all()
  expect(#after):equals(#before)
  expect(#before):above(15)
  local sums = { 0, 0 }
  for i, found in ipairs { before, after } do
    for _, tensor in ipairs(found) do sums[i] = sums[i] + tensor:double():abs():sum():item() end
  end
  expect(sums[2]):near(sums[1], { relative = 1e-12 })
  expect(net[1].weight:equal(before[1])):is_true()
  expect(adam.lr):equals(0.02)
  expect(net.training):is_true()
  expect(net[2].training):equals(false)
end)

test('rates grow by one factor from min_lr to max_lr', function()
  local run = nn.find_rate(nn.Linear(3, 2), rows(20), {
    min_lr = 1e-6, max_lr = 1e-2, num_training = 5, batch_size = 4, optimizer = optim.SGD { lr = 1 },
  })
  expect(run.lrs):near({ 1e-6, 1e-5, 1e-4, 1e-3, 1e-2 }, { relative = 1e-9 })
  expect(#run.losses):equals(5)
  expect(run.diverged):equals(false)
end)

-- A loss of a * w ^ 2 / 2 with a = 4: a step of gradient descent multiplies w by 1 - 4 lr. It falls at all where lr is
-- below 1/2, and at once at 1/4.
test('on a parabola the proposal trains, and the trial ends where it diverges', function()
  local Parabola = nn.Module 'Parabola'
  function Parabola:init() self.w = nn.Parameter(torch.tensor { 3 }) end
  function Parabola:forward(x) return x * 0 + self.w end
  local Height = nn.Module 'Height'
  function Height.forward(_, x) return (x ^ 2):mean() * 2 end
  local data = lumir.data.table { x = { { 1 }, { 1 }, { 1 }, { 1 } }, y = { 'a', 'b', 'a', 'b' } }
  local net = Parabola()
  local run = nn.find_rate(net, data, {
    loss = Height(), optimizer = optim.SGD { lr = 1 }, min_lr = 1e-5, max_lr = 10, num_training = 100, batch_size = 4,
  })
  expect(run.diverged):is_true()
  expect(run.suggestion):above(0.01)
  expect(run.suggestion):below(0.5)
  expect(run.lrs[#run.lrs]):above(0.5)
  expect(net.w):near { 3 }
  expect(tostring(run)):contains 'then it diverged'
  expect(tostring(run.figure)):contains 'Figure'
  local sgd, height = optim.SGD(net, { lr = run.suggestion }), Height()
  for _ = 1, 100 do sgd:minimize(height(net(torch.ones(1)))) end
  expect(math.abs(net.w:item())):below(0.5)
end)

test('on rows that a line tells apart the proposal is within reason, and better than rates far off', function()
  local data = rows(64)
  lumir.seed(5)
  local net = nn.Linear(3, 2)
  local run = nn.find_rate(net, data, { optimizer = optim.SGD { lr = 1 }, max_lr = 100, batch_size = 16 })
  local function loss_after(rate)
    local copy = net:clone()
    local curve = nn.fit(copy, data, {
      epochs = 3, batch_size = 16, shuffle = false, optimizer = optim.SGD { lr = rate }, keep = 'last',
    }).curve
    return curve.rows[3].loss
  end
  expect(loss_after(run.suggestion)):below(loss_after(run.suggestion / 100))
  expect(loss_after(run.suggestion)):below(0.4)
end)

test('a fall behind the least loss, where it jumps, is no proposal', function()
  local x, y = {}, {}
  for i = 1, 256 do
    local side = i % 2 == 0 and 1 or -1
    x[i] = { side + math.sin(i), math.cos(i), side * 0.3 + math.sin(7 * i) }
    y[i] = i % 2 == 0 and 'even' or 'odd'
  end
  lumir.seed(1)
  local net = nn.Sequential { nn.Linear(3, 32), nn.ReLU(), nn.Linear(32, 2) }
  local run = nn.find_rate(net, lumir.data.table { x = x, y = y }, { max_lr = 10 })
  local least = 1
  for i, loss in ipairs(run.losses) do
    if loss < run.losses[least] then least = i end
  end
  expect(run.suggestion):below(run.lrs[least])
  expect(run.suggestion):above(1e-3)
end)

test('options are checked, and a first loss that is NaN is said', function()
  local data, net = rows(8), nn.Linear(3, 2)
  expect(function() nn.find_rate(net, data, { min_lrs = 1 }) end)
    :raises "find_rate: unknown option 'min_lrs' (did you mean 'min_lr'?)"
  expect(function() nn.find_rate(net, data, { min_lr = 2 }) end)
    :raises "find_rate: 'min_lr' = 2 is out of range (must be above 0, below max_lr = 1)"
  expect(function() nn.find_rate(net, data, { smoothing = 1 }) end)
    :raises "find_rate: 'smoothing' = 1 is out of range (at least 0, below 1)"
  expect(function() nn.find_rate(3, data) end):raises "find_rate: 'net' must be Module, got 3"
  local Bad = nn.Module 'Bad'
  function Bad:init() self.linear = nn.Linear(3, 2) end
  function Bad:forward(x) return self.linear(x) / 0 * 0 end
  expect(function() nn.find_rate(Bad(), data) end):raises 'find_rate: the loss of the first batch is not finite'
end)
