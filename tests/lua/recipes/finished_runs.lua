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
    expect(output):contains '\nsynthetic sample: the music is made'
    expect(output):contains ' slides, synthetic sample\n'
    expect(record(folder, 'artist20-compare/1').synthetic):equals(true)
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
    for share, count in output:gmatch 'length %d %(up to [%d.]+ s%): ([%d.]+) of (%d+) songs' do
      right, songs = right + share * count, songs + count
    end
    expect(songs):equals(#svm.predicted)
    expect(right):near(svm.valid.accuracy.value * songs, { absolute = 0.01 })

    local song = shell(('ls %s/sample/test/*.mp3 | head -1'):format(folder)):gsub('%s+$', '')
    output = run(recipes .. 'artist20/voice.lua --file=' .. song)
    expect(output):contains 'nearest in what the model says'
    expect(output:match '\n1%s+(singer_%d+)' ~= nil or output):is_true()
    page = core.read_file(folder .. '/runs/artist20-voice/1/report.html')
    expect(page):contains 'Your voice among the songs'
    expect(page:lower()):contains 'synthetic sample'
    expect(output):contains ' slides, synthetic sample\n'

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
    local same = ' --runs=runs/artist20-svm/1,./runs//artist20-svm/./1/'
    local twice, status = run(recipes .. 'artist20/compare.lua' .. same, true)
    expect(status):equals(1)
    expect(twice):contains "side_by_side: './runs//artist20-svm/./1/' is the run 'runs/artist20-svm/1' again"
    expect(run(recipes .. 'artist20/analysis.lua --nearest=0', true)):contains '--nearest=0 must be at least 1'
    expect(run(recipes .. 'artist20/compare.lua --runs=', true)):contains '--runs needs a value'
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

--- A recipe without a model of its own, on made music, of two networks that it trains for one epoch.
local TWO_WAYS = [[
local lumir = require 'lumir'
local audio, evaluate, feature, nn = lumir.audio, lumir.evaluate, lumir.feature, lumir.nn
local opt = lumir.options { only = '' }
local songs = lumir.data.gtzan 'sample'
local rows = songs:map(lumir.chain { audio.load { rate = 16000, mono = true }, feature.set { feature.mfcc() },
                                     feature.summary { 'mean' } }):table()
local train, valid = rows:split { hold = 0.5, by = 'track', stratify = true, seed = 1 }
local parts = { opt, songs }
for name, tested in pairs { song = valid, ['half of them'] = (valid:split { hold = 0.5, by = 'track', seed = 2 }) } do
  if name:find(opt.only, 1, true) then
    local net = nn.Sequential { nn.Linear(20, songs.n_classes) }
    local run = nn.fit(net, train, { valid = tested, epochs = 1 })
    parts[#parts + 1], parts[#parts + 2] = evaluate(net, tested, { name = name }), run
  end
end
lumir.report('Two ways', parts)
]]

test('of two trainings a report says whose each is, and runs of such are compared by what they share', function()
  with_folder(function(folder, run, recipes)
    run 'sample gtzan sample --tracks=4 --shortest=5 --longest=5'
    core.write_file(folder .. '/two.lua', TWO_WAYS)
    run 'two.lua'
    local page = core.read_file(folder .. '/runs/two/1/report.html')
    for _, words in ipairs { 'Loss by epoch, song', 'Loss by epoch, half of them' } do expect(page):contains(words) end
    local trainings = record(folder, 'two/1').trainings
    expect({ [trainings[1]['training of']] = true, [trainings[2]['training of']] = true })
      :equals { song = true, ['half of them'] = true }
    run 'two.lua --only=song'
    expect(core.read_file(folder .. '/runs/two/2/report.html'):find('Loss by epoch, ', 1, true)):equals(nil)
    local output = run(recipes .. 'artist20/compare.lua --runs=runs/two/1,runs/two/2')
    expect(output):contains 'left out, of other recordings: runs/two/1 half of them'
    expect(output:find 'missing'):equals(nil)
    expect(#record(folder, 'artist20-compare/1').results.models):equals(2)

    output = run(recipes .. 'gtzan/external.lua --run=runs/two/2 --root=sample')
    expect(output):contains 'synthetic sample: the music is made'
    shell(('cd %s && mkdir own && cp -r sample/blues own/blues && cp -r sample/rock own/polka'):format(folder))
    output = run(recipes .. 'gtzan/external.lua --run=runs/two/2 --root=own', true)
    local line = '^error: own/polka: is none of the genres that runs/two/2 knows: blues, [^\n]*\n$'
    expect(output:find(line) ~= nil or output):equals(true)
  end)
end)

test('a run that keeps no model says why, whoever asks for it', function()
  with_folder(function(folder, run, recipes)
    core.write_file(folder .. '/runs/folds/1/run.json', core.to_json { recipe = 'a.lua', folds = { {} } })
    local output = run(recipes .. 'gtzan/external.lua --run=runs/folds/1 --root=tones', true)
    expect(output):contains 'error: runs/folds/1: holds no model.safetensors: it is a cross-validation, whose folds'
    core.write_file(folder .. '/runs/folds/2/run.json', core.to_json { recipe = 'a.lua' })
    output = run(recipes .. 'gtzan/external.lua --run=runs/folds/2 --root=tones', true)
    expect(output):contains 'runs/folds/2: holds no model.safetensors: it judged no model; did it end?'
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
    local order = '^1 of 2  %-%-width=3\n3\n.*2 of 2  %-%-width=4\n4\n'
    expect(run('sweep.lua'):find(order) ~= nil):equals(true)
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
