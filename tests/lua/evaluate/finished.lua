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
  with_run(made { 'abba', 'queen', 'queen' }, scores, function(folder)
    expect(function() lumir.finished(folder) end)
      :raises(folder .. '/run.json: SVM answers for 3 recordings, recordings.csv has 4')
  end)
end)
