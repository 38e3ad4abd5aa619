-- nn.maximize_activation: what a unit would like to see.
--
-- Gradient ascent on the input (Erhan et al., Visualizing Higher-Layer Features of a Deep Network, 2009), with a norm
-- that is kept small (Simonyan et al., 2014) and neighbours that are kept alike (total variation; Mahendran and
-- Vedaldi, 2015). Each step goes as far as `lr` says, whatever the gradient's length.

local native = require 'lumir.native'
local core, nn, torch = native.core, native.nn, native.torch
local shared = require 'lumir.activations'

local read = native.lumir.doc {
  name = 'nn.maximize_activation',
  summary = 'The input for which units of a layer are most active: gradient ascent from noise, which the seed alone '
    .. 'draws. In eval; weights get no gradient.',
  returns = 'a Tensor with a row for each unit',
  example = 'nn.maximize_activation(net, "0", { 1, 2 }, { shape = { 2 }, steps = 3 }).shape',
  source = "Erhan et al. (2009); Simonyan et al. (2014); Mahendran and Vedaldi (2015); Captum's optim",
  parameters = shared.parameters {
    { name = 'unit', type = 'integer or list of integer',
      text = 'which channels of maps, units of a dense layer, or classes; from 1' },
    { name = 'shape', type = 'list of integer', named = true, text = 'of one input without the batch: { 1, 64, 126 }' },
    { name = 'start', type = 'Tensor', named = true, text = 'to begin with, a row for each unit, in place of noise' },
    { name = 'steps', type = 'integer', default = 100, least = 1, text = 'of the ascent' },
    { name = 'lr', type = 'number', default = 0.05, above = 0, text = 'root mean square of what a step changes' },
    { name = 'l2', type = 'number', default = 1e-3, least = 0, text = 'how much the squares of the input cost' },
    { name = 'tv', type = 'number', default = 1e-2, least = 0,
      text = 'how much squares of differences between neighbours cost, along all dimensions but channels' },
    { name = 'seed', type = 'integer', default = 1, least = 0, text = 'of the noise' },
  },
}

--- Noise that nothing else has a part in; the generator goes on as if nothing had been drawn.
local function noise(shape, seed)
  local restore = core.snapshot {}
  torch.manual_seed(seed)
  local drawn = 0.1 * torch.randn(shape)
  restore()
  return drawn
end

--- The sum of what each row's unit gives, over all places of its map.
local function activity(seen, units)
  local sum = 0
  for row, unit in ipairs(units) do
    if unit < 1 or unit > seen.shape[2] then
      core.refuse(("maximize_activation: 'unit' = %d is out of range (1 to %d)"):format(unit, seen.shape[2]))
    end
    sum = sum + seen[row][unit]:mean()
  end
  return sum
end

--- What an input costs: squares, and squares of differences along time, frequency ...
local function cost(x, how)
  local sum = how.l2 * x:pow(2):sum()
  for dim = 3, x.ndim do sum = sum + how.tv * x:diff(1, dim):pow(2):sum() end
  return sum
end

function nn.maximize_activation(net, layer, unit, given)
  local how = read(net, layer, unit, given)
  local units = type(unit) == 'table' and unit or { unit }
  if not how.shape and not how.start then core.refuse "maximize_activation: wants 'shape', or 'start'" end
  local x = how.start or noise({ #units, unpack(how.shape) }, how.seed)
  local weight = net:parameters()[1]
  if weight then x = x:to { dtype = weight.dtype, device = weight.device } end
  core.judged(net, function()
    for _ = 1, how.steps do
      x = x:detach()
      x.requires_grad = true
      local seen = shared.passing('maximize_activation', net, layer, x)
      shared.check_finite('maximize_activation', 'the layer gives', seen)
      local gradient = torch.autograd.grad(activity(seen, units) - cost(x, how), x)
      local size = gradient:flatten(2):pow(2):mean(2):sqrt():view { #units, unpack(torch.ones(x.ndim - 1):tolist()) }
      x = x + how.lr * gradient / (size + 1e-12)
    end
  end, true)
  return x:detach()
end
