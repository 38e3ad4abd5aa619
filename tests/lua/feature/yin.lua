-- Pitch by YIN.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local clip = audio.sine { frequency = 441, seconds = 1, rate = 22050 }

test('a frame every quarter of its length', function()
  expect(feature.yin(clip).shape):equals { 1, 44 }
  expect(feature.yin(clip, { frame_length = 1024, fmin = 100 }).shape):equals { 1, 87 }
end)

test('the pitch of a tone is its frequency', function()
  expect(feature.yin(clip):median()):near(441, { relative = 1e-3 })
end)

test('of a tone and its octave below, the lower one is the pitch', function()
  local samples = {}
  for i = 1, 22050 do
    local angle = 2 * math.pi * 220.5 * i / 22050
    samples[i] = 0.3 * math.sin(angle) + 0.3 * math.sin(2 * angle)
  end
  expect(feature.yin(audio.clip(samples, { rate = 22050 })):median()):near(220.5, { relative = 1e-3 })
end)

test('pitches beyond half the rate are an error', function()
  expect(function() feature.yin(clip, { fmax = 12000 }) end):raises(
    "yin: 'fmax' = 12000 is beyond half the rate of the clip (11025 Hz)")
end)
