local lumir = require 'lumir'
local learn = lumir.learn

local rows, labels = { { 0 }, { 1 }, { 2 }, { 10 } }, { 'low', 'low', 'high', 'high' }

test('neighbours vote, each alike or by nearness', function()
  expect(learn.KNeighbors { n_neighbors = 3 }:fit(rows, labels):scores { { 0.5 } }):near { { 1 / 3, 2 / 3 } }
  local weighed = learn.KNeighbors { n_neighbors = 3, weights = 'distance' }:fit(rows, labels)
  expect(weighed:scores { { 3 } }):near { { 1 / (1 + 1 / 2 + 1 / 3), (1 / 2 + 1 / 3) / (1 + 1 / 2 + 1 / 3) } }
  expect(weighed:predict { { 3 } }):equals { 'high' }
end)

test('more neighbours than rows is an error', function()
  expect(function() learn.KNeighbors():fit(rows, labels) end)
    :raises "KNeighbors: 'n_neighbors' = 5 is more than the 4 training rows"
end)
