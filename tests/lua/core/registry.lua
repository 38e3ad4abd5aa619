-- Every registered name says what it is, and its example runs.

local lumir = require 'lumir'
local core = require('lumir.native').core

--- What examples may use beside the modules: `clip`, a file `path`, a corpus at `root`, IDs in `folder`, the table
-- `songs`, two models of it, the csv files `submission` and `truth`.
local function surroundings()
  local env = { lumir = lumir, print = function() end, ipairs = ipairs, math = math }
  for _, name in ipairs { 'audio', 'feature', 'augment', 'data', 'learn', 'metric', 'evaluate', 'report', 'torch' } do
    env[name] = rawget(lumir, name)
  end
  env.clip = lumir.audio.sine { frequency = 440, seconds = 2, rate = 22050 }
  local place = os.tmpname()
  os.remove(place)
  env.root, env.folder, env.path = place .. '/corpus', place .. '/unlabelled', place .. '/unlabelled/0001.wav'
  for _, track in ipairs { 'one/first/01.wav', 'one/second/02.wav', 'two/first/01.wav', 'two/second/02.wav' } do
    env.clip:write(env.root .. '/' .. track)
  end
  env.clip:write(env.path)
  env.songs = { x = { { 0 }, { 1 }, { 2 }, { 3 } }, y = { 'abba', 'queen', 'u2', 'u2' } }
  env.model = lumir.learn.KNeighbors { n_neighbors = 1 }:fit(env.songs)
  env.other = lumir.learn.KNeighbors { n_neighbors = 3 }:fit(env.songs)
  env.submission, env.truth = place .. '/submission.csv', place .. '/truth.csv'
  core.write_file(env.submission, '1,abba,queen,u2\n')
  core.write_file(env.truth, '1,abba\n')
  return env, function() os.execute('rm -rf ' .. place) end
end

--- Names that users see; tests of the engine register some of their own.
local function names()
  local found = {}
  for _, name in ipairs(core.names()) do
    if not name:find '^testing%.' then found[#found + 1] = name end
  end
  return found
end

test('an entry without summary, returns, example or source is a mistake', function()
  local missing = {}
  for _, name in ipairs(names()) do
    local words = core.words(name)
    for _, what in ipairs { 'summary', 'returns', 'example', 'source' } do
      if words[what] == '' then missing[#missing + 1] = name .. ': ' .. what end
    end
  end
  expect(missing):equals {}
end)

-- Those of evaluate need fitted models and a submission: lua/evaluate/examples runs them.
test('every example runs', function()
  local broken = {}
  local env, clean = surroundings()
  for _, name in ipairs(names()) do
    local example = name:find '^evaluate%.' and '' or core.words(name).example
    local chunk, problem = loadstring('return ' .. example)
    if not chunk then chunk, problem = loadstring(example) end
    local good = chunk ~= nil
    if chunk then good, problem = pcall(setfenv(chunk, env)) end
    if not good then broken[#broken + 1] = ('%s: %s (%s)'):format(name, example, tostring(problem)) end
  end
  clean()
  expect(table.concat(broken, '\n')):equals ''
end)
