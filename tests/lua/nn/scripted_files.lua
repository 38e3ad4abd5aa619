-- Networks that are written in Lua: copied, kept in files, built again.

local lumir = require 'lumir'
local nn, torch, learn = lumir.nn, lumir.torch, lumir.learn

local function scratch(ending)
  local path = os.tmpname()
  os.remove(path)
  return path .. ending
end

local function write(path, text)
  local file = assert(io.open(path, 'w'))
  file:write(text)
  file:close()
  return path
end

local code = [[
local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch
local slope = 0.5
local function bend(x) return x * slope end
local Branch = nn.Module 'Branch'
function Branch:init(width) self.linear = nn.Linear(width, width) end
function Branch:forward(x) return bend(self.linear(x)) end
local Fork = nn.Module 'Fork'
function Fork:init(body, options)
  self.body, self.branch = body, Branch(options.width)
  self.by = nn.Parameter(torch.full({ options.width }, options.scale))
  self.out = nn.Linear(options.width, 2)
end
function Fork:forward(x)
  local y = self.body(x)
  return self.out(self.branch(y) * self.by + y)
end
return Fork
]]

local function fork(path)
  return dofile(path)(nn.Sequential { nn.Linear(3, 4), nn.Tanh() }, { width = 4, scale = 2 })
end

local function data()
  local x, y = {}, {}
  for i = 1, 12 do x[i], y[i] = { math.sin(i), math.cos(i), i % 3 }, i % 2 == 0 and 'even' or 'odd' end
  return lumir.data.table { x = x, y = y }
end

test('a clone has weights of its own that are the same, and draws nothing', function()
  local path = write(scratch '.lua', code)
  lumir.seed(2)
  local net = nn.Sequential { fork(path), nn.ReLU() }
  torch.manual_seed(9)
  local expected = torch.rand(2):tolist()
  torch.manual_seed(9)
  local copy = net:clone()
  expect(torch.rand(2):tolist()):equals(expected)
  local x = torch.ones(2, 3)
  expect(copy(x):equal(net(x))):is_true()
  torch.no_grad(function() copy[1].by:zero_() end)
  expect(copy(x):equal(net(x))):equals(false)
  expect(net[1].by[1]:item()):equals(2)
  os.remove(path)
end)

test('a transformer encoder takes copies of a layer that is written in Lua', function()
  local Layer = nn.Module 'Layer'
  function Layer:init(width) self.linear = nn.Linear(width, width) end
  function Layer:forward(x) return self.linear(x) end
  local encoder = nn.TransformerEncoder(Layer(4), 3)
  expect(encoder.n_parameters):equals(3 * 20)
end)

test('parts that init did not make, and arguments that cannot be kept, refuse a copy in a line', function()
  local Late = nn.Module 'Late'
  function Late:init() self.a = nn.Linear(2, 2) end
  function Late:forward(x) return self.a(x) end
  local net = Late()
  net.b = nn.Linear(2, 2)
  expect(function() net:clone() end):raises 'clone: Late has other parameters than its init makes'
  local Calls = nn.Module 'Calls'
  function Calls:init(fn) self.fn = fn end
  function Calls:forward(x) return self.fn(x) end
  local caller = Calls(function(x) return x end)
  expect(function() caller:clone() end)
    :raises "the class Calls was given 'a function', which neither files nor copies keep"
end)

test('a file is read again with the class of this session, or of a file of code', function()
  local path, kept = write(scratch '.lua', code), scratch '.safetensors'
  lumir.seed(2)
  local net, rows = fork(path), data()
  nn.fit(net, rows, { epochs = 2, batch_size = 4 })
  net:save(kept)
  local before = lumir.evaluate(net, rows)
  for _, how in ipairs { {}, { code = path } } do
    expect(lumir.evaluate(learn.load(kept, how), rows).best.predicted):equals(before.best.predicted)
  end
  local arrays = torch.load(kept)
  expect(arrays['branch.linear.weight']:equal(net.branch.linear.weight)):is_true()
  os.remove(path)
  os.remove(kept)
end)
