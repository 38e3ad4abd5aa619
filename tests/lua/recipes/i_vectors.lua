-- The recipe on i-vectors from end to end, tiny: its two ways to judge, and its model on sounds alone.

local core = require('lumir.native').core
local in_folder = require 'recipe_folder'

test('i-vectors name singers by ratios of likelihoods and by cosines, and their file does so again', function()
  in_folder.use(function(folder, run, recipes)
    run 'sample artist20 sample --artists=4 --albums=4 --songs=2 --shortest=5 --longest=6'
    run(recipes .. 'artist20/ivector.lua --root=sample --frames=100 --n_components=8 --dimension=12')
    local found = in_folder.record(folder, 'artist20-ivector/1').results.models
    expect(#found):equals(2)
    for _, model in ipairs(found) do expect(model.valid.accuracy.value >= 0.5):is_true() end   -- chance: 0.25
    run 'predict runs/artist20-ivector/1/model.safetensors sample/test out.csv'
    expect(select(2, core.read_file(folder .. '/out.csv'):gsub('singer_', '')) > 0):is_true()
  end)
end)
