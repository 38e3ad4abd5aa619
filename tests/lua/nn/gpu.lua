-- Training on a GPU, where there is one.

local lumir = require 'lumir'
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

--- Weights after three steps on a device.
local function trained(device)
  torch.manual_seed(1)
  local net = nn.Sequential { nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AvgMaxPool2d(), nn.Linear(8, 3) }
  local x, y = torch.randn { 5, 1, 12, 14 }, torch.tensor({ 1, 2, 3, 1, 2 }, { dtype = 'int64' })
  net:to(device)
  local adam, loss = optim.Adam(net, { lr = 0.01 }), nn.CrossEntropyLoss()
  for _ = 1, 3 do adam:minimize(loss(net(x:to(device)), y:to(device))) end
  return net:to('cpu')[1].weight:detach()
end

test('steps on a GPU are those of the CPU', function()
  local there, problem = pcall(function() return torch.ones { 1 }:to 'cuda' end)
  if not there then return skip(tostring(problem)) end
  expect(trained 'cuda'):near(trained 'cpu', { absolute = 1e-4 })
end)

test('auto is a device that is there', function()
  expect(torch.ones({ 2 }):to('auto').device:find '^c' ~= nil):equals(true)
end)
