local lumir = require 'lumir'
local learn = lumir.learn

--- The second column decides, the first is a walk that does not.
local function rows()
  local x, y, walk = {}, {}, 0.5
  for i = 1, 60 do
    walk = (walk * 997 + 0.123) % 1
    x[i], y[i] = { walk, i % 2 + walk / 4 }, i % 2 == 0 and 'even' or 'odd'
  end
  return x, y
end

test('a forest finds the column that decides', function()
  local x, y = rows()
  local forest = learn.RandomForest { n_estimators = 20, seed = 1 }:fit(x, y)
  expect(forest:predict(x)):equals(y)
  local importances = forest.feature_importances:tolist()
  expect(importances[1] + importances[2]):near(1)
  expect(importances[2]):above(0.8)
end)

test('the seed decides, whatever the number of threads', function()
  local x, y = rows()
  local threads = lumir.threads()
  local function scores(options) return learn.RandomForest(options):fit(x, y):scores(x):tolist() end
  lumir.threads(1)
  local alone = scores { n_estimators = 5, max_depth = 1, seed = 3 }
  lumir.threads(3)
  expect(scores { n_estimators = 5, max_depth = 1, seed = 3 }):equals(alone)
  lumir.threads(threads)
  lumir.seed(3)
  expect(scores { n_estimators = 5, max_depth = 1 }):equals(alone)
  lumir.seed(0)
end)

test("'none' is Python's None", function()
  expect(tostring(learn.RandomForest { max_depth = 'none', n_estimators = 300 }))
    :equals 'RandomForest { n_estimators = 300 }'
  expect(function() learn.RandomForest { max_depth = 0 } end)
    :raises "RandomForest: 'max_depth' = 0 is out of range (at least 1)"
end)
