local lumir = require 'lumir'
local data, learn = lumir.data, lumir.learn

local function rows()
  return data.table {
    x = { { 1, 10, 5 }, { 2, 20, 6 }, { 3, 60, 7 } }, y = { 'a', 'b', 'a' }, columns = { 'tempo', 'mfcc_1', 'mfcc_2' },
  }
end

test('columns are changed by name, and the others pass', function()
  local columns = learn.Columns { { 'mfcc_*', learn.MinMaxScaler() }, remainder = 'passthrough' }
  expect(columns:fit_transform(rows()):tolist()):equals { { 0, 0, 1 }, { 0.2, 0.5, 2 }, { 1, 1, 3 } }
end)

test('a name that no column has is an error with its neighbour', function()
  local columns = learn.Columns { { 'tmpo', learn.MinMaxScaler() } }
  expect(function() columns:fit(rows()) end):raises "Columns: no column is called 'tmpo' (did you mean 'tempo'?)"
end)

test('names reach a step behind others, as they come out of these', function()
  local pipeline = learn.Pipeline {
    learn.VarianceThreshold { threshold = 1 }, learn.Columns { { 'mfcc_1', learn.MinMaxScaler() } },
    learn.KNeighbors { n_neighbors = 1 },
  }
  expect(pipeline:fit(rows()):predict(rows())):equals { 'a', 'b', 'a' }
end)

test('a union puts what its parts make side by side', function()
  local union = learn.Union { learn.MinMaxScaler(), learn.MaxAbsScaler() }
  expect(union:fit_transform(rows()):size(2)):equals(6)
end)
