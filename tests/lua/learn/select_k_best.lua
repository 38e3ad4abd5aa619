local lumir = require 'lumir'
local learn = lumir.learn

local rows = { { 5, 1 }, { 5, 3 }, { 6, 5 }, { 5, 7 } }
local labels = { 'a', 'a', 'b', 'b' }

test('the F value is variance between classes over variance within', function()
  local select = learn.SelectKBest { k = 1 }
  select:fit(rows, labels)
  expect(select.f_values:tolist()[2]):near(8)             -- 16 / 1 over 4 / 2
  expect(select:transform(rows)):near { { 1 }, { 3 }, { 5 }, { 7 } }
end)

test("'all' keeps every column, and more than all is an error", function()
  expect(learn.SelectKBest { k = 'all' }:fit(rows, labels):transform(rows)):near(rows)
  expect(function() learn.SelectKBest():fit(rows, labels) end):raises "SelectKBest: 'k' = 10 is more than the 2 columns"
end)
