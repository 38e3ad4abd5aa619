local lumir = require 'lumir'
local audio, torch = lumir.audio, lumir.torch

test('a clip tells its rate, length and channels', function()
  local clip = audio.sine { seconds = 0.5, rate = 16000 }
  expect(clip.rate):equals(16000)
  expect(clip.seconds):equals(0.5)
  expect(clip.length):equals(8000)
  expect(clip.channels):equals(1)
  expect(#clip):equals(8000)
end)

test('a clip prints its levels and its outline', function()
  local first = tostring(audio.sine { seconds = 1, frequency = 1000, amplitude = 0.5 }):match '^[^\n]*'
  expect(first):equals 'Clip  0:01.0 · 22,050 Hz · mono · peak -6.0 dB · rms -9.0 dB'
end)

test('samples are a tensor of channels and samples', function()
  local clip = audio.clip({ 0, 0.5, -0.25 }, { rate = 8000 })
  expect(clip.samples.shape):equals { 1, 3 }
  expect(clip.samples):near { { 0, 0.5, -0.25 } }
end)

test('a clip is made of a tensor, channel by channel', function()
  local clip = audio.clip(torch.tensor { { 1, 2, 3 }, { 4, 5, 6 } }, { rate = 10 })
  expect(clip.channels):equals(2)
  expect(clip.seconds):near(0.3)
  expect(clip:channel(2).samples):near { { 4, 5, 6 } }
end)

test('channels count from 1', function()
  local clip = audio.clip { 1, 2 }
  expect(function() clip:channel(0) end):raises "channel: 'channel' = 0 is out of range (1 to 1)"
end)

test('a part lies between two times', function()
  local clip = audio.clip({ 1, 2, 3, 4, 5 }, { rate = 1 })
  expect(clip:part(1, 3).samples):near { { 2, 3 } }
  expect(clip:part(3).samples):near { { 4, 5 } }
  expect(function() clip:part(3, 6) end):raises 'part: 3 to 6 s is not inside 0 to 5 s'
end)

test('clips are scaled and mixed', function()
  local a, b = audio.clip { 1, 2 }, audio.clip { 10, 20, 30 }
  expect((a * 0.5 + 2 * b).samples):near { { 20.5, 41, 60 } }
  expect(function() return a + audio.silence { rate = 8000 } end):raises(
    'mix: rates 22050 and 8000 Hz differ; audio.resample one of them')
end)

test('what is no clip cannot be one', function()
  expect(function() audio.clip { 1, 'two' } end):raises "clip: 'samples' must hold numbers, got 'two'"
  expect(function() audio.clip(torch.tensor { { { 1 } } }) end):raises(
    "clip: 'samples' must be [samples] or [channels, samples], got 3 dimensions")
end)

test('a misspelt field names its neighbour', function()
  local clip = audio.silence()
  expect(function() return clip.rat end):raises(
    "Clip: has no 'rat' (did you mean 'rate'?); it has channel, channels, length, part, rate, samples, seconds, write")
end)
