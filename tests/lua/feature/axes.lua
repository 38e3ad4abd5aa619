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

test('a single row is called by its feature and has the unit that it declares', function()
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

test('what works element by element keeps rows and columns, and says what the numbers are now', function()
  local mel, stft = feature.melspectrogram(clip), feature.stft(clip)
  local function measures(...)
    local words = {}
    for i, x in ipairs { ... } do
      expect(#x.axes.places):equals(x.shape[1])
      words[i] = x.axes.measure .. ' ' .. (x.axes.values or '')
    end
    return table.concat(words, ', ')
  end
  expect(measures(stft:abs():pow(2), stft:abs():square(), stft:abs() ^ 2, stft:abs() * stft:abs()))
    :equals 'power power, power power, power power, plain '
  local size = stft:abs()
  expect(measures(size * size, mel:sqrt(), mel ^ 0.5)):equals 'power power, magnitude magnitude, magnitude magnitude'
  expect(measures(mel * 2, 2 * mel, mel / mel:max(), mel + 1e-6, mel:clamp { min = 1e-3 }, mel:clone(), mel:double()))
    :equals(('power power, '):rep(6) .. 'power power')
  expect(measures(mel:log(), torch.log10(mel), (mel + 1):log() - 3))
    :equals 'plain log power, plain log10 power, plain log power'
  expect(measures(mel * -1, 1 / mel, mel - 1, 1 - mel, mel:pow(3), mel:exp(), -mel))
    :equals(('plain , '):rep(6) .. 'plain ')
  local db = feature.power_to_db(mel)
  expect(measures(db - db:max(), db + 3)):equals(('decibels %s, decibels %s'):format(db.axes.values, db.axes.values))
  expect(measures(db * 2)):equals 'plain '
end)

test('ten times log10 of power, twenty times that of magnitudes are decibels', function()
  local mel, size = feature.melspectrogram(clip), feature.stft(clip):abs()
  for _, db in ipairs { 10 * mel:log10(), torch.log10(mel):mul(10), 20 * torch.log10(size),
                        10 * (mel + 1e-9):log10() - 3, (10 * mel:log10()):clamp { min = -80 } } do
    expect(db.axes.measure .. ' ' .. db.axes.values .. ' ' .. db.axes.unit):equals 'decibels level dB'
  end
  expect((10 * mel[20]:log10()).axes.values):contains 'level at '
  expect((10 * mel:mean(2):log10()).axes.values):equals 'level of mean power'
  for _, other in ipairs { 10 * size:log10(), 20 * mel:log10(), 10 * mel:log(), 3 * mel:log10() } do
    expect(other.axes.measure):equals 'plain'
    expect(other.axes.unit):equals(nil)
  end
end)

test('a mask has rows and columns, but none of the units of what it was made of', function()
  local db = feature.power_to_db(feature.melspectrogram(clip))
  local masks = { db:gt(-20), db:isnan(), db:bool(), db:to 'bool', db:gt(-20):logical_not(), db:gt(-20)['1:9'] }
  for _, mask in ipairs(masks) do
    expect(mask.axes.measure):equals 'plain'
    expect(mask.axes.unit):equals(nil)
    expect(mask.axes.values):equals(nil)
    expect(mask.axes.rows):equals 'frequency'
  end
end)

test('rows and columns that are selected keep their places, moments as long as they lie at one distance', function()
  local mel, chroma = feature.melspectrogram(clip), feature.chroma_stft(clip)
  local places = mel.axes.places
  local function positions(...) return torch.tensor({ ... }):long() end
  for _, some in ipairs { mel:index_select(1, positions(3, 5, 6)), mel[positions(3, 5, 6)],
                          torch.index_select(mel, 1, positions(3, 5, -123)) } do
    expect(some.axes.places):equals { places[3], places[5], places[6] }
    expect(some.axes.measure .. ' ' .. some.axes.hop_length):equals 'power 512'
  end
  local mask = torch.zeros(128):bool()
  mask['3:4'] = 1
  expect(mel[mask].axes.places):equals { places[3], places[4] }
  expect(chroma:index_select(1, positions(10, 1)).axes.names):equals { 'A', 'C' }
  expect(#mel:index_select(1, positions(9, 3)).axes.names):equals(2)              -- in no order: named by their Hz
  local late = mel:index_select(2, positions(11, 13, 15)).axes
  expect(late.start):near(10 * 512 / 22050)
  expect(late.hop_length):equals(1024)
  local some = mel:index_select(2, positions(11, 13, 20)).axes
  expect(some.hop_length):equals(nil)
  expect(some.dimensions):equals { 'rows', 'other' }
  expect(some.places):equals(places)
end)

test('what stands behind each other goes on in time, or has the rows of both', function()
  local mel, chroma, mfcc = feature.melspectrogram(clip), feature.chroma_stft(clip), feature.mfcc(clip)
  local long = torch.cat({ mel, mel }, 2)
  expect(long.axes.places):equals(mel.axes.places)
  expect(long.axes.measure .. ' ' .. long.axes.hop_length):equals 'power 512'
  local halves = torch.cat({ mel['1:64'], mel['65:128'] }, 1)
  expect(halves.axes.places):equals(mel.axes.places)
  expect(#torch.cat { chroma, chroma }.axes.names):equals(24)
  local both = torch.cat({ mfcc, chroma }, 1)
  expect(both.axes.rows):equals(nil)
  expect(both.axes.values):equals(nil)
  expect(both.axes.hop_length):equals(512)
  expect(torch.cat({ mel, feature.power_to_db(mel) }, 2).axes.unit):equals(nil)
  expect(torch.cat({ mel, torch.rand(128, 3) }, 2).axes):equals(nil)
end)

test('a factor that add and sub give the other number counts', function()
  local mel, db = feature.melspectrogram(clip), feature.power_to_db(feature.melspectrogram(clip))
  expect(mel:add(1, { alpha = 5 }).axes.measure):equals 'power'
  expect(mel:add(1, { alpha = -5 }).axes.measure):equals 'plain'
  expect(torch.add(torch.tensor(1), mel, { alpha = -5 }).axes.measure):equals 'plain'
  expect(db:sub(1, { alpha = -5 }).axes.measure):equals 'decibels'
end)

test('Hz from which something was taken away are a difference, which is still in Hz', function()
  local centroid = feature.spectral_centroid(clip)
  for _, less in ipairs { centroid - centroid:mean(), centroid - 100, centroid + -100, (centroid - 100) - 100 } do
    expect(less.axes.values .. ' in ' .. less.axes.unit):equals 'difference of spectral centroid in Hz'
  end
  expect((centroid + 100).axes.values):equals 'spectral centroid'
  expect((feature.pyin(clip) - 1).axes.unit):equals(nil)
end)

test('of the rows of a pitch the first alone is in Hz', function()
  local pitch = feature.pyin(clip)
  expect(pitch.axes.unit):equals 'Hz'
  for _, part in ipairs { pitch['1:1'], pitch[':, 3:20'], pitch['1:1']:mean(2) } do
    expect(part.axes.unit):equals 'Hz'
  end
  for _, part in ipairs { pitch['2:3'], pitch['3:3'], pitch['1:2'], pitch['1:3:2'], pitch:mean(2), pitch:mean(1) } do
    expect(part.axes.unit):equals(nil)
  end
end)

test('levels that were summed up are no level', function()
  local db = feature.power_to_db(feature.melspectrogram(clip))
  expect(db:mean(2).axes.measure):equals 'decibels'
  local sum = db:sum(2).axes
  expect(sum.measure):equals 'plain'
  expect(sum.unit):equals(nil)
  expect(sum.values):equals(nil)
  expect(feature.melspectrogram(clip):sum(2).axes.values):equals 'summed power'
end)

test('a stretch of time keeps its hop and begins later, rows keep their own names', function()
  local mel, chroma = feature.melspectrogram(clip), feature.chroma_stft(clip)
  local late = mel[':, 11:30'].axes
  expect(late.start):near(10 * 512 / 22050)
  expect(late.hop_length):equals(512)
  expect(mel[':, 1:40:4'].axes.hop_length):equals(2048)
  for _, part in ipairs {
    mel['2:20'], mel:narrow(1, 2, 19), mel:slice(1, 2, 20), mel['1:20']['2:20'], mel:split(20, 1)[1]['2:20'],
  } do
    expect(part.axes.places[1]):equals(mel.axes.places[2])
  end
  expect(chroma['10:12'].axes.names):equals { 'A', 'A#', 'B' }
  expect(feature.mfcc(clip)['2:5'].axes.places):equals { 2, 3, 4, 5 }
  expect(feature.mfcc(clip)['2:5'].axes.measure):equals 'plain'         -- without the loudness
  expect(mel['2:20'].axes.measure):equals 'power'
end)

test('one row over time and one moment over rows are told by their names', function()
  local mel, pitch = feature.melspectrogram(clip), feature.pyin(clip)
  local f0 = pitch[1].axes
  expect(f0.dimensions):equals { 'time' }
  expect(f0.values .. ' in ' .. f0.unit):equals 'f0 in Hz'
  expect(f0.hop_length):equals(512)
  expect(pitch[3].axes.values):equals 'probability'
  expect(pitch[3].axes.unit):equals(nil)
  expect(mel[20].axes.values):equals(('power at %.0f Hz'):format(mel.axes.places[20]))
  expect(feature.chroma_stft(clip)[10].axes.values):contains 'pitch class A'
  expect(feature.mfcc(clip)[3].axes.values):equals 'coefficient 3'
  local moment = mel[':, 31'].axes
  expect(moment.dimensions):equals { 'rows' }
  expect(moment.values):equals 'power at 0.697 s'
  expect(moment.step):equals(nil)
  expect(moment.rate):equals(nil)
end)

test('a mean over time keeps the rows, one over rows the time', function()
  local mel = feature.melspectrogram(clip)
  for _, mean in ipairs { mel:mean(2), mel:mean(-1), mel:mean { dim = 2 }, torch.mean(mel, 2) } do
    expect(mean.axes.dimensions):equals { 'rows' }
    expect(mean.axes.places):equals(mel.axes.places)
    expect(mean.axes.measure):equals 'power'
    expect(mean.axes.values):equals 'mean power'
  end
  expect(mel:mean(1).axes.dimensions):equals { 'time' }
  expect(mel:mean(1).axes.rows):equals(nil)
  expect(mel:mean(2, { keepdim = true }).axes.dimensions):equals { 'rows', 'other' }
  local most, places = mel:max(2)
  expect(most.axes.values):equals 'greatest power'
  expect(places.axes):equals(nil)
  expect(mel:std(2).axes.measure):equals 'plain'
  expect((mel - mel:mean(2, { keepdim = true })).axes.places):equals(mel.axes.places)
end)

test('dimensions may be turned, added and taken away', function()
  local mel = feature.melspectrogram(clip)
  for _, turned in ipairs {
    mel.T, mel:t(), mel:transpose(1, 2), mel:permute { 2, 1 }, mel.T:contiguous(), feature.frames_first(mel),
  } do
    expect(turned.axes.dimensions):equals { 'time', 'rows' }
    expect(turned.axes.places):equals(mel.axes.places)
  end
  expect(mel.T.T.axes.dimensions):equals(nil)
  expect(mel:unsqueeze(1).axes.dimensions):equals { 'other', 'rows', 'time' }
  expect(feature.as_image(mel).axes.dimensions):equals { 'other', 'rows', 'time' }
  expect(mel:unsqueeze(1)[1].axes.dimensions):equals(nil)
end)

test('what is no part of it and no sum over it knows nothing', function()
  local mel = feature.melspectrogram(clip)
  for _, other in ipairs {
    mel:reshape(64, 88), mel:flip { 1 }, mel:softmax(1), mel:view(-1), mel:sum(), mel:roll(3, 2),
  } do
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

test('the unit that the words of a feature name is the one that its numbers carry', function()
  local core, seen = require('lumir.native').core, 0
  for _, name in ipairs(core.names 'feature') do
    local words = core.words(name)
    local unit = words.returns:match '^%[[^%]]+frames%] in (%S+)$'
    if unit and words.example == name .. '(clip)' then
      expect(feature[name:match '[%w_]+$'](clip).axes.unit):equals(unit)
      seen = seen + 1
    end
  end
  expect(seen >= 3 or seen):is_true()
end)
