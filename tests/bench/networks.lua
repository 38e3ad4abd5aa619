-- A network's steps in Lumir, timed: what `lumir bench nn` runs beside tests/bench/networks.py, which has the same
-- networks and says what is printed.
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

local opt = lumir.options { network = 'lstm', steps = 20, amp = false }

local networks = dofile(core.root() .. '/tests/bench/network_list.lua')
local make, shape, classes = unpack(networks[opt.network] or lumir.usage("network '" .. opt.network .. "' is unknown"))
torch.manual_seed(1)
local net = make()
torch.manual_seed(2)
local x = torch.randn(shape)
local y = classes > 0 and torch.randint(1, classes + 1, { shape[1] }) or nil
local adam, loss = optim.Adam(net, { lr = 1e-4 }), nn.CrossEntropyLoss()

local function forward()
  if opt.amp then return torch.autocast('bfloat16', function() return net(x):float() end) end
  return net(x)
end

local function step()
  if classes > 0 then return adam:minimize(loss(forward(), y)) end
  return torch.no_grad(function() return forward():mean():item() end)
end

if classes == 0 then net:eval() end
print(('lumir %s, level %s, %d threads'):format(core.version(), core.level(), lumir.threads()))
for _ = 1, opt.steps do
  local wall, cpu = core.now(), os.clock()
  local value = step()
  print(('step\t%.3f\t%.3f\t%.9g'):format((os.clock() - cpu) * 1000, (core.now() - wall) * 1000, value))
end
for line in io.lines '/proc/self/status' do
  local kilobytes = line:match '^VmHWM:%s+(%d+)'
  if kilobytes then print(('memory\t%.1f'):format(kilobytes / 1000)) end
end
