local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

test('initialisers fill parameters in place and give them back', function()
  local layer = nn.Linear(4, 3)
  expect(nn.init.constant_(layer.weight, 0.5):sum():item()):near(6)
  expect(layer.weight:sum():item()):near(6)
  nn.init.zeros_(layer.bias)
  expect(layer.bias:detach()):near { 0, 0, 0 }
  expect(layer.weight.requires_grad):is_true()
end)

test('numbers stand in their order or by name', function()
  torch.manual_seed(3)
  local first = nn.init.normal_(torch.empty(5), 1, 0.1)
  torch.manual_seed(3)
  expect(nn.init.normal_(torch.empty(5), { mean = 1, std = 0.1 })):near(first)
  expect(function() nn.init.normal_(torch.empty(5), 1, { mean = 2 }) end):raises "normal_: 'mean' is given twice"
  expect(function() nn.init.kaiming_normal_(torch.empty(5, 2), { nonlinearity = 'rely' }) end)
    :raises("kaiming_normal_: 'nonlinearity' = 'rely' is none of 'leaky_relu', 'relu', 'linear', 'conv1d', 'conv2d', "
            .. "'sigmoid', 'tanh', 'selu' (did you mean 'relu'?)")
end)
