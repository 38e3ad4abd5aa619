-- What those who come from PyTorch write of networks, and what they get or are told.

local lumir = require 'lumir'
local nn, optim, torch, data = lumir.nn, lumir.optim, lumir.torch, lumir.data

local function class(name, forward, init)
  local made = nn.Module(name)
  made.init, made.forward = init, forward
  return made
end

test('what is made of a list has a length, places from both ends, and is gone through', function()
  local list = nn.ModuleList { nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1) }
  expect(#list):equals(3)
  expect(#nn.Sequential {}):equals(0)
  expect(list[-1]):equals(list[3])
  expect(list[-3] == list[1]):equals(true)
  local names = {}
  for i, part in ipairs(list) do names[i] = part.name end
  expect(names):equals { 'Linear', 'ReLU', 'Linear' }
  expect(function() return list[0] end):raises 'ModuleList: has no part 0; they count from 1 to 3'
  expect(function() return list[-4] end):raises 'ModuleList: has no part -4; they count from 1 to 3'
  expect(function() return nn.ReLU()[1] end):raises 'ReLU: has no part 1; it holds none'
  expect(function() return #nn.ReLU() end)
    :raises 'ReLU: is no list of modules and has no length; #net:children() counts its parts'
  expect(function() for _ in list do error 'not here' end end)
    :raises 'ModuleList: cannot be looped over; for i, part in ipairs(net) do'
end)

test('a network that is written in Lua has the name of its class', function()
  local Net = class('CRNN', function(self, x) return self.fc(x) end, function(self) self.fc = nn.Linear(2, 2) end)
  local net = Net()
  expect(net.name):equals 'CRNN'
  expect(function() return net.fcc end):raises "CRNN: has no 'fcc' (did you mean 'fc'?)"
  expect(function() return net.forwrad end):raises "CRNN: has no 'forwrad' (did you mean 'forward'?)"
  expect(function() return net(3) end):raises 'CRNN: takes tensors, got number'
  expect(function() return net(nil) end):raises 'CRNN: takes tensors, got nil; a misspelt name?'
  expect(function() return net(torch.ones(1, 2), { 'a' }) end)
    :raises 'CRNN: takes tensors, and a table of others by name ({ lengths = l }), got a list'
end)

test('forward by a dot, or of a layer, says how a network is called', function()
  local Net = class('Net', function(self, x)
    local y = self.fc(x)
    return y
  end, function(self) self.fc = nn.Linear(2, 2) end)
  local net, x = Net(), torch.ones(1, 2)
  expect(function() return net.forward(x) end)
    :raises "Tensor: has no 'fc'; it is `self` here, where a method was called by a dot and not by a colon"
  expect(net:forward(x):equal(net(x))):equals(true)
  expect(function() return nn.Linear(2, 2):forward(x) end)
    :raises "Linear: has no 'forward'; a module is called by itself: net(x)"
end)

test('forgotten brackets and braces are named', function()
  local Block = class('Block', function(_, x) return x end)
  expect(function() nn.Sequential { nn.Linear(2, 2), nn.ReLU } end)
    :raises "Sequential: 'ReLU' stands without brackets; ReLU(...) makes one"
  expect(function() nn.Sequential { Block } end)
    :raises "Sequential: 'Block' stands without brackets; Block(...) makes one"
  expect(function() nn.Sequential { function() end } end):raises 'Sequential: a function cannot stand in options'
  expect(function() nn.Sequential(nn.ReLU(), nn.ReLU()) end)
    :raises 'Sequential: takes one table, got 2 arguments; a list stands in braces: Sequential { ... }'
  expect(function() nn.Sequential(nn.ReLU()) end)
    :raises 'Sequential: takes one table, got Module; a list stands in braces: Sequential { ... }'
  expect(function() nn.Conv2d(1, 4, 3, 1, 1) end)
    :raises('Conv2d: takes at most 3 arguments by place, got 5; options stand in a table: '
      .. '{ stride = ..., padding = ... }')
  expect(function() nn.Conv2d(1, 4, 3, 1) end)
    :raises('Conv2d: takes at most 3 arguments by place, got 4; options stand in a table: '
      .. '{ stride = ..., padding = ... }')
  expect(function() optim.StepLR(optim.SGD(nn.Linear(1, 1)), 1, 0.5) end)
    :raises('StepLR: takes at most 1 argument by place, got 3; options stand in a table: '
      .. '{ step_size = ..., gamma = ... }')
end)

test('a convolution says which shape it takes, and what gives a picture its channel', function()
  local channel = '; as_image() in the chain, or x:unsqueeze(2), adds the one channel'
  expect(function() nn.Conv2d(1, 4, 3)(torch.zeros(8, 64, 94)) end)
    :raises('Conv2d(1, 4, 3): takes [batch, channels, height, width] with 1 channel, got [8, 64, 94]' .. channel)
  expect(function() nn.Conv2d(3, 4, 3)(torch.zeros(8, 1, 64, 94)) end)
    :raises 'Conv2d(3, 4, 3): takes [batch, channels, height, width] with 3 channels, got [8, 1, 64, 94]'
  expect(function() nn.Conv2d(3, 4, 3)(torch.zeros(8, 3)) end)
    :raises 'Conv2d: takes [batch, channels, height, width], got [8, 3]'
  expect(function() nn.Conv1d(2, 4, 3)(torch.zeros(8, 1, 64)) end)
    :raises 'Conv1d(2, 4, 3): takes [batch, channels, time] with 2 channels, got [8, 1, 64]'
  expect(nn.Conv2d(1, 4, 3)(torch.zeros(1, 64, 94)).shape):equals { 4, 62, 92 }
  expect(nn.Conv2d(4, 4, 3, { groups = 2 })(torch.zeros(1, 4, 9, 9)).shape):equals { 1, 4, 7, 7 }
end)

test('targets that fit no scores are counted as users count', function()
  local loss, scores = nn.CrossEntropyLoss(), torch.zeros(4, 2)
  expect(function() loss(scores, torch.tensor { 1, 2, 5, 1 }) end)
    :raises 'CrossEntropyLoss: the scores are of classes 1 to 2, the target holds 5'
  expect(function() loss(scores, torch.tensor { 1, 2, -3, 1 }) end)
    :raises 'CrossEntropyLoss: the scores are of classes 1 to 2, the target holds -3'
  expect(function() loss(scores, torch.tensor { { 1 }, { 2 }, { 1 }, { 1 } }) end)
    :raises('CrossEntropyLoss: the scores are [4, 2], so the target has a class for each row, or their shape; got '
      .. '[4, 1]')
  expect(function() nn.FocalLoss()(scores, torch.tensor { 1, 2, 5, 1 }) end)
    :raises 'FocalLoss: the scores are of classes 1 to 2, the target holds 5'
  expect(function() nn.FocalLoss { gamma = 0 }(scores, torch.ones(4, 2) / 2) end)
    :raises 'FocalLoss: takes a class for each row, not a share of each class; got [4, 2]'
  local ignoring = nn.CrossEntropyLoss { ignore_index = -1 }
  expect(ignoring(scores, torch.tensor { 1, 2, -1, 1 })):near(math.log(2))
end)

test('functions within a Sequential see pictures as they always lie', function()
  local x = torch.randn(2, 1, 8, 8)
  local net = nn.Sequential { nn.Conv2d(1, 3, 3), nn.Lambda(function(y) return y:view(2, -1) end) }
  expect(net(x).shape):equals { 2, 108 }
  local hooked, shape = nn.Sequential { nn.Conv2d(1, 3, 3), nn.ReLU() }, nil
  hooked[1]:register_forward_hook(function(_, _, y) shape = y:view(-1).shape end)
  hooked(x)
  expect(shape):equals { 216 }
end)

test('a Checkpoint that is given nothing says what its body takes', function()
  expect(function() nn.Checkpoint(nn.ReLU())() end):raises 'ReLU: takes one tensor, got 0'
end)

test('what a hook returns takes the place of what came out', function()
  local net = nn.Sequential { nn.Identity(), nn.Identity() }
  local x = torch.tensor { 1, 2 }
  local off = net[1]:register_forward_hook(function(_, _, y) return y * 10 end)
  net[1]:register_forward_hook(function(_, _, y) return y + 1 end)
  net:register_forward_hook(function() return nil end)
  expect(net(x)):near { 11, 21 }
  off()
  expect(net(x)):near { 2, 3 }
  local lstm = nn.LSTM(2, 2)
  local seen
  lstm:register_forward_hook(function(_, _, y)
    seen = y
    return y * 0, y * 0 + 1
  end)
  local y, h = lstm(torch.ones(3, 1, 2))
  expect(seen:abs():sum():item() > 0):equals(true)
  expect(y:abs():sum():item()):equals(0)
  expect(h:eq(1):all():item()):equals(true)
  local linear = nn.Linear(2, 2)
  linear:register_forward_hook(function() return 3 end)
  expect(function() linear(torch.ones(1, 2)) end)
    :raises 'Linear: a forward hook returns tensors in place of the outputs, or nothing; got number'
  local relu = nn.ReLU()
  relu:register_forward_hook(function(_, _, out) return out, out end)
  expect(function() relu(x) end):raises 'ReLU: a forward hook returned 2 outputs, there are 1'
end)

test('a network that calls itself ends with an error', function()
  local net = nn.Linear(2, 2)
  net:register_forward_hook(function(part, x) part(x) end)
  expect(function() net(torch.ones(1, 2)) end):raises 'Module: nested too deep; does something call itself?'
  local Loop = class('Loop', function(self, x) return self(x) end)
  expect(function() Loop()(torch.ones(1)) end):raises 'Module: nested too deep; does something call itself?'
  expect(nn.Linear(2, 2)(torch.ones(1, 2)).shape):equals { 1, 2 }
end)

test('a network that holds itself, or nests without end, is refused', function()
  local Net = class('Net', function(_, x) return x end)
  local net = Net()
  expect(function() net.me = net end):raises "Net: 'me' holds what it would be a part of"
  expect(function() net.list = nn.Sequential { net } end):raises "Net: 'list' holds what it would be a part of"
  net.part = nn.ReLU()
  expect(#net:children()):equals(1)
  expect(function()
    local deep = nn.ReLU()
    for _ = 1, 300 do deep = nn.Sequential { deep } end
  end):raises 'Sequential: modules are nested more than 200 deep'
end)

test('names of parts are such as states can hold', function()
  local net = class('Net', function(_, x) return x end)()
  local text = "': names have no dot and are not empty"
  expect(function() net['a.b'] = nn.ReLU() end):raises("Net: a part cannot be called 'a.b" .. text)
  expect(function() net[''] = nn.Parameter(torch.ones(1)) end):raises("Net: a part cannot be called '" .. text)
  expect(function() nn.Module '' end):raises "Module: 'name' must be a name that can be printed, got ''"
  expect(function() nn.Parameter(torch.ones(2):long()) end)
    :raises 'Parameter: is trained, so it holds fractions; got int64'
end)

test('scores that are no numbers are no answer', function()
  local rows = data.table { x = { { 1, 0 }, { 0, 1 } }, y = { 'cat', 'dog' } }
  local net = nn.Linear(2, 2)
  nn.fit(net, rows, { epochs = 1 })
  torch.no_grad(function() net.weight:fill_(0 / 0) end)
  local text = 'Linear: gives scores that are no numbers; its weights or the data hold NaN or infinity'
  expect(function() net:predict(rows) end):raises(text)
  expect(function() lumir.evaluate(net, rows) end):raises(text)
end)

test('bounds of gradients are above 0', function()
  local w = torch.ones(2, { requires_grad = true })
  w:sum():backward()
  expect(function() optim.clip_grad_norm({ w }, -1) end)
    :raises "clip_grad_norm: 'max_norm' = -1 is out of range (must be above 0)"
  expect(function() optim.clip_grad_value({ w }, 0) end)
    :raises "clip_grad_value: 'value' = 0 is out of range (must be above 0)"
  expect(w.grad):near { 1, 1 }
end)

test('a split at random is told to have no name', function()
  local songs = data.table { x = { { 1 }, { 2 } }, y = { 'a', 'b' } }
  expect(function() songs:split 'random' end):raises 'split: one at random has no name: songs:split { hold = 0.2 }'
  expect(function() songs:split('last_album', { hold = 0.2 }) end)
    :raises "split: unknown option 'hold'; 'last_album' takes 'leak' alone"
end)
