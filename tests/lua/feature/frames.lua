-- Steps that take frames: what a chain gives, or a tensor. Agreement with librosa is tests/golden/frames' business.

local lumir = require 'lumir'
local audio, feature, torch = lumir.audio, lumir.feature, lumir.torch

local clip = audio.sine { frequency = 440, seconds = 2, rate = 22050 }
local table_of = torch.tensor { { 1, 2, 3, 4 }, { 5, 6, 7, 9 } }

test('a step computes the same from a tensor as in a chain', function()
  local chain = lumir.chain { feature.melspectrogram(), feature.power_to_db { ref = 'max' }, feature.delta() }
  local alone = feature.delta(feature.power_to_db(feature.melspectrogram(clip), { ref = 'max' }))
  expect(chain(clip):tolist()):equals(alone:tolist())
end)

test('a tensor keeps its dimensions where its rows stay', function()
  expect(feature.power_to_db(torch.ones { 2, 3, 4 }):tolist()):equals(torch.zeros({ 2, 3, 4 }):tolist())
  expect(feature.crop(torch.tensor { 1, 2, 3 }, { first = 2 })):equals { 2, 3 }
  expect(function() feature.stack_memory(torch.ones { 2, 3, 4 }) end):raises
    'stack_memory: takes a tensor of [rows, frames], got one of 3 dimensions'
end)

test('a single number is one row of one frame', function()
  expect(feature.power_to_db(torch.tensor(100)):item()):equals(20)
  expect(feature.db_to_amplitude(torch.tensor(20)):item()):equals(10)
end)

test('what is neither frames nor a tensor is refused', function()
  expect(function() feature.power_to_db(clip, {}) end):raises 'power_to_db: takes frames or a tensor, got a clip'
  expect(function() feature.power_to_db(3) end):raises 'power_to_db: takes frames or a tensor, got a number'
  expect(function() feature.delta(torch.zeros { 0, 3 }) end):raises 'delta: the tensor is empty'
end)

test('decibels of the reference are exactly 0, and NaN stays NaN', function()
  expect(feature.power_to_db(torch.tensor { 0.3, 30, 3 }, { ref = 'max' }):max():item()):equals(0)
  local got = feature.power_to_db(torch.tensor { 0 / 0, 1, 1 / 0 }, { top_db = 'none' }):tolist()
  expect(got[1] ~= got[1]):is_true()
  expect(got[3]):equals(math.huge)
end)

test('decibels and back give the numbers again', function()
  local magnitude = torch.tensor { { 0.5, 1, 2 }, { 0.1, 3, 0.25 } }
  expect(feature.db_to_amplitude(feature.amplitude_to_db(magnitude))):near(magnitude, { relative = 1e-5 })
  local decibels = feature.power_to_db(magnitude, { ref = 2 })
  expect(feature.db_to_power(decibels, { ref = 2 })):near(magnitude, { relative = 1e-5 })
end)

test('delta of a line is its slope, also at its ends', function()
  local slope = feature.delta(torch.tensor { 0, 2, 4, 6, 8, 10 }, { width = 5 })
  expect(slope):near({ 2, 2, 2, 2, 2, 2 }, { absolute = 1e-6 })
end)

test('delta names rows as mfcc names its own differences', function()
  local frames = lumir.chain { feature.set { feature.mfcc(), feature.rms() }, feature.delta { order = 2 } }(clip)
  expect(frames.names[3]):equals 'mfcc_delta2_03'
  expect(frames.names[21]):equals 'rms_delta2'
end)

test('delta names what it cannot do', function()
  expect(function() feature.delta { width = 4 } end):raises "delta: 'width' = 4 must be odd"
  expect(function() feature.delta { width = 3, order = 3 } end):raises "delta: 'order' = 3 must be below width = 3"
  expect(function() feature.delta(table_of) end):raises
    "delta: 'mode' = 'interp' needs at least width = 9 frames, got 4"
end)

