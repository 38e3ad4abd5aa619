-- Cross-validation in one call, learning curves, and tests between two models.

local lumir = require 'lumir'
local data, learn, evaluate = lumir.data, lumir.learn, lumir.evaluate

--- Two classes of songs with four rows each; x tells the class, and y the song.
local function songs(n)
  local rows = { x = {}, y = {}, groups = {} }
  for song = 1, n do
    for part = 1, 4 do
      rows.x[#rows.x + 1] = { song % 2 + 0.3 * math.sin(7 * song + part), song }
      rows.y[#rows.y + 1] = song % 2 == 0 and 'even' or 'odd'
      rows.groups[#rows.groups + 1] = 'song ' .. song
    end
  end
  return data.table(rows)
end

local table_of_songs = songs(20)
local nearest = learn.Pipeline { learn.StandardScaler(), learn.KNeighbors { n_neighbors = 3 } }

test('every row tests once, and scores and times stand by metric and round', function()
  local found = learn.cross_validate(nearest, table_of_songs, { folds = 5, scoring = { 'accuracy', 'f1_macro' } })
  expect(#found):equals(5)
  expect(#found.test.accuracy == 5 and #found.train.f1_macro == 5 and #found.fit_seconds == 5):is_true()
  local sum = 0
  for _, accuracy in ipairs(found.test.accuracy) do sum = sum + accuracy / 5 end
  expect(found.mean.accuracy):near(sum, { absolute = 1e-12 })
  expect(nearest.fitted):equals(false)
  expect(tostring(found)):contains 'mean (sd)'
end)

test('it finds what a loop over folds finds', function()
  local found = learn.cross_validate(nearest, table_of_songs, { folds = 4 })
  local search = learn.GridSearch(nearest, { n_neighbors = { 3 } }, { folds = 4 }):fit(table_of_songs)
  expect(found.test.accuracy):near(search.cv_results[1].scores, { absolute = 1e-12 })
end)

test('rounds are repeated, drawn, or leave one group out', function()
  local function rounds(options) return learn.cross_validate(nearest, table_of_songs, options) end
  expect(#rounds { folds = 2, repeats = 3 }):equals(6)
  expect(#rounds { folds = 7, split = 'shuffle', hold = 0.1 }):equals(7)
  expect(#rounds { split = 'leave_one_out' }):equals(20)
  local one, same = rounds { folds = 3, shuffle = true, seed = 4 }, rounds { folds = 3, shuffle = true, seed = 4 }
  expect(one.test.accuracy):equals(same.test.accuracy)
  local bare = data.table { x = { { 1 }, { 2 }, { 3 }, { 4 } }, y = { 'a', 'a', 'b', 'b' } }
  expect(function() learn.cross_validate(learn.KNeighbors { n_neighbors = 1 }, bare, { split = 'leave_one_out' }) end)
    :raises "folds: split = 'leave_one_out' needs groups (by = a column, or groups = { ... } of a table)"
end)

test('a search inside makes nested folds, and says what it chose in each', function()
  local search = learn.GridSearch(nearest, { n_neighbors = { 1, 3 } }, { folds = 2 })
  local found = learn.cross_validate(search, table_of_songs, { folds = 3 })
  expect(#found.settings):equals(3)
  expect(found.settings[1]):contains 'n_neighbors = '
  expect(search.fitted):equals(false)
end)

test('torn apart, songs are known again; whole, they are not', function()
  local by_song = learn.KNeighbors { n_neighbors = 1 }
  local whole = learn.cross_validate(by_song, table_of_songs, { folds = 5 }).mean.accuracy
  local torn = learn.cross_validate(by_song, table_of_songs, { folds = 5, by = 'id' }).mean.accuracy
  expect(torn):above(whole)
end)

test('two models are compared round by round', function()
  local function scores(k)
    return learn.cross_validate(learn.KNeighbors { n_neighbors = k }, table_of_songs, { folds = 5, repeats = 2 })
  end
  local found = evaluate.corrected_t_test(scores(1), scores(9))
  expect(found.p >= 0 and found.p <= 1):is_true()
  expect(evaluate.corrected_t_test(scores(1), scores(1)).p):equals(1)
end)

test('a learning curve has a point for each part of the data', function()
  local curve = learn.learning_curve(nearest, table_of_songs, { sizes = { 0.25, 0.5, 1 }, folds = 4 })
  expect(curve.rows):near { 15, 30, 60 }
  expect(#curve.test == 3 and #curve.train == 3):is_true()
  expect(tostring(curve)):contains 'on train (sd)'
  expect(curve.figure.title):contains 'Learning curve'
end)

test('mistakes are said before anything is fitted', function()
  expect(function() learn.cross_validate(learn.StandardScaler(), table_of_songs) end)
    :raises 'cross_validate: needs a classifier or a regressor, got StandardScaler()'
  expect(function() learn.cross_validate(nearest, table_of_songs, { scoring = { 'acuracy' } }) end)
    :raises "cross_validate: there is no metric 'acuracy' (did you mean 'accuracy'?)"
  expect(function() learn.cross_validate(nearest, table_of_songs, { folds = 30 }) end)
    :raises 'folds: 20 groups to deal, fewer than folds = 30 (take folds = 20)'
end)

test('a network is validated by a function that trains it, in the same rounds', function()
  local nn, optim = lumir.nn, lumir.optim
  local seen = 0
  local found = learn.cross_validate(function(train)
    seen = seen + 1
    lumir.torch.manual_seed(seen)
    local net = nn.Sequential { nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2) }
    nn.fit(net, train, { epochs = 30, batch_size = 16, optimizer = optim.Adam { lr = 0.05 } })
    return net
  end, table_of_songs, { folds = 3 })
  expect(#found == 3 and seen == 3):is_true()
  expect(tostring(found)):contains 'Sequential'
  expect(found.mean.accuracy > 0.5 or found.mean.accuracy):equals(true)
  local function fitted(train) return nearest:set { ['KNeighbors.n_neighbors'] = 3 }:fit(train) end
  local same = learn.cross_validate(fitted, table_of_songs, { folds = 5 })
  expect(same.test.accuracy):equals(learn.cross_validate(nearest, table_of_songs, { folds = 5 }).test.accuracy)
  expect(function() learn.cross_validate(function() return 3 end, table_of_songs, { folds = 2 }) end)
    :raises 'cross_validate: round 1: the function must return a fitted Estimator or a network, got number'
end)
