-- Tables and recordings with several tags a row, or with numbers: how they are read, split and handed over.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data = lumir.audio, lumir.data

local function with_file(text, use)
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  core.write_file(folder .. '/list.csv', text)
  local good, problem = pcall(use, folder .. '/list.csv', folder)
  shell('rm -rf ' .. folder)
  if not good then error(problem, 0) end
end

test('a column for each tag, as MagnaTagATune has them, becomes a row of 0 and 1', function()
  with_file('clip_id\tguitar\tdrums\tloudness\n2\t1\t0\t-3\n6\t1\t1\t-5\n10\t0\t0\t-9\n', function(path)
    local clips = data.csv(path, { id = 'clip_id', label = { 'guitar', 'drums' }, target = 'tags' })
    expect(clips.target):equals 'tags'
    expect(clips.classes):equals { 'guitar', 'drums' }
    expect(clips.labels):equals { { 'guitar' }, { 'guitar', 'drums' }, {} }
    expect(clips.columns):equals { 'loudness' }
    for x, y in clips:batches { batch_size = 3 } do
      expect(x.shape):equals { 3, 1 }
      expect(y:tolist()):equals { { 1, 0 }, { 1, 1 }, { 0, 0 } }
    end
    expect(data.csv(path, { label = '*r*', target = 'tags', drop = { 'loudness', 'clip_id' } }).classes)
      :equals { 'guitar', 'drums' }
    expect(function() data.csv(path, { label = { 'guitar', 'loudness' }, target = 'tags' }) end)
      :raises(path .. ": row 1 (line 2), column 'loudness': '-3' says not whether the row has the tag (0 or 1)")
    expect(function() data.csv(path, { label = { 'guitar', 'drums' } }) end)
      :raises("csv: 'label' names several columns, which say no class; target = 'tags' takes 0 or 1 of each, "
        .. "'numbers' a number")
  end)
end)

test('one column of names with a separator becomes the same', function()
  with_file('id,tags,loudness\na,guitar;slow,1\nb,,2\nc,drums; slow,3\n', function(path, folder)
    local clips = data.csv(path, { id = 'id', label = 'tags', target = 'tags', tag_separator = ';' })
    expect(clips.classes):equals { 'drums', 'guitar', 'slow' }
    expect(clips.labels):equals { { 'guitar', 'slow' }, {}, { 'drums', 'slow' } }
    clips:write(folder .. '/again.csv')
    local again = data.csv(folder .. '/again.csv', { id = 'id', label = 'tags', target = 'tags' })
    expect(again.labels):equals(clips.labels)
  end)
end)

test('numbers to be foretold are read as such, and a label that is none is named', function()
  with_file('tempo,valence,x\n120,0.5,1\n90.5,0.25,2\n', function(path)
    local songs = data.csv(path, { label = 'tempo', target = 'numbers' })
    expect(songs.labels):equals { 120, 90.5 }
    expect(songs.columns):equals { 'valence', 'x' }
    expect(data.csv(path, { label = { 'tempo', 'valence' }, target = 'numbers' }).labels)
      :equals { { 120, 0.5 }, { 90.5, 0.25 } }
  end)
  with_file('tempo,x\nfast,1\n', function(path)
    expect(function() data.csv(path, { label = 'tempo', target = 'numbers' }) end)
      :raises(path .. ": 1 cell holds no number, the first: row 1 (line 2), column 'tempo': 'fast' (na_values = "
        .. "{ ... } names what is missing, faulty = 'dropped' leaves such rows out)")
  end)
end)

test('labels that are numbers are read as the other numbers of the file are', function()
  with_file('v,x\n"0,35",1\n+2,2\n', function(path)
    expect(data.csv(path, { label = 'v', target = 'numbers', decimal = ',' }).labels):equals { 0.35, 2 }
  end)
  with_file('v,w,x\n1,3,1\nfast,4,2\n?,5,3\n2,inf,4\n4,6,5\n', function(path)
    local function read(label, faulty)
      return data.csv(path, { label = label, target = 'numbers', faulty = faulty, na_values = { '?' } })
    end
    expect(read({ 'v', 'w' }, 'dropped').labels):equals { { 1, 3 }, { 4, 6 } }
    expect(read('v', 'dropped').ids):equals { '1', '4', '5' }
    expect(function() read('w') end)
      :raises(path .. ": 2 cells of 2 columns hold no number, the first: row 2 (line 3), column 'v': 'fast' (words = "
        .. "'onehot' or 'ordinal' makes numbers of words, na_values = { ... } names what is missing, faulty = "
        .. "'dropped' leaves such rows out)")
  end)
end)

test('words for what is missing are asked of labels too', function()
  with_file('v,x\nfolk,1\n?,2\nrock,3\n', function(path)
    local songs = data.csv(path, { label = 'v', na_values = { '?' }, faulty = 'dropped' })
    expect(songs.labels):equals { 'folk', 'rock' }
    expect(function() data.csv(path, { label = 'v', na_values = { '?' } }) end)
      :raises(path .. ": 1 row without a label, the first: row 2 (line 3), column 'v' "
        .. "(faulty = 'dropped' leaves such rows out)")
  end)
end)

test('recordings that a list gives tags to are split by their pieces, with a share of each tag', function()
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  local lines = { 'path,piece,tags' }
  for i = 1, 24 do
    audio.sine { frequency = 100 + i, seconds = 0.1, rate = 8000 }:write(('%s/%02d.wav'):format(folder, i))
    local tags = (i % 3 == 0 and 'common|' or '') .. (i > 16 and 'rare' or '')
    lines[#lines + 1] = ('%02d.wav,piece %d,%s'):format(i, math.ceil(i / 2), tags)
  end
  lines[#lines + 1] = 'missing.wav,piece 13,rare'
  core.write_file(folder .. '/tags.csv', table.concat(lines, '\n'))
  local clips = data.tagged(folder, { group = 'piece' })
  expect(#clips):equals(24)
  expect(#clips.left_out):equals(1)
  local function count(side, tag)
    local n = 0
    for _, tags in ipairs(side.labels) do
      for _, one in ipairs(tags) do n = n + (one == tag and 1 or 0) end
    end
    return n
  end
  local train, valid = clips:split { hold = 0.25, stratify = true, leak = 'allowed' }
  expect(#valid):equals(6)
  expect(count(valid, 'rare')):equals(2)
  expect(count(valid, 'common')):equals(2)
  expect(count(train, 'rare') + count(valid, 'rare')):equals(8)
  local tested = 0
  for _, _, fold in clips:folds { folds = 4, leak = 'allowed' } do
    expect(count(fold, 'rare')):equals(2)
    tested = tested + #fold
  end
  expect(tested):equals(24)
  shell('rm -rf ' .. folder)
end)
