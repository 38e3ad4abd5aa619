local lumir = require 'lumir'
local audio, data = lumir.audio, lumir.data

--- A folder of one-second songs, gone with the test: { 'abba/A/01-x.wav', ... }.
local function with_songs(names, body)
  local root = os.tmpname()
  os.remove(root)
  for i, name in ipairs(names) do
    audio.sine({ frequency = 200 + 50 * i, seconds = 1, rate = 8000 }):write(root .. '/' .. name)
  end
  local good, problem = pcall(body, root)
  os.execute("rm -r '" .. root .. "'")
  if not good then error(problem, 0) end
end

local songs_of_two = {
  'abba/A/01-x.wav', 'abba/A/02-y.wav', 'abba/B/01-z.wav',
  'queen/A/01-p.wav', 'queen/B/01-q.wav', 'queen/B/02-r.wav',
}

test('a dataset has rows, columns, labels and classes', function()
  with_songs(songs_of_two, function(root)
    local songs = data.artist20(root)
    expect(#songs):equals(6)
    expect(songs.n_classes):equals(2)
    expect(songs.classes):equals { 'abba', 'queen' }
    expect(songs.labels):equals { 'abba', 'abba', 'abba', 'queen', 'queen', 'queen' }
    expect(songs.columns):equals { 'id', 'path', 'track', 'artist', 'album', 'title', 'seconds' }
    expect(songs.title):equals { '01-x', '02-y', '01-z', '01-p', '01-q', '02-r' }
    expect(songs.seconds):near { 1, 1, 1, 1, 1, 1 }
    expect(songs.rows[4].track):equals 'queen/A/01-p.wav'
    expect(songs.rows[4].seconds):near(1)
    expect(function() return songs.titel end):raises "Dataset: has no 'titel' (did you mean 'title'?)"
  end)
end)

test('a dataset prints its counts and a bar for each class', function()
  with_songs(songs_of_two, function(root)
    expect(tostring(data.artist20(root))):equals(
      'Dataset  6 songs · 2 artists · 4 albums · 6 s · columns id, path, track, artist, album, title, seconds\n'
        .. '  abba   ###   3\n  queen  ###   3')
  end)
end)

test('shuffled labels are the same labels on other rows; columns and groups stay', function()
  with_songs(songs_of_two, function(root)
    local songs = data.artist20(root)
    local shuffled = songs:shuffle_labels { seed = 2 }
    expect(shuffled.labels):equals { 'queen', 'abba', 'abba', 'queen', 'abba', 'queen' }
    expect(shuffled.artist):equals(songs.artist)
    expect(shuffled.classes):equals(songs.classes)
    local train, valid = shuffled:split 'last_album'
    expect(train.labels):equals { 'queen', 'abba', 'queen' }
    expect(valid.labels):equals { 'abba', 'abba', 'queen' }
    local describe = lumir.chain { audio.load(), lumir.feature.rms(), lumir.feature.summary { 'mean' } }
    expect(valid:map(describe):table().labels):equals(valid.labels)
    expect(songs.labels):equals { 'abba', 'abba', 'abba', 'queen', 'queen', 'queen' }
  end)
end)

test('a draw takes as many of each as there are, in their order, and knows its seed', function()
  with_songs(songs_of_two, function(root)
    local songs = data.artist20(root)
    local drawn = songs:draw { n = 2, per = 'artist', seed = 5 }
    expect(drawn.artist):equals { 'abba', 'abba', 'queen', 'queen' }
    expect(songs:draw { n = 2, per = 'artist', seed = 5 }.id):equals(drawn.id)
    expect(#songs:draw { n = 4 }):equals(4)
    expect(songs:draw { n = 9, per = 'artist' }.id):equals(songs.id)
    expect(function() songs:draw { n = 0 } end):raises "draw: 'n' = 0 is out of range (at least 1)"
  end)
end)

test('last_album holds out the last album of each artist', function()
  with_songs(songs_of_two, function(root)
    local train, valid = data.artist20(root):split 'last_album'
    expect(train.title):equals { '01-x', '02-y', '01-p' }
    expect(valid.title):equals { '01-z', '01-q', '02-r' }
    expect(valid.classes):equals { 'abba', 'queen' }
  end)
end)

test('a random split keeps albums whole and takes its seed', function()
  with_songs(songs_of_two, function(root)
    local songs = data.artist20(root)
    local _, first = songs:split { hold = 1, by = 'album', per = 'artist', seed = 3 }
    local _, again = songs:split { hold = 1, by = 'album', per = 'artist', seed = 3 }
    expect(first.id):equals(again.id)
    expect(function() songs:split { hold = 1, by = 'track', per = 'artist', seed = 6 } end):raises(
      "split: album 'abba/A' is on both sides, and 1 more (by = 'album' keeps each whole, leak = 'allowed' goes on)")
    expect(function() songs:split { hod = 1 } end):raises("split: unknown option 'hod' (did you mean 'hold'?); "
      .. "its options are hold, by, per, seed, stratify, leak")
  end)
end)

test('folds are a plain loop', function()
  with_songs(songs_of_two, function(root)
    local held = 0
    for fold, train, valid in data.artist20(root):folds { folds = 2 } do
      held = held + #valid
      expect(#train + #valid):equals(6)
      expect(fold):below(3)
    end
    expect(held):equals(6)
    expect(function() data.artist20(root):folds { folds = 5 } end):raises(
      'folds: 4 albums to deal, fewer than folds = 5 (take folds = 4)')
  end)
end)

test('a folder is read by its layout', function()
  with_songs({ 'rock/queen - one.wav', 'pop/abba - two.wav' }, function(root)
    local songs = data.folder(root, { layout = '{genre}/{artist} - {title}', label = 'genre' })
    expect(songs.artist):equals { 'abba', 'queen' }
    expect(songs.classes):equals { 'pop', 'rock' }
    expect(function() data.artist20(root) end):raises(
      root .. ': no folder of the form artist/album/track.mp3 below it (found 2 audio files at depth 2)')
  end)
end)

test('unlabelled files have numbers as IDs', function()
  with_songs({ '0010.wav', '0002.wav' }, function(root)
    expect(data.files(root).id):equals { '2', '10' }
    expect(data.files(root).labels):equals {}
  end)
end)

test('a missing folder is named', function()
  for _, corpus in ipairs { 'artist20', 'gtzan', 'fma', 'fma_features', 'gtzan_features', 'files' } do
    expect(function() data[corpus] '/no/such/folder' end):raises '/no/such/folder: no such folder'
  end
end)

test('excerpts are dealt one by one when they are asked for so, and the audit knows their songs', function()
  local place = os.tmpname()
  os.remove(place)
  for _, genre in ipairs { 'blues', 'rock' } do
    for i = 1, 4 do
      local tone = audio.sine { frequency = 200 * i, seconds = 2, rate = 8000 }
      tone:write(('%s/%s/%s.%05d.wav'):format(place, genre, genre, i))
    end
  end
  local cut = lumir.chain { audio.load { rate = 8000 }, audio.excerpts { seconds = 0.5 },
                            lumir.feature.rms(), lumir.feature.summary { 'mean' } }
  local rows = data.gtzan(place):map(cut):table()
  local by_row = rows:by_row()
  expect(#by_row):equals(32)
  expect(function() by_row:split { by = 'id', hold = 0.25, seed = 1 } end)
    :raises("split: track 'blues/blues.00001.wav' is on both sides, and 5 more (by = 'track' keeps each whole, "
      .. "leak = 'allowed' goes on)")
  local train, test = by_row:split { by = 'id', hold = 0.25, seed = 1, stratify = true, leak = 'allowed' }
  expect({ #train, #test }):equals { 24, 8 }
  expect(train.leak):contains "tracks are on both sides (leak = 'allowed'): the scores are too good"
  expect(train.classes):equals { 'blues', 'rock' }
  local whole, other = by_row:split { by = 'track', hold = 0.25, stratify = true }
  expect({ #whole, #other }):equals { 24, 8 }
  expect(whole.leak):equals ''
  expect(test.recordings[1]:match '^%a+/%a+%.%d+%.wav$' ~= nil):is_true()
  shell('rm -r ' .. place)
end)

test('a table has a row for each excerpt, with the label and the group of its recording', function()
  with_songs(songs_of_two, function(root)
    local songs = data.artist20(root):map(lumir.chain {
      audio.load { rate = 8000 }, audio.excerpts { seconds = 0.4 },
      lumir.feature.rms(), lumir.feature.summary { 'mean' },
    })
    local rows = songs:table()
    expect(#rows.ids):equals(12)
    expect(rows.ids[1]:sub(-2)):equals '#1'
    expect(rows.ids[2]:sub(-2)):equals '#2'
    expect(rows.labels[1]):equals(rows.labels[2])
    expect(#songs:table().ids):equals(12)      -- from the cache
  end)
end)

test('a recording without a whole excerpt is left out, and said to be', function()
  with_songs(songs_of_two, function(root)
    audio.sine({ seconds = 0.1, rate = 8000 }):write(root .. '/abba/A/03-short.wav')
    local rows = data.artist20(root):map(lumir.chain {
      audio.load { rate = 8000 }, audio.excerpts { seconds = 0.4 },
      lumir.feature.rms(), lumir.feature.summary { 'mean' },
    }):table()
    expect(#rows.ids):equals(12)
  end)
end)

test('where and without choose rows by a value, a list of values or a function', function()
  with_songs(songs_of_two, function(root)
    local songs = data.artist20(root)
    expect(songs:where('album', 'A').title):equals { '01-x', '02-y', '01-p' }
    expect(songs:without('title', { '01-x', '02-r' }).title):equals { '02-y', '01-z', '01-p', '01-q' }
    expect(#songs:where('seconds', function(s) return s > 0.5 end)):equals(6)
    expect(#songs:where('title', function(title) return title:find '^01' ~= nil end)):equals(4)
    expect(function() songs:without('artist', 'abba') end):raises
      "without: leaves one artist only ('queen'), and telling apart needs at least two"
    expect(function() songs:where('artist', 'quen') end)
      :raises "where: no row has artist = 'quen' (did you mean 'queen'?)"
    expect(function() songs:where('artst', 'queen') end):raises "dataset: no column 'artst' (did you mean 'artist'?)"
    expect(function() songs:where('album', function() error('own', 0) end) end):raises 'own'
  end)
end)

test("split 'given' deals rows by two lists", function()
  with_songs(songs_of_two, function(root)
    local function list(name, text)
      local file = assert(io.open(root .. '/' .. name, 'w'))
      file:write(text)
      file:close()
      return root .. '/' .. name
    end
    local lists = {
      train = list('t.json', '["./abba/A/01-x.wav", "queen/A/01-p.wav"]'),
      valid = list('v.txt', 'abba/B/01-z.wav\nqueen/B/01-q.wav\n'),
    }
    local train, valid = data.artist20(root):split('given', lists)
    expect(train.title):equals { '01-x', '01-p' }
    expect(valid.title):equals { '01-z', '01-q' }
    local refused = expect(function() data.artist20(root):split 'given' end)
    refused:raises("split: 'given' needs 'train', a file of paths; artist20 comes with no list of its own "
        .. "(split('given', { train = 'train.json', valid = 'val.json' }))")
  end)
end)

test('files that are left out are told with their reasons', function()
  with_songs({ 'abba/A/1.wav', 'queen/A/1.wav', 'loose.wav' }, function(root)
    expect(data.artist20(root).left_out)
      :equals { { path = 'loose.wav', reason = 'not of the form artist/album/track.mp3' } }
  end)
end)

test('artist20 knows the sex of its singers, and what a list beside the songs says of others', function()
  with_songs({ 'madonna/A/01-x.wav', 'queen/A/01-p.wav' }, function(root)
    expect(data.artist20(root).sex):equals { 'female', 'male' }
    audio.sine({ frequency = 200, seconds = 1, rate = 8000 }):write(root .. '/somebody/A/01-s.wav')
    expect(table.concat(data.artist20(root).columns, ' '):find 'sex'):equals(nil)     -- it does not know them all
    local function list(text)
      local file = assert(io.open(root .. '/singers.csv', 'w'))
      file:write(text)
      file:close()
    end
    list 'artist,sex,voice\nmadonna,female,alto\nqueen,male,tenor\nsomebody,male,bass\n'
    expect(data.artist20(root).voice):equals { 'alto', 'tenor', 'bass' }
    list 'artist,album\nmadonna,A\nqueen,A\nsomebody,A\n'
    expect(function() data.artist20(root) end):raises(root
      .. ": what is known of each artist has a column 'album', which the songs have already")
    list 'artist,sex,sex\nmadonna,female,male\n'
    expect(function() data.artist20(root) end):raises(root .. "/singers.csv: has two columns 'sex'")
    list 'artist,sex\nmadonna\n'
    expect(function() data.artist20(root) end):raises(root .. '/singers.csv:2: 1 fields, not 2')
  end)
end)
