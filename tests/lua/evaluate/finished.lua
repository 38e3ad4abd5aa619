-- A finished run as results: what it printed, whatever its model was, and what cannot be judged anew in one line.

local lumir = require 'lumir'
local core = require('lumir.native').core

local function with_run(results, scores, use)
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  core.write_file(folder .. '/run.json', core.to_json { recipe = 'made.lua', results = results })
  core.write_file(folder .. '/recordings.csv', scores)
  local done, problem = pcall(use, folder)
  shell('rm -r ' .. folder)
  if not done then error(problem, 0) end
end

local function made(predicted)
  return { classes = { 'abba', 'cure', 'queen' }, target = 'classes',
           models = { { name = 'SVM', settings = 'C = 1', predicted = predicted } } }
end

local scores = [[
id,path,group,truth,SVM,SVM: abba,SVM: cure,SVM: queen
1,1.mp3,a,abba,abba,0.9,0.1,0
2,2.mp3,a,abba,queen,0.5,0.1,0.4
3,3.mp3,b,queen,queen,0.1,0.2,0.7
4,4.mp3,b,queen,queen,0.3,0.1,0.6
]]

test('what a model predicted stays, though another score is greatest, and so do classes not heard', function()
  with_run(made { 'abba', 'queen', 'queen', 'queen' }, scores, function(folder)
    local system = lumir.finished(folder)[1]
    expect(system.name):equals 'SVM'
    expect(system.settings):equals 'C = 1'
    expect(system.results.best.settings):equals 'C = 1'  -- so does a report of it
    expect(system.results.best.accuracy):equals(0.75)
    expect(system.results.best.predicted):equals { 'abba', 'queen', 'queen', 'queen' }
    expect(system.results.value.classes):equals { 'abba', 'cure', 'queen' }
    expect(system.results.value.ids):equals { '1', '2', '3', '4' }
  end)
end)

local both = [[
id,path,group,set,truth,song,song: abba,song: queen,excerpt,excerpt: abba,excerpt: queen
1,1.mp3,a,1,abba,abba,0.9,0.1,,,
2,2.mp3,b,1,queen,queen,0.3,0.7,,,
1#1,1.mp3,a,2,abba,,,,abba,0.8,0.2
1#2,1.mp3,a,2,abba,,,,queen,0.4,0.6
2#1,2.mp3,b,2,queen,,,,queen,0.1,0.9
]]

--- A run's record that judged two songs, then the excerpts of them.
local function twofold()
  local function of(set, name, ids, truth, predicted)
    return { set = set, classes = { 'abba', 'queen' }, target = 'classes', ids = ids, truth = truth,
             models = { { name = name, settings = '', predicted = predicted } } }
  end
  local songs = of(1, 'song', { '1', '2' }, { 'abba', 'queen' }, { 'abba', 'queen' })
  local parts = of(2, 'excerpt', { '1#1', '1#2', '2#1' }, { 'abba', 'abba', 'queen' }, { 'abba', 'queen', 'queen' })
  return { recipe = 'made.lua', results = songs, judged = { songs, parts }, synthetic = true }
end

