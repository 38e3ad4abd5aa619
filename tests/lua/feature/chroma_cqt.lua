-- Chroma by a constant-Q transform.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local function tone(frequency)
  return audio.sine { frequency = frequency, seconds = 1, rate = 22050 }
end

test('the class of the tone is 1, in every octave', function()
  for _, frequency in ipairs { 110, 220, 440, 880 } do
    local middle = feature.chroma_cqt(tone(frequency)):tolist()[10]   -- A, counted from C
    expect(middle[22]):equals(1)
  end
end)

test('norm = 1 makes frames sum to 1', function()
  local sums = feature.chroma_cqt(tone(440), { norm = 1 }):sum(1)
  expect(sums:min()):near(1, { relative = 1e-5 })
  expect(sums:max()):near(1, { relative = 1e-5 })
end)

test('n_chroma divides the octave; bins_per_octave must be a multiple of it', function()
  expect(feature.chroma_cqt(tone(440), { n_chroma = 18 }).shape):equals { 18, 44 }
  expect(function() feature.chroma_cqt(tone(440), { n_chroma = 24 }) end):raises(
    "chroma_cqt: 'bins_per_octave' = 36 is no multiple of n_chroma = 24")
end)
