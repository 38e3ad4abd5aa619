-- torch.save and torch.load beside NumPy's and safetensors' own files, which golden/arrays/make.py wrote; it also reads
-- what is written here, where $LUMIR_KEEP_ARRAYS says in which folder to leave it.
local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, feature, learn, torch = lumir.audio, lumir.feature, lumir.learn, lumir.torch

local golden = core.root() .. '/tests/golden/arrays/'
local grid = torch.tensor({ { 0, 0.25, 0.5 }, { 0.75, 1, 1.25 } }, { dtype = 'float64' })
local deep = torch.arange(24):to('int32'):view(2, 3, 4)
local words = { { 'abba', 'Björk' }, { '椎名林檎', '' } }

local function with_folder(body)
  local folder = os.tmpname()
  os.remove(folder)
  os.execute(("mkdir '%s'"):format(folder))
  local good, problem = pcall(body, folder)
  os.execute(("rm -r '%s'"):format(folder))
  if not good then error(problem, 0) end
end

local function bytes_of(path)
  local file = assert(io.open(path, 'rb'))
  local bytes = file:read '*a'
  file:close()
  return bytes
end

-- name of the golden file, dtype, shape, numbers
local numbers = {
  { 'float64', 'float64', { 2, 3 }, grid:tolist() },
  { 'float32', 'float32', { 2, 3 }, grid:tolist() },
  { 'float16', 'float16', { 2, 3 }, grid:tolist() },
  { 'int64', 'int64', { 2, 2 }, { { -2 ^ 53, 7 }, { 0, 1 } } },
  { 'int8', 'int8', { 2 }, { -128, 127 } },
  { 'uint16', 'uint16', { 2 }, { 0, 65535 } },
  { 'bool', 'bool', { 3 }, { true, false, true } },
  { 'scalar', 'float64', {}, 2.5 },
  { 'none', 'float64', { 0, 3 }, {} },
  { 'deep', 'int32', { 2, 3, 4 }, deep:tolist() },
}

test('every element type of a .npy file is read, and written again byte for byte as NumPy writes it', function()
  with_folder(function(folder)
    for _, one in ipairs(numbers) do
      local name, dtype, shape, values = unpack(one)
      local path = golden .. name .. '.npy'
      local tensor = torch.load(path)
      expect(tensor.dtype):equals(dtype)
      expect(tensor.shape):equals(shape)
      expect(tensor:tolist()):equals(values)
      local ours = torch.save(tensor, ('%s/%s.npy'):format(folder, name))
      expect(bytes_of(ours) == bytes_of(path)):is_true()
    end
    local complex = torch.load(golden .. 'complex64.npy')
    expect(torch.real(complex):tolist()):equals { 1, 0 }
    expect(torch.imag(complex):tolist()):equals { 2, -0.5 }
    expect(bytes_of(torch.save(complex, folder .. '/c.npy')) == bytes_of(golden .. 'complex64.npy')):is_true()
    local conjugate = torch.load(torch.save(torch.conj(complex), folder .. '/c.npy'))
    expect(torch.imag(conjugate):tolist()):equals { -2, 0.5 }
  end)
end)

test('numbers by columns, in the other order of bytes, and behind a longer head are the same numbers', function()
  expect(torch.load(golden .. 'by_columns.npy'):tolist()):equals(deep:tolist())
  expect(torch.load(golden .. 'big_endian.npy'):tolist()):equals(grid:tolist())
  expect(torch.imag(torch.load(golden .. 'big_endian_complex.npy')):tolist()):equals { 2, -0.5 }
  expect(torch.load(golden .. 'version_2.npy'):tolist()):equals(grid:tolist())
end)

test('text comes and goes as NumPy has it, file names that are no UTF-8 included', function()
  with_folder(function(folder)
    expect(torch.load(golden .. 'words.npy')):equals(words)
    expect(torch.load(golden .. 'words_by_columns.npy')):equals(words)
    expect(torch.load(golden .. 'bytes.npy')):equals { 'abba', 'queen' }
    expect(torch.load(golden .. 'file_name.npy')):equals { 'caf\233.mp3' }
    torch.save({ names = { 'caf\233.mp3', 'Björk', '' }, one = 'two words' }, folder .. '/x.npz')
    local back = torch.load(folder .. '/x.npz')
    expect(back.names):equals { 'caf\233.mp3', 'Björk', '' }
    expect(back.one):equals 'two words'
    torch.save({ arr_0 = { 'caf\233.mp3' } }, folder .. '/x.npy')
    expect(bytes_of(folder .. '/x.npy') == bytes_of(golden .. 'file_name.npy')):is_true()
  end)
end)

