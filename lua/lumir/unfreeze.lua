-- Fine-tuning: a network that was trained elsewhere learns again, from its end backwards.

local native = require 'lumir.native'
local core, nn = native.core, native.nn

local unfreeze = {}

local read = native.lumir.doc {
  name = 'nn.unfreeze_last',
  summary = 'Lets optimisers change the last parts of a network that net:freeze() keeps from changing: so many of '
    .. 'its children that have weights. Norms that net:eval() was called for keep their statistics all the same.',
  returns = 'the network',
  example = "nn.unfreeze_last(nn.Sequential { nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2) }:freeze(), 1)",
  source = 'Howard and Ruder, Universal Language Model Fine-tuning (2018), gradual unfreezing',
  parameters = {
    { name = 'net', type = 'Module', text = 'the network' },
    { name = 'n', type = 'integer', text = 'how many parts', least = 0 },
  },
}

function nn.unfreeze_last(net, n)
  read(net, n)
  local children = net:children()
  for i = #children, 1, -1 do
    if n == 0 then break end
    if children[i].n_parameters > 0 then
      children[i]:unfreeze()
      n = n - 1
    end
  end
  return net
end

local function is_whole(n, least)
  return type(n) == 'number' and n >= least and n < math.huge and n == math.floor(n)
end

local function is_frozen(net)
  for _, parameter in net:named_parameters() do
    if not parameter.requires_grad then return true end
  end
  return false
end

--- Refuses what is no table of epochs, of which a training has `epochs`, and counts of parts, or has nothing to free.
function unfreeze.check(plan, epochs, net)
  for epoch, n in pairs(plan or {}) do                      -- in whatever order: the first fault ends it
    if not is_whole(epoch, 1) or not is_whole(n, 0) then
      core.refuse "fit: 'unfreeze' must say how many of the last parts learn from which epoch on: { [5] = 2 }"
    end
    if epoch > epochs then
      core.refuse(("fit: 'unfreeze' = { [%d] = %d } comes behind the last epoch, %d"):format(epoch, n, epochs))
    end
  end
  if next(plan or {}) and not is_frozen(net) then
    core.refuse "fit: 'unfreeze' frees nothing: no weight of the network is frozen, which net:freeze() does"
  end
end

--- Frees what such a table frees up to an epoch.
function unfreeze.apply(plan, net, epoch)
  local most = 0
  for from, n in pairs(plan or {}) do
    if from <= epoch then most = math.max(most, n) end
  end
  if most > 0 then nn.unfreeze_last(net, most) end
end

return unfreeze