test('a run that judged songs and their excerpts has a system of each, the headline first', function()
  with_run(nil, both, function(folder)
    core.write_file(folder .. '/run.json', core.to_json(twofold()))
    local systems = lumir.finished(folder)
    expect(#systems):equals(2)
    expect(systems[1].name):equals 'song'
    expect(systems[1].results.value.ids):equals { '1', '2' }
    expect(systems[2].results.value.ids):equals { '1#1', '1#2', '2#1' }
    expect(systems[2].results.best.accuracy):near(2 / 3, { absolute = 1e-9 })
  end)
end)

test('what a run of made music found says so, whoever reads it', function()
  with_run(nil, both, function(folder)
    core.write_file(folder .. '/run.json', core.to_json(twofold()))
    expect(tostring(lumir.finished(folder)[1].results)):contains '\nsynthetic sample: the music is made'
  end)
  with_run(made { 'abba', 'queen', 'queen', 'queen' }, scores, function(folder)
    expect(tostring(lumir.finished(folder)[1].results):find 'synthetic'):equals(nil)
  end)
end)

test('runs stand side by side by the recordings that all of them share', function()
  with_run(nil, both, function(folder)
    core.write_file(folder .. '/run.json', core.to_json(twofold()))
    local function names(systems)
      local list = {}
      for i, system in ipairs(systems) do list[i] = system.name end
      return list
    end
    with_run(nil, both, function(twin)
      core.write_file(twin .. '/run.json', core.to_json(twofold()))
      local alike, apart = lumir.side_by_side { folder, twin }
      expect(names(alike)):equals { 'song', 'song' }
      expect(names(apart)):equals { 'excerpt', 'excerpt' }
      expect(names(lumir.side_by_side({ folder, twin }, { only = 'excerpt' }))):equals { 'excerpt', 'excerpt' }
    end)
    expect(function() lumir.side_by_side { folder, folder .. '/.' } end)
      :raises(("side_by_side: '%s/.' is the run '%s' again"):format(folder, folder))
    expect(function() lumir.side_by_side({ folder }, { only = 'album' }) end)
      :raises(("side_by_side: %s has no results with 'only' = 'album' in their name"):format(folder))
    with_run(made { 'abba', 'queen', 'queen', 'queen' }, scores, function(other)
      expect(function() lumir.side_by_side { folder, other } end)
        :raises(('side_by_side: no recordings were judged in all of %s (2: song; 3: excerpt), %s (4: SVM)')
          :format(folder, other))
    end)
  end)
end)

test('folds, tags and runs without results are refused in one line', function()
  with_run({ target = 'tags', models = { {} } }, scores, function(folder)
    expect(function() lumir.finished(folder) end):raises(folder .. ': is of tags, and only classes can be judged anew')
  end)
  with_run(nil, scores, function(folder)
    expect(function() lumir.finished(folder) end):raises(folder .. ': has no results; did it end?')
  end)
end)

test('a prediction that shares the greatest score with another class stays', function()
  local tied = scores:gsub('0.3,0.1,0.6', '0.6,0.1,0.6'):gsub('0.9,0.1,0', '0.9,0.1,0.9')
  with_run(made { 'abba', 'queen', 'queen', 'queen' }, tied, function(folder)
    expect(lumir.finished(folder)[1].results.best.predicted):equals { 'abba', 'queen', 'queen', 'queen' }
  end)
  with_run(made { 'queen', 'queen', 'queen', 'abba' }, tied, function(folder)
    expect(lumir.finished(folder)[1].results.best.predicted):equals { 'queen', 'queen', 'queen', 'abba' }
  end)
end)

test('a prediction of a class that the run does not know is refused with the file that has it', function()
  with_run(made { 'abba', 'blur', 'queen', 'queen' }, scores, function(folder)
    expect(function() lumir.finished(folder) end)
      :raises(folder .. "/run.json: SVM predicted 'blur', which is none of its classes")
  end)
end)

test('a damaged run is refused in one line that names the file', function()
  with_run({ target = 'classes', classes = { 'abba' }, models = 5 }, scores, function(folder)
    expect(function() lumir.finished(folder) end):raises(folder .. "/run.json: its 'results.models' is no list")
  end)
  with_run(nil, both, function(folder)
    local record = twofold()
    record.judged[2].models = {}
    core.write_file(folder .. '/run.json', core.to_json(record))
    expect(function() lumir.finished(folder) end)
      :raises(folder .. "/run.json: its 'judged[2]' lacks models, classes or ids")
  end)
  with_run(made { 'abba', 'queen', 'queen' }, scores, function(folder)
    expect(function() lumir.finished(folder) end)
      :raises(folder .. '/run.json: SVM answers for 3 recordings, recordings.csv has 4')
  end)
end)
