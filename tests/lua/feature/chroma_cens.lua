-- Chroma energy normalised statistics.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local clip = audio.sine { frequency = 440, seconds = 4, rate = 22050 }

test('a frame has length 1', function()
  local lengths = feature.chroma_cens(clip):square():sum(1)
  expect(lengths:min()):near(1, { relative = 1e-5 })
  expect(lengths:max()):near(1, { relative = 1e-5 })
end)

test('without smoothing and norm there are five steps', function()
  local values = feature.chroma_cens(clip, { win_len_smooth = 'none', norm = 'none' })
  expect((values * 4):sub((values * 4):round()):abs():max()):equals(0)
  expect(values:max()):equals(1)
end)

test('loudness leaves no trace', function()
  local soft = audio.sine { frequency = 440, seconds = 4, rate = 22050, amplitude = 0.01 }
  expect((feature.chroma_cens(soft) - feature.chroma_cens(clip)):abs():max()):below(1e-6)
end)

test('a window of no frames is an error', function()
  expect(function() feature.chroma_cens { win_len_smooth = 0 } end):raises(
    "chroma_cens: 'win_len_smooth' = 0 is out of range (1 to 1048576)")
end)
