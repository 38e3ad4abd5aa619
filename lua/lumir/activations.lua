-- nn.activations: what a layer gives, in the middle of a network.

local native = require 'lumir.native'
local core, nn = native.core, native.nn

--- What those that look into networks are told first.
local shared = {}

function shared.parameters(own)
  local all = {
    { name = 'net', type = 'Module', text = 'what is looked into' },
    { name = 'layer', type = 'Module or text', text = "a part of it, or its path as named_modules has it: 'trunk.3'" },
  }
  for _, parameter in ipairs(own) do all[#all + 1] = parameter end
  return all
end

--- What the layer gives and what the network does, in the graph that is recorded now if one is.
function shared.passing(who, net, layer, x)
  local part, seen = core.part(net, layer, who), nil
  local remove = part:register_forward_hook(function(_, _, y) seen = y end)
  local good, out = pcall(net, x)
  remove()
  if not good then error(out, 0) end
  if not seen then core.refuse(('%s: %s was not called'):format(who, part.name)) end
  return seen, out
end

--- Refuses what is no number, of which nothing can be shown; `what` says whose it is.
function shared.check_finite(who, what, tensor)
  local rows = tensor:isfinite():flatten(2):all(2)
  if rows:all():item() then return end
  local first = rows:to('int32'):argmin():item()
  core.refuse(('%s: %s NaN or an infinite number in row %d (torch.autograd.detect_anomaly names the call that made it)')
    :format(who, what, first))
end

local read = native.lumir.doc {
  name = 'nn.activations',
  summary = 'What a layer gives for a batch, in eval and without gradients.',
  returns = "a Tensor, the layer's first output",
  example = 'nn.activations(net, "0", torch.randn(3, 2)).shape',
  source = "torchvision's create_feature_extractor; Captum's LayerActivation",
  parameters = shared.parameters { { name = 'x', type = 'Tensor', text = 'a batch' } },
}

function nn.activations(net, layer, x)
  read(net, layer, x)
  local seen
  core.judged(net, function() seen = shared.passing('activations', net, layer, x) end)
  return seen
end

return shared
