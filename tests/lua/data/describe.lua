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
      ("write: 'path' = '%s/x.doc' must end in .csv or .npy"):format(root))
  end)
end)

test('a chain that ends in frames makes no table', function()
  with_songs(function(root)
    local frames = lumir.chain { audio.load { rate = 8000 }, feature.mfcc { n_mfcc = 3 } }
    local good, problem = pcall(function() data.artist20(root):map(frames):table() end)
    expect(good):equals(false)
    expect(problem):contains 'and a table needs one row for each recording (end the chain with feature.summary)'
    expect(function() data.artist20(root):table() end):raises(
      'table: nothing to describe the songs with (songs:map(chain) says what to compute)')
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