test('several arrays come from .npz, deflated or not, and from .safetensors', function()
  local several = torch.load(golden .. 'several.npz')
  expect(several.arr_0:tolist()):equals(grid:tolist())
  expect(several.x:tolist()):equals(deep:tolist())
  expect(several.names):equals(words[1])
  local packed = torch.load(golden .. 'packed.npz')
  expect(packed.x.shape):equals { 200, 3 }
  expect(packed.x['199:200']:tolist()):equals(grid:tolist())
  expect(packed.names):equals(words)
  local named = torch.load(golden .. 'several.safetensors')
  expect(named.x.dtype):equals 'float32'
  expect(named.x:tolist()):equals(grid:tolist())
  expect(named.deep:tolist()):equals(deep:tolist())
  expect(named.mask:tolist()):equals { true, false, true }
end)

test('what was saved under names is loaded again, and equal contents are equal bytes', function()
  with_folder(function(folder)
    folder = os.getenv 'LUMIR_KEEP_ARRAYS' or folder
    local all, plain = {}, {}
    for _, one in ipairs(numbers) do
      all[one[1]] = torch.load(golden .. one[1] .. '.npy')
      plain[one[1]] = all[one[1]]
    end
    all.complex64 = torch.load(golden .. 'complex64.npy')
    for name, tensor in pairs(all) do torch.save(tensor, ('%s/%s.npy'):format(folder, name)) end
    torch.save(all, folder .. '/plain.npz')
    torch.save(all, folder .. '/again.npz')
    torch.save(all, folder .. '/packed.npz', { compressed = true })
    torch.save(plain, folder .. '/all.safetensors')
    torch.save({ names = { 'caf\233.mp3', 'Björk', '椎名林檎' }, one = 'two words' }, folder .. '/texts.npz')
    expect(bytes_of(folder .. '/plain.npz') == bytes_of(folder .. '/again.npz')):is_true()
    for _, file in ipairs { 'plain.npz', 'packed.npz', 'all.safetensors' } do
      local back = torch.load(folder .. '/' .. file)
      for name, tensor in pairs(plain) do
        expect(back[name].dtype):equals(tensor.dtype)
        expect(back[name].shape):equals(tensor.shape)
        expect(back[name]:tolist()):equals(tensor:tolist())
      end
    end
    expect(torch.load(torch.save({ grid, deep }, folder .. '/two.npz')).arr_1:tolist()):equals(deep:tolist())
    expect(torch.load(torch.save(grid, folder .. '/one.npz')).arr_0:tolist()):equals(grid:tolist())
    expect(torch.load(torch.save(grid.T, folder .. '/turned.npy')):tolist()):equals(grid.T:tolist())
    local short = torch.load(torch.save({ x = grid:to 'bfloat16' }, folder .. '/b.safetensors')).x
    expect(short.dtype):equals 'bfloat16'
    expect(short:tolist()):equals(grid:tolist())
  end)
end)

test('plain values are saved, too', function()
  with_folder(function(folder)
    expect(torch.load(torch.save(2.5, folder .. '/number.npy')):item()):equals(2.5)
    expect(torch.load(torch.save(true, folder .. '/truth.npy')):item()):equals(true)
    expect(torch.load(torch.save('Björk', folder .. '/name.npy'))):equals 'Björk'
    local several = torch.load(torch.save({ best = 0.75, done = false, x = grid }, folder .. '/several.npz'))
    expect({ several.best:item(), several.done:item() }):equals { 0.75, false }
    expect(torch.load(torch.save('Björk', folder .. '/name.npz')).arr_0):equals 'Björk'
    expect(function() torch.save(1, folder .. '/x.safetensors') end)
      :raises 'save: a .safetensors file holds arrays by name (torch.save({ x = tensor }, path))'
  end)
end)

test('frames, descriptions, tables and scores leave and come back', function()
  with_folder(function(folder)
    local tone = audio.sine { frequency = 500, seconds = 1, rate = 8000 }
    local set = feature.set { feature.mfcc { n_mfcc = 3 }, feature.rms() }
    local frames = set(tone)
    local back = torch.load(torch.save(frames, folder .. '/frames.npz'))
    expect(back.values:tolist()):equals(frames.values:tolist())
    expect(back.names):equals(frames.names)
    expect(back.frame_rate:item()):equals(frames.frame_rate)
    local row = lumir.chain { set, feature.summary { 'mean' } }(tone)
    back = torch.load(torch.save(row, folder .. '/row.npz'))
    expect(back.values:tolist()):equals(row.values)
    expect(back.names):equals(row.names)

    local table_by_hand = {
      x = torch.tensor { { 0, 1 }, { 0, 2 }, { 5, 1 }, { 5, 3 } },
      y = { 'abba', 'abba', 'queen', 'queen' },
      ids = { '1', '2', '3', '4' },
      columns = { 'a', 'b' },
    }
    local model = learn.SVC():fit(table_by_hand)
    torch.save(table_by_hand, folder .. '/table.npz')
    local again = learn.SVC():fit(torch.load(folder .. '/table.npz'))
    local scores = model:scores(table_by_hand)
    expect(again:scores(table_by_hand):tolist()):equals(scores:tolist())
    expect(torch.load(torch.save(scores, folder .. '/scores.npy')):tolist()):equals(scores:tolist())
    table_by_hand.columns = { 'a' }
    expect(function() learn.SVC():fit(table_by_hand) end):raises 'fit: rows of 2 numbers but 1 names of columns'
  end)
end)

