-- Recipes that read what others have left: runs side by side, what one gets wrong, one's own voice, sweeps; and a voice
-- taken out of its music.

local lumir = require 'lumir'
local core = require('lumir.native').core
local in_folder = require 'recipe_folder'
local with_folder, record, is_narrow = in_folder.use, in_folder.record, in_folder.expect_narrow

--- A recipe whose albums stand on both sides.
local LEAKY = [[
local lumir = require 'lumir'
local audio, feature, learn = lumir.audio, lumir.feature, lumir.learn
local songs = lumir.data.artist20 'sample'
local train, valid = songs:split { hold = 0.3, by = 'track', stratify = true, seed = 1, leak = 'allowed' }
local hear = lumir.chain { audio.load { rate = 16000, mono = true }, feature.set { feature.mfcc() },
                           feature.summary { 'mean' } }
local model = learn.GaussianNB():fit(train:map(hear))
lumir.report('Leaky', { songs, lumir.evaluate(model, valid:map(hear)) })
]]

test('artist20: a voice behind the music, runs side by side, what they get wrong, and whom one sounds like', function()
  with_folder(function(folder, run, recipes)
    run 'sample artist20 sample --artists=4 --albums=4 --songs=2 --shortest=5 --longest=6'
    run(recipes .. 'artist20/svm.lua --root=sample --folds=2')
    local page = core.read_file(folder .. '/runs/artist20-svm/1/report.html')
    for _, words in ipairs { ' by sex (synthetic sample)', ' by voice (synthetic sample)', 'Importances of columns' } do
      expect(page):contains(words)
    end
    run(recipes .. 'artist20/svm.lua --root=sample --folds=2 --separate=repet')
    expect(core.read_file(folder .. '/runs/artist20-svm/2/report.html')):contains 'repet'

    local output = run(recipes .. 'artist20/compare.lua --runs=runs/artist20-svm/1,runs/artist20-svm/2')
    local wanted = {}
    for number = 1, 2 do
      for _, model in ipairs(record(folder, 'artist20-svm/' .. number).results.models) do
        wanted[('svm/%d %s'):format(number, model.name)] = model.valid.accuracy.value
      end
    end
    local compared = record(folder, 'artist20-compare/1').results.models
    expect(#compared):equals(6)
    for _, model in ipairs(compared) do expect(model.valid.accuracy.value):equals(wanted[model.name]) end
    expect(output:find '0 parameters'):equals(nil)
    expect(core.file_size(folder .. '/runs/artist20-compare/1/model.safetensors')):equals(nil)   -- it learnt nothing
    is_narrow(output)

    local svm = record(folder, 'artist20-svm/1').results.models[1]
    output = run(recipes .. 'artist20/analysis.lua')       -- on the songs of that run
    expect(output):contains(('Overfitting: %.3f on train, %.3f here'):format(svm.train.accuracy.value,
      svm.valid.accuracy.value))
    expect(output):contains 'errors name one of the 2 singers whose timbre (MFCC) is nearest'
    for _, sex in ipairs { 'female', 'male' } do expect(output):contains(('sex %s: '):format(sex)) end
    output = run(recipes .. 'artist20/analysis.lua --root=sample --nearest=99')
    expect(tonumber(output:match 'errors name one of the (%d+) singers')):below(98)
    local right, songs = 0, 0
    for share, count in output:gmatch 'length %d: up to [%d.]+ s: ([%d.]+) of (%d+) songs' do
      right, songs = right + share * count, songs + count
    end
    expect(songs):equals(#svm.predicted)
    expect(right):near(svm.valid.accuracy.value * songs, { absolute = 0.01 })

    local song = shell(('ls %s/sample/test/*.mp3 | head -1'):format(folder)):gsub('%s+$', '')
    output = run(recipes .. 'artist20/voice.lua --root=sample --file=' .. song)
    expect(output):contains 'nearest in what the model says'
    expect(output:match '\n1%s+(singer_%d+)' ~= nil or output):is_true()
    expect(core.read_file(folder .. '/runs/artist20-voice/1/report.html')):contains 'Your voice among the songs'

    output = run(recipes .. 'artist20/compare.lua --runs=runs/none/1', true)
    expect(output):equals 'error: runs/none/1: no run lies there (no run.json)\n'

    core.write_file(folder .. '/leaky.lua', LEAKY)
    run('leaky.lua')
    output = run(recipes .. 'artist20/compare.lua --runs=runs/leaky/1')
    expect(output):contains 'runs/leaky/1: LEAK: 10 albums are on both sides'
    expect(record(folder, 'artist20-compare/2').leak):contains 'runs/leaky/1: LEAK: '
    expect(core.read_file(folder .. '/runs/artist20-compare/2/report.html'))
      :contains 'The scores are too good, because of a leak: runs/leaky/1: LEAK: '

    shell(('cd %s && mkdir -p other/artist20-svm && cp -r runs/artist20-svm/1 other/artist20-svm/1'):format(folder))
    run(recipes .. 'artist20/compare.lua --runs=runs/artist20-svm/1,other/artist20-svm/1')     -- of one name
    local both = record(folder, 'artist20-compare/3').results.models
    expect(#both):equals(2 * #record(folder, 'artist20-svm/1').results.models)
    local named = {}
    for _, model in ipairs(both) do named[model.name:match '^%S+'] = true end
    expect(named):equals { ['runs/artist20-svm/1'] = true, ['other/artist20-svm/1'] = true }
    local twice, status = run(recipes .. 'artist20/compare.lua --runs=runs/artist20-svm/1,runs/artist20-svm/1/', true)
    expect(status):equals(2)
    expect(twice):contains(("--runs: 'runs/artist20-svm/1 %s' stands there twice"):format(svm.name))
    output, status = run(recipes .. 'artist20/analysis.lua --root=sample --separate=voice', true)
    expect(status):equals(2)
    expect(output):contains "--separate=voice is none of 'none', 'harmonic', 'percussive', 'repet', 'repet_sim'"
  end)
end)

test('an option swept over: a run for each value, and only for those that have not run', function()
  with_folder(function(folder, run, recipes)
    in_folder.tones(folder, 4)
    local output
    local sweep = ('gtzan/sweep.lua --recipe=%sgtzan/lstm.lua --option=model --values=rnn4,lstm4 '
      .. '--with=root=tones,folds=2,frames=10,epochs=1,leak=allowed'):format(recipes)
    output = run(recipes .. sweep)
    expect(record(folder, 'gtzan-lstm/2').options.model[1]):equals 'lstm4'
    expect(output:find 'as in' == nil or output):is_true()
    output = run(recipes .. sweep:gsub('rnn4,lstm4', 'rnn4,lstm4,rnn8'))     -- goes on behind what has run
    expect(select(2, output:gsub('as in runs/gtzan%-lstm/%d', ''))):equals(2)
    expect(record(folder, 'gtzan-lstm/3').options.model[1]):equals 'rnn8'
    for _, value in ipairs { 'rnn4', 'lstm4', 'rnn8' } do expect(output):contains('\n' .. value .. ' ') end
    expect(#core.list_folder(folder .. '/runs/gtzan-lstm')):equals(3)
    expect(core.read_file(folder .. '/runs/gtzan-sweep/2/report.html')):contains 'Runs'
  end)
end)

--- A script that sweeps over the option width of a small recipe, which goes by a network of its own.
local SMALL = "local lumir = require 'lumir'\nlocal net = require 'models.small'\n"
  .. "local opt = lumir.options { width = 1, depth = 1 }\nprint(opt.width * net)\n"
local SWEEP = "require('lumir').sweep('small.lua', 'width', { 3, 4 }%s)\n"

test('a sweep runs anew when a network of the recipe changed', function()
  with_folder(function(folder, run)
    core.write_file(folder .. '/small.lua', SMALL)
    core.write_file(folder .. '/models/small.lua', 'return 1\n')
    core.write_file(folder .. '/sweep.lua', SWEEP:format '')
    local function known() return select(2, run('sweep.lua'):gsub('as in runs/small/%d', '')) end
    expect(known()):equals(0)
    expect(known()):equals(2)
    core.write_file(folder .. '/models/small.lua', 'return 2\n')
    expect(known()):equals(0)
    expect(known()):equals(2)
  end)
end)

test('a sweep runs anew what was run on other data', function()
  with_folder(function(folder, run)
    core.write_file(folder .. '/small.lua', SMALL:gsub('depth = 1', "root = 'sound'"))
    core.write_file(folder .. '/models/small.lua', 'return 1\n')
    core.write_file(folder .. '/sound/one.txt', 'a')
    core.write_file(folder .. '/sweep.lua', SWEEP:format '')
    local function known() return select(2, run('sweep.lua'):gsub('as in runs/small/%d', '')) end
    expect(known()):equals(0)
    expect(known()):equals(2)
    core.write_file(folder .. '/sound/two.txt', 'b')
    expect(known()):equals(0)
    expect(known()):equals(2)
  end)
end)

test('a sweep over data among which its own runs lie knows them as unchanged, and sees another file', function()
  for _, root in ipairs { '.', 'runs', 'runs/../' } do
    with_folder(function(folder, run)
      core.write_file(folder .. '/small.lua', (SMALL:gsub('depth = 1', ("root = '%s'"):format(root))))
      core.write_file(folder .. '/models/small.lua', 'return 1\n')
      core.write_file(folder .. '/sweep.lua', SWEEP:format ", { ledger = 'ledger.json' }")
      local function known() return select(2, run('sweep.lua'):gsub('as in runs/small/%d', '')) end
      expect(known()):equals(0)
      expect(known()):equals(2)
      core.write_file(folder .. '/another.txt', 'a')
      expect(known()):equals(root == 'runs' and 2 or 0)
      expect(known()):equals(2)
    end)
  end
end)

test('further options of a sweep leave out the one that is swept, and recipes need none', function()
  with_folder(function(folder, run, recipes)
    core.write_file(folder .. '/small.lua', SMALL)
    core.write_file(folder .. '/models/small.lua', 'return 1\n')
    core.write_file(folder .. '/sweep.lua', SWEEP:format ', { with = { width = 7 } }')
    local output, status = run('sweep.lua', true)
    expect(status):equals(1)
    expect(output):contains "sweep: 'with' sets 'width', the option that is swept"
    expect(core.is_folder(folder .. '/runs/small')):equals(false)
    run(recipes .. 'gtzan/sweep.lua --recipe=small.lua --option=width --values=3,4', true)    -- with no scores to show
    expect(#core.list_folder(folder .. '/runs/small')):equals(2)
  end)
end)

test('a ledger that no sweep wrote is refused, and stays', function()
  with_folder(function(folder, run)
    core.write_file(folder .. '/small.lua', SMALL)
    core.write_file(folder .. '/models/small.lua', 'return 1\n')
    core.write_file(folder .. '/sweep.lua', SWEEP:format ", { ledger = 'mine.json' }")
    for _, text in ipairs { '{ "a": ', '12', '["runs/small/1"]', '{ "a": 1 }', '{ "a": { "folder": "x" } }' } do
      core.write_file(folder .. '/mine.json', text)
      local output, status = run('sweep.lua', true)
      expect(status):equals(1)
      expect(output):contains "sweep: 'ledger' = 'mine.json' is none that a sweep wrote"
      expect(core.read_file(folder .. '/mine.json')):equals(text)
    end
    core.write_file(folder .. '/sweep.lua', SWEEP:format ", { ledger = '/dev/zero' }")
    expect((run('sweep.lua', true))):contains "sweep: 'ledger' = '/dev/zero' is none that a sweep wrote"
  end)
end)

test('what no recipe can be told is refused before a run is made', function()
  local recipe = core.root() .. '/recipes/artist20/svm.lua'
  expect(function() lumir.sweep(recipe, 'w', { 1, {} }) end):raises
    "sweep: position 2 of 'values' must be text, a number, a boolean or a list of them, got table"
  expect(function() lumir.sweep(recipe, 'w', { 1 }, { with = { 1 } }) end):raises
    "sweep: 'with' must hold options by name, { epochs = 10 }, got [1] = number"
  expect(function() lumir.sweep(recipe, 'w', { 1 }, { ledger = '/proc/none/ledger.json' }) end):raises
    '/proc/none: No such file or directory'
end)

test('fma: seven blocks, and what filters of the first and the fifth have learnt', function()
  with_folder(function(folder, run, recipes)
    run 'sample fma sound --artists=3 --tracks=1 --shortest=5 --longest=6'
    local output = run(recipes .. 'fma/cnn.lua --root=sound --epochs=1 --width=4 --dense=16 --frames=128')
    expect(output):contains '398928 parameters'
    local page = core.read_file(folder .. '/runs/fma-cnn/1/report.html')
    expect(page):contains 'Block 1: activations'
    expect(page):contains 'Block 5: what its filters wait for'
  end)
end)
