local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

test('words, classes and dimensions count from 1', function()
  local rows = nn.Embedding(3, 2, { padding_idx = 1 })
  expect(rows(torch.tensor { 1 })):near { { 0, 0 } }
  expect(rows(torch.tensor { 3, 2 })):near(rows.weight:index_select(1, torch.tensor { 3, 2 }):detach())
  expect(function() rows(torch.tensor { 0, 1 }) end)
    :raises "Embedding: 'input' holds a 0, which is no position; positions count from 1"
  local x = torch.tensor { { 1, 2 }, { 3, 4 } }
  expect(nn.Softmax(1)(x):sum(1)):near { 1, 1 }
  expect(nn.Softmax(-1)(x):sum(2)):near { 1, 1 }
  expect(function() nn.Softmax(0) end)
    :raises "Softmax: 'dim' = 0 is no position; positions count from 1, -1 is the last"
end)

test('cross-entropy takes class numbers from 1, or a share of each class', function()
  local scores = torch.tensor { { 2, 0, 0 }, { 0, 0, 3 } }
  local loss = nn.CrossEntropyLoss()
  local by_number = loss(scores, torch.tensor { 1, 3 }):item()
  expect(by_number):near(0.167234, { absolute = 1e-5 })
  expect(loss(scores, torch.tensor { { 1, 0, 0 }, { 0, 0, 1 } }):item()):near(by_number)
  expect(loss(scores, torch.tensor { { 0.5, 0.5, 0 }, { 0, 0.25, 0.75 } }):item()):near(1.042234, { absolute = 1e-5 })
  local without_first = nn.CrossEntropyLoss { ignore_index = 1 }(scores, torch.tensor { 1, 3 }):item()
  expect(without_first):near(0.094923, { absolute = 1e-5 })
  expect(nn.CrossEntropyLoss { ignore_index = -100 }(scores, torch.tensor { -100, 3 }):item()):near(without_first)
end)

test('a square of shares is not taken for class numbers', function()
  local scores = torch.tensor { { 1, 2 }, { 2, 1 } }
  local ones = torch.tensor { { 1, 0 }, { 0, 1 } }
  expect(nn.CrossEntropyLoss()(scores, ones):item()):near(nn.CrossEntropyLoss()(scores, torch.tensor { 1, 2 }):item())
end)

test('a residual network is written as in a recipe', function()
  local shortcut = nn.Sequential { nn.Conv2d(2, 4, 1, { stride = 2, bias = false }), nn.BatchNorm2d(4) }
  local block = nn.Residual(nn.Sequential {
    nn.Conv2d(2, 4, 3, { stride = 2, padding = 1, bias = false }), nn.BatchNorm2d(4), nn.ReLU(),
    nn.Conv2d(4, 4, 3, { padding = 1, bias = false }), nn.BatchNorm2d(4),
  }, { shortcut = shortcut, after = nn.ReLU() })
  local net = nn.Sequential { block, nn.AvgMaxPool2d(), nn.Dropout(0.5), nn.Linear(8, 3) }
  expect(net(torch.randn(2, 2, 9, 9)).shape):equals { 2, 3 }
  expect(block.body[1].weight.shape):equals { 4, 2, 3, 3 }
  expect(function() nn.Residual(nn.Linear(2, 3))(torch.randn(1, 2)) end)
    :raises 'Residual: the body gives [1, 3], what comes in is [1, 2]; a shortcut must make it fit'
end)

test('a recurrent layer gives its output, then its states', function()
  local lstm = nn.LSTM(3, 5, { num_layers = 2, batch_first = true })
  local output, h, c = lstm(torch.randn(2, 7, 3))
  expect(output.shape):equals { 2, 7, 5 }
  expect(h.shape):equals { 2, 2, 5 }
  expect(c.shape):equals { 2, 2, 5 }
  local again = lstm(torch.randn(2, 7, 3), h, c)
  expect(again.shape):equals { 2, 7, 5 }
  expect(function() lstm(torch.randn(2, 7, 3), h) end):raises 'LSTM: takes x, or x, h and c, got 2 tensors'
  expect(function() lstm(torch.randn(2, 7, 4)) end)
    :raises 'LSTM(3, 5, { num_layers = 2, batch_first = true }): takes [batch, time, 3], got [2, 7, 4]'
end)

