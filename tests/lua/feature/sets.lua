-- Named sets: published tables about a clip. Their numbers are tests/engine/feature/test_sets.cpp's business.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local clip = audio.sine { frequency = 440, seconds = 3, rate = 22050 }

test('a named set is a step that gives a description', function()
  local step = feature.set 'gtzan'
  expect(tostring(step)):equals "set 'gtzan'"
  local got = step(clip)
  expect(#got):equals(57)
  expect(got.names[1]):equals 'chroma_stft_mean'
  expect(got.names[57]):equals 'mfcc20_var'
  expect(got.spectral_centroid_mean):near(440, { relative = 0.05 })
  expect(feature.set(clip, 'gtzan').values):equals(got.values)
end)

test('the FMA set has its 518 columns in their order', function()
  local got = feature.set 'fma' (clip)
  expect(#got):equals(518)
  expect(got.names[1]):equals 'chroma_cens_kurtosis_01'
  expect(got.names[85]):equals 'chroma_cqt_kurtosis_01'
  expect(got.names[518]):equals 'zcr_std_01'
  expect(got.zcr_mean_01):near(2 * 440 / 22050, { relative = 0.05 })
end)

test('a set that there is not is refused with those that there are', function()
  expect(function() feature.set 'nonsense' end):raises "set: no set is called 'nonsense'; there are 'fma', 'gtzan'"
  expect(function() feature.set 'fmaa' end):raises
    "set: no set is called 'fmaa'; there are 'fma', 'gtzan' (did you mean 'fma'?)"
end)

test('help says what a named set holds', function()
  expect(require('lumir.native').core.help 'fma'):contains "feature.set 'fma' -> a Description of 518 numbers"
end)
