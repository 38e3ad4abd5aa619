-- There and back: complex spectrograms, magnitudes, mel bands.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature
local tone = audio.sine { frequency = 440, seconds = 0.5, rate = 22050 }

test('stft is a complex tensor of bins and frames, and istft takes it back', function()
  local spectrum = feature.stft(tone)
  expect(spectrum.shape):equals { 1025, 22 }
  expect(spectrum.dtype):equals 'complex64'
  local again = feature.istft(spectrum, { rate = tone.rate, length = tone.length })
  expect(again.length):equals(tone.length)
  expect(feature.rms(again):mean():item()):near(feature.rms(tone):mean():item(), { relative = 1e-5 })
end)

test('a changed spectrum gives a changed sound', function()
  local half = feature.istft(feature.stft(tone) * 0.5, { rate = tone.rate })
  expect(feature.rms(half):max():item()):near(0.5 * feature.rms(tone):max():item(), { relative = 1e-3 })
end)

test('griffinlim makes sound of magnitudes', function()
  local sound = feature.griffinlim(feature.stft(tone):abs(), { rate = tone.rate, n_iter = 8, seed = 1 })
  expect(feature.spectral_centroid(sound):median():item()):near(440, { relative = 0.2 })
end)

test('mel bands become magnitudes and sound', function()
  local bands = feature.melspectrogram(tone)
  expect(feature.mel_to_stft(bands, { rate = tone.rate }).shape):equals { 1025, 22 }
  expect(feature.mel_to_audio(bands, { rate = tone.rate, n_iter = 2 }).rate):equals(22050)
end)

test('an inverse without a rate says why it needs one', function()
  expect(function() feature.istft(feature.stft(tone)) end):raises(
    "istft: 'rate' must be given, because a tensor does not know the rate of its sound")
end)
