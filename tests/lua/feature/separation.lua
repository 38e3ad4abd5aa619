-- Harmonic-percussive separation as users call it: two clips, or two moments of each.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local tone = audio.sine { frequency = 440, seconds = 1, rate = 22050 }

test('a tone is harmonic, so little of it is percussive', function()
  local whole = feature.harmony(tone)
  expect(whole.harmony_var):near(0.5, { relative = 0.02 })
  expect(feature.perceptr(tone).perceptr_var):below(0.005)
end)

test('harmonic and percussive are clips as long as the clip, at its rate', function()
  local tones = feature.harmonic(tone, { margin = { 1, 5 } })
  expect(tones.length):equals(tone.length)
  expect(tones.rate):equals(22050)
  expect(feature.percussive(tone).length):equals(tone.length)
end)

test('separation is a step of a chain', function()
  local step = lumir.chain { feature.harmonic { kernel_size = 17 }, feature.rms() }
  expect(step(tone).shape):equals { 1, 44 }
end)

test('a kernel that is no size is an error that says what it may be', function()
  expect(function() feature.harmonic(tone, { kernel_size = 'long' }) end):raises(
    "harmonic: 'kernel_size' = 'long' must be an integer of 1 to 4095, or a list of two")
end)

test('what repeats and what does not are two clips that are the clip together', function()
  local long = audio.sine { frequency = 440, seconds = 3, rate = 22050 }
  for _, separate in ipairs { feature.repet, feature.repet_sim } do
    local voice, music = separate(long, { part = 'foreground' }), separate(long, { part = 'background' })
    expect((voice.samples + music.samples - long.samples):abs():max():item()):below(1e-5)
  end
end)

test('a clip too short for three periods is an error that says how long it must be', function()
  expect(function() feature.repet(audio.sine { frequency = 440, seconds = 1, rate = 22050 }) end):raises(
    "repet: three repetitions of 'min_period' = 0.8 s need a clip of 2.4 s, got 1 s")
end)
