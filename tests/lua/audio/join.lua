local lumir = require 'lumir'
local audio = lumir.audio

local function clip(samples) return audio.clip(samples, { rate = 2 }) end

test('clips are mixed with gains and starts of their own', function()
  local out = audio.mix({ clip { 1, 2, 3 }, clip { 10, 10 } }, { gains = { 0, 20 }, starts = { 0, 1 } })
  expect(out.samples):near { { 1, 2, 103, 100 } }
  expect(audio.mix({ clip { 1, 2 }, clip { 4 } }).samples):near { { 5, 2 } }
end)

test('clips follow one another, with gaps or fades', function()
  local a, b = clip { 1, 1, 1, 1 }, clip { 3, 3, 3, 3 }
  expect(audio.concatenate({ a, b }).samples):near { { 1, 1, 1, 1, 3, 3, 3, 3 } }
  expect(audio.concatenate({ a, b }, { gap = 1 }).samples):near { { 1, 1, 1, 1, 0, 0, 3, 3, 3, 3 } }
  expect(audio.concatenate({ a, b }, { crossfade = 1 }).samples):near { { 1, 1, 1.5, 2.5, 3, 3 } }
  expect(audio.concatenate({ a }).samples):near { { 1, 1, 1, 1 } }
end)

test('what cannot be joined is said in one line', function()
  expect(function() audio.mix({ clip { 1 }, audio.silence() }) end):raises
    'mix: rates 2 and 22050 Hz differ; audio.resample one of them'
  expect(function() audio.concatenate({}) end):raises 'concatenate: needs at least one clip'
  expect(function() audio.mix({ clip { 1 }, 'x' }) end):raises "mix: 'clips' must hold clips, got text at position 2"
  expect(function() audio.mix(clip { 1 }) end):raises "mix: 'clips' must be a list of clips, got Clip"
  expect(function() audio.mix({ clip { 1 } }, { gains = { 1, 2 } }) end):raises "mix: 'gains' has 2 numbers for 1 clips"
  expect(function() audio.concatenate({ clip { 1 }, clip { 1, 1, 1 } }, { crossfade = 1 }) end):raises
    'concatenate: clip 1 is shorter than what fades of it'
  expect(function() audio.concatenate({ clip { 1 } }, { crossfade = 1, gap = 1 }) end):raises
    "concatenate: 'gap' and 'crossfade' exclude each other; give one of them"
end)

test('lengths are fixed in seconds or samples, with silence or again', function()
  expect(audio.fix_length(clip { 1, 2, 3 }, { samples = 5 }).samples):near { { 1, 2, 3, 0, 0 } }
  expect(audio.fix_length(clip { 1, 2, 3 }, { seconds = 4, fill = 'repeat' }).samples)
    :near { { 1, 2, 3, 1, 2, 3, 1, 2 } }
  expect(audio.fix_length(clip { 1, 2, 3 }, { seconds = 1 }).samples):near { { 1, 2 } }
end)

test('a clip is normalised to a peak, a level or a loudness', function()
  local tone = audio.sine { frequency = 997, seconds = 3, rate = 48000 }
  expect(audio.loudness(tone)):near(-3.01, { absolute = 0.01 })
  local quiet = audio.normalize(tone, { loudness = -23 })
  expect(audio.loudness(quiet)):near(-23, { absolute = 1e-3 })
  expect(audio.normalize(tone, { rms = -20 }).samples:pow(2):mean():item()):near(0.01, { relative = 1e-4 })
  expect(audio.loudness(audio.silence())):equals(-math.huge)
  expect(function() audio.normalize(tone, { rms = -20, loudness = -20 }) end):raises
    "normalize: 'rms' and 'loudness' exclude each other; give one of them"
end)
