-- Published weights under names of their own; tests/lua/models has those that networks of models/ take whole.
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, torch = lumir.nn, lumir.torch

local fixtures = dofile(core.root() .. '/tests/golden/models/fixtures.lua')

local function fixture(name) return fixtures.path(name, skip) end

test('a published residual network finds its places once the names of its parallel copies are gone', function()
  local checkpoint = torch.load(fixture 'weights/resnet20-12fca82f.th')
  expect(checkpoint.best_prec1):near(91.73, { absolute = 0.2 })
  local net = nn.Sequential { nn.Conv2d(3, 16, 3, { bias = false }), nn.BatchNorm2d(16) }
  local same, left = net:load_state_dict(checkpoint.state_dict, {
    strict = false, rename = { ['module.conv1.'] = '0.', ['module.bn1.'] = '1.' },
  })
  expect(same == net):is_true()
  expect(left.missing_keys):equals {}
  expect(#left.unexpected_keys):equals(92)
  expect(net[1].weight:equal(checkpoint.state_dict['module.conv1.weight'])):is_true()
end)
