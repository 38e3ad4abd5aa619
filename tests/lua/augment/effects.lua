local lumir = require 'lumir'
local audio, augment = lumir.audio, lumir.augment

local function loudness(clip) return clip.samples:pow(2):mean():sqrt():item() end

test('a recording of noise whose name no file can have is told in one line', function()
  expect(function() lumir.augment.noise(lumir.audio.sine { seconds = 0.1 }, { files = { '\0' } }) end)
    :raises [[noise: 'files' = '\0' holds a zero byte]]
end)

test('an effect of audio takes numbers, the same of augment ranges too', function()
  local clip = audio.sine { amplitude = 0.5 }
  expect(loudness(audio.gain(clip, { db = -20 }))):near(loudness(clip) / 10, { relative = 1e-5 })
  local drawn = loudness(augment.gain(clip, { db = { -20, 0 } })) / loudness(clip)
  expect(drawn):above(0.0999)
  expect(drawn):below(1.0001)
  expect(function() audio.gain(clip, { db = { -20, 0 } }) end):raises "gain: 'db' must be a number, got { -20, 0 }"
end)

test('the same seed draws the same, another one does not', function()
  local clip = audio.sine()
  local noisy = augment.noise { snr = { 0, 30 } }
  lumir.seed(7)
  local first = noisy(clip).samples
  lumir.seed(7)
  expect((noisy(clip).samples - first):abs():max():item()):equals(0)
  lumir.seed(8)
  expect((noisy(clip).samples - first):abs():max():item()):above(0)
  lumir.seed(0)
end)

test('calls in a row differ, and come again with the seed', function()
  local clip = audio.sine()
  local quieter = augment.gain { db = { -20, 0 } }
  local function three()
    lumir.seed(3)
    local found = {}
    for i = 1, 3 do found[i] = loudness(i == 2 and augment.gain(clip, { db = { -20, 0 } }) or quieter(clip)) end
    return found
  end
  local found = three()
  expect(math.abs(found[1] - found[2])):above(1e-4)
  expect(math.abs(found[2] - found[3])):above(1e-4)
  expect(three()):equals(found)
  lumir.seed(0)
end)

test('copies are a list, and a chain describes each of them', function()
  local clip = audio.sine { seconds = 3 }
  local steps = { augment.crop { seconds = 1 }, augment.gain { db = { -12, 0 } } }
  local versions = augment.copies(3, steps)(clip)
  expect(#versions):equals(3)
  expect(versions[3].seconds):equals(1)
  local chain = lumir.chain { augment.copies(2, steps), audio.fix_length { seconds = 2 }, lumir.feature.rms() }
  local described = chain(clip)
  expect(#described):equals(2)
  expect(described[1].shape):equals { 1, 87 }
end)

test('a step prints its ranges', function()
  expect(tostring(augment.gain { db = { -12, 6 } })):equals 'gain { db = { -12, 6 } }'
  expect(tostring(augment.copies(2, { augment.noise() }))):equals 'copies { n = 2, steps = { noise } }'
end)

test('copies say what they take', function()
  expect(function() augment.copies { augment.noise() } end):raises "copies: 'n' must be an integer, got a list"
  expect(function() augment.copies(0, { augment.noise() }) end):raises "copies: 'n' = 0 is out of range (1 to 1048576)"
  expect(function() augment.copies(2) end):raises "copies: 'steps' is missing (what makes each of them, in order)"
  expect(function() augment.copies(2, {}) end):raises "copies: 'steps' needs at least one step"
end)

test('a profile of its own name degrades a clip', function()
  local clip = audio.sine { seconds = 1, amplitude = 0.1 }
  expect(augment.degrade(clip, { profile = 'vinyl' }).samples:abs():max():item()):near(1, { absolute = 1e-6 })
  expect(function() augment.degrade { profile = 'vinyll' } end):raises(
    "degrade: 'profile' = 'vinyll' is none of 'live', 'radio', 'smartphone', 'smartphone_recording', 'mp3', 'vinyl'" ..
      " (did you mean 'vinyl'?)")
end)

test('what is no clip is refused', function()
  expect(function() augment.noise('song.mp3', { snr = 3 }) end):raises 'noise: takes a clip, got a path'
  expect(function() audio.reverb('song.mp3', { mix = 1 }) end):raises 'reverb: takes a clip, got a path'
end)