test('stack_memory puts earlier frames below', function()
  local row = torch.tensor { 1, 2, 3 }
  expect(feature.stack_memory(row, { n_steps = 3 })):equals { { 1, 2, 3 }, { 0, 1, 2 }, { 0, 0, 1 } }
  expect(feature.stack_memory(row, { delay = -1, value = 9 })):equals { { 1, 2, 3 }, { 2, 3, 9 } }
  expect(function() feature.stack_memory { delay = 0 } end):raises
    "stack_memory: 'delay' = 0 would repeat the same frame; take 1 or more, or -1 or less"
  local chain = lumir.chain { feature.mfcc(), feature.stack_memory() }
  expect(lumir.chain { chain, feature.summary { 'mean' } }(clip).names[23]):equals 'mfcc_03_lag1_mean'
end)

test('fix_frames cuts or pads at the end', function()
  expect(feature.fix_frames(table_of, { frames = 2 })):equals { { 1, 2 }, { 5, 6 } }
  expect(feature.fix_frames(table_of, { frames = 6 })):equals { { 1, 2, 3, 4, 0, 0 }, { 5, 6, 7, 9, 0, 0 } }
  expect(feature.fix_frames(table_of, { frames = 6, value = 'min' }))
    :equals { { 1, 2, 3, 4, 1, 1 }, { 5, 6, 7, 9, 1, 1 } }
  expect(feature.fix_frames(table_of, { frames = 6, pad_mode = 'reflect' }))
    :equals { { 1, 2, 3, 4, 3, 2 }, { 5, 6, 7, 9, 7, 6 } }
  local fixed = feature.fix_frames { frames = 1300 }
  expect(lumir.chain { feature.mfcc { n_mfcc = 13 }, fixed, feature.frames_first() }(clip).shape):equals { 1300, 13 }
end)

test('crop counts from 1, and from the end below 0', function()
  expect(feature.crop(table_of, { first = 2, last = -2 })):equals { { 2, 3 }, { 6, 7 } }
  expect(function() feature.crop { first = 0 } end):raises
    "crop: 'first' = 0 is no position (they count from 1; -1 is the last)"
  expect(function() feature.crop(table_of, { last = 5 }) end):raises
    "crop: 'last' = 5 is beyond the 4 frames that there are"
  expect(function() feature.crop(table_of, { first = 3, last = 2 }) end):raises
    "crop: 'first' = 3 stands behind last = 2 of 4 frames"
end)

test('frames_first and as_image change the axes only', function()
  expect(feature.frames_first(table_of)):equals { { 1, 5 }, { 2, 6 }, { 3, 7 }, { 4, 9 } }
  expect(feature.as_image(table_of)):equals { { { 1, 2, 3, 4 }, { 5, 6, 7, 9 } } }
end)

test('standardized numbers have a mean of 0 and a deviation of 1; equal ones become 0', function()
  local rows = feature.standardize(torch.tensor { { 1, 2, 3, 4 }, { 5, 5, 5, 5 } }, { by = 'row' }):tolist()
  local root = math.sqrt(1.25)
  expect(rows[1]):near { -1.5 / root, -0.5 / root, 0.5 / root, 1.5 / root }
  expect(rows[2]):equals { 0, 0, 0, 0 }
  local all = feature.standardize(table_of)
  expect(all:mean():item()):near(0, { absolute = 1e-6 })
  expect((all * all):mean():item()):near(1, { relative = 1e-5 })
end)

test('spectral_flux of a tone that does not change is nearly 0, but for loudness that it does not see', function()
  local seen = feature.spectral_flux(clip, { center = false })
  expect(seen:max():item()):below(1e-3)
  expect(seen:tolist()[1][1]):equals(0)
end)

test('poly_features of order 0 is the mean magnitude', function()
  local fit = feature.poly_features(clip, { order = 0 })
  expect(fit):near(feature.spectrogram(clip):mean(1, { keepdim = true }), { relative = 1e-4 })
end)

test('mfcc names what it cannot do', function()
  expect(function() feature.mfcc { dct_type = 4 } end):raises "mfcc: 'dct_type' = 4 is out of range (1 to 3)"
  expect(function() feature.mfcc { norm = 'slaney' } end):raises "mfcc: 'norm' = 'slaney' is none of 'ortho', 'none'"
end)
