-- Tonal centroids.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local clip = audio.sine { frequency = 440, seconds = 2, rate = 22050 }

--- The six coordinates of a pitch class, counted from C = 0.
local function place(class)
  local angles = { 7 / 6 * class, 3 / 2 * class, 2 / 3 * class }
  local radii, out = { 1, 1, 0.5 }, {}
  for i, angle in ipairs(angles) do
    out[#out + 1] = radii[i] * math.sin(math.pi * angle)
    out[#out + 1] = radii[i] * math.cos(math.pi * angle)
  end
  return out
end

test('a tone lies where its pitch class does', function()
  local rows = feature.tonnetz(clip, { chroma = 'cens', tuning = 0 }):tolist()
  for row, wanted in ipairs(place(9)) do
    expect(rows[row][43]):near(wanted, { absolute = 1e-5 })
  end
end)

test('any chroma can be projected, and nothing lies outside the circles', function()
  for _, chroma in ipairs { 'cqt', 'cens', 'stft' } do
    local values = feature.tonnetz(clip, { chroma = chroma })
    expect(values.shape):equals { 6, 87 }
    expect(values:abs():max()):below(1 + 1e-6)
  end
end)

test('an unknown chroma is an error', function()
  expect(function() feature.tonnetz(clip, { chroma = 'mel' }) end):raises(
    "tonnetz: 'chroma' = 'mel' is none of 'cqt', 'cens', 'stft'")
end)
