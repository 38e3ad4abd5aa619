-- A network's steps in Lumir, timed: what `lumir bench nn` runs beside tests/bench/networks.py, which says what is
-- printed. With --describe=FOLDER nothing is timed: what builds the network in PyTorch is written there.
--
--   network.json         what it is made of: { name, path, options, parts = { ... } }
--   arrays.safetensors   its weights ("state.3.weight"), what its layers work out of their options
--                        ("fixed.spec.window"), a batch x, its classes y from 0, and what it answers in eval
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

local opt = lumir.options { network = 'lstm', steps = 20, amp = false, describe = '' }

local function find(name)
  local list = dofile(core.root() .. '/tests/bench/network_list.lua')
  for _, some in ipairs { list, list.models } do
    for _, network in ipairs(some) do
      if network[1] == name then return unpack(network) end
    end
  end
  lumir.usage("network '" .. name .. "' is unknown")
end

local alone = opt.network:match '^(.*)%-inference$'
local _, make, shape, classes = find(alone or opt.network)
if alone then shape = { 1, unpack(shape, 2) } end
torch.manual_seed(1)
local net = make()
torch.manual_seed(2)
local x = torch.randn(shape)
local y = classes and torch.randint(1, classes + 1, { shape[1] }) or nil

--- Networks among the options say what their own node says; true stands for them.
local function plain(value)
  if type(value) ~= 'table' then return value end
  if value.name and value.options then return true end
  local copy = {}
  for key, member in pairs(value) do copy[key] = plain(member) end
  return copy
end

--- What a container is made of, each with its name there; nothing for another module.
local function contents(name, options)
  local modules = options.modules or options.branches
  local names = options.names or {}
  if name == 'Residual' then
    modules, names = { options.body }, { names[1] }
    for i, part in ipairs { 'shortcut', 'after' } do
      if options[part] ~= 'none' then
        modules[#modules + 1], names[#names + 1] = options[part], options.names[i + 1]
      end
    end
  elseif name ~= 'Sequential' and name ~= 'Parallel' then
    return nil
  end
  local list = {}
  for i, module in ipairs(modules) do list[i] = { module = module, called = names[i] } end
  return list
end

--- A module and what it holds; `next_path` goes through all paths in that order. A container that is called '' is no
-- child of the one around it, its parts are.
local function described(module, next_path)
  local node = { name = module.name, path = next_path(), options = plain(module.options), parts = {} }
  local children, at = module:children(), 0
  local function next_child()
    at = at + 1
    return described(children[at], next_path)
  end
  local function described_in(list)
    local parts = {}
    for i, part in ipairs(list) do
      local name, options = part.module.name:match '[^.]+$', part.module.options
      local inner = part.called == '' and contents(name, options)
      parts[i] = inner
        and { name = name, path = node.path, options = plain(options), parts = described_in(inner) } or next_child()
    end
    return parts
  end
  local list = contents(module.name, module.options)
  if list then
    node.parts = described_in(list)
  else
    for i in ipairs(children) do node.parts[i] = next_child() end
  end
  return node
end

local function describe(folder)
  local arrays, paths = { x = x, y = y and y - 1, answers = net:eval()(x) }, {}
  for name, tensor in pairs(net:state_dict()) do arrays['state.' .. name] = tensor end
  for path, part in net:named_modules() do
    paths[#paths + 1] = path
    for _, name in ipairs { 'window', 'mel_basis', 'f0', 'fft_bins', 'pe' } do
      local found, tensor = pcall(function() return part[name] end)
      if found and core.kind(tensor) == 'Tensor' then arrays[('fixed.%s.%s'):format(path, name)] = tensor end
    end
  end
  local at = 0
  local function next_path()
    at = at + 1
    return paths[at]
  end
  core.write_file(folder .. '/network.json', core.to_json(described(net, next_path)))
  torch.save(arrays, folder .. '/arrays.safetensors')
end

if opt.describe ~= '' then return torch.no_grad(function() describe(opt.describe) end) end

local adam, cross_entropy = optim.Adam(net, { lr = 1e-4 }), nn.CrossEntropyLoss()

local function forward()
  if opt.amp then return torch.autocast('bfloat16', function() return net(x):float() end) end
  return net(x)
end

local function train()
  local answers = forward()
  return adam:minimize(y and cross_entropy(answers, y) or answers:pow(2):mean())
end

local function infer()
  return torch.no_grad(function() return forward():mean():item() end)
end

if alone then net:eval() end
local step = alone and infer or train
print(('lumir %s, level %s, %d threads'):format(core.version(), core.level(), lumir.threads()))
for _ = 1, opt.steps do
  local wall, cpu = core.now(), os.clock()
  local value = step()
  print(('step\t%.3f\t%.3f\t%.9g'):format((os.clock() - cpu) * 1000, (core.now() - wall) * 1000, value))
end
for line in io.lines '/proc/self/status' do
  local kilobytes = line:match '^VmHWM:%s+(%d+)'
  if kilobytes then print(('memory\t%.1f'):format(kilobytes / 1000)) end
end
