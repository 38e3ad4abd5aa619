-- Writes every case of tests/golden/nn/layers.json as ONNX, and what the layer answers at other sizes: a line for each,
-- `number|shapes`, or `number|!|why` where it has no form. check_networks.py writes layers_cases.lua into the folder.
local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

local opt = lumir.options { folder = '.' }
local cases = dofile(opt.folder .. '/layers_cases.lua')

-- modules among options are written as { name = 'nn.Linear', options = {...} }
local function built(value)
  if type(value) ~= 'table' then return value end
  local copy = {}
  for key, inner in pairs(value) do copy[key] = built(inner) end
  if value.name and value.options then return nn[value.name:sub(4)](copy.options) end
  return copy
end

local function drawn(input, shape)
  if not input.values then return input.type == 'positive' and torch.rand(shape) or torch.randn(shape) end
  local x = torch.tensor(input.values):to(input.type):reshape(input.shape)
  for axis, size in ipairs(shape) do
    while x.shape[axis] < size do x = torch.cat({ x, x }, axis) end
    x = x:narrow(axis, 1, size)
  end
  return x
end

-- batch 1 and the sizes of the example, then batch 3 and others
local function sizes(shapes, inputs, round)
  local all = {}
  for i, input in ipairs(inputs) do
    all[i] = {}
    for axis, size in ipairs(shapes['input' .. (#inputs > 1 and '_' .. i or '')]) do
      local own = input.shape[axis]
      if type(size) == 'number' then
        all[i][axis] = size
      elseif size == 'batch' then
        all[i][axis] = round == 1 and 1 or 3
      else
        all[i][axis] = round == 1 and own or 2 * own + 3
      end
    end
  end
  return all
end

-- positions count from 1 here, from 0 in the file
local function here(inputs, case)
  local all = {}
  for i, input in ipairs(inputs) do all[i] = case.inputs[i].type == 'int64' and input + 1 or input end
  return unpack(all)
end

local function list(...) return { ... } end

for number, case in ipairs(cases) do
  lumir.seed(number)
  local example = {}
  for i, input in ipairs(case.inputs) do example[i] = drawn(input, input.shape) end
  local net = built(case.module)
  if case.lazy then net(here(example, case)) end
  net:train()
  if case.trains then net(here(example, case)) end          -- running statistics that are not 0 and 1
  net:eval()
  local file = ('%s/layer_%03d'):format(opt.folder, number)
  local ok, path, shapes = pcall(torch.onnx.export, net, list(here(example, case)), file .. '.onnx')
  if not ok then
    print(('%d|!|%s'):format(number, path:gsub('\n', ' ')))
  else
    for round = 1, 2 do
      local inputs, arrays = {}, {}
      for i, shape in ipairs(sizes(shapes.inputs, case.inputs, round)) do
        inputs[i] = drawn(case.inputs[i], shape)
        arrays['in' .. i] = inputs[i]
      end
      for i, output in ipairs(list(net(here(inputs, case)))) do arrays['out' .. i] = output:detach() end
      torch.save(arrays, ('%s_%d.npz'):format(file, round))
    end
    local axes = {}
    for i = 1, #example do
      axes[i] = table.concat(shapes.inputs['input' .. (#example > 1 and '_' .. i or '')], ' x ')
    end
    print(('%d|%s'):format(number, table.concat(axes, ', ')))
  end
end
