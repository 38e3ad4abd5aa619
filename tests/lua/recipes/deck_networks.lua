-- Recipes on networks of models/ from end to end, tiny: what each leaves.

local core = require('lumir.native').core
local in_folder = require 'recipe_folder'
local fixtures = dofile(core.root() .. '/tests/golden/models/fixtures.lua')
local with_folder, record = in_folder.use, in_folder.record

test('artist20: pieces that vote, beside a classifier that hears whole songs', function()
  with_folder(function(folder, run, recipes)
    run 'sample artist20 sample --artists=4 --albums=4 --songs=2 --shortest=5 --longest=6'
    run(recipes .. 'artist20/svm.lua --root=sample --folds=2')
    run(recipes .. 'artist20/crnn.lua --root=sample --seconds=2 --hop_length=512 --epochs=1')
    expect(core.read_file(folder .. '/runs/artist20-crnn/1/report.html')):contains 'Pieces against songs'
    local output = run(recipes .. 'artist20/compare.lua --runs=runs/artist20-svm/1,runs/artist20-crnn/1')
    expect(output):contains 'network'
    expect(output):contains(record(folder, 'artist20-crnn/1').results.models[1].settings:match '^[%d,]+')
  end)
end)

test('artist20: a frozen listener with a head, and voices by their directions', function()
  with_folder(function(folder, run, recipes)
    run 'sample artist20 sample --artists=4 --albums=4 --songs=2 --shortest=5 --longest=6'
    shell(('rm %s/sample/SYNTHETIC'):format(folder))
    local tiny = ' --root=sample --seconds=3 --epochs=2 --by=track --leak=allowed'
    local output = run(recipes .. 'artist20/panns.lua --listener=drawn --copies=1' .. tiny)
    expect(output):contains 'parameters'
    expect(run(recipes .. 'artist20/panns.lua --listener=drawn --root=sample --seconds=2', true))
      :contains '--seconds=2 must be at least the 3 s that drawn hears at once'
    local missing, status = run(recipes .. 'artist20/panns.lua --listener=dvector' .. tiny, true)
    expect(status):equals(1)
    expect(missing):contains 'lumir fetch dvector'
    missing = run(recipes .. 'artist20/panns.lua --listener=cnn14' .. tiny, true)
    expect(missing):contains 'Cnn14_mAP=0.431.pth: no such file; it lies at zenodo.org/records/3987831: '
    missing, status = run(recipes .. 'artist20/panns.lua --listener=nosuch' .. tiny, true)
    expect(status):equals(2)
    expect(missing):contains "--listener=nosuch: is none of cnn14, musicnn, dvector, drawn, nor a file"
    run(recipes .. 'artist20/ecapa.lua --channels=128 --n_mels=20' .. tiny)
    expect(#record(folder, 'artist20-ecapa/1').results.models):equals(1)
    local model = 'runs/artist20-ecapa/1/model.safetensors'           -- a class of models/ is found without --code
    run('predict ' .. model .. ' sample/test said.csv')
    expect(core.read_file(folder .. '/said.csv')):contains ','
    missing = run(('predict %s sample/test again.csv --code=%sartist20/ecapa.lua'):format(model, recipes), true)
    expect(missing):contains "artist20/ecapa.lua is a recipe, which would run; 'code' needs a file"
  end)
end)

test('gtzan: excerpts by song and torn apart, pictures, songs from elsewhere', function()
  with_folder(function(folder, run, recipes)
    in_folder.tones(folder, 10)
    local output = run(recipes .. 'gtzan/crnn.lua --root=tones --seconds=1 --n_mels=128 --epochs=1 --leak=allowed')
    expect(output):contains '1 s by song'
    expect(output):contains '- 1 s by excerpt: F1 train'
    local page = core.read_file(folder .. '/runs/gtzan-crnn/1/report.html')
    expect(page):contains '(a LEAK)'
    expect(record(folder, 'gtzan-crnn/1').leak):contains 'LEAK, later split: '
    expect(page):contains 'The scores of a later split, not those of the first, are too good, because of a leak: '
    local pictures = recipes .. 'gtzan/crnn.lua --root=tones --seconds=1 --by=song --epochs=1 --leak=allowed '
      .. '--backbone=resnet18'
    run(pictures .. ' --tune=all')
    expect(record(folder, 'gtzan-crnn/2').results.models[1].settings):contains '11,'
    expect(run(pictures, true)):contains "'frozen' needs 'weights': a backbone as it was drawn hears nothing"
    expect(page):contains 'Two ways to split'
    expect(run(pictures .. ' --tune=all --size=large', true)):contains "'size' and 'dropout' are of these convolutions"
    expect(run(recipes .. 'gtzan/crnn.lua --root=tones --by=artist', true))
      :contains "--by=artist is none of 'song', 'excerpt'"

    output = run(recipes .. 'gtzan/external.lua --run=runs/gtzan-crnn/1 --root=tones')
    expect(output):contains 'taken for'

    local cnn = recipes .. 'gtzan/cnn.lua'
    output = run(cnn .. ' --root=tones --model=cnn,resnet50 --image=32 --frames=43 --epochs=1 --folds=2'
      .. ' --leak=allowed')
    for _, model in ipairs { 'cnn', 'resnet50' } do
      for _, name in ipairs { 'mfcc', 'mel' } do expect(output):contains(('%s %s'):format(model, name)) end
    end
    expect(select(2, run(cnn .. ' --root=tones --model=alexnet', true))):equals(2)
  end)
end)

test('published weights listen for a head, and tell what there is to hear', function()
  local weights = fixtures.path('weights/jamendo_musicnn.pth', skip)
  with_folder(function(folder, run, recipes)
    in_folder.tones(folder, 2, 4)
    local output = run(recipes .. 'tags/listen.lua --root=tones --weights=' .. weights)
    for _, id in ipairs { 'low/low.00001', 'high/high.00002' } do
      expect(output:find(('- %s: %%l+ %%l+ 0%%.%%d%%d, %%l+ %%l+ 0%%.%%d'):format(id)) ~= nil or output):is_true()
    end
    expect(core.read_file(folder .. '/runs/tags-listen/1/report.html')):contains 'How likely a tag is'
    output = run(recipes .. 'tags/listen.lua --root=tones', true)
    expect(output):contains 'lumir fetch jamendo_musicnn'

    run 'sample artist20 sample --artists=4 --albums=4 --songs=2 --shortest=5 --longest=6'
    run(recipes .. 'artist20/panns.lua --root=sample --seconds=3 --copies=1 --epochs=2 --by=track --leak=allowed '
      .. '--listener=musicnn --weights=' .. weights)
    expect(#record(folder, 'artist20-panns/1').results.models):equals(1)
  end)
end)
