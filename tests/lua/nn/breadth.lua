-- Layers, losses and averages as a recipe calls them: what goldens of the engine do not see.

local lumir = require 'lumir'
local audio, feature, nn, optim, torch = lumir.audio, lumir.feature, lumir.nn, lumir.optim, lumir.torch

test('a Lambda is a function within a network, and gradients flow through it', function()
  local net = nn.Sequential { nn.Linear(3, 4), nn.Lambda(function(y) return y * 2 end), nn.ReLU() }
  local x = torch.randn(2, 3)
  expect(net(x):detach()):near((net[1](x) * 2):relu():detach())
  net(x):sum():backward()
  expect(net[1].weight.grad.shape):equals { 4, 3 }
  expect(tostring(nn.Lambda(function(y) return y end))):equals 'Lambda(function)'
  local both = nn.Lambda(function(a, b) return a + b, a - b end)
  local sum, difference = both(torch.ones(2), torch.ones(2))
  expect(sum):near { 2, 2 }
  expect(difference):near { 0, 0 }
end)

test('a Lambda says what its function must answer, and no file holds it', function()
  expect(function() nn.Lambda(function() return 1 end)(torch.ones(2)) end)
    :raises 'Lambda: its function must answer tensors, got number'
  expect(function() nn.Lambda(function() end)(torch.ones(2)) end):raises 'Lambda: its function answers nothing'
  expect(function() nn.Lambda(3) end):raises "Lambda: 'function' must be a function, got 3"
  expect(function() nn.Lambda(function(x) return x end):save(os.tmpname()) end)
    :raises 'a function cannot be written as text'
end)

test('layers that hear samples give the numbers of the features of their names', function()
  local clip = audio.sine { frequency = 440, seconds = 0.5, rate = 22050 }
  local samples = clip.samples
  local how = { n_mels = 40, n_fft = 1024, hop_length = 256, fmax = 8000 }
  local layer = nn.MelSpectrogram(how)
  expect(layer(samples):squeeze(1)):near(feature.melspectrogram(clip, how), { relative = 1e-3, absolute = 1e-4 })
  local db = feature.melspectrogram(clip, { n_mels = 40, n_fft = 1024, hop_length = 256, fmax = 8000, db = true })
  expect(nn.LogMel(how)(samples):squeeze(1)):near(db, { absolute = 0.05 })
  local magnitude = feature.spectrogram(clip, { n_fft = 1024, hop_length = 256, power = 1 })
  expect(nn.STFT { n_fft = 1024, hop_length = 256 }(samples):squeeze(1)):near(magnitude, { absolute = 1e-3 })
  expect(function() nn.LogMel { sr = 16000 } end):raises "LogMel: unknown option 'sr' (did you mean 'rate'?)"
end)

test('a batch of sounds gives the power that features find of each, to one in ten thousand', function()
  torch.manual_seed(3)
  local batch = torch.randn(3, 22050):mul(0.1)
  local how = { n_mels = 64, n_fft = 1024, hop_length = 256 }
  local spectra = nn.STFT { n_fft = 1024, hop_length = 256 }(batch):pow(2)
  local mel = nn.MelSpectrogram(how)(batch)
  for row = 1, 3 do
    local clip = audio.clip(batch[row], { rate = 22050 })
    local function agrees(found, wanted)
      expect(found):near(wanted, { relative = 1e-4, absolute = 1e-6 * wanted:max():item() })
    end
    agrees(spectra[row], feature.spectrogram(clip, { n_fft = 1024, hop_length = 256, power = 2 }))
    agrees(mel[row], feature.melspectrogram(clip, how))
  end
end)

test('true lengths in samples become true lengths in frames', function()
  local mel = nn.LogMel { n_fft = 64, hop_length = 16, n_mels = 8, top_db = 'none' }
  local net = nn.Sequential { mel, nn.GlobalAvgPool() }
  local x = torch.randn(2, 320)
  local changed = x:clone()
  changed['2, 225:320'] = 0
  local lengths = torch.tensor { 320, 160 }
  expect(net(changed, { lengths = lengths })):near(net(x, { lengths = lengths }), { absolute = 1e-5 })
end)

