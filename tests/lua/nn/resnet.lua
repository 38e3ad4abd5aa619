-- A whole training beside PyTorch's: the residual network of the recipe, with given draws and rows.

local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch
local resnet = require 'models.resnet'

local golden = core.from_json(core.read_file(core.root() .. '/tests/golden/nn/resnet.json'), 'resnet.json')

--- The losses of every step; mixup's shares and partners are given, as the script that made the golden has them.
local function train(dtype, epochs)
  torch.manual_seed(11)
  local net = resnet.network(20):to(dtype)
  torch.manual_seed(12)
  local x = torch.randn(8, 1, 32, 24):to { dtype = dtype }
  local y = torch.tensor { 1, 4, 8, 20, 3, 3, 12, 6 }
  local adamw = optim.AdamW(net, { lr = 0.001 })
  local cosine = optim.CosineAnnealingLR(adamw, { T_max = epochs })
  local loss, losses = nn.CrossEntropyLoss { label_smoothing = 0.1 }, {}
  for _ = 1, epochs do
    for batch, share in ipairs { 0.7, 0.9 } do
      local where = batch == 1 and '1:4' or '5:8'
      local rows, classes = x[where], torch.one_hot(y[where], { num_classes = 20 }):to { dtype = dtype }
      local mixed = rows * share + rows:flip(1) * (1 - share)
      local target = classes * share + classes:flip(1) * (1 - share)
      losses[#losses + 1] = adamw:minimize(loss(net(mixed), target))
    end
    cosine:step()
  end
  return losses, net
end

local function expect_near(losses, wanted, relative)
  expect(#losses):equals(#wanted)
  for i, value in ipairs(losses) do
    if math.abs(value / wanted[i] - 1) > relative then
      error(('step %d: %.12g, PyTorch has %.12g'):format(i, value, wanted[i]), 2)
    end
  end
end

test('in float64 three epochs have the losses that PyTorch has, to 1e-8', function()
  local losses, net = train('float64', 3)
  expect(net.n_parameters):equals(golden.parameters)
  expect_near(losses, golden.float64, 1e-8)
end)

test('in float32 ten steps have them to 1e-4, by the same operators', function()
  core.use_fused_kernels(false)
  local losses = train('float32', 5)
  core.use_fused_kernels(true)
  expect_near(losses, golden.float32, 1e-4)
end)

-- Adam's first steps go by signs, and what is nearly 0 has the sign of its rounding: PyTorch's float32 is up to 2.7e-2
-- off its float64 within ten steps, and by another layout or number of threads off itself. Norms and bends in one pass
-- round otherwise again. So ten steps are held to float64, as near as PyTorch's two layouts come to it, and the first
-- three, before that has grown, to PyTorch's channels_last.
test('in float32 ten steps with fused kernels are as near to float64 as those of PyTorch', function()
  local losses, whole = train('float32', 5), train('float64', 5)
  expect_near({ unpack(losses, 1, 3) }, { unpack(golden.channels_last, 1, 3) }, 2e-5)
  for i, loss in ipairs(losses) do
    local function off(value) return math.abs(value / whole[i] - 1) end
    expect(off(loss) <= 1.2 * math.max(off(golden.float32[i]), off(golden.channels_last[i]))):equals(true)
  end
end)
