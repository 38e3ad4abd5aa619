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

test('in float64 five epochs have the losses that PyTorch has, to 1e-8', function()
  local losses, net = train('float64', 5)
  expect(net.n_parameters):equals(golden.parameters)
  expect_near(losses, golden.float64, 1e-8)
end)

--- Whether `losses` are as near to `wanted` as asked, step by step.
local function near(losses, wanted, relative) return (pcall(expect_near, losses, wanted, relative)) end

test('in float32 ten steps have those of PyTorch on such a processor to 1e-4, by the same operators', function()
  core.use_fused_kernels(false)
  local losses = train('float32', 5)
  core.use_fused_kernels(true)
  expect(near(losses, golden.float32.AVX2, 1e-4) or near(losses, golden.float32.AVX512, 1e-4)):equals(true)
end)

-- Norms and bends in one pass round otherwise, and Adam's first steps go by signs (tests/golden/nn/resnet.py): so these
-- are held to float64, at each step by the most that PyTorch's runs in float32 have been off it by then.
test('in float32 ten steps with fused kernels are as near to float64 as those of PyTorch', function()
  local most = 0
  for i, loss in ipairs(train('float32', 5)) do
    most = math.max(most, golden.off.AVX2[i], golden.off.AVX512[i])
    local off = math.abs(loss / golden.float64[i] - 1)
    if off > 1.2 * most then error(('step %d: %.3g off float64, PyTorch %.3g'):format(i, off, most)) end
  end
end)