test('a described table written as .npz is learned from as it was', function()
  with_folder(function(folder)
    for i, name in ipairs { 'abba/A/1.wav', 'abba/B/2.wav', 'queen/A/3.wav', 'queen/B/4.wav' } do
      audio.sine({ frequency = 300 * i, seconds = 1, rate = 8000 }):write(folder .. '/' .. name)
    end
    local chain = lumir.chain {
      audio.load { rate = 8000 }, feature.set { feature.mfcc { n_mfcc = 3 } }, feature.summary { 'mean' },
    }
    local songs = lumir.data.artist20(folder):map(chain)
    local described = songs:table()
    local back = torch.load(songs:write(folder .. '/songs.npz'))
    expect(back.x:tolist()):equals(described.x:tolist())
    expect(back.columns):equals(described.columns)
    expect(back.ids):equals(described.ids)
    expect(back.groups):equals { 'abba/A', 'abba/B', 'queen/A', 'queen/B' }
    expect(bytes_of(torch.save(described, folder .. '/again.npz')) == bytes_of(folder .. '/songs.npz')):is_true()
    expect(learn.SVC():fit(back):scores(described):tolist())
      :equals(learn.SVC():fit(described):scores(described):tolist())
  end)
end)

test('what is no file of arrays, or would run code, is refused in one line', function()
  with_folder(function(folder)
    local function refused(name, rule)
      expect(function() torch.load(golden .. name) end):raises(golden .. name .. ': ' .. rule)
    end
    refused('objects.npy', 'holds Python objects, which reading would run')
    refused('records.npy', 'holds records, which are not read here')
    refused('dates.npy', "has elements of type '<M8[D]', which are not read here")
    local function cut(name, bytes, rule)
      local path = folder .. '/cut'
      local file = assert(io.open(path, 'wb'))
      file:write(bytes_of(golden .. name):sub(1, bytes))
      file:close()
      expect(function() torch.load(path) end):raises(path .. ': ' .. rule)
    end
    cut('float64.npy', 175, 'not a whole .npy file (its numbers are cut off)')
    cut('float64.npy', 100, 'not a whole .npy file (its head is cut off)')
    cut('words.npy', 150, 'not a whole .npy file (its numbers are cut off)')
    cut('several.npz', 900, 'not a whole .npz or .pth file (its list of members is missing)')
    cut('float64.npy', 0, 'an empty file')
    local x = torch.tensor { 1 }
    local function unsaved(value, name, rule)
      expect(function() torch.save(value, folder .. '/' .. name) end):raises(rule)
    end
    unsaved(x, 'x.txt', ("save: 'path' = '%s/x.txt' must end in .npy, .npz or .safetensors"):format(folder))
    unsaved(x, 'x.pt', ("save: 'path' = '%s/x.pt': PyTorch's .pt is read here, not written; a .safetensors file holds "
      .. 'tensors by name, and PyTorch reads it by safetensors.torch.load_file'):format(folder))
    unsaved(lumir.nn.ReLU(), 'x.npz', "save: 'value' is a Module: net:save(path) writes all of it, net:state_dict() "
      .. 'is a table of its tensors')
    unsaved(x, 'x.safetensors', 'save: a .safetensors file holds arrays by name (torch.save({ x = tensor }, path))')
    unsaved({ x = x, y = x }, 'x.npy',
      ("save: 'path' = '%s/x.npy': an .npy file holds one array (write .npz or .safetensors)"):format(folder))
    unsaved({ x = { 'a' } }, 'x.safetensors',
      "save: 'x' is text, which has no place in a .safetensors file (write .npz)")
    unsaved(x:to 'bfloat16', 'x.npy', "save: NumPy's files have no bfloat16 (take :float(), or write .safetensors)")
    unsaved({ x = { 1 } }, 'x.npz', "save: 'x' must be a list of text, got 1")
    unsaved(print, 'x.npy', "save: 'value' must be a Tensor, a Table, Frames, a Description, a number, a boolean, "
      .. 'a text or a table of tensors by name, got function')
  end)
end)
