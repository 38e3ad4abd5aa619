-- Onsets, beats and tempograms as users call them.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature
local golden = audio.clip(require 'golden.signal', { rate = 22050 })

test('onset_detect gives a tensor of seconds', function()
  local onsets = feature.onset_detect(golden)
  expect(onsets.ndim):equals(1)
  expect(onsets:tolist()[1]):near(0.07, { absolute = 0.03 })
end)

test('beat_track gives beats half a second apart for two beats a second', function()
  local beats = feature.beat_track(golden):tolist()
  expect(#beats):equals(5)
  expect((beats[5] - beats[1]) / 4):near(0.5, { absolute = 0.02 })
end)

test('a tempogram has a row for each lag and a column for each frame', function()
  expect(feature.tempogram(golden, { win_length = 100 }).shape):equals { 100, 130 }
  expect(feature.fourier_tempogram(golden, { win_length = 100 }):abs().shape):equals { 51, 131 }
  expect(feature.plp(golden):max():item()):near(1)
end)

test('moments stand beside the rows of a set', function()
  local set = feature.set { feature.rms(), feature.onset_detect() }
  local frames = set(golden)
  expect(frames.onset_detect.ndim):equals(1)
  expect(frames.rms.shape):equals { 1, 130 }
end)

test('an unknown way to aggregate is an error that lists the ways', function()
  expect(function() feature.onset_detect { aggregate = 'mode' } end)
    :raises "onset_detect: 'aggregate' = 'mode' is none of 'mean', 'median'"
end)
