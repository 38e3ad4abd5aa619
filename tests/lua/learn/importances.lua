local lumir = require 'lumir'
local data, learn = lumir.data, lumir.learn

--- The column 'decides' tells the classes apart, 'noise' is a walk that does not.
local function rows()
  local x, y, walk = {}, {}, 0.5
  for i = 1, 60 do
    walk = (walk * 997 + 0.123) % 1
    x[i], y[i] = { walk, i % 2 + walk / 4 }, i % 2 == 0 and 'even' or 'odd'
  end
  return data.table { x = x, y = y, columns = { 'noise', 'decides' } }
end

test('a forest says what it leans on by column name, the most important first', function()
  local forest = learn.RandomForest { n_estimators = 20, seed = 1 }:fit(rows())
  local found = forest:importances()
  expect(#found):equals(2)
  expect(found[1].column):equals 'decides'
  expect(found[1].importance):above(0.8)
  expect(#forest:importances { top = 1 }):equals(1)
end)

test('importances print as a table whatever was done to them, or say what is wrong', function()
  local found = learn.RandomForest { n_estimators = 5, seed = 1 }:fit(rows()):importances()
  expect(tostring(found):match '^column +importance\n' ~= nil):equals(true)
  local function print_refused(what)
    expect(function() tostring(found) end):raises('importances: wants rows { column, importance }, got ' .. what)
  end
  found[2] = { column = 'noise' }
  print_refused "{ column = 'noise' }"
  found[2] = 7
  print_refused '7'
  found[2] = { column = 1, importance = 0.5 }
  print_refused '{ column = 1, importance = 0.5 }'
  found[1], found[2] = nil, nil
  print_refused '{}'
  local shuffled = learn.permutation_importance(learn.GaussianNB():fit(rows()), rows(), { n_repeats = 2, seed = 1 })
  shuffled[1].std = nil
  expect(tostring(shuffled):match '^column +importance +std\n' ~= nil):equals(true)
end)

test('shuffling a column shows what any classifier leans on', function()
  local table = rows()
  local found = learn.permutation_importance(learn.GaussianNB():fit(table), table, { n_repeats = 3, seed = 1 })
  expect(found[1].column):equals 'decides'
  expect(found[1].importance):above(0.3)
  expect(found[2].importance):near(0, { absolute = 0.05 })
end)

test('coefficients go by the names of the columns that the classifier sees', function()
  local pipeline = learn.Pipeline { learn.StandardScaler(), learn.LogisticRegression() }:fit(rows())
  local of_odd = pipeline:coefficients().odd
  expect(of_odd.decides):above(1)
  expect(math.abs(of_odd.noise)):below(of_odd.decides / 2)
  expect(function() learn.GaussianNB():fit(rows()):coefficients() end)
    :raises 'coefficients: GaussianNB has no coefficients of columns'
end)

test('a tree tells its way to an answer in words', function()
  local path = learn.DecisionTree { seed = 1 }:fit(rows()):decision_path(rows(), 2)
  expect(#path):equals(2)
  expect(path[1]:match '^decides = [%d.]+ <= [%d.]+$' ~= nil):equals(true)
  expect(path[2]):equals 'even (100 %)'
  expect(function() learn.GaussianNB():fit(rows()):decision_path(rows()) end)
    :raises 'decision_path: needs a fitted DecisionTree, got GaussianNB()'
end)
