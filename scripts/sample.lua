-- Makes the synthetic sample corpus: lumir sample artist20 [FOLDER] [--artists=4] [--albums=6] [--songs=3].

local lumir = require 'lumir'

local words, options = require('lumir.arguments').read({ ... }, {
  usage = 'lumir sample NAME [FOLDER] [--artists=20] [--albums=6] [--songs=3] [--seed=1]',
  words = { 1, 2 },
  flags = { artists = 20, albums = 6, songs = 3, seed = 1 },
})
options.folder = words[2]

local started = os.time()
local root = lumir.data.sample(words[1], options).path
local songs = lumir.data[words[1]](root)
local summary = tostring(songs):match '^Dataset%s+(.-) · columns' or tostring(songs)
print(('%-7s %s  ->  %s   %d s'):format('sample', summary, root, os.time() - started))
