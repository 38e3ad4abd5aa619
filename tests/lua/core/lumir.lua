local lumir = require 'lumir'
local core = require('lumir.native').core

test('an unknown name of lumir names its neighbour', function()
  expect(function() return lumir.chian end):raises "lumir.chian: there is no such name (did you mean 'chain'?)"
end)

test('an undefined global is an error', function()
  expect(function() return undefined_name end):raises "'undefined_name' is not defined"
end)

test('a global is not made by accident', function()
  expect(function() accident = 1 end):raises "'accident' is assigned but not declared; write: local accident = ..."
end)

test('a chain of nothing is an error', function()
  expect(function() lumir.chain {} end):raises 'chain: needs at least one step'
end)

test('a hole in a list is named by its place', function()
  expect(function() core.show { 1, nil, 3 } end):raises 'show: position 2 of the list is nil'
end)

test('values survive the way to JSON and back', function()
  local value = { list = { 1, 2.5, 'three' }, truth = true, nested = { deep = { 'x' } } }
  expect(core.from_json(core.to_json(value), 'text')):equals(value)
end)
