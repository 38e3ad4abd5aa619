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

test('what a learner keeps of a tensor stays when the tensor is written, also by its address', function()
  for _, exposed in ipairs { false, true } do
    local x = lumir.torch.tensor(rows):to 'float64'
    local numbers = exposed and x:data()
    local model = learn.KNeighbors { n_neighbors = 1 }:fit(x, labels)
    local table_ = lumir.data.table { x = x, y = labels }
    if exposed then numbers[3] = -5 else x:fill_(-5) end
    expect(x[4]:item()):equals(-5)
    expect(model:predict { { 9 }, { 0.1 } }):equals { 'high', 'low' }
    expect(learn.KNeighbors { n_neighbors = 1 }:fit(table_):predict { { 9 }, { 0.1 } }):equals { 'high', 'low' }
  end
end)

test('rows of a transformer go on to the next learner', function()
  local changed = learn.StandardScaler():fit_transform(rows)
  local model = learn.KNeighbors { n_neighbors = 1 }:fit(changed, labels)
  local asked = changed:clone()
  changed:zero_()
  expect(model:predict(asked)):equals(labels)
end)
