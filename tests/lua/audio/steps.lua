local lumir = require 'lumir'
local audio = lumir.audio

local function written(name, clip)
  local path = os.tmpname()
  os.remove(path)
  return clip:write(path .. name)
end

test('a written clip loads again, at the rate that load is asked for', function()
  local path = written('.wav', audio.sine { seconds = 1, rate = 16000, amplitude = 0.5 })
  local clip = audio.load(path)
  expect(clip.rate):equals(22050)
  expect(clip.length):equals(22050)
  expect(audio.load(path, { rate = 'none' }).rate):equals(16000)
  expect(audio.load(path, { rate = 8000, offset = 0.25, duration = 0.5 }).length):equals(4000)
  expect(audio.probe(path).codec):equals 'pcm_s16le'
  expect(audio.probe(path).seconds):equals(1)
  os.remove(path)
end)

test('a missing file is one line without a place in the recipe', function()
  local good, problem = pcall(audio.load, 'nowhere/none.mp3')
  expect(good):equals(false)
  expect(tostring(problem)):contains 'nowhere/none.mp3: No such file or directory'
end)

test('steps join into chains', function()
  local chain = lumir.chain { audio.trim { top_db = 40 }, audio.resample { rate = 8000 }, audio.normalize() }
  local out = chain(audio.sine { seconds = 1, amplitude = 0.25 })
  expect(out.rate):equals(8000)
  expect(out.samples:max():item()):near(1, { absolute = 1e-3 })
  expect(tostring(chain)):equals 'trim { top_db = 40 } -> resample { rate = 8000 } -> normalize'
end)

test('resampling keeps a tone', function()
  local out = audio.resample(audio.sine { seconds = 1, frequency = 1000 }, { rate = 8000, quality = 'sinc_best' })
  local middle = out:part(0.25, 0.75)
  expect(middle.samples:max():item()):near(1, { absolute = 1e-3 })
  expect(out.seconds):equals(1)
end)

test('excerpts are a list of clips', function()
  local pieces = audio.excerpts(audio.silence { seconds = 1 }, { seconds = 0.4, hop = 0.2 })
  expect(#pieces):equals(4)
  expect(pieces[4].seconds):near(0.4)
end)

test('clicks come at the times given', function()
  local clip = audio.clicks { times = { 0.5 }, seconds = 1, rate = 1000 }
  expect(clip:part(0, 0.5).samples:max():item()):equals(0)
  expect(clip:part(0.5, 0.6).samples:abs():max():item()):above(0)
end)

test('a misspelt option names its neighbour', function()
  expect(function() audio.sine { frequncy = 1 } end)
    :raises("sine: unknown option 'frequncy' (did you mean 'frequency'?); "
      .. "its options are seconds, rate, frequency, amplitude, phase")
  expect(function() audio.load { rat = 1 } end)
    :raises "load: unknown option 'rat' (did you mean 'rate'?); its options are rate, mono, offset, duration"
end)

test('a step says what it takes', function()
  expect(function() audio.resample('song.mp3', { rate = 8000 }) end):raises 'resample: takes a clip, got a path'
end)
