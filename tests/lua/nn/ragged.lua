-- Rows of several lengths: what a network makes of one does not depend on the rows beside it.

local lumir = require 'lumir'
local audio, data, feature = lumir.audio, lumir.data, lumir.feature
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch

--- Two genres of tones, each tone of another length but for two of them, on disk while a function works on them.
local function with_tones(use)
  local folder = os.tmpname()
  os.remove(folder)
  for i = 1, 6 do
    for k, genre in ipairs { 'high', 'low' } do
      local seconds = 0.2 + 0.05 * math.min(i, 5)
      local tone = audio.sine { frequency = k == 1 and 900 + 40 * i or 150 + 7 * i, seconds = seconds, rate = 8000 }
      tone:write(('%s/%s/%s.%05d.wav'):format(folder, genre, genre, i))
    end
  end
  local good, problem = pcall(use, data.gtzan(folder))
  os.execute("rm -rf '" .. folder .. "'")
  if not good then error(problem, 0) end
end

local bands = lumir.chain { audio.load(), feature.mfcc { n_mfcc = 4, n_fft = 256, hop_length = 64 },
  feature.standardize() }
local frames = lumir.chain { bands, feature.frames_first() }

local function recurrent()
  return nn.Sequential { nn.LSTM(4, 8, { batch_first = true, bidirectional = true }), nn.LastFrame(), nn.Linear(16, 2) }
end

--- Through the second convolution what stands behind a row would reach into it.
local function convolutional()
  return nn.Sequential { nn.Conv1d(4, 6, 5, { padding = 2 }), nn.BatchNorm1d(6), nn.ReLU(),
    nn.Conv1d(6, 6, 5, { padding = 2 }), nn.ReLU(), nn.GlobalAvgPool(), nn.Flatten(), nn.Linear(6, 2) }
end

--- The mean loss of rows that come one by one, and what the network gives for them in order.
local function alone(net, rows)
  local loss, mean, scores = nn.CrossEntropyLoss(), lumir.evaluate.Mean(), {}
  net:eval()
  torch.no_grad(function()
    for x, y in rows:batches { batch_size = 1 } do
      local out = net(x)
      mean:add(loss(out, y):item())
      scores[#scores + 1] = torch.softmax(out, 2):tolist()[1]
    end
  end)
  net:train()
  return mean.value, scores
end

local function judged_alone(net, rows)
  lumir.seed(4)
  local _, _, lengths = rows:batches { batch_size = 12 } ()
  expect(lengths:min():item()):below(lengths:max():item())    -- a training pads them
  local run = nn.fit(net, rows, {
    valid = rows, epochs = 3, batch_size = 5, optimizer = optim.Adam { lr = 0.02 }, keep = 'last',
  })
  local loss, scores = alone(net, rows)
  expect(run.curve.rows[3].valid_loss):near(loss, { relative = 1e-5 })
  expect(lumir.evaluate(net, rows).best.accuracy):equals(run.curve.rows[3].valid_accuracy)
  for _, size in ipairs { 1, 3, 32 } do
    expect(nn.Network(net, { batch_size = size }):scores(rows)):near(scores, { absolute = 1e-6 })
  end
end

test('an LSTM that learns from rows of several lengths is judged on each as if it stood alone', function()
  with_tones(function(songs) judged_alone(recurrent(), songs:map(frames)) end)
end)

test('so is a network of convolutions, which see a little beyond the end', function()
  with_tones(function(songs) judged_alone(convolutional(), songs:map(bands)) end)
end)