test('what stands beyond the true length changes nothing', function()
  local gru = nn.GRU(3, 4, { batch_first = true, bidirectional = true })
  local net = nn.Sequential { gru, nn.LastFrame(), nn.Linear(8, 2) }
  local x = torch.randn(2, 6, 3)
  local lengths = torch.tensor { 6, 4 }
  local before = net(x, { lengths = lengths }):detach()
  local changed = x:clone()
  changed['2, 5:6'] = 100
  expect(net(changed, { lengths = lengths })):near(before, { absolute = 1e-6 })
  expect(function() net(x, { lengths = torch.tensor { 7, 4 } }) end):raises "GRU: 'lengths' must be 1 to 6, got 7"
  expect(function() net(x, { lenghts = lengths }) end):raises "GRU: unknown input 'lenghts' (did you mean 'lengths'?)"
end)

test('a mask hides what comes later', function()
  local layer = nn.TransformerEncoderLayer(8, 2, { dim_feedforward = 16, dropout = 0, batch_first = true })
  local body = nn.TransformerEncoder(layer, 2)
  local mask = torch.ones(4, 4):triu(1):bool()
  local x = torch.randn(1, 4, 8)
  local changed = x:clone()
  changed['1, 4'] = 5
  local first, second = body(x, { mask = mask }):detach(), body(changed, { mask = mask }):detach()
  expect(second['1, 1:3']):near(first['1, 1:3'], { absolute = 1e-5 })
  expect(body.layers[1].self_attn.in_proj_weight.shape):equals { 24, 8 }
end)

test('a lazy layer counts what comes in', function()
  local net = nn.Sequential { nn.LazyConv1d(4, 3), nn.Flatten(), nn.LazyLinear(2) }
  expect(net(torch.randn(2, 3, 8)).shape):equals { 2, 2 }
  expect(tostring(net[1])):equals 'Conv1d(3, 4, 3)'
  expect(tostring(net[3])):equals 'Linear(24, 2)'
end)

test('branches hear the same and are joined', function()
  local net = nn.Parallel { nn.Linear(4, 2), nn.Linear(4, 3) }
  expect(net(torch.randn(5, 4)).shape):equals { 5, 5 }
  local a, b = nn.Parallel({ nn.Linear(4, 2), nn.Linear(4, 3), merge = 'none' })(torch.randn(5, 4))
  expect(a.shape):equals { 5, 2 }
  expect(b.shape):equals { 5, 3 }
end)

test('a clone has weights of its own', function()
  local net = nn.Sequential { nn.Linear(3, 2), nn.BatchNorm1d(2) }
  local copy = net:clone()
  local before = net[1].weight:detach():clone()
  expect(copy[1].weight:detach()):near(before)
  nn.init.zeros_(copy[1].weight)
  expect(net[1].weight:detach()):near(before)
end)

test('what does not fit a layer is said in its own words', function()
  local x = torch.randn(2, 5, 4, 4)
  expect(function() nn.Linear(3, 2)(x) end):raises 'Linear(3, 2): takes [..., 3], got [2, 5, 4, 4]'
  expect(function() nn.BatchNorm2d(3)(x) end)
    :raises 'BatchNorm2d: takes 3 channels (the second dimension), got [2, 5, 4, 4]'
  expect(function() nn.BatchNorm1d(3)(torch.randn(1, 3)) end)
    :raises('BatchNorm1d: a batch in training needs more than one value for each channel; a last batch of one row is '
            .. 'left out by drop_last = true')
  expect(function() nn.Embedding(3, 2)(torch.tensor { 4 }) end):raises 'Embedding: words are 1 to 3, got 4'
  expect(function() nn.MultiheadAttention(8, 2)(torch.randn(2, 3, 7)) end)
    :raises 'MultiheadAttention: takes [time, batch, 8] or one sequence [time, 8], got [2, 3, 7]'
  expect(function() nn.MSELoss()(torch.randn(2, 1), torch.randn(2)) end)
    :raises 'MSELoss: the target is [2], the outcome [2, 1]; they must be alike'
end)