test('weight_norm keeps what a layer gives, and learns length and direction', function()
  local plain = nn.Linear(4, 3)
  local x = torch.randn(2, 4)
  local before = plain(x):detach()
  local net = nn.weight_norm(plain)
  expect(net(x):detach()):near(before, { absolute = 1e-6 })
  local names = {}
  for name in net:named_parameters() do names[#names + 1] = name end
  expect(names):equals { 'bias', 'parametrizations.weight.original0', 'parametrizations.weight.original1' }
  local adam = optim.SGD(net, { lr = 0.5 })
  adam:minimize(net(x):pow(2):sum())
  expect(not net(x):detach():equal(before)):is_true()
  local copy = nn.Sequential { net }:clone()
  expect(copy(x):detach()):near(net(x):detach(), { absolute = 1e-6 })
  expect(function() nn.weight_norm(nn.Linear(4, 3), 'wieght') end)
    :raises "weight_norm: Linear(4, 3) has no parameter 'wieght' yet"
end)

test('a weight of a spectral norm has no singular value above 1', function()
  local net = nn.spectral_norm(nn.Linear(8, 8))
  local x = torch.randn(4, 8)
  for _ = 1, 50 do net(x) end
  net:eval()
  local eye = torch.eye(8)
  local weight = (net(eye) - net(torch.zeros(8, 8))):detach()
  expect(torch.linalg_matrix_norm(weight, 2):item()):near(1, { absolute = 1e-3 })
end)

test('a relative position bias goes beside x as a mask of an attention', function()
  local attention = nn.MultiheadAttention(8, 2, { batch_first = true, need_weights = false })
  local bias, x = nn.RelativePositionBias(2), torch.randn(3, 5, 8)
  local mask = bias(x)
  expect(mask.shape):equals { 6, 5, 5 }
  attention(x, { attn_mask = mask }):sum():backward()
  expect(bias.weight.grad:abs():sum():item() > 0):is_true()
  expect(function() nn.RelativePositionBias(2, { max_distance = 8 }) end)
    :raises "RelativePositionBias: 'max_distance' = 8 must be above 8, the distances that have a bucket each"
  expect(function() nn.RelativePositionBias(2, { num_buckets = 64, max_distance = 20, bidirectional = false }) end)
    :raises "RelativePositionBias: 'max_distance' = 20 must be above 32, the distances that have a bucket each"
  expect(nn.RelativePositionBias(2, { max_distance = 9 })(torch.randn(1, 20, 4)):isfinite():all():item()):equals(true)
end)

test('labels of CTC and its blank count from 1', function()
  local x = torch.zeros(2, 1, 3)                           -- of 2 frames, 1 sequence, 3 classes
  x['1, 1, 2'], x['2, 1, 3'] = 5, 5
  local scores, lengths = x:log_softmax(3), { torch.tensor { 2 }, torch.tensor { 2 } }
  local loss = nn.CTCLoss { reduction = 'none' }(scores, torch.tensor { { 2, 3 } }, lengths[1], lengths[2])
  expect(loss):near(-(scores['1, 1, 2'] + scores['2, 1, 3']):reshape(1), { absolute = 1e-5 })
  local last = nn.CTCLoss { blank = -1, reduction = 'none' }(scores, torch.tensor { { 2 } }, lengths[1],
    torch.tensor { 1 })
  expect(last:item() < 0.1):is_true()                      -- 2, then the blank
  expect(function() nn.CTCLoss()(scores, torch.tensor { { 0 } }, lengths[1], torch.tensor { 1 }) end)
    :raises "CTCLoss: 'target' holds a 0, which is no position; positions count from 1"
  expect(function() nn.CTCLoss { blank = 4 }(scores, torch.tensor { { 2 } }, lengths[1], torch.tensor { 1 }) end)
    :raises "CTCLoss: 'blank' is none of the 3 classes"
  local function of(...) return nn.CTCLoss()(scores, torch.tensor { { ... } }, lengths[1], torch.tensor { 1 }) end
  expect(function() of(900000) end):raises 'CTCLoss: the scores are of classes 1 to 3, the labels hold 900000'
  expect(function() of(4) end):raises 'CTCLoss: the scores are of classes 1 to 3, the labels hold 4'
  expect(function() of(-2) end):raises 'CTCLoss: the scores are of classes 1 to 3, the labels hold -2'
  expect(of(3, -1)):near(of(3))                            -- what fills a row up does not count
end)

test('losses say in one line what they do not take', function()
  expect(function() nn.TripletMarginLoss()(torch.ones(2, 3), torch.ones(2, 3)) end)
    :raises 'TripletMarginLoss: takes an anchor, one of its kind and a stranger, got 2 tensors'
  expect(function() nn.NTXentLoss()(torch.ones(3), torch.ones(3)) end)
    :raises 'NTXentLoss: takes two views of [batch, numbers], got [3] and [3]; nn.fit makes them with { views = 2 }'
  expect(function() nn.ArcFaceLoss(3, 4)(torch.ones(2, 5), torch.tensor { 1, 2 }) end)
    :raises 'ArcFaceLoss: takes [batch, 4] and a class of each row, got [2, 5] and [2]'
  expect(function() nn.GroupNorm(4, 6) end)
    :raises "GroupNorm: 'num_channels' = 6 must be a multiple of 'num_groups' = 4"
  expect(function() nn.Upsample() end):raises "Upsample: takes either 'size' or 'scale_factor'"
  expect(function() nn.Upsample { size = 4, mode = 'linear' }(torch.ones(1, 1, 2, 2)) end)
    :raises "Upsample: mode 'linear' does not take [1, 1, 2, 2]"
end)

test('averages of weights judge beside the weights, and give them back', function()
  local net = nn.Linear(2, 1, { bias = false })
  nn.init.ones_(net.weight)
  local plain, fading = optim.AveragedModel(net), optim.AveragedModel(net, { decay = 0.5 })
  plain:update()
  fading:update()
  nn.init.constant_(net.weight, { val = 4 })
  plain:update()
  fading:update()
  nn.init.constant_(net.weight, { val = 7 })
  plain:update()
  fading:update()
  plain:swap()
  expect(net.weight:detach()):near { { 4, 4 } }
  expect(plain.swapped):is_true()
  plain:swap()
  fading:swap()
  expect(net.weight:detach()):near { { 4.75, 4.75 } }
  fading:swap()
  expect(net.weight:detach()):near { { 7, 7 } }
  expect(tostring(fading)):equals 'AveragedModel { decay = 0.5 } of 3 updates'
  expect(function() optim.AveragedModel(net, { decya = 0.5 }) end)
    :raises "AveragedModel: unknown option 'decya' (did you mean 'decay'?); its options are decay, use_buffers, start"
end)

test('two views of a batch find each other', function()
  lumir.seed(2)
  local views = lumir.augment.Views { lumir.augment.TimeShift { max_shift = 0.2 }, lumir.augment.RandomErasing() }
  local x, y, drawn = views(torch.rand(4, 1, 8, 16), torch.tensor { 1, 2, 1, 2 })
  expect(x.shape):equals { 8, 1, 8, 16 }
  expect(y):near { 1, 2, 1, 2, 1, 2, 1, 2 }
  expect(#drawn.views):equals(2)
  local net = nn.Sequential { nn.Flatten(), nn.Linear(128, 6) }
  local z = net(x)
  expect(nn.NTXentLoss()(z['1:4'], z['5:8']):item() > 0):is_true()
end)
