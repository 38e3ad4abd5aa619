-- nn.grad_cam: which places of a layer's maps speak for a class.
--
-- Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization (2017), equations
-- 1 and 2. Each channel of the layer is weighted by the mean of the gradient of the class's score over all places; what
-- is below zero in the sum speaks for other classes and is cut off.

local native = require 'lumir.native'
local core, nn, torch = native.core, native.nn, native.torch
local shared = require 'lumir.activations'

local read = native.lumir.doc {
  name = 'nn.grad_cam',
  summary = 'Which places of the maps that a layer gives speak for a class: its channels, weighted by the mean '
    .. "gradient of the class's score, summed, and cut off at zero. In eval; weights get no gradient.",
  returns = 'a Tensor [rows, height, width] (or [rows, time]), at the resolution of the layer',
  example = 'nn.grad_cam(nn.Sequential { nn.Conv2d(1, 4, 3), nn.GlobalAvgPool(), nn.Linear(4, 2) }, "0", '
    .. 'torch.rand(1, 1, 8, 8)).shape',
  source = "Selvaraju et al., Grad-CAM (2017); Captum's LayerGradCam with relu_attributions = True",
  parameters = shared.parameters {
    { name = 'x', type = 'Tensor', text = 'a batch' },
    { name = 'class', type = 'text or integer', named = true,
      text = 'its name or its place from 1; the one with the highest score of each row unless given' },
    { name = 'relu', type = 'boolean', default = true, text = 'cuts off what speaks for other classes' },
  },
}

--- The place of a class from 1; nil for none that is wanted.
function shared.class_at(net, class)
  if type(class) ~= 'string' then return class end
  local names = core.classes(net)
  for i, name in ipairs(names) do
    if name == class then return i end
  end
  local hint = #names == 0 and '; the network was trained on none by name' or core.did_you_mean(class, names)
  core.refuse(("grad_cam: there is no class '%s'%s"):format(class, hint))
end

function nn.grad_cam(net, layer, x, given)
  local how = read(net, layer, x, given)
  local class, map = shared.class_at(net, how.class), nil
  core.judged(net, function()
    local input = x:detach():clone()
    input.requires_grad = true                              -- a graph, where all weights are frozen, too
    local seen, scores = shared.passing('grad_cam', net, layer, input)
    if seen.ndim < 3 then
      core.refuse(('grad_cam: the layer gives no maps but %s'):format(tostring(seen.shape)))
    end
    shared.check_finite('grad_cam', 'the layer gives', seen)
    shared.check_finite('grad_cam', 'the network gives', scores)
    if class and (class < 1 or class > scores.shape[2]) then
      core.refuse(("grad_cam: 'class' = %d is out of range (1 to %d)"):format(class, scores.shape[2]))
    end
    local score = class and scores:select(2, class) or scores:amax(2)
    local gradient = torch.autograd.grad(score:sum(), seen)
    local weighted = seen:flatten(3) * gradient:flatten(3):mean(3, true)
    map = weighted:sum(2):view(seen:select(2, 1).shape):detach()
  end, true)
  return how.relu and map:relu() or map
end

return shared
