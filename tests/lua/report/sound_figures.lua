-- Pictures of sound and features, by the axes that tensors carry.
local lumir = require 'lumir'
local report, torch, audio, feature = lumir.report, lumir.torch, lumir.audio, lumir.feature

local clip = audio.sine { frequency = 440, seconds = 2, rate = 22050 }

local function svg(figure, options)
  local path = os.tmpname() .. '.svg'
  figure:save(path, options)
  local file = assert(io.open(path, 'rb'))
  local text = file:read '*a'
  file:close()
  os.remove(path)
  return text
end

local function shows(figure, ...)
  local text = svg(figure)
  for _, line in ipairs { ... } do
    if not text:find('>' .. line:gsub('%p', '%%%0') .. '</text>') then error("'" .. line .. "' is not shown") end
  end
  return text
end

test('a spectrogram is drawn in seconds, Hz and decibels below its loudest number', function()
  local figure = report.matrix(feature.melspectrogram(clip))
  shows(figure, 'time (s)', 'frequency (Hz)', '1000', 'level (dB)', '0', '-80')
  shows(report.matrix(feature.melspectrogram(clip), { db = false }), 'power')
  shows(report.matrix(feature.stft(clip)), 'frequency (Hz)', 'level (dB)')
end)

test('rows that lie evenly have even ticks', function()
  local text = svg(report.matrix(feature.spectrogram(clip)))
  for _, tick in ipairs { 2000, 4000, 6000, 8000, 10000 } do
    expect(text:find('>' .. tick .. '</text>', 1, true) ~= nil):is_true()
  end
  expect(text:find('>5000</text>', 1, true)):equals(nil)
end)

test('notes, coefficients, lags and tempi are called by their names', function()
  shows(report.matrix(feature.chroma_stft(clip)), 'pitch class', 'C', 'F#', 'B')
  shows(report.matrix(feature.mfcc(clip)), 'coefficient', '1', '20')
  shows(report.matrix(feature.tempogram(clip)), 'lag (s)', 'autocorrelation')
  shows(report.matrix(feature.fourier_tempogram(clip)), 'tempo (BPM)')
  shows(report.matrix(feature.cqt(clip)), 'frequency (Hz)', '50', '100', '1000')
end)

test('a single row is a curve with its unit, a pitch a curve above the probability of voice', function()
  local text = shows(report.matrix(feature.spectral_centroid(clip)), 'spectral centroid (Hz)', 'time (s)')
  expect(text:find('<image', 1, true)):equals(nil)
  shows(report.matrix(feature.pyin(clip)), 'f0 (Hz)', 'voiced', 'time (s)')
end)

test('the first coefficient of a cepstrum does not spread the colours', function()
  local rows = torch.rand(5, 40)
  local bar = svg(report.matrix(feature.mfcc(clip, { n_mfcc = 5 }), {}))
  expect(bar:find('>-600</text>', 1, true)):equals(nil)
  expect(rows.axes):equals(nil)
end)

test('a plain tensor stays rows and columns, and words of the call win over what a tensor knows', function()
  shows(report.matrix(torch.rand(4, 6)), 'row', 'column')
  shows(report.matrix(feature.melspectrogram(clip), { x = 'frame', y = 'band' }), 'frame', 'band')
end)

test('limits, scales and colours are options', function()
  local mel = feature.melspectrogram(clip)
  local text = svg(report.matrix(mel, { ylim = { 0, 2000 }, xlim = { 0.5, 1 } }))
  expect(text:find('>5000</text>', 1, true)):equals(nil)
  expect(text:find('>0.5', 1, true) ~= nil):is_true()
  shows(report.matrix(feature.spectrogram(clip), { scale = 'log' }), '50', '100', '1000')
  expect(svg(report.matrix(mel, { colours = 'magma' })) ~= svg(report.matrix(mel))):is_true()
  expect(function() report.matrix(mel, { colours = 'jet' }) end)
    :raises "matrix: 'colours' = 'jet' is none of 'viridis', 'magma', 'cividis', 'grey', 'blues', 'diverging'"
  expect(function() report.matrix(mel, { xlim = { 2, 1 } }) end)
    :raises "'xlim' must be two numbers, the lower one first"
  expect(function() report.matrix(feature.mfcc(clip), { scale = 'log' }) end)
    :raises "show: 'scale' = 'log' needs rows at frequencies"
end)

test('a page of a paper is 7 inches wide', function()
  local figure = report.matrix(feature.melspectrogram(clip), { size = 'page' })
  expect(svg(figure):match 'width="([%d.]+)pt"'):equals '504'
  expect(svg(figure, { medium = 'column' }):match 'width="([%d.]+)pt"'):equals '245'
end)

test('panels share one axis of time, and beats and a pitch lie over them', function()
  local beats = torch.tensor { 0.5, 1.0, 1.5 }
  local figure = report.timeline({
    clip, feature.melspectrogram(clip), feature.rms(clip), beats = beats, f0 = feature.pyin(clip),
  }, { title = 'A tone' })
  local text = shows(figure, 'A tone', 'waveform', 'melspectrogram', 'rms', 'beats', 'f0', 'time (s)')
  local _, times = text:gsub('>time %(s%)</text>', '')
  expect(times):equals(1)
  expect(svg(figure) == text):is_true()
end)

test('what is no sound and what is nothing over time is refused', function()
  expect(function() report.timeline { torch.rand(3, 4) } end)
    :raises("timeline: position 1 of 'parts' must be a clip or what a feature gave (a tensor that has .axes), "
      .. 'got Tensor')
  expect(function() report.timeline { clip, beats = 3 } end)
    :raises "timeline: 'beats' must be moments in s (a tensor of one dimension) or a feature of one row, got number"
  expect(function() report.timeline {} end):raises 'show: there is nothing to draw over time'
end)

test('a heat map has names on both sides and a number on each cell', function()
  local figure = report.matrix(torch.tensor { { 0.25, 1 }, { 3, 4 } },
    { names = { 'low', 'high' }, columns = { 'left', 'right' }, numbers = true, colours = 'blues' })
  shows(figure, 'low', 'high', 'left', 'right', '0.25', '1', '3', '4')
end)

test('a curve may have a band about it, and limits', function()
  local figure = report.curve({ mean = { y = { 1, 2, 3 }, low = { 0, 1, 2 }, high = { 2, 3, 4 } } },
    { ylim = { 0, 10 } })
  local text = shows(figure, '10')
  expect(text:find('<polygon', 1, true) ~= nil):is_true()
end)

test('boxes and violins stand for lists of numbers by name and for the classes of a column', function()
  local lists = { SVM = { 0.7, 0.8, 0.75, 0.2 }, forest = { 0.5, 0.6, 0.55 } }
  shows(report.box(lists, { x = 'accuracy' }), 'SVM', 'forest', 'accuracy')
  shows(report.violin(lists, { x = 'accuracy' }), 'SVM', 'forest', 'accuracy')
  expect(function() report.box { SVM = 3 } end):raises "box: 'SVM' must be a list of numbers, got 3"
end)

test('mel filters are drawn over Hz', function()
  shows(report.mel_filters { n_mels = 8 }, 'frequency (Hz)', 'weight')
end)
