-- Describing: files become rows of numbers with names.
local lumir = require 'lumir'
local audio, data, feature = lumir.audio, lumir.data, lumir.feature

local function with_songs(body)
  local root = os.tmpname()
  os.remove(root)
  for i, name in ipairs { 'abba/A/1.wav', 'abba/B/2.wav', 'queen/A/3.wav', 'queen/B/4.wav' } do
    audio.sine({ frequency = 300 * i, seconds = 1, rate = 8000 }):write(root .. '/' .. name)
  end
  local good, problem = pcall(body, root)
  os.execute("rm -r '" .. root .. "'")
  if not good then error(problem, 0) end
end

local function describe()
  return lumir.chain {
    audio.load { rate = 8000 },
    feature.set { feature.mfcc { n_mfcc = 3 }, feature.spectral_centroid() },
    feature.summary { 'mean', 'max' },
  }
end

test('a mapped dataset is described when its table is asked for', function()
  with_songs(function(root)
    local train, valid = data.artist20(root):split 'last_album'
    local table_of_train = train:map(describe()):table()
    expect(table_of_train.columns):equals {
      'mfcc_01_mean', 'mfcc_01_max', 'mfcc_02_mean', 'mfcc_02_max', 'mfcc_03_mean', 'mfcc_03_max',
      'spectral_centroid_mean', 'spectral_centroid_max',
    }
    expect(table_of_train.ids):equals { 'abba/A/1.wav', 'queen/A/3.wav' }
    expect(table_of_train.x.shape):equals { 2, 8 }
    expect(table_of_train.x['2, 7']:item()):near(900, { relative = 0.2 })
    expect(#valid:map(describe()):table()):equals(2)
  end)
end)

test('the described table is written with the names of its columns', function()
  with_songs(function(root)
    local path = data.artist20(root):map(describe()):write(root .. '/x.csv')
    local lines = {}
    for line in io.lines(path) do lines[#lines + 1] = line end
    expect(#lines):equals(5)
    expect(lines[1]):contains 'id,artist,mfcc_01_mean,'
    expect(tonumber(lines[2]:match ',([^,]*),[^,]*$')):near(300, { relative = 0.2 })
    expect(function() data.artist20(root):map(describe()):write(root .. '/x.doc') end):raises(
      ("write: 'path' = '%s/x.doc' must end in .csv, .npy or .npz"):format(root))
  end)
end)

test('a chain that ends in frames gives them one by one, and none to a learner', function()
  with_songs(function(root)
    local chain = lumir.chain { audio.load { rate = 8000 }, feature.mfcc { n_mfcc = 3 } }
    local songs = data.artist20(root):map(chain)
    local items = songs:table()
    expect(tostring(items)):equals 'Table of 4 items of artist20'
    expect(#items):equals(4)
    expect((items[2] - chain(songs.path[2])):abs():max():item()):equals(0)
    expect(items[-1].shape):equals(chain(songs.path[4]).shape)
    expect(function() return items[0] end):raises 'table: position 0 is not there; positions count from 1'
    expect(items.recordings):equals(songs.id)
    local wanted = 'fit: the chain ends in frames, and a table needs one row for each recording (end the chain with ' ..
      'feature.summary)'
    expect(function() lumir.learn.SVC():fit(songs) end):raises(wanted)
    expect(function() lumir.learn.SVC():fit(items) end):raises(wanted)
    expect(function() data.artist20(root):table() end):raises(
      'table: nothing to describe the songs with (songs:map(chain) says what to compute)')
  end)
end)

test('a row of numbers is a description', function()
  with_songs(function(root)
    local described = data.artist20(root):map(describe()):table()
    expect(described[3].names):equals(described.columns)
    expect(described[3].mfcc_02_max):equals(described.x[3][4]:item())
  end)
end)

test('a chain that draws does so in each epoch anew', function()
  with_songs(function(root)
    local quieter = lumir.chain {
      audio.load { rate = 8000 }, lumir.augment.gain { db = { -40, 0 } },
      feature.set { feature.rms(), feature.spectral_centroid() }, feature.summary { 'mean' },
    }
    local songs = data.artist20(root):map(quieter)
    local first, second = songs:table().x, songs:table({ epoch = 1 }).x
    expect((first - second):abs():max():item()):above(1e-4)
    expect((first - data.artist20(root):map(quieter):table().x):abs():max():item()):equals(0)
    expect(function() songs:table { epoch = -1 } end):raises "table: 'epoch' = -1 is out of range (at least 0)"
  end)
end)

test('a file that is no sound is left out and named', function()
  with_songs(function(root)
    local file = assert(io.open(root .. '/abba/A/1.wav', 'w'))
    file:write 'no sound, but words'
    file:close()
    local described = data.artist20(root):map(describe()):table()
    expect(described.ids):equals { 'abba/B/2.wav', 'queen/A/3.wav', 'queen/B/4.wav' }
  end)
end)
