-- Constant-Q transform: frequencies in equal steps of pitch.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local function tone(frequency)
  return audio.sine { frequency = frequency, seconds = 1, rate = 22050 }
end

--- The row that is greatest in the middle frame.
local function greatest(values)
  local rows, best = values:tolist(), 1
  local middle = math.ceil(#rows[1] / 2)
  for row = 2, #rows do
    if rows[row][middle] > rows[best][middle] then best = row end
  end
  return best
end

test('84 bins from C1 on, a frame every 512 samples', function()
  expect(feature.cqt(tone(440)).shape):equals { 84, 44 }
  expect(feature.cqt(tone(440), { n_bins = 60, hop_length = 256 }).shape):equals { 60, 87 }
end)

test('A4 = 440 Hz is the 46th note from C1, and the 91st in steps of half that size', function()
  expect(greatest(feature.cqt(tone(440)))):equals(46)
  expect(greatest(feature.cqt(tone(440), { bins_per_octave = 24, n_bins = 168 }))):equals(91)
end)

test('fmin is the first bin', function()
  expect(greatest(feature.cqt(tone(440), { fmin = 440, n_bins = 36 }))):equals(1)
end)

test('twice as loud is twice the magnitude', function()
  local soft = audio.sine { frequency = 440, seconds = 1, rate = 22050, amplitude = 0.25 }
  local loud = audio.sine { frequency = 440, seconds = 1, rate = 22050, amplitude = 0.5 }
  expect(feature.cqt(loud):max()):near(2 * feature.cqt(soft):max(), { relative = 1e-5 })
end)

test('bins beyond half the rate are an error', function()
  expect(function() feature.cqt(tone(440), { n_bins = 120 }) end):raises(
    "cqt: 'n_bins' = 120 reaches up to 32976 Hz, beyond half the rate of the clip (11025 Hz)")
end)
