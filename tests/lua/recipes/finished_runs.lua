-- Recipes that read what others have left: runs side by side, what one gets wrong, one's own voice, sweeps; and a voice
-- taken out of its music.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio = lumir.audio
local in_folder = require 'recipe_folder'
local with_folder, record, is_narrow = in_folder.use, in_folder.record, in_folder.expect_narrow

test('artist20: a voice behind the music, runs side by side, what they get wrong, and whom one sounds like', function()
  with_folder(function(folder, run, recipes)
    run 'sample artist20 sample --artists=4 --albums=4 --songs=2 --shortest=5 --longest=6'
    run(recipes .. 'artist20/svm.lua --root=sample --folds=2')
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
    output = run(recipes .. 'artist20/analysis.lua --root=sample')
    expect(output):contains(('Overfitting: %.3f on train, %.3f here'):format(svm.train.accuracy.value,
      svm.valid.accuracy.value))
    expect(output):contains 'errors name one of the 3 singers whose timbre (MFCC) is nearest'
    expect(output):contains 'sex: nothing is known of these singers'
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
    expect(output):contains 'runs/none/1: no run lies there (no run.json)'
  end)
end)

--- Tones of a pitch for each genre, by that layout.
local function tones(folder, n)
  for genre, frequency in pairs { low = 200, high = 2000 } do
    for i = 1, n do
      local tone = audio.sine { frequency = frequency * (1 + i / 40), seconds = 2, rate = 22050 }
      tone:write(('%s/tones/%s/%s.%05d.wav'):format(folder, genre, genre, i))
    end
  end
end

test('an option swept over: a run for each value, and only for those that have not run', function()
  with_folder(function(folder, run, recipes)
    tones(folder, 4)
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
