-- Files of PyTorch and pickles, which golden/weights/make.py wrote, beside what Python reads in them; and real weights.
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, torch = lumir.nn, lumir.torch
local golden = require 'golden.weights.golden'

local folder = core.root() .. '/tests/golden/weights/'
local fixtures = os.getenv 'LUMIR_FIXTURES' or core.root() .. '/../shared/fixtures'

local function is_tensor(value) return type(value) == 'userdata' end

--- Every tensor by its path: '/state_dict/conv.weight'.
local function tensors_of(value, path, found)
  if is_tensor(value) then
    found[path] = value
  elseif type(value) == 'table' then
    for key, part in pairs(value) do tensors_of(part, ('%s/%s'):format(path, key), found) end
  end
  return found
end

local function agrees(loaded, wanted)
  local found = tensors_of(loaded, '', {})
  for path, about in pairs(wanted) do
    local tensor = found[path]
    if not tensor then error(('no tensor %s'):format(path), 2) end
    local x = tensor:to('float64'):flatten()
    local weighted = (x * torch.arange(1, x:numel() + 1, { dtype = 'float64' })):sum():item()
    local same = tensor.dtype == about[1] and #tensor.shape == #about[2]
    for i, side in ipairs(about[2]) do same = same and tensor.shape[i] == side end
    local function near(a, b) return math.abs(a - b) <= 1e-6 + 1e-9 * math.abs(b) end
    if not same or not near(x:sum():item(), about[3]) or not near(weighted, about[4]) then
      error(('%s is %s %s, sums %.17g %.17g'):format(path, tensor.dtype, tensor.shape, x:sum():item(), weighted), 2)
    end
    found[path] = nil
  end
  expect(next(found)):equals(nil)
end

test('zip, stream and tar files of PyTorch hold what Python reads in them', function()
  for _, name in ipairs {
    'small.pth', 'stream.pth', 'protocol_4.pth', 'stream_4.pth', 'uint16.pth', 'no_crc.pth', 'old.tar',
    'tensors_2.pkl', 'tensors_4.pkl',
  } do
    agrees(torch.load(folder .. name), golden[name])
  end
end)

test('real weights hold what Python reads in them', function()
  local read = 0
  for name, wanted in pairs(golden) do
    local path = fixtures .. '/' .. name
    local file = name:find '/' and io.open(path)
    if file then
      file:close()
      agrees(torch.load(path), wanted)
      read = read + 1
    end
  end
  if read == 0 then skip 'the fixtures with weights are not there' end
  expect(read):equals(8)
end)

test('what a checkpoint holds besides tensors comes as plain values', function()
  for _, name in ipairs { 'small.pth', 'stream.pth' } do
    local loaded = torch.load(folder .. name)
    expect(loaded.epoch):equals(12)
    expect(loaded.arch):equals 'crnn'
    expect(loaded.best):equals(0.75)
    expect(loaded.none):equals(nil)
    expect(loaded.sizes):equals { 1, false, 2.5 }
    expect(loaded.milestones):equals { [30] = 1, [60] = 1 }
    expect(loaded.args):equals { lr = 0.25, name = 'x' }
    expect(loaded.long):equals(2 ^ 70)
    expect(loaded.shape):equals { 2, 3 }
    expect(loaded.device):equals 'cuda:1'
    expect(loaded.dtype):equals 'torch.float16'
    expect(loaded.rows.dtype):equals 'int16'
    expect(loaded.rows):equals { { 0, 1, 2 }, { 3, 4, 5 } }
    expect(loaded.optimizer.param_groups[1].lr):equals(0.25)
    expect(loaded.optimizer.param_groups[1].params):equals { 0, 1 }
  end
end)

test('views on one storage share it, as in Python', function()
  for _, name in ipairs { 'small.pth', 'stream.pth' } do
    local weights = torch.load(folder .. name).state_dict
    local whole = weights['module.conv.weight']
    expect(weights['module.conv.turned']:tolist()[2][1]):equals(whole:flatten():tolist()[2])
    whole:fill_(3)
    expect(weights['module.conv.bias']):equals { 3, 3 }
    expect(weights['module.conv.turned']:sum():item()):equals(72)
  end
  local old = torch.load(folder .. 'old.tar').model
  old.weight:zero_()
  expect(old.half:sum():item()):equals(0)
end)

test('pickles of NumPy arrays are read, whatever their order', function()
  for _, protocol in ipairs { 2, 4, 5 } do
    local arrays = torch.load(('%sarrays_%d.pkl'):format(folder, protocol))
    expect(arrays.x):equals { { 0, 1, 2 }, { 3, 4, 5 } }
    expect(arrays.turned):equals { { 0, 1, 2 }, { 3, 4, 5 } }
    expect(arrays.x.dtype):equals 'float64'
    expect(arrays.zeros:numel()):equals(500)
    expect(arrays.turned.dtype):equals 'float32'
  end
end)

