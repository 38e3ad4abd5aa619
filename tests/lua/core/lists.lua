-- Lists from Lua, whose length ends at any hole.

local lumir = require 'lumir'
local audio, learn, torch = lumir.audio, lumir.learn, lumir.torch

--- A list whose second place is empty, so that Lua's own length of it is 1.
local function holed(first, third)
  local list = { first }
  list[3] = third
  return list
end

test('a hole in a list is named, whoever takes the list', function()
  local clip, x = audio.silence { seconds = 0.1 }, torch.ones(2)
  local rows = { x = { { 1 }, { 2 } }, y = { 'a', 'b' } }
  local model = learn.KNeighbors { n_neighbors = 1 }:fit(rows)
  expect(function() lumir.evaluate.compare(holed(model, model), rows) end)
    :raises "compare: position 2 of 'models' is nil"
  expect(function() audio.mix(holed(clip, clip)) end):raises "mix: position 2 of 'clips' is nil"
  expect(function() torch.cat(holed(x, x)) end):raises "torch: position 2 of 'tensors' is nil"
  expect(function() torch.tensor(holed(1, 3)) end):raises "tensor: position 2 of 'data' is nil"
  expect(function() torch.tensor { holed(1, 3) } end):raises 'tensor: position 2 of element [1] is nil'
  expect(function() learn.Pipeline(holed(learn.PCA(), learn.SVC())) end)
    :raises 'Pipeline: position 2 of the list is nil'
  expect(function() lumir.metric.accuracy(holed('a', 'b'), { 'a', 'b' }) end)
    :raises "accuracy: position 2 of 'truth' is nil"
  expect(function() model:predict { x = holed({ 1 }, { 2 }) } end):raises "predict: position 2 of 'x' is nil"
end)

test('an empty table is an empty list', function()
  expect(audio.clip({}).length):equals(0)
  expect(torch.full({}, 2):item()):equals(2)
end)

test('tables that hold themselves or nest without end are refused', function()
  local deep = {}
  for _ = 1, 20000 do deep = { deep } end
  expect(function() audio.clip(deep) end):raises 'clip: tables nested too deep'
  local named = {}
  for _ = 1, 200 do named = { inside = named } end -- one level more than JSON reads
  expect(function() audio.clip(named) end):raises 'clip: tables nested too deep'
  expect(function() torch.tensor(deep) end):raises 'tensor: tables nested too deep'
end)

test('a path that is empty or holds a zero byte is refused by name', function()
  expect(function() audio.load '' end):raises "load: 'path' is empty"
  expect(function() learn.load '' end):raises "load: 'path' is empty"
  expect(function() lumir.data.files 'a\0b' end):raises "files: 'root' holds a zero byte"
end)

test('what does not fit into memory is said in words', function()
  expect(function() torch.zeros(2 ^ 45) end):raises 'zeros: there is not enough memory for this'
  expect(function() torch.zeros(1):expand(2 ^ 45):tolist() end):raises 'tolist: there is not enough memory for this'
  expect(tostring(torch.ones(1):expand(2 ^ 45))):contains '1 to 1 · mean 1'
end)

test('an empty table is a list of nothing, and is said to be empty where something is wanted', function()
  expect(function() lumir.report.curve {} end):raises 'curve: there is nothing to draw'
  expect(function() lumir.report.curve { a = {} } end):raises 'curve: a list of numbers is empty'
  expect(function() lumir.report.scatter(lumir.torch.rand(2, 2), {}) end):raises 'scatter: 2 points but 0 labels'
end)
