-- Tables from files, and what is done with their rows and columns.

local lumir = require 'lumir'
local core = require('lumir.native').core
local data, learn, torch = lumir.data, lumir.learn, lumir.torch
local golden = require 'golden.tables'

--- A file of this text that is there while `use` runs; what that answers.
local function with_file(text, use, name)
  local place = os.tmpname()
  os.remove(place)
  local path = place .. '/' .. (name or 'table.csv')
  core.write_file(path, text)
  local done, answer = pcall(use, path, place)
  os.execute(("rm -r '%s'"):format(place))
  if not done then error(answer, 0) end
  return answer
end

local function read(text, options)
  return with_file(text, function(path) return data.csv(path, options) end)
end

--- What reading it raises, the path cut to its last name.
local function problem(text, options)
  local done, message = pcall(read, text, options)
  expect(done):equals(false)
  return (tostring(message):gsub('/%S-/table%.csv', 'table.csv'):gsub('^[^ ]+%.lua:%d+: ', ''))
end

local function rows(tensor) return tensor:tolist() end

test('a csv file is a table with label, group and ids', function()
  local songs = read('song,artist,tempo,genre,rms\n1,AWOL,120,Rock,0.5\n2,AWOL,90.5,Folk,+.25\n7,Niris,1e2,Rock,-3\n',
    { label = 'genre', group = 'artist', id = 'song' })
  expect(rows(songs.x)):equals { { 120, 0.5 }, { 90.5, 0.25 }, { 100, -3 } }
  expect(songs.columns):equals { 'tempo', 'rms' }
  expect(songs.labels):equals { 'Rock', 'Folk', 'Rock' }
  expect(songs.classes):equals { 'Folk', 'Rock' }
  expect(songs.groups):equals { 'AWOL', 'AWOL', 'Niris' }
  expect(songs.ids):equals { '1', '2', '7' }
  expect(songs.label):equals 'genre'
end)

test('a byte order mark, CRLF, quotes, empty lines and other separators change nothing', function()
  local plain = rows(read('a,b,c\n1,2,x\n3,4.5,y\n', { label = 'c' }).x)
  for _, text in ipairs {
    '\239\187\191a,b,c\r\n1,2,x\r\n3,4.5,y',
    '"a","b","c"\n"1","2","x"\n\n"3","4.5","y"\n\n',
    'a;b;c\n1;2;x\n3;4,5;y\n',
    'a\tb\tc\n1\t2\tx\n 3 \t4.5\ty\n',
    'a,b,c\r1,2,x\r3,4.5,y\r',
  } do
    expect(rows(read(text, { label = 'c' }).x)):equals(plain)
  end
  expect(rows(read('a,b\n1,"2,5"\n', { decimal = ',' }).x)):equals { { 1, 2.5 } }
  expect(rows(read('1,2\n3,4\n', { header = false }).x)):equals { { 1, 2 }, { 3, 4 } }
end)

test('quoted fields may hold separators, line breaks and quotes', function()
  local odd = read('name,x\n"a, b\nand ""c""",1\nd,2\n', { id = 'name' })
  expect(odd.ids):equals { 'a, b\nand "c"', 'd' }
  expect(rows(odd.x)):equals { { 1 }, { 2 } }
end)

test('what does not fit is counted, and the first of it named by row and column', function()
  expect(problem('a,b\n1,2\n3,x\n5,y\n')):equals("table.csv: 2 cells hold no number, the first: row 2 (line 3), "
    .. "column 'b': 'x' (words = 'onehot' or 'ordinal' makes numbers of words, na_values = { ... } names what is "
    .. "missing, faulty = 'dropped' leaves such rows out)")
  expect(problem('a,b\n\n1,2\n\n3\n4,5,6\n')):equals(
    'table.csv: 2 rows of other than 2 fields, the first: row 2 (line 5), 1 field'
      .. " (faulty = 'dropped' leaves such rows out)")
  expect(problem('a,b\n1,"2,5"\n')):contains("'2,5' (decimal = ',' reads decimal commas)")
  expect(problem('a,b\n1,2\n3,"4\n')):equals 'table.csv, line 3: a quote is left open'
  expect(problem('a,b\n')):equals 'table.csv: no rows in it behind its head'
  expect(problem('a\0,\0b\0\n\0001\0,\0002\0\n\0')):equals
    'table.csv: holds NUL bytes, as UTF-16 and files of no text do; a csv file is read as UTF-8'
  expect(problem('a,b\n1,2\n', { label = 'B' })):equals
    "csv: 'label' = 'B' is no column of table.csv (did you mean 'b'?); it has a, b"
  expect(problem('a,g\n1,x\n2,\n', { label = 'g' })):equals(
    "table.csv: 1 row without a label, the first: row 2 (line 3), column 'g' (faulty = 'dropped' leaves such rows out)")
  expect(problem('a\n1\nNA\n', { missing = 'refused' })):equals("table.csv: 1 cell missing, the first: row 2 (line 3), "
    .. "column 'a' (missing = 'kept' makes NaN of them, 'dropped' leaves such rows out)")
end)

