-- Networks as ONNX: what stands in the files. That other programs answer alike, tests/golden/onnx/check_networks.py has
-- looked at.

local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

-- protocol buffers: numbers of fields with what they hold, in order
local function fields(message)
  local found, at = {}, 1
  local function varint()
    local number, scale = 0, 1
    while true do
      local byte = message:byte(at)
      at = at + 1
      number = number + (byte % 128) * scale
      if byte < 128 then return number end
      scale = scale * 128
    end
  end
  while at <= #message do
    local tag = varint()
    local kind, field = tag % 8, { number = math.floor(tag / 8) }
    if kind == 0 then
      field.value = varint()
    else
      local size = kind == 2 and varint() or 4
      field.value = message:sub(at, at + size - 1)
      at = at + size
    end
    found[#found + 1] = field
  end
  return found
end

local function all(message, number)
  local values = {}
  for _, field in ipairs(fields(message)) do
    if field.number == number then values[#values + 1] = field.value end
  end
  return values
end

-- what a file holds: operators, names of nodes and weights, shapes of what goes in and comes out, metadata
local function read(path)
  local file = io.open(path, 'rb')
  local bytes = file:read '*a'
  file:close()
  local graph, net = all(bytes, 7)[1], { operators = {}, nodes = {}, weights = {}, shapes = {}, words = {} }
  for i, node in ipairs(all(graph, 1)) do net.operators[i], net.nodes[i] = all(node, 4)[1], all(node, 3)[1] end
  for _, tensor in ipairs(all(graph, 5)) do  -- sizes below 128 are a byte each
    local sizes = all(tensor, 1)[1] or ''
    net.weights[all(tensor, 8)[1]] = type(sizes) == 'number' and { sizes } or { sizes:byte(1, -1) }
  end
  for _, place in ipairs { 11, 12 } do
    for _, value in ipairs(all(graph, place)) do
      local sizes = {}
      for _, size in ipairs(all(all(all(all(value, 2)[1], 1)[1], 2)[1], 1)) do
        sizes[#sizes + 1] = all(size, 1)[1] or all(size, 2)[1]
      end
      net.shapes[all(value, 1)[1]] = sizes
    end
  end
  for _, pair in ipairs(all(bytes, 14)) do net.words[all(pair, 1)[1]] = all(pair, 2)[1] end
  net.producer, net.version = all(bytes, 2)[1], all(all(bytes, 8)[1], 2)[1]
  return net
end

local function exported(net, x, options)
  local path = os.tmpname()
  local _, shapes = torch.onnx.export(net, x, path, options)
  local found = read(path)
  os.remove(path)
  return found, shapes
end

-- the whole file; axes are found unless given
local function bytes_of(net, x, options)
  local path = os.tmpname()
  torch.onnx.export(net, x, path, options)
  local file = io.open(path, 'rb')
  local bytes = file:read '*a'
  file:close()
  os.remove(path)
  return bytes
end

-- the error of a function
local function failure(body)
  local good, problem = pcall(body)
  return good and 'none' or tostring(type(problem) == 'table' and problem.message or problem)
end

test('a network goes out under its own names, with the axes that can change', function()
  local net = nn.Sequential { nn.Conv1d(2, 4, 3), nn.BatchNorm1d(4), nn.ReLU(), nn.GlobalAvgPool(), nn.Linear(4, 3) }
  local file, shapes = exported(net, torch.randn(1, 2, 9))
  expect(file.producer):equals 'lumir'
  expect(file.version):equals(17)
  expect(table.concat(file.operators, ' ')):equals 'Conv BatchNormalization Relu Unsqueeze ReduceMean Gemm Identity'
  expect(file.nodes[1]:match '^[^ ]+'):equals '0/Conv'
  expect(file.weights['0.weight'] ~= nil and file.weights['4.bias'] ~= nil):equals(true)
  expect(file.shapes):equals { input = { 'batch', 2, 'input_3' }, output = { 'batch', 3 } }
  expect(shapes.inputs):equals { input = { 'batch', 2, 'input_3' } }
  expect(shapes.fixed['input, axis 2']):contains 'takes [batch, channels, time] with 2 channels'
  expect(net.training):equals(true)
end)

test('how pictures lie in memory is no step of a network', function()
  local net = nn.Sequential { nn.Conv2d(1, 4, 3, { padding = 1 }), nn.ReLU() }
  expect(table.concat(exported(net, torch.randn(1, 1, 8, 9)).operators, ' ')):equals 'Conv Relu Identity'
end)

test('axes and values are called as one wishes', function()
  local net = nn.Sequential { nn.GRU(3, 4, { batch_first = true, bidirectional = true }), nn.LastFrame() }
  local file = exported(net, torch.randn(2, 5, 3), { input_names = { 'mfcc' }, output_names = { 'last' },
                                                     dynamic_axes = { mfcc = { rows = 1, time = 2 } } })
  expect(file.shapes):equals { mfcc = { 'rows', 'time', 3 }, last = { 'rows', 8 } }
  expect(exported(net, torch.randn(2, 5, 3), { dynamic_axes = { input = { 1 } } }).shapes.input)
    :equals { 'batch', 5, 3 }
  expect(exported(net, torch.randn(2, 5, 3), { dynamic_axes = {} }).shapes.input):equals { 2, 5, 3 }
end)

test('a recurrent layer is one node, whose gates stand in the order of ONNX', function()
  local file = exported(nn.LSTM(3, 4, { num_layers = 2, batch_first = true }), torch.randn(2, 5, 3))
  local count = 0
  for _, operator in ipairs(file.operators) do count = count + (operator == 'LSTM' and 1 or 0) end
  expect(count):equals(2)
  expect(file.shapes.output_1):equals { 'batch', 'input_2', 4 }
  expect(file.shapes.output_2):equals { 2, 'batch', 4 }
end)

test('rolling by more than the size goes around, and is refused where the size changes', function()
  local x = torch.randn(2, 3)
  local function rolled(shift)
    local net = nn.Lambda(function(y) return y:roll(shift, 2) end)
    return bytes_of(net, x, { dynamic_axes = { input = { 1 } } })
  end
  expect(rolled(5) == rolled(2)):equals(true)
  expect(rolled(-4) == rolled(-1)):equals(true)
  expect(rolled(2) == rolled(1)):equals(false)
  local _, shapes = exported(nn.Lambda(function(y) return y:roll(2, 2) end), x)
  expect(shapes.inputs.input):equals { 'batch', 3 }
  expect(shapes.fixed['input, axis 2'])
    :contains 'aten::roll by 2, along a size that changes and may be less, has no form in ONNX'
  expect(select(2, exported(nn.Lambda(function(y) return y:roll(-1, 2) end), x)).inputs.input)
    :equals { 'batch', 'input_2' }
end)

test('RMSNorm adds the least number of its own type where none is given', function()
  local function norm(eps) return nn.RMSNorm(3, { eps = eps }) end
  local x = torch.randn(2, 3)
  expect(bytes_of(norm(), x) == bytes_of(norm(2^-23), x)):equals(true)
  expect(bytes_of(norm():double(), x:double()) == bytes_of(norm(2^-52):double(), x:double())):equals(true)
end)

local Tokens = nn.Module 'Tokens'
function Tokens:init()
  self.embed = nn.Linear(6, 8)
  self.class = nn.Parameter(torch.zeros { 1, 1, 8 })
  self.place = nn.Parameter(torch.randn { 1, 5, 8 })
end
function Tokens:forward(x)
  return (torch.cat({ self.class:expand { x.shape[1], -1, -1 }, self.embed(x) }, 2) + self.place)[':, 1']
end

test('a network that is written in Lua is traced, and says which axis its positions fix', function()
  local file, shapes = exported(Tokens(), torch.randn(1, 4, 6))
  expect(file.shapes):equals { input = { 'batch', 4, 6 }, output = { 'batch', 8 } }
  expect(file.weights.place):equals { 1, 5, 8 }
  expect(shapes.fixed['input, axis 2']):contains 'must match'
  expect(failure(function() exported(Tokens(), torch.randn(1, 4, 6), { dynamic_axes = { input = { 2 } } }) end))
    :contains 'must match'
end)

local Branch = nn.Module 'Branch'
function Branch:init(how) self.how = how end
function Branch:forward(x)
  if self.how == 'numbers' and x:max():item() > 0 then return x * 2 end
  if self.how == 'size' and x.shape[2] > 6 then return x:tanh() end
  if self.how == 'data' then return x + torch.tensor { x:detach():data()[1] } end
  if self.how == 'sort' then return (x:sort(2)) end
  return x:relu()
end

test('what a graph cannot hold is refused in one line, with its place', function()
  local function net(how) return nn.Sequential { nn.Linear(3, 4), nn.Sequential { Branch(how) } } end
  expect(function() exported(net 'numbers', torch.randn(2, 3)) end)
    :raises('export: 1.0: Branch: aten::item reads a number out of what follows from the input, on which a graph ' ..
            'cannot branch')
  expect(function() exported(net 'sort', torch.randn(2, 3)) end)
    :raises 'export: 1.0: Branch: aten::sort has no form in ONNX'
  local _, shapes = exported(Branch 'size', torch.randn(2, 5))
  expect(shapes.inputs.input):equals { 'batch', 5 }
  expect(shapes.fixed['input, axis 2']):contains 'the network does other things at another size: aten::relu in Branch'
  local dropping = nn.Lambda(function(x) return x:bernoulli() end)
  expect(function() exported(nn.Sequential { nn.Sigmoid(), dropping }, torch.randn(2, 3)) end)
    :raises 'export: 1: nn.Lambda: aten::bernoulli has no form in ONNX'
end)

test('what is written into is another value from then on, unless that goes by another tensor', function()
  local net = nn.Sequential { nn.Linear(3, 4), nn.Lambda(function(x) return x:mul(2):add_(1):relu_() end) }
  expect(table.concat(exported(net, torch.randn(2, 3)).operators, ' ')):equals 'Gemm Mul Add Relu Identity'
  local part = nn.Lambda(function(x)
    local y = x * 2
    y:select(2, 1):zero_()
    return y
  end)
  expect(failure(function() exported(part, torch.randn(2, 3)) end))
    :contains 'by way of another tensor on the same memory'
end)

test('numbers that no operator made are refused', function()
  local peeks = nn.Lambda(function(x) return x + torch.tensor(x:detach():reshape(-1):data()[0]) end)
  expect(failure(function() exported(peeks, torch.randn(2, 3)) end))
    :contains 'that changes with the input and that no operator made'
end)

test('what has no size yet, or names that are none, are told', function()
  expect(function() exported(nn.LazyLinear(3), torch.randn(2, 3)) end)
    :raises "export: 'weight' of LazyLinear has no size yet: no batch went through the network so far"
  local net = nn.Linear(3, 4)
  expect(function() exported(net, torch.randn(2, 3), { dynamic_axes = { y = { 1 } } }) end)
    :raises "export: 'dynamic_axes' names no input 'y'"
  expect(function() exported(net, torch.randn(2, 3), { dynamic_axes = { input = { 3 } } }) end)
    :raises "export: 'dynamic_axes' of 'input': there is no axis 3 in [2, 3]"
  expect(function() exported(net, torch.randn(2, 3), { input_names = { 'a', 'b' } }) end)
    :raises "export: 'input_names' are 2, the network has 1 input"
  for name, options in pairs {
    x = { input_names = { 'x' }, output_names = { 'x' } }, output = { input_names = { 'output' } },
    weight = { output_names = { 'weight' } },
  } do
    expect(function() exported(net, torch.randn(2, 3), options) end)
      :raises(("export: '%s' is the name of more than one input, output or weight"):format(name))
  end
  expect(function() exported(net, torch.randn(2, 3), { input_names = { '' } }) end)
    :raises "export: a name of an input or an output is ''"
  expect(function() exported(net, 3) end):raises "export: 'example' must be a Tensor or a list of them, got 3"
end)

test('exporting draws nothing', function()
  local function next_number()
    lumir.seed(4)
    local net = nn.Linear(3, 4)
    return net, torch.rand(1)
  end
  local _, wanted = next_number()
  lumir.seed(4)
  exported(nn.Linear(3, 4), torch.ones(2, 3))
  expect(torch.rand(1)):near(wanted)
end)

test('a network that knows its data is saved as a file of labels', function()
  local rows, labels = {}, {}
  for i = 1, 20 do rows[i], labels[i] = { i, 100 * i }, i > 10 and 'late' or 'early' end
  local table_of_rows = lumir.data.table { x = rows, y = labels, columns = { 'first', 'second' } }
  local net = nn.Linear(2, 2)
  expect(failure(function() net:save(os.tmpname() .. '.onnx') end))
    :contains 'save: only a network that tells classes apart becomes a file of labels'
  lumir.evaluate(net, table_of_rows)
  local path = os.tmpname() .. '.onnx'
  net:save(path)
  local file = read(path)
  os.remove(path)
  expect(file.shapes):equals { rows = { 'batch', 2 }, label = { 'batch' }, scores = { 'batch', 2 } }
  expect(file.words.classes):equals '["early","late"]'
  expect(table.concat(file.operators, ' ')):equals 'Gemm Cast Softmax ArgMax Gather Identity Identity'
end)
