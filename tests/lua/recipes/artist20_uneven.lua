-- The main job on corpora as people have them: an artist with one album, one with two, a song on two albums.

local core = require('lumir.native').core

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'
local recipe = core.root() .. '/recipes/artist20/svm.lua --root=sample --folds=3'

--- Runs the program in a folder, with a cache of its own there.
local function run(folder, line)
  return shell(('cd %s && LUMIR_CACHE=cache %s %s'):format(folder, program, line))
end

--- A folder with a small sample of five artists with four albums each. Without its mark it is a user's own music.
local function corpus()
  local folder = shell 'mktemp -d':gsub('%s+$', '')
  local output, status = run(folder, 'sample artist20 sample --artists=5 --albums=4 --songs=2')
  if status ~= 0 then error('sample: ' .. output) end
  shell(('cd %s/sample && rm -r SYNTHETIC test truth.csv'):format(folder))
  return folder
end

--- The albums of an artist, sorted.
local function albums(folder, artist)
  local list = {}
  for album in shell(('ls %s/sample/%s'):format(folder, artist)):gmatch '%S+' do list[#list + 1] = album end
  return list
end

local function remove_albums(folder, artist, first, last)
  for place, album in ipairs(albums(folder, artist)) do
    if place >= first and place <= last then shell(('rm -r %s/sample/%s/%s'):format(folder, artist, album)) end
  end
end

--- Puts the first song of one album into another, under a name of its own.
local function copy_song(folder, artist, from, to)
  local place = ('%s/sample/%s/'):format(folder, artist)
  local names = albums(folder, artist)
  shell(('cp %s%s/01* %s%s/09-once_more.mp3'):format(place, names[from], place, names[to]))
end

--- The folder of the newest run.
local function last_run(folder)
  local place = folder .. '/runs/artist20-svm/'
  return place .. shell('ls ' .. place .. ' | sort -n | tail -1'):match '%d+' .. '/'
end

local function record_of(folder)
  local path = last_run(folder) .. 'run.json'
  return core.from_json(core.read_file(path), path)
end

local function remove(folder) shell('rm -r ' .. folder) end

test('an artist with one album only trains, one with two is tested in the folds that it has', function()
  local folder = corpus()
  remove_albums(folder, 'singer_01', 2, 4)
  remove_albums(folder, 'singer_02', 3, 4)
  local output, status = run(folder, recipe)
  expect(status):equals(0)
  expect(output):contains 'split: 1 artist with one album, which only trains: singer_01'
  -- of the two albums one is held out for validation, so that one is left to the search
  expect(output):contains 'singer_02'
  expect(#record_of(folder).results.models):equals(3)
  local valid = core.read_file(last_run(folder) .. 'recordings.csv')
  expect(valid:find('singer_01/', 1, true)):equals(nil)
  expect(valid):contains 'singer_02/'
  remove(folder)
end)

test('a song on two albums of its artist is refused, or moved, and then listed wherever a reader looks', function()
  local folder = corpus()
  copy_song(folder, 'singer_03', 1, 4)

  local output, status = run(folder, recipe)
  expect(status):equals(1)
  expect(output):contains 'are the same file'
  expect(output):contains "leak = 'moved' leaves it out of training"

  output, status = run(folder, recipe .. ' --leak=moved')
  expect(status):equals(0)
  expect((output:gsub('%s+', ' ')))
    :contains "1 recording of training left out, because validation has the same song (leak = 'moved')"
  local leaks = record_of(folder).leaks
  expect(#leaks):equals(1)
  expect(leaks[1].validation):contains '09-once_more.mp3'
  expect(core.read_file(last_run(folder) .. 'log.jsonl')):contains '"event":"leak"'
  expect(core.read_file(last_run(folder) .. 'report.html')):contains '09-once_more.mp3'
  remove(folder)
end)

test('a song on two training albums crosses the folds of a search: refused there, too', function()
  local folder = corpus()
  copy_song(folder, 'singer_04', 1, 2)

  local output, status = run(folder, recipe)
  expect(status):equals(1)
  expect(output):contains 'GridSearch'
  expect(output):contains '09-once_more.mp3'

  output, status = run(folder, recipe .. ' --leak=allowed')
  expect(status):equals(0)
  expect(output):contains "GridSearch: LEAK: 1 file is on both sides (leak = 'allowed')"
  expect(core.read_file(last_run(folder) .. 'log.jsonl')):contains '09-once_more.mp3'
  expect(core.read_file(last_run(folder) .. 'report.html')):contains '09-once_more.mp3'
  remove(folder)
end)