test('rows that do not fit can be left out, and words may stand for what is missing', function()
  expect(rows(read('a,b\n1,2\n3,x\n4\n5,6\n', { faulty = 'dropped' }).x)):equals { { 1, 2 }, { 5, 6 } }
  expect(rows(read('a,b\n1,2\n3,?\n4,NA\n5,6\n', { na_values = { '?' }, missing = 'dropped' }).x)):equals
    { { 1, 2 }, { 5, 6 } }
  local kept = read('a,b\n1,2\n3,?\n,6\n', { na_values = { '?' } })
  expect(kept:describe().a.missing + kept:describe().b.missing):equals(2)
end)

test('words become a column each, or their places, as pandas names them', function()
  local one = read(golden.csv, { id = 'name', label = 'genre', words = 'onehot' })
  expect(one:select('key_*').columns):equals(golden.onehot)
  expect(rows(one:select('key_*').x)):equals(golden.onehot_rows)
  local places = read(golden.csv, { id = 'name', label = 'genre', words = { key = 'ordinal' } })
  local keys = rows(places:select('key').x)
  expect({ keys[1][1], keys[2][1], keys[4][1] }):equals { 1, 2, 0 }
  expect(keys[5][1] ~= keys[5][1]):is_true()
  local kept = read(golden.csv, { id = 'name', label = 'genre', words = 'kept' })
  expect(kept.columns):equals { 'tempo', 'loudness' }
  expect(kept:where('key', 'C').ids):equals { 'one', 'three' }
end)