test('a list that holds itself does so in Lua', function()
  local list = torch.load(folder .. 'recursive.pkl').list
  expect(#list):equals(1)
  expect(list[1] == list):is_true()
end)

test('names outside of the list are refused by name, and nothing is run', function()
  os.remove '/tmp/lumir-was-here'
  local rule = "%s: names '%s', which is none of the names that are read here, and may be code; in Python "
    .. 'torch.save(net.state_dict(), path) writes weights alone'
  local function refused(name, what)
    local path = folder .. name
    expect(function() torch.load(path) end):raises(rule:format(path, what))
  end
  refused('harmful.pth', 'posix.system')
  refused('network.pth', 'torch.nn.modules.linear.Linear')
  expect(io.open '/tmp/lumir-was-here'):equals(nil)
end)

test('tables and features say which reader takes a file of PyTorch', function()
  local path = folder .. 'small.pth'
  expect(function() lumir.data.npz(path) end)
    :raises(path .. ': is what torch.save of Python writes, no file of arrays: torch.load reads it')
end)

local function conv_net()
  return nn.Sequential { nn.Conv1d(3, 2, 4), nn.BatchNorm1d(2), nn.Linear(5, 1) }
end

local function state_of(prefix)
  local state = {}
  for name, tensor in pairs(conv_net():state_dict()) do
    if not name:find 'num_batches' then state[prefix .. name] = torch.ones_like(tensor) end
  end
  return state
end

test('a state is renamed by a table, the longest name first', function()
  local net = conv_net()
  local state = state_of 'module.'
  state['module.head.weight'], state['module.2.weight'] = state['module.2.weight'] * 5, nil
  state['module.old'] = torch.ones(1)
  net:load_state_dict(state, {
    rename = { ['module.'] = '', ['module.head.'] = '2.', ['module.old'] = false },
  })
  expect(net[3].weight:sum():item()):equals(25)
  expect(net[1].weight:sum():item()):equals(24)
  local bare = { weight = torch.zeros(1, 5), bias = torch.zeros(1) }
  net:load_state_dict(bare, { rename = { [''] = '2.' }, strict = false })
  expect(net[3].weight:sum():item()):equals(0)
end)

test('half and bfloat16 become the numbers of the network', function()
  local net = nn.Linear(2, 1)
  for _, dtype in ipairs { 'float16', 'bfloat16' } do
    net:load_state_dict {
      weight = torch.tensor({ { 0.5, -2 } }, { dtype = dtype }), bias = torch.tensor({ 1 }, { dtype = dtype }),
    }
    expect(net.weight.dtype):equals 'float32'
    expect(net.weight):equals { { 0.5, -2 } }
  end
end)

test('all that does not fit is listed by name', function()
  local net = conv_net()
  expect(function() net:load_state_dict(state_of 'module.') end):raises("load_state_dict: has no array "
    .. "'0.weight', '0.bias', '1.weight', '1.bias', '1.running_mean', '1.running_var' and 2 more of Sequential; "
    .. "'module.0.bias', 'module.0.weight', 'module.1.bias', 'module.1.running_mean', 'module.1.running_var', "
    .. "'module.1.weight' and 2 more are no part of Sequential ({ rename = { ['module.'] = '' } } takes that off)")
  local named = { ['fc.weight'] = torch.ones(1, 2), ['fc.bias'] = torch.ones(1) }
  expect(function() nn.Linear(2, 1):load_state_dict(named) end)
    :raises("load_state_dict: has no array 'weight', 'bias' of Linear; 'fc.bias', 'fc.weight' are no part of Linear "
      .. "({ rename = { ['fc.'] = '' } } takes that off)")
  local bare = nn.Sequential { nn.Linear(2, 1) }
  expect(function() bare:load_state_dict { weight = torch.ones(1, 2), bias = torch.ones(1) } end)
    :raises("load_state_dict: has no array '0.weight', '0.bias' of Sequential; 'bias', 'weight' are no part of "
      .. "Sequential ({ rename = { [''] = '0.' } } puts that before)")
  expect(function() bare:load_state_dict { ['0.weight'] = torch.ones(3, 2), ['0.bias'] = torch.ones(4) } end)
    :raises("load_state_dict: '0.weight' is [3, 2], Sequential takes [1, 2]; '0.bias' is [4], Sequential takes [1]")
  expect(function() bare:load_state_dict({}, { rename = { x = 3 } }) end)
    :raises "load_state_dict: 'rename' of 'x' must be text or false, got 3"
  expect(function()
    bare:load_state_dict({ a = torch.ones(1), b = torch.ones(1) }, { rename = { a = 'c', b = 'c' } })
  end):raises "load_state_dict: 'rename' calls both 'a' and 'b' 'c'"
  expect(function() bare:load_state_dict(torch.load(folder .. 'small.pth')) end)
    :raises "load_state_dict: its tensors stand in 'state_dict', which is to be given by itself"
end)

test('what is missing or one too many is told where it is no error', function()
  local net = conv_net()
  local state = state_of ''
  state['2.weight'], state.more = nil, torch.ones(1)
  local same, left = net:load_state_dict(state, { strict = false })
  expect(same == net):is_true()
  expect(left):equals { missing_keys = { '2.weight' }, unexpected_keys = { 'more' } }
  expect(net[1].weight:sum():item()):equals(24)
  state['2.bias'] = torch.ones(7)
  expect(function() net:load_state_dict(state, { strict = false }) end)
    :raises "load_state_dict: '2.bias' is [7], Sequential takes [1]"
end)
