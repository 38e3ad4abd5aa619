-- The recipes of tables from end to end, on small drawn tables and on tables that they work out of sound.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data = lumir.audio, lumir.data

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'

local function with_folder(use)
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  local done, problem = pcall(use, folder, function(recipe)
    local output, status = shell(('cd %s && LUMIR_CACHE=cache COLUMNS=100 %s %s/recipes/%s'):format(
      folder, program, core.root(), recipe))
    expect(status == 0 or output):equals(true)
    return output
  end)
  shell('rm -rf ' .. folder)
  if not done then error(problem, 0) end
end

--- Tones of a pitch for each genre, by that layout.
local function tones(path, n)
  for genre, frequency in pairs { low = 200, high = 2000 } do
    for i = 1, n do
      local tone = audio.sine { frequency = frequency * (1 + i / 20), seconds = 6, rate = 22050 }
      tone:write(path:format(genre, genre, i))
    end
  end
end

test('gtzan/baselines: songs kept whole and torn apart, and what the leak is worth', function()
  with_folder(function(folder, run)
    data.gtzan_features(data.sample('gtzan_features', { folder = folder .. '/tables', tracks = 6 }))
    local output = run 'gtzan/baselines.lua --root=tables'
    expect(output):contains '3 s, rows dealt one by one'
    local pattern = 'LEAK: F1 [%d.]+ with songs torn apart, [%d.]+ with songs whole: [%d.]+ points are the leak'
    expect(output:find(pattern) ~= nil or output):equals(true)
    for line in output:gmatch '[^\n]+' do expect(#line:gsub('[\128-\191]', '') <= 100 or line):equals(true) end
    local page = core.read_file(folder .. '/runs/gtzan-baselines/1/report.html')
    expect(page):contains 'What the leak is worth'
    expect(page):contains 'LEAK, later split: '
    for _, name in ipairs { '30 s, songs kept whole', '3 s, rows dealt one by one' } do expect(page):contains(name) end
  end)
end)

test('gtzan/baselines: a folder of recordings gives the tables', function()
  with_folder(function(folder, run)
    tones(folder .. '/music/%s/%s.%05d.wav', 5)
    local output = run 'gtzan/baselines.lua --sound=music'
    expect(output):contains '30 s, songs kept whole'
    expect(output):contains '3 s, rows dealt one by one'
    expect(core.read_file(folder .. '/runs/gtzan-baselines/1/report.html')):contains "set 'gtzan'"
  end)
end)

test('fma/metadata: fifteen and three votes by their names, spaces, importances, distributions, clips', function()
  with_folder(function(folder, run)
    data.fma_features(data.sample('fma_features', { folder = folder .. '/tables', artists = 3, tracks = 2 }))
    data.fma(data.sample('fma', { folder = folder .. '/sound', artists = 3, tracks = 2 }))
    local output = run 'fma/metadata.lua --root=tables --sound=sound'
    for _, vote in ipairs { 'Voting (hard)', 'Voting (soft)', 'Voting (weighted)' } do expect(output):contains(vote) end
    for line in output:gmatch '[^\n]+' do expect(#line:gsub('[\128-\191]', '') <= 100 or line):equals(true) end
    local page = core.read_file(folder .. '/runs/fma-metadata/1/report.html')
    for _, title in ipairs { 'PCA', 'LDA', 'TSNE', 'Importances of columns', 'Tracks of each genre', 'Waveforms',
      'The columns that a forest leans on most', 'Spectrograms', 'Mel filters', 'Mel spectrograms' } do
      expect(page):contains(title)
    end
    expect(run 'fma/metadata.lua --columns=sound --sound=sound'):contains 'Voting (soft)'
    expect(run 'fma/metadata.lua --help'):contains 'one of features, echonest, both, sound; \'sound\': worked out'
    local said, status = shell(('%s %s/recipes/fma/metadata.lua --columns=sond 2>&1'):format(program, core.root()))
    expect(status):equals(2)
    expect(said):contains "--columns=sond is none of 'features', 'echonest', 'both', 'sound' (did you mean 'sound'?)"
  end)
end)

test("a student's own csv, with words and gaps, becomes a report of its cross-validation", function()
  with_folder(function(folder)
    local lines = { 'title,artist,tempo,key,genre' }
    for i = 1, 40 do
      local tempo = i % 9 == 0 and '' or (i % 2 == 0 and 90 or 130) + i % 7
      table.insert(lines, ('"Song %d, live",%d,%s,%s,%s'):format(i, i / 4, tempo, i % 3 == 0 and 'C' or 'D',
        i % 2 == 0 and 'rock' or 'pop'))
    end
    core.write_file(folder .. '/songs.csv', table.concat(lines, '\n') .. '\n')
    core.write_file(folder .. '/own.lua', [[
      local lumir = require 'lumir'
      local data, learn = lumir.data, lumir.learn
      local songs = data.csv('songs.csv', { label = 'genre', group = 'artist', id = 'title', words = 'onehot' })
      local model = learn.Pipeline { learn.SimpleImputer(), learn.StandardScaler(), learn.SVC() }
      lumir.report('My songs', { songs, learn.cross_validate(model, songs, { folds = 4, by = 'artist' }) })
    ]])
    local output, status = shell(('cd %s && %s own.lua 2>&1'):format(folder, program))
    expect(status == 0 or output):equals(true)
    local page = core.read_file(folder .. '/runs/own/1/report.html')
    for _, text in ipairs { 'Cross-validation', 'SimpleImputer()', 'mean (sd)' } do expect(page):contains(text) end
  end)
end)
