-- x:map(fn) and x:each(fn): loops over the numbers of a tensor, which LuaJIT compiles together with the function that
-- they call.
--
-- LuaJIT compiles a loop for the function that it first calls; any other becomes a branch behind those before it, and
-- from the hundredth on nothing is compiled. So each function has a loop of its own. It is known by where it is
-- written, since one that is made anew in each turn of a loop is the same code.

local native = require 'lumir.native'
local util = require 'jit.util'
local core, torch = native.core, native.torch

local bodies = {
  map = [[
    local value = fn(%s, i + 1)
    if type(value) ~= kind then refuse(value, i + 1) end
    to[i] = value]],
  each = 'fn(%s, i + 1)',
}

local frame = [[
local tonumber, type, kind, refuse = ...
return function(fn, count, from, to)
  for i = 0, count - 1 do
    %s
  end
end]]

local loops = {}

local function written_at(fn)
  local info = util.funcinfo(fn)
  return info.source and info.source .. ':' .. info.linedefined or tostring(fn)
end

--- The loop of a function over elements of a type; made when it is first asked for.
local function loop_of(name, fn, dtype)
  local key = name .. dtype .. written_at(fn)
  if loops[key] then return loops[key] end
  local kind = dtype == 'bool' and 'boolean' or 'number'
  local element = dtype == 'int64' and 'tonumber(from[i])' or 'from[i]'
  local function refuse(value, position)
    local got = type(value) == 'userdata' and core.kind(value) or core.show(value)
    error(('map: the function must give a %s, got %s at position %d'):format(kind, got, position), 0)
  end
  loops[key] = assert(loadstring(frame:format(bodies[name]:format(element)), '=lumir'))(tonumber, type, kind, refuse)
  return loops[key]
end

local function check(name, fn)
  if type(fn) == 'function' then return end
  error(("%s: 'fn' must be a function, got %s"):format(name, core.kind(fn)), 3)
end

--- On the processor, row after row.
local function laid_out(x) return x:detach():cpu():contiguous() end

native.lumir.doc {
  name = 'Tensor.map',
  summary = 'What a function makes of each number, in a loop that is compiled together with the function. Gradients do '
    .. 'not go through it.',
  returns = 'a Tensor of the same shape and type',
  example = 'x:map(function(v) return v > 0 and v or 0.1 * v end)',
  source = "PyTorch's Tensor.apply_, which works in place",
  parameters = {
    { name = 'fn', type = 'function', text = 'gets a number and its position, row after row from 1; gives a number' },
  },
}
core.tensor_method('map', function(x, fn)
  check('map', fn)
  local from = laid_out(x)
  local to = torch.empty_like(from)
  loop_of('map', fn, x.dtype)(fn, x:numel(), from:data(), to:data())
  return to:to(x.device)
end)

native.lumir.doc {
  name = 'Tensor.each',
  summary = 'Calls a function with each number, in a loop that is compiled together with the function.',
  returns = 'nothing',
  example = 'local sum = 0; x:each(function(v) sum = sum + v end)',
  source = "Lumir's own",
  parameters = {
    { name = 'fn', type = 'function', text = 'gets a number and its position, row after row from 1' },
  },
}
core.tensor_method('each', function(x, fn)
  check('each', fn)
  local from = laid_out(x)
  loop_of('each', fn, x.dtype)(fn, x:numel(), from:data())
end)
