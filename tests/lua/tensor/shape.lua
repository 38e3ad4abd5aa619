-- Shapes: lists of sizes that know how they print, count from 1, and are equal where their sizes are.

local lumir = require 'lumir'
local torch = lumir.torch

test('a shape prints as it is written, by itself and within text', function()
  local x = torch.zeros(4, 3)
  expect(tostring(x.shape)):equals '[4, 3]'
  expect(tostring(x:size())):equals '[4, 3]'
  expect('x is ' .. x.shape .. '.'):equals 'x is [4, 3].'
  expect(tostring(torch.tensor(5).shape)):equals '[]'
  expect(function() return x.shape .. {} end):raises "shape: '..' joins text and numbers, got table"
end)

test('a shape is a list still', function()
  local x = torch.zeros(4, 3)
  expect(#x.shape):equals(2)
  expect({ unpack(x.shape) }):equals { 4, 3 }
  local sizes = {}
  for i, size in ipairs(x.shape) do sizes[i] = size end
  expect(sizes):equals { 4, 3 }
  expect(torch.zeros(x.shape).shape):equals { 4, 3 }
end)

test('dimensions count from 1, -1 is the last, and others are errors', function()
  local shape = torch.zeros(4, 3).shape
  expect(shape[1]):equals(4)
  expect(shape[-1]):equals(3)
  local rule = ' is no dimension of [4, 3]; dimensions are 1 to 2, and -1 is the last'
  expect(function() return shape[0] end):raises('shape: 0' .. rule)
  expect(function() return shape[3] end):raises('shape: 3' .. rule)
  expect(function() return shape[-3] end):raises('shape: -3' .. rule)
  expect(function() return shape[1.5] end):raises('shape: 1.5' .. rule)
  expect(function() return shape.rows end):raises "shape: has sizes by place and nothing called 'rows'"
  expect(function() return torch.tensor(5).shape[1] end)
    :raises 'shape: 1 is no dimension of []; a single number has no sizes'
end)

test('shapes are equal where their sizes are', function()
  expect(torch.zeros(4, 3).shape == torch.ones(4, 3).shape):equals(true)
  expect(torch.zeros(4, 3).shape == torch.ones(3, 4).shape):equals(false)
  expect(torch.zeros(4).shape == torch.ones(4, 1).shape):equals(false)
end)