test('words that begin far down are found too', function()
  local lines = { 'a,b' }
  for i = 1, 3000 do lines[#lines + 1] = i .. ',' .. (i > 1400 and 'word' .. i % 3 or i % 2) end
  local all = read(table.concat(lines, '\n'), { words = 'ordinal' })
  expect(#all):equals(3000)
  expect(all.columns):equals { 'a', 'b' }
  expect(all:select('b').x:max()):equals(4)
end)

--- 2,100 rows whose second column holds numbers but for one of `slips` ('?' for any other row).
local function with_slips(slips)
  local lines = { 'a,b,key' }
  for i = 1, 2100 do
    lines[#lines + 1] = ('%d,%s,%s'):format(i, slips(i) and '?' or i / 4, i % 2 == 0 and 'C' or 'D')
  end
  return table.concat(lines, '\n')
end

test('a few words among numbers are faulty cells, no column of words', function()
  local stray = with_slips(function(i) return i == 7 or i == 2000 end)
  for _, how in ipairs { 'onehot', 'ordinal', 'kept' } do
    expect(problem(stray, { words = how })):equals("table.csv: 2 cells hold no number, the first: row 7 (line 8), "
      .. "column 'b': '?' (a column of numbers, by most of its cells: words = { ['b'] = 'onehot' } takes it for words, "
      .. "na_values = { ... } names what is missing, faulty = 'dropped' leaves such rows out)")
  end
  local dropped = read(stray, { words = 'onehot', faulty = 'dropped' })
  expect(dropped.columns):equals { 'a', 'b', 'key_C', 'key_D' }
  expect(#dropped):equals(2098)
  expect(#read(stray, { words = 'onehot', na_values = { '?' } })):equals(2100)
  expect(read(stray, { words = { b = 'ordinal', key = 'ordinal' } }).columns):equals { 'a', 'b', 'key' }
  -- where the first thousand rows are words and most of the others numbers, too
  local early = with_slips(function(i) return i <= 1000 end)
  expect(problem(early, { words = 'onehot' })):contains
    "1,000 cells hold no number, the first: row 1 (line 2), column 'b'"
end)

test('a column of names of rows becomes no feature unless it is asked for', function()
  local lines = { 'song,artist,genre,tempo' }
  for i = 1, 30 do
    lines[#lines + 1] = ('song %d,band %d,%s,%d'):format(i, i % 10, i % 2 == 0 and 'rock' or 'pop', i)
  end
  local text = table.concat(lines, '\n')
  expect(problem(text, { label = 'genre', group = 'artist', words = 'onehot' })):equals(
    "table.csv: column 'song' holds another word in each of 30 rows, so it names them and is no feature (id = 'song' "
      .. "says so, drop = { 'song' } leaves it out, words = { ['song'] = 'onehot' } makes numbers of it all the same)")
  for _, how in ipairs { 'onehot', { song = 'onehot', artist = 'onehot', genre = 'ordinal', tempo = 'refused' } } do
    local named = read(text, { label = 'genre', group = 'artist', id = 'song', words = how })
    expect(named.columns):equals { 'tempo' }
    expect(named.ids[3]):equals 'song 3'
  end
  expect(#read(text, { label = 'genre', words = { song = 'onehot', artist = 'ordinal' } }).columns):equals(32)
  expect(read(text, { label = 'genre', words = 'kept' }).columns):equals { 'tempo' }
end)

test('a word for what is missing is no word of a column', function()
  local keys = read('key,x\nC,1\n-,2\nD,3\nC,4\n', { words = 'onehot', na_values = { '-' } })
  expect(keys.columns):equals { 'key_C', 'key_D', 'x' }
  expect(rows(keys.x)[2]):equals { 0, 0, 2 }
end)

test('no two columns have one name', function()
  expect(read('a,a.1,a,b\n1,2,3,4\n').columns):equals { 'a', 'a.1', 'a.2', 'b' }
  expect(function() data.table { x = { { 1, 2 } }, columns = { 'a', 'a' } } end):raises
    "table: more than one column is called 'a'"
end)

test('columns are described as pandas does', function()
  local described = read(golden.csv, { id = 'name', label = 'genre', drop = { 'key' } }):describe()
  for name, expected in pairs(golden.described) do
    local found = described[name]
    for key, number in pairs(expected) do expect(found[key]):near(number, { absolute = 1e-12 }) end
  end
  expect(#described):equals(2)
  expect(tostring(described)):contains 'missing'
end)

test('columns are selected and dropped by name, rows by what stands in them', function()
  local songs = read(golden.csv, { id = 'name', label = 'genre', words = 'kept' })
  expect(songs:drop('t*').columns):equals { 'loudness' }
  expect(songs:select({ 'loudness', 'tempo' }).columns):equals { 'loudness', 'tempo' }
  expect(songs:where('tempo', function(tempo) return tempo > 100 end).ids):equals { 'one', 'four', 'five' }
  local some = songs:where('genre', { 'Rock', 'Folk' })
  expect(some.classes):equals { 'Folk', 'Rock' }
  expect(songs:without('genre', 'Rock').ids):equals { 'two', 'four', 'five' }
  expect(function() songs:select('tempi') end):raises "select: no column is called 'tempi' (did you mean 'tempo'?)"
  expect(function() songs:where('genre', 'Rok') end):raises "where: no row has genre = 'Rok' (did you mean 'Rock'?)"
  expect(function() songs:where('gener', 'Rock') end):raises
    "where: the table has no column 'gener' (did you mean 'genre'?)"
end)

test('tables are joined by id', function()
  local left = read('id,a,g\n1,10,x\n2,20,y\n3,30,x\n', { id = 'id', label = 'g' })
  local right = read('id,b\n3,300\n1,100\n', { id = 'id' })
  local both = left:join(right)
  expect(both.ids):equals { '1', '3' }
  expect(rows(both.x)):equals { { 10, 100 }, { 30, 300 } }
  expect(both.labels):equals { 'x', 'x' }
  expect(#left:join(right, { how = 'left' })):equals(3)
  expect(left:join(left, { prefix = 'other_' }).columns):equals { 'a', 'other_a' }
  expect(function() left:join(left) end):raises
    "join: both tables have a column 'a' (prefix = 'other_' renames those of the other)"
end)

test('what a table writes it reads again', function()
  local songs = read(golden.csv, { id = 'name', label = 'genre', drop = { 'key' } })
  for _, ending in ipairs { 'csv', 'npz', 'npy' } do
    local again = with_file('', function(_, place)
      local path = songs:write(place .. '/again.' .. ending)
      return ending == 'csv' and data.csv(path, { id = 'id', label = 'genre' }) or data[ending](path)
    end)
    expect(again.ids):equals(songs.ids)
    expect(again.labels):equals(songs.labels)
    expect(again.columns):equals(songs.columns)
    expect(again:describe().tempo):equals(songs:describe().tempo)
  end
  local bare = data.table { x = { { 1, 2 }, { 3, 4 } } }
  local written = with_file('', function(_, place) return core.read_file(bare:write(place .. '/bare.csv')) end)
  expect(written):equals 'id,1,2\n1,1,2\n2,3,4\n'
end)

test('splits and folds keep the groups of a table whole, and tell of those that do not', function()
  local lines = { 'speaker,word,x' }
  for i = 1, 40 do lines[#lines + 1] = ('s%d,%s,%d'):format((i - 1) % 10, i % 2 == 0 and 'yes' or 'no', i) end
  local words = read(table.concat(lines, '\n'), { label = 'word', group = 'speaker' })
  local train, test_rows = words:split { hold = 0.2 }
  expect(#train):equals(32)
  for _, speaker in ipairs(test_rows.groups) do
    for _, other in ipairs(train.groups) do expect(speaker ~= other):is_true() end
  end
  expect(function() words:split { hold = 0.2, by = 'id' } end):raises(
    "split: speaker 's0' is on both sides, and 5 more (by = 'speaker' keeps each whole, leak = 'allowed' goes on)")
  local leaky = words:split { hold = 0.2, by = 'id', leak = 'allowed' }
  expect(leaky.leak):equals "LEAK: 6 speakers are on both sides (leak = 'allowed'): the scores are too good"
  local seen = 0
  for fold, learnt, tested in words:folds { folds = 5 } do
    expect(fold <= 5 and #learnt == 32 and #tested == 8):is_true()
    seen = seen + #tested
  end
  expect(seen):equals(40)
  local by_hand = data.table { x = { { 1 }, { 2 }, { 3 }, { 4 } }, y = { 'a', 'b', 'a', 'b' }, groups = { 1, 1, 2, 2 } }
  local one, other = by_hand:split { hold = 0.5 }
  expect(#one == 2 and #other == 2):is_true()
  expect(one.classes):equals { 'a', 'b' }
end)

test('what is learnt from a table is told of another by the names of its columns', function()
  local train = read('a,b,g\n1,0,x\n2,0,x\n8,1,y\n9,1,y\n', { label = 'g' })
  local model = learn.KNeighbors { n_neighbors = 1 }:fit(train)
  expect(model:predict(read('a,b\n7,1\n', {}))):equals { 'y' }
  expect(model:predict(torch.tensor { { 1, 0 } })):equals { 'x' }
end)

test('rows of a table are drawn as those of a dataset', function()
  local made = data.table { x = { { 1 }, { 2 }, { 3 }, { 4 } }, y = { 'a', 'a', 'a', 'b' } }
  expect(#made:draw { n = 3, seed = 1 }):equals(3)
  expect(#made:draw { n = 9 }):equals(4)
  expect(made:draw({ n = 2, seed = 1 }).x:tolist()):equals(made:draw({ n = 2, seed = 1 }).x:tolist())
  expect(function() made:draw {} end):raises "draw: 'n' is missing (how many rows at most)"
end)

test("a sample of FMA's sound stands for a sample of its tables", function()
  local place = os.tmpname()
  os.remove(place)
  local drawn = data.fma_features(data.sample('fma', { folder = place, artists = 3, tracks = 1 }))
  expect(#drawn.columns):equals(518)
  expect(#drawn):equals(24)
  shell('rm -r ' .. place)
end)

test('an empty array file and one of complex numbers are refused by name', function()
  local place = os.tmpname()
  os.remove(place)
  core.write_file(place .. '/x.npz', '')
  expect(function() data.npz(place .. '/x.npz') end):raises(place .. '/x.npz: an empty file')
  torch.save(torch.complex(torch.ones(2, 2), torch.ones(2, 2)), place .. '/x.npy')
  expect(function() data.npy(place .. '/x.npy') end)
    :raises(place .. '/x.npy: holds complex numbers, and a table has plain ones')
  shell('rm -r ' .. place)
end)
