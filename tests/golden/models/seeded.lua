-- What seeded.py does, on this side: weights that are drawn after a seed, and a comparison with kept tensors.

local lumir = require 'lumir'
local core = require('lumir.native').core
local torch = lumir.torch

local seeded = {}

--- A golden of this folder.
function seeded.read(name)
  local path = core.root() .. '/tests/golden/models/' .. name
  return core.from_json(core.read_file(path), name)
end

local function drawn(name, array)
  local shape = array.shape
  if #shape > 1 then
    return torch.randn(shape) * math.sqrt(1.5 * shape[1] / array:numel())
  end
  if name:find 'running_var$' or name:find 'weight$' then return torch.rand(shape) * 0.5 + 0.75 end
  return torch.randn(shape) * 0.1
end

--- Gives a network weights, each array drawn in the order of its names.
function seeded.fill(net, seed)
  torch.manual_seed(seed)
  local state, names = net:state_dict(), {}
  for name, array in pairs(state) do
    if array.dtype == 'float32' then names[#names + 1] = name end
  end
  table.sort(names)
  for _, name in ipairs(names) do state[name] = drawn(name, state[name]) end
  return net:load_state_dict(state)
end

--- Whether a tensor is the one of which norm, product with cosines and six numbers are kept; `close` is
-- relative to its norm. Answers why not.
function seeded.difference(tensor, kept, close)
  local flat = tensor:detach():flatten():to 'float64'
  local count = flat:numel()
  local function off(value, wanted, scale, what)
    if math.abs(value - wanted) > close * scale then
      return ('%s %.9g, the golden has %.9g'):format(what, value, wanted)
    end
  end
  local scale = kept.norm or 1
  if kept.norm then
    local dot = (flat * torch.arange(0, count, { dtype = 'float64' }):cos()):sum():item()
    local why = off(flat:norm():item(), kept.norm, scale, 'norm') or off(dot, kept.dot, scale, 'product')
    if why then return why end
  end
  for i, value in ipairs(kept.values) do
    local at = kept.norm and math.floor((i - 1) * count / #kept.values) + 1 or i
    local why = off(flat[at]:item(), value, scale, ('number %d'):format(at))
    if why then return why end
  end
end

return seeded
