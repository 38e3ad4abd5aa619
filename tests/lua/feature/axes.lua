-- What a tensor that a feature gave knows of its rows and columns.
local lumir = require 'lumir'
local audio, feature, torch = lumir.audio, lumir.feature, lumir.torch

local clip = audio.sine { frequency = 440, seconds = 1, rate = 22050 }

test('a mel spectrogram knows its rate, its hop and the middle of each band', function()
  local axes = feature.melspectrogram(clip, { n_mels = 40 }).axes
  expect(axes.of):equals 'melspectrogram'
  expect(axes.rate):equals(22050)
  expect(axes.hop_length):equals(512)
  expect(axes.rows):equals 'frequency'
  expect(axes.rows_unit):equals 'Hz'
  expect(axes.measure):equals 'power'
  expect(#axes.places):equals(40)
  -- librosa 0.11.0: mel_frequencies(42, fmax = 11025)[1] and [-2]
  expect(axes.places[1]):near(81.155, { absolute = 0.01 })
  expect(axes.places[40]):near(10139.835, { absolute = 0.01 })
end)

test('what rows are, each feature says for itself', function()
  local function rows(name, options) return feature[name](clip, options or {}).axes end
  expect(rows('spectrogram', { n_fft = 1024 }).places[3]):near(2 * 22050 / 1024)
  expect(rows('mfcc').rows):equals 'coefficient'
  expect(rows('chroma_stft').names[2]):equals 'C#'
  expect(rows('chroma_cqt').names[12]):equals 'B'
  expect(rows('cqt', { n_bins = 24 }).places[13]):near(2 * 32.7032, { relative = 1e-5 })
  expect(rows('tempogram').places[44]):near(43 * 512 / 22050)
  expect(rows('tempogram').rows_unit):equals 's'
  expect(rows('spectral_contrast').names[1]):equals '0-200'
  expect(rows('pyin').names[3]):equals 'probability'
  expect(#rows('tonnetz').names):equals(6)
end)

test('a single row is called by its feature and has the unit of its words', function()
  local axes = feature.spectral_centroid(clip).axes
  expect(axes.values):equals 'spectral centroid'
  expect(axes.unit):equals 'Hz'
  expect(feature.rms(clip).axes.unit):equals(nil)
  expect(feature.onset_strength(clip).axes.unit):equals 'dB'
end)

test('without centre the first frame lies half a window behind the beginning', function()
  expect(feature.melspectrogram(clip, { center = false }).axes.start):near(1024 / 22050)
  expect(feature.melspectrogram(clip).axes.start):equals(nil)
end)

test('decibels keep rows and columns, and say so', function()
  local axes = feature.power_to_db(feature.melspectrogram(clip)).axes
  expect(axes.unit):equals 'dB'
  expect(axes.measure):equals 'decibels'
  expect(#axes.places):equals(128)
  expect(feature.melspectrogram(clip, { db = true }).axes.measure):equals 'decibels'
end)

test('a crop begins later', function()
  local axes = feature.crop(feature.mfcc(clip), { first = 11 }).axes
  expect(axes.start):near(10 * 512 / 22050)
end)

test('sizes of a complex spectrogram are magnitudes', function()
  local spectrum = feature.stft(clip)
  expect(spectrum.axes.measure):equals 'complex'
  expect(spectrum:abs().axes.measure):equals 'magnitude'
  expect(feature.fourier_tempogram(clip).axes.rows_unit):equals 'BPM'
end)

test('what works element by element keeps rows and columns and forgets what the numbers are', function()
  local mel = feature.melspectrogram(clip)
  for _, other in ipairs { mel * 2, mel:log1p(), torch.sqrt(mel), mel:clamp { min = 1e-3 } } do
    expect(#other.axes.places):equals(128)
    expect(other.axes.measure):equals 'plain'
  end
  expect(mel:clone().axes.measure):equals 'power'
  expect(mel:to('float64').axes.measure):equals 'power'
end)

test('another shape, another order of axes and other rows know nothing', function()
  local mel = feature.melspectrogram(clip)
  for _, other in ipairs { mel.T, mel['2:20'], mel:unsqueeze(1), mel:mean(2), mel:flip { 1 }, mel:softmax(1) } do
    expect(other.axes):equals(nil)
  end
  expect(torch.rand(128, 44).axes):equals(nil)
end)

test('a step that makes other rows keeps nothing of them', function()
  expect(feature.stack_memory(feature.chroma_stft(clip), { n_steps = 2 }).axes):equals(nil)
end)

test('each feature of a set knows its own rows', function()
  local frames = feature.set { feature.mfcc(), feature.chroma_stft() }(clip)
  expect(frames.mfcc.axes.rows):equals 'coefficient'
  expect(frames.chroma_stft.axes.rows):equals 'pitch class'
end)
