-- Every feature of the main recipe beside librosa's numbers, on a signal that needs no file.
--
-- The measure: |x - y| <= 1e-4 max(|y|, RMS of the row). A rolloff is a whole bin, the same or the next one.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature
local golden = require 'golden.features'

local clip = audio.clip(require 'golden.signal', { rate = 22050 })

--- The worst deviation of a tensor from the golden frames, in units of max(|y|, RMS of the row).
local function worst(values, wanted)
  expect(values.shape):equals(wanted.shape)
  local got, most = values:tolist(), 0
  for row, expected in ipairs(wanted.values) do
    for i, frame in ipairs(wanted.frames) do
      local scale = math.max(math.abs(expected[i]), wanted.rms[row], 1e-30)
      most = math.max(most, math.abs(got[row][frame] - expected[i]) / scale)
    end
  end
  return most
end

test('mfcc agrees with librosa', function()
  expect(worst(feature.mfcc(clip), golden.mfcc)):below(1e-4)
end)

test('mfcc with two orders of differences agrees with librosa', function()
  expect(worst(feature.mfcc(clip, { delta = 2 }), golden.mfcc_delta)):below(1e-4)
end)

test('melspectrogram agrees with librosa', function()
  expect(worst(feature.melspectrogram(clip), golden.melspectrogram)):below(1e-4)
  expect(worst(feature.melspectrogram(clip, { db = true }), golden.melspectrogram_db)):below(1e-4)
end)

test('spectral_centroid agrees with librosa', function()
  expect(worst(feature.spectral_centroid(clip), golden.spectral_centroid)):below(1e-4)
end)

test('spectral_bandwidth agrees with librosa', function()
  expect(worst(feature.spectral_bandwidth(clip), golden.spectral_bandwidth)):below(1e-4)
end)

test('spectral_rolloff is in the same bin as librosa', function()
  local got = feature.spectral_rolloff(clip):tolist()
  local bin = 22050 / 2048
  for i, frame in ipairs(golden.spectral_rolloff.frames) do
    expect(got[1][frame]):near(golden.spectral_rolloff.values[1][i], { absolute = bin * 0.01 })
  end
end)

test('spectral_contrast agrees with librosa', function()
  expect(worst(feature.spectral_contrast(clip), golden.spectral_contrast)):below(1e-4)
end)

test('spectral_flatness agrees with librosa', function()
  expect(worst(feature.spectral_flatness(clip), golden.spectral_flatness)):below(1e-4)
end)

test('spectral_flatness of silence is 1', function()
  local flat = feature.spectral_flatness(audio.silence { seconds = 1 })
  expect(flat:min():item()):near(1, { absolute = 1e-6 })
  expect(flat:max():item()):equals(1)
end)

test('chroma_stft agrees with librosa, tuning estimated', function()
  expect(worst(feature.chroma_stft(clip), golden.chroma_stft)):below(1e-4)
end)

test('rms agrees with librosa', function()
  expect(worst(feature.rms(clip), golden.rms)):below(1e-4)
end)

test('zero_crossing_rate agrees with librosa', function()
  expect(worst(feature.zero_crossing_rate(clip), golden.zero_crossing_rate)):below(1e-4)
end)

test('onset_strength agrees with librosa', function()
  expect(worst(feature.onset_strength(clip), golden.onset_strength)):below(1e-4)
end)

test('tempo is that of librosa', function()
  expect(feature.tempo(clip)):near(golden.tempo.values[1][1], { absolute = 0.01 })
end)
