-- Corpora of genres, and splits with three sides.
local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data, feature = lumir.audio, lumir.data, lumir.feature

--- A folder that is gone after `body(folder)`, also where that fails.
local function with_folder(body)
  local root = os.tmpname()
  os.remove(root)
  local good, problem = pcall(body, root)
  os.execute("rm -rf '" .. root .. "'")
  if not good then error(problem, 0) end
end

local function tone(frequency, path)
  audio.sine { frequency = frequency, seconds = 0.5, rate = 8000 }:write(path)
end

test('GTZAN passes over a file that cannot be read, and tells it', function()
  with_folder(function(root)
    for i, name in ipairs { 'blues.00000', 'blues.00001', 'jazz.00053' } do
      tone(200 * i, ('%s/genres_original/%s/%s.wav'):format(root, name:match '^%a+', name))
    end
    core.write_file(root .. '/genres_original/jazz/jazz.00054.wav', 'no sound')
    local loudness = lumir.chain { audio.load(), feature.set { feature.rms() }, feature.summary { 'mean' } }
    local songs = data.gtzan(root):map(loudness)
    expect(#songs):equals(4)
    expect(songs.label):equals 'genre'
    expect(songs.classes):equals { 'blues', 'jazz' }
    local table = songs:table()
    expect(#table):equals(3)
    expect(table.ids):equals { 'blues/blues.00000.wav', 'blues/blues.00001.wav', 'jazz/jazz.00053.wav' }
  end)
end)

test("split 'given' with a third list answers three datasets", function()
  with_folder(function(root)
    for i, genre in ipairs { 'blues', 'rock' } do
      for number = 0, 3 do
        tone(150 * i + 37 * number * i, ('%s/genres/%s/%s.0000%d.wav'):format(root, genre, genre, number))
      end
    end
    local function list(name, text)
      core.write_file(root .. '/' .. name, text)
      return root .. '/' .. name
    end
    local train, valid, test_set, rest = data.gtzan(root):split('given', {
      train = list('train_filtered.txt', 'blues/blues.00000.wav\nrock/rock.00000.wav\nrock/rock.00054.wav\n'),
      valid = list('valid_filtered.txt', 'blues.00001.wav\nrock.00001\n'),
      test = list('test_filtered.txt', 'blues/blues.00003.wav\nrock/rock.00003.wav\n'),
      missing = 'told',
    })
    expect(train.title):equals { 'blues.00000', 'rock.00000' }
    expect(valid.title):equals { 'blues.00001', 'rock.00001' }
    expect(test_set.title):equals { 'blues.00003', 'rock.00003' }
    expect(rest):equals(nil)
  end)
end)

test("FMA's split 'official' answers train, valid and test", function()
  with_folder(function(root)
    core.write_file(root .. '/fma_metadata/tracks.csv',
      ',artist,set,set,track,track\n,name,split,subset,genre_top,title\n'
      .. 'track_id,,,,,\n2,AWOL,training,small,Hip-Hop,"Food, and drink"\n3,Kurt Vile,validation,small,Rock,Freeway\n'
      .. '5,Nicky Cook,test,small,Rock,Street Music\n10,Mors Ontologica,training,large,Rock,Father\n')
    for i, track in ipairs { '000002', '000003', '000005', '000010' } do
      tone(170 * i, ('%s/fma_large/000/%s.wav'):format(root, track))
    end
    local tracks = data.fma(root)
    expect(tracks.title):equals { 'Food, and drink', 'Freeway', 'Street Music' }
    local train, valid, test_set = tracks:split 'official'
    expect(train.id):equals { '2' }
    expect(valid.id):equals { '3' }
    expect(test_set.id):equals { '5' }
    expect(#data.fma(root, { subset = 'large' })):equals(4)
    expect(function() data.fma(root, { subset = 'full' }) end):raises(
      "fma: 'subset' = 'full' is none of 'small', 'medium', 'large'")
  end)
end)
