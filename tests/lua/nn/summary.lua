local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

test('a summary counts layers, parameters and mult-adds of a batch', function()
  local net = nn.Sequential { nn.Conv2d(1, 2, 3), nn.ReLU(), nn.AvgMaxPool2d(), nn.Linear(4, 3) }
  local summary = nn.summary(net, { 2, 1, 5, 5 })
  expect(summary.parameters):equals(35)
  expect(summary.mult_adds):equals(2 * 9 * 20 + 2 * 15)
  expect(tostring(summary)):contains '(0): Conv2d(1, 2, 3)'
  expect(net:summary(torch.zeros(2, 1, 5, 5)).mult_adds):equals(summary.mult_adds)
  expect(function() nn.summary(net, { 2, 'a' }) end):raises "summary: a shape must be a list of sizes, got 'a'"
end)
