-- Rows of a chroma are notes, under librosa's names.

local lumir = require 'lumir'
local audio, feature = lumir.audio, lumir.feature

local clip = audio.sine { frequency = 440, seconds = 1, rate = 22050 }

test('the rows of a chroma are named after notes', function()
  local notes = 'C C# D D# E F F# G G# A A# B'
  for _, name in ipairs { 'chroma_stft', 'chroma_cqt', 'chroma_cens' } do
    local got = lumir.chain { feature.set { feature[name] { tuning = 0 } }, feature.summary { 'mean' } } (clip)
    local wanted = {}
    for note in notes:gmatch '%S+' do table.insert(wanted, ('%s_%s_mean'):format(name, note)) end
    expect(got.names):equals(wanted)
    for _, other in ipairs(wanted) do expect(got[name .. '_A_mean'] >= got[other]):is_true() end
  end
end)

test('a chroma that begins with A says so, and other numbers of classes are numbered', function()
  local function means(options)
    return lumir.chain { feature.set { feature.chroma_stft(options) }, feature.summary { 'mean' } } (clip)
  end
  local from_a = means { tuning = 0, base_c = false }
  expect(from_a.names[1]):equals 'chroma_stft_A_mean'
  expect(from_a.names[4]):equals 'chroma_stft_C_mean'
  expect(from_a.chroma_stft_A_mean):near(means { tuning = 0 }.chroma_stft_A_mean, { relative = 1e-5 })
  expect(means { n_chroma = 24 }.names[24]):equals 'chroma_stft_24_mean'
end)

test('a lowest pitch without end is refused', function()
  for _, name in ipairs { 'chroma_cqt', 'chroma_cens' } do
    expect(function() feature[name](clip, { fmin = math.huge }) end)
      :raises(name .. ": 'fmin' = inf is out of range (must be above 0, at most 1000000)")
  end
end)
