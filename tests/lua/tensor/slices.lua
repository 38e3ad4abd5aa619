local lumir = require 'lumir'
local torch = lumir.torch

local function grid()
  return torch.tensor { { 11, 12, 13, 14 }, { 21, 22, 23, 24 }, { 31, 32, 33, 34 } }
end

test('a slice includes its end', function()
  expect(grid()['1:2, 2']):near { 12, 22 }
  expect(#grid()['1:2']):equals(2)
end)

test('-1 is the last position', function()
  expect(grid()['-1, -2:-1']):near { 33, 34 }
  expect(grid()[-1]):near { 31, 32, 33, 34 }
end)

test('ends may be left out', function()
  expect(grid()['2:, :2']):near { { 21, 22 }, { 31, 32 } }
  expect(grid()['1, :']):near { 11, 12, 13, 14 }
end)

test('a step takes every so many', function()
  expect(grid()['1, 1:4:2']):near { 11, 13 }
  expect(grid()['1, ::3']):near { 11, 14 }
end)

test('dots stand for the dimensions between', function()
  expect(grid()['..., 1']):near { 11, 21, 31 }
  expect(grid()['2, ...']):near { 21, 22, 23, 24 }
end)

test('a number takes one position of the first dimension', function()
  expect(grid()[2]):near { 21, 22, 23, 24 }
  expect(grid()[2][3]:item()):equals(23)
end)

test('position 0 is an error', function()
  expect(function() return grid()['0'] end):raises "slice: '0' has a position 0; positions count from 1"
  expect(function() return grid()['1, 0:2'] end):raises "slice: '1, 0:2' has a position 0; positions count from 1"
  expect(function() return grid()[0] end):raises "slice: '0' has a position 0; positions count from 1"
end)

test('positions that are not there are errors that name the dimension as it was written', function()
  expect(function() return grid()['4, 1'] end):raises "slice: '4, 1' reaches past dimension 1, which has 3"
  expect(function() return grid()['1, 2:5'] end):raises "slice: '1, 2:5' reaches past dimension 2, which has 4"
  expect(function() return grid()['1, -5'] end):raises "slice: '1, -5' reaches past dimension 2, which has 4"
end)

test('broken slices say what is wrong', function()
  expect(function() return grid()['1, 2, 3'] end):raises "slice: '1, 2, 3' has 3 parts for 2 dimensions"
  expect(function() return grid()['3:2'] end):raises "slice: '3:2' runs backwards"
  expect(function() return grid()['1.5'] end):raises "slice: '1.5' is no slice ('1.5' is no integer)"
  expect(function() return grid()['1,'] end):raises "slice: '1,' is no slice (a part of it is empty)"
  expect(function() return grid()['::-1'] end):raises "slice: '::-1' has a step below 1; :flip() reverses"
  expect(function() return grid()['1:2:3:4'] end):raises "slice: '1:2:3:4' is no slice (a range is first:last:step)"
end)

test('assigning to a slice changes the tensor', function()
  local x = grid()
  x['1, :'] = 0
  x['2:3, 4'] = torch.tensor { 5, 6 }
  x[3] = x[2]
  expect(x):near { { 0, 0, 0, 0 }, { 21, 22, 23, 5 }, { 21, 22, 23, 5 } }
end)

test('a slice is a view', function()
  local x = grid()
  local column = x[':, 1']
  column['2'] = -1
  expect(x['2, 1']:item()):equals(-1)
end)
