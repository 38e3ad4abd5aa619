-- GTZAN's and FMA's tables of features, on files in their layouts.

local lumir = require 'lumir'
local core = require('lumir.native').core
local data = lumir.data

local function with_folder(use)
  local place = os.tmpname()
  os.remove(place)
  local done, answer = pcall(use, place)
  os.execute(("rm -rf '%s'"):format(place))
  if not done then error(answer, 0) end
end

test('GTZAN: the song of a row of 3 s stands in its name, and is kept whole', function()
  with_folder(function(place)
    local sample = data.sample('gtzan_features', { folder = place, tracks = 4 })
    local long, short = data.gtzan_features(sample), data.gtzan_features(sample, { seconds = 3 })
    expect(#long == 40 and #short == 400):is_true()
    expect(#long.columns):equals(57)
    expect(long.columns[1] == 'chroma_stft_mean' and long.columns[57] == 'mfcc20_var'):is_true()
    expect(short.ids[1]):equals 'blues.00000.0.wav'
    expect(short.groups[10]):equals 'blues.00000'
    expect(short.label):equals 'genre'
    expect(#short:where('track', 'jazz.00002')):equals(10)
    local train, test_rows = short:split { hold = 0.25, stratify = true }
    expect(#train == 300 and #test_rows == 100):is_true()
    expect(train.leak):equals ''
    local leaky = short:split { hold = 0.25, by = 'id', leak = 'allowed' }
    expect(leaky.leak):contains 'tracks are on both sides'
    expect(#data.gtzan_features(place .. '/Data/features_3_sec.csv', { seconds = 3 })):equals(400)
    expect(function() data.gtzan_features(place, { seconds = 10 }) end)
      :raises "gtzan_features: 'seconds' = 10 must be 30 or 3"
  end)
end)

test('GTZAN: lists of songs deal the rows of 3 s too', function()
  with_folder(function(place)
    local short = data.gtzan_features(data.sample('gtzan_features', { folder = place, tracks = 3 }), { seconds = 3 })
    local lists = { train = {}, valid = {}, test = {} }
    for _, genre in ipairs(short.classes) do
      for i, side in ipairs { 'train', 'valid', 'test' } do
        table.insert(lists[side], ('%s/%s.%05d.wav'):format(genre, genre, i - 1))
      end
    end
    for side, names in pairs(lists) do
      core.write_file(place .. '/' .. side .. '.txt', table.concat(names, '\n') .. '\n')
    end
    local train, valid, test_rows = short:split('given', {
      train = place .. '/train.txt', valid = place .. '/valid.txt', test = place .. '/test.txt',
    })
    expect(#train == 100 and #valid == 100 and #test_rows == 100):is_true()
    expect(test_rows.groups[1]):equals 'blues.00002'
    local _, _, same = short:split('given', { lists = place .. '/{side}.txt' })
    expect(same.ids):equals(test_rows.ids)
    expect(function() short:split('given', { lists = 'train.txt' }) end)
      :raises "split: 'lists' = 'train.txt' has no {side}, which stands for train, valid and test"
  end)
end)

local kTracks = ',album,album,artist,artist,set,set,track,track\n,id,title,id,name,split,subset,genre_top,title\n'
  .. 'track_id,,,,,,,,\n2,1,AWOL,1,AWOL,training,small,Hip-Hop,"Food, drink"\n3,1,AWOL,1,AWOL,training,small,Rock,B\n'
  .. '5,4,Niris,4,Nicky,validation,small,Hip-Hop,C\n10,6,Hit,6,Kurt,test,medium,Rock,D\n'
  .. '20,6,Hit,6,Kurt,test,medium,,E\n30,7,Other,7,Else,test,small,Rock,F\n'
local kFeatures = 'feature,mfcc,mfcc,zcr\nstatistics,mean,mean,std\nnumber,01,02,01\ntrack_id,,,\n'
  .. '2,1,2,3\n3,4,5,6\n5,7,8,9\n10,10,11,12\n20,13,14,15\n'
local kEchonest = ',echonest,echonest,echonest\n,audio_features,metadata,temporal_features\n'
  .. ',tempo,release,000\ntrack_id,,,\n5,120,"Words, words",0.5\n2,90,Others,1.5\n'

test('FMA: three header rows, subsets, the official split, Echonest', function()
  with_folder(function(place)
    core.write_file(place .. '/fma_metadata/tracks.csv', kTracks)
    core.write_file(place .. '/fma_metadata/features.csv', kFeatures)
    core.write_file(place .. '/fma_metadata/echonest.csv', kEchonest)
    local small = data.fma_features(place)
    expect(small.ids):equals { '2', '3', '5' }
    expect(small.columns):equals { 'mfcc_mean_01', 'mfcc_mean_02', 'zcr_std_01' }
    local medium = data.fma_features(place, { subset = 'medium' })
    expect(medium.ids):equals { '2', '3', '5', '10' }
    expect(medium.labels):equals { 'Hip-Hop', 'Rock', 'Hip-Hop', 'Rock' }
    local train, valid, test_rows = medium:split 'official'
    expect(#train == 2 and #valid == 1 and #test_rows == 1):is_true()
    expect(test_rows.ids):equals { '10' }
    local echonest = data.fma_features(place, { columns = 'echonest' })
    expect(echonest.columns):equals { 'tempo', 'temporal_000' }
    expect(echonest.ids):equals { '2', '5' }
    expect(data.fma_features(place, { columns = 'both' }).columns[4]):equals 'tempo'
    expect(medium:where('artist', 'AWOL').ids):equals { '2', '3' }
  end)
end)

test('FMA: the sample has its layout', function()
  with_folder(function(place)
    local tracks = data.fma_features(data.sample('fma_features', { folder = place, artists = 4, tracks = 2 }),
      { subset = 'medium' })
    expect(#tracks == 64 and #tracks.columns == 518 and #tracks.classes == 8):is_true()
    local train, valid, test_rows = tracks:split 'official'
    expect(#train == 32 and #valid == 16 and #test_rows == 16):is_true()
  end)
end)

test('Echonest\'s features of FMA, as they are handed on, are read and described', function()
  local place = os.getenv 'LUMIR_FIXTURES' or core.root() .. '/../shared/fixtures'
  local file = io.open(place .. '/fma-meta/echonest-metrics.json')
  if not file then return skip 'the fixture fma-meta is not there' end
  local text = file:read '*a'
  file:close()
  local columns, names = {}, {}
  for name, body in text:gmatch '"([%a_]+)":%s*(%b{})' do
    names[#names + 1], columns[name] = name, {}
    for row, value in body:gmatch '"(%d+)":%s*([^,}]+)' do columns[name][tonumber(row) + 1] = value end
  end
  expect(#names):equals(9)
  local lines = { table.concat(names, ',') }
  for row = 1, #columns.track_id do
    local fields = {}
    for i, name in ipairs(names) do fields[i] = columns[name][row] end
    lines[#lines + 1] = table.concat(fields, ',')
  end
  with_folder(function(folder)
    core.write_file(folder .. '/echonest.csv', table.concat(lines, '\n'))
    core.write_file(folder .. '/genres.csv', io.open(place .. '/fma-meta/track_genre_top.csv'):read '*a')
    local echonest = data.csv(folder .. '/echonest.csv', { id = 'track_id' })
    expect(#echonest):equals(13129)
    expect(echonest:describe().tempo.mean):near(123.080061, { relative = 1e-7 })
    local genres = data.csv(folder .. '/genres.csv', { id = 'track_id', label = 'genre_top' })
    expect(#genres.classes):equals(2)
    expect(#genres):equals(17734)
    expect(#genres:join(echonest)):equals(4802)
  end)
end)
