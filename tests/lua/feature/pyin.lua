-- Pitch by pYIN: what is sung, and where something is.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local clip = audio.sine { frequency = 441, seconds = 1, rate = 22050 }

test('three rows: pitch, whether there is one, how likely that is', function()
  local rows = feature.pyin(clip)
  expect(rows.shape):equals { 3, 44 }
  expect(rows:tolist()[1][22]):near(441, { relative = 6e-3 })
  expect(rows:tolist()[2][22]):equals(1)
  expect(rows:tolist()[3][22]):above(0.9)
end)

test('silence is unvoiced: 0, or what fill_na says', function()
  local silence = audio.silence { seconds = 1, rate = 22050 }
  expect(feature.pyin(silence):abs():max()):equals(0)
  expect(feature.pyin(silence, { fill_na = -1 }):min()):equals(-1)
end)

test('following every transition finds the same path in a plain case', function()
  local options = { fmin = 200, fmax = 800, resolution = 0.2 }
  local exact = { fmin = 200, fmax = 800, resolution = 0.2, transition_min_prob = 'none' }
  expect((feature.pyin(clip, options) - feature.pyin(clip, exact)):abs():max()):equals(0)
end)

test('a beta distribution has two parameters', function()
  expect(function() feature.pyin(clip, { beta_parameters = { 2 } }) end):raises(
    "pyin: 'beta_parameters' takes two numbers, got 1")
end)
