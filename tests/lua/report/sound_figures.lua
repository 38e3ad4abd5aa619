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
  shows(report.matrix(feature.tempogram(clip)), 'tempo (BPM)', '50', '100', '200', 'autocorrelation')
  shows(report.matrix(feature.tempogram(clip), { scale = 'linear' }), 'lag (s)', '2', '4', '6')
  shows(report.matrix(feature.fourier_tempogram(clip)), 'tempo (BPM)')
  shows(report.matrix(feature.cqt(clip)), 'frequency (Hz)', '50', '100', '1000')
end)

test('a single row is a curve with its unit, a pitch a curve above the probability of voice', function()
  local text = shows(report.matrix(feature.spectral_centroid(clip)), 'spectral centroid (Hz)', 'time (s)')
  expect(text:find('<image', 1, true)):equals(nil)
  shows(report.matrix(feature.pyin(clip)), 'f0 (Hz)', 'voiced', 'time (s)')
end)

test('a difference of frequencies is drawn below 0 and at 0, a frequency of 0 Hz is none', function()
  local rows = feature.spectral_centroid(audio.chirp { fmin = 200, fmax = 4000, seconds = 1 })
  local function points(figure)
    local count = 0
    for line in svg(figure):gmatch 'points="([^"]+)"' do
      local _, n = line:gsub('%S+', '')
      count = math.max(count, n)
    end
    return count
  end
  local whole = points(report.matrix(rows))
  expect(whole > 0 or whole):is_true()
  expect(points(report.matrix(rows - rows:mean()))):equals(whole)
  expect(points(report.matrix(rows - rows:min()))):equals(whole)
end)

test('lags are drawn as tempi whichever of them are left, and limits in s are told what they are', function()
  local tempogram = feature.tempogram(clip)
  shows(report.matrix(tempogram['10:60']), 'tempo (BPM)')
  shows(report.matrix(tempogram['10:60'], { scale = 'linear' }), 'lag (s)')
  shows(report.matrix(tempogram, { scale = 'linear', ylim = { 0, 4 } }), 'lag (s)')
  expect(function() report.matrix(tempogram, { ylim = { 0, 4 } }) end)
    :raises("show: 'ylim' = { 0, 4 } lies beyond the rows (7 to 2584 BPM); scale = 'linear' draws lags in s")
end)

test('parts and means of a spectrum are drawn in its units', function()
  local mel, pitch = feature.melspectrogram(clip), feature.pyin(clip)
  local late = shows(report.matrix(mel[':, 44:87']), 'time (s)', 'frequency (Hz)', 'level (dB)', '1.5')
  expect(late:find('>0.5</text>', 1, true)):equals(nil)
  shows(report.matrix(feature.stft(clip):abs():pow(2)), 'frequency (Hz)', 'level (dB)', '-80')
  shows(report.matrix(mel:log()), 'frequency (Hz)', 'log power')
  shows(report.matrix(feature.chroma_stft(clip)['10:12']), 'A', 'A#', 'B', 'pitch class')
  shows(report.matrix(pitch[1]), 'f0 (Hz)', 'time (s)')
  shows(report.matrix(mel:mean(2)), 'frequency (Hz)', 'level (dB)')
  shows(report.matrix(mel[':, 40']), 'frequency (Hz)', 'level at 0.906 s (dB)')
  shows(report.matrix(mel.T), 'time (s)', 'frequency (Hz)')
  shows(report.matrix(feature.as_image(mel)), 'time (s)', 'frequency (Hz)')
  shows(report.matrix(feature.chroma_stft(clip):mean(2)), 'C', 'F#', 'pitch class')
end)

test('a pitch is a line over what has its unit, never moments; moments beyond the sound are refused', function()
  local pitch = feature.pyin(clip)[1]
  local with, without = svg(report.timeline { feature.melspectrogram(clip), pitch = pitch }),
    svg(report.timeline { feature.melspectrogram(clip) })
  expect(with:find('>pitch</text>', 1, true) ~= nil):is_true()
  local _, lines = with:gsub('<polyline', '')
  local _, before = without:gsub('<polyline', '')
  expect(lines > before and lines - before <= 4):is_true()   -- the line, its edge, its sign: not 87 frames
  shows(report.timeline { clip, pitch }, 'f0 (Hz)')
  expect(function() report.timeline { clip, pitch = torch.tensor { 440, 441 } } end)
    :raises "timeline: 'pitch' must be moments in s, but all of them (from 440) lie beyond the 2 s that are shown"
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
    :raises "matrix: 'xlim' = { 2, 1 } must be two numbers, the lower one first"
  expect(function() report.show(clip, { ylim = { 1 } }) end)
    :raises "show: 'ylim' = { 1 } must be two numbers, the lower one first"
  expect(function() report.waveform(clip, { xlim = { 1, 1 } }) end)
    :raises "waveform: 'xlim' = { 1, 1 } must be two numbers, the lower one first"
  expect(function() report.show(mel, { fmin = 200, fmax = 100 }) end)
    :raises "show: 'fmax' = 100 must be above fmin = 200"
  expect(function() report.matrix(feature.mfcc(clip), { scale = 'log' }) end)
    :raises "show: 'scale' = 'log' needs rows at frequencies"
end)

test('a word of the call is merged into the axes that a tensor carries', function()
  local mel = feature.power_to_db(feature.melspectrogram(clip))
  shows(report.matrix(mel, { unit = 'dBFS' }), 'time (s)', 'frequency (Hz)', '1000', 'level (dBFS)')
  shows(report.matrix(mel, { x = 'Zeit (s)' }), 'Zeit (s)', 'frequency (Hz)', 'level (dB)')
  shows(report.matrix(mel, { y = 'height of the tone' }), 'time (s)', 'height of the tone', 'level (dB)')
  shows(report.matrix(mel, { fmax = 4000 }), 'time (s)', 'frequency (Hz)', 'level (dB)')
  local notes = { 'do', 'di', 're', 'ri', 'mi', 'fa', 'fi', 'so', 'si', 'la', 'li', 'ti' }
  shows(report.matrix(feature.chroma_stft(clip), { names = notes }), 'time (s)', 'do', 'ti')
  shows(report.matrix(feature.chroma_stft(clip), { numbers = true }), 'time (s)', 'pitch class', 'F#')
  expect(function() report.matrix(feature.chroma_stft(clip), { names = { 'do' } }) end)
    :raises 'matrix: 12 rows but 1 names'
  shows(report.matrix(feature.spectral_centroid(clip), { unit = '1/s' }), 'spectral centroid (1/s)', 'time (s)')
end)

test('a figure takes the options that it reads, and no others', function()
  local function refused(draw, beginning)
    local good, problem = pcall(draw)
    if type(problem) == 'table' then problem = problem.message end
    expect(good):equals(false)
    expect(problem):contains(beginning)
  end
  local mel, plain = feature.melspectrogram(clip), torch.rand(6, 5)
  for _, option in ipairs { 'x', 'unit', 'names', 'colours', 'frame_rate' } do
    refused(function() report.waveform(clip, { [option] = 'none' }) end, "'" .. option .. "'")
  end
  for _, option in ipairs { 'x', 'y', 'unit', 'fmin', 'fmax', 'names', 'columns', 'numbers', 'frame_rate' } do
    refused(function() report.timeline({ clip, mel }, { [option] = 'none' }) end, "'" .. option .. "'")
  end
  refused(function() report.heat(plain, plain, { colours = 'magma' }) end, "'colours'")
  refused(function() report.matrix(plain, { db = true }) end, "matrix: 'db' is for what a feature gave")
  refused(function() report.matrix(plain, { top_db = 60 }) end, "matrix: 'top_db' is for what a feature gave")
  refused(function() report.matrix(plain, { scale = 'log' }) end, "matrix: 'scale' = 'log' needs 'fmax'")
end)

test('limits hold for every figure that has axes, and those beyond its rows or its time are refused', function()
  local mel, plain = feature.melspectrogram(clip, { fmax = 4000 }), torch.rand(6, 5)
  shows(report.waveform(clip, { ylim = { -4, 4 } }), '-4', '4')
  local part = report.matrix(plain, { xlim = { 2, 3 }, ylim = { 4, 6 }, low = 10, high = 20 })
  local text = shows(part, '2', '3', '4', '6')
  expect(text:find('>1</text>', 1, true)):equals(nil)
  shows(report.matrix(feature.pyin(clip), { ylim = { 0, 7000 } }), '6000', 'voiced')
  local both = shows(report.timeline({ clip, mel, feature.chroma_stft(clip) }, { ylim = { 0, 400 } }), '200', 'A#')
  expect(both:find('>1000</text>', 1, true)):equals(nil)
  local good, problem = pcall(report.matrix, mel, { ylim = { 9000, 12000 } })
  expect(good):equals(false)
  expect(problem):contains "show: 'ylim' = { 9000, 12000 } lies beyond the rows ("
  expect(function() report.matrix(plain, { ylim = { 8, 9 } }) end)
    :raises "show: 'ylim' = { 8, 9 } lies beyond the rows (1 to 6)"
  expect(function() report.matrix(plain, { xlim = { 8, 9 } }) end)
    :raises "show: 'xlim' = { 8, 9 } lies beyond the columns (1 to 5)"
  expect(function() report.waveform(clip, { xlim = { 3, 4 } }) end)
    :raises "show: 'xlim' = { 3, 4 } lies beyond the time that is shown (0 to 2 s)"
  expect(function() report.timeline({ clip }, { ylim = { 0, 1 } }) end)
    :raises "timeline: 'ylim' is of features, and 'parts' has none"
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
  shows(figure, 'low', 'high', 'left', 'right', '0.25', '1.00', '3.00', '4.00')
  local wide = {}
  for i = 1, 12 do wide[i] = 'a column of a long name ' .. i end
  local turned = report.matrix(torch.eye(12), { columns = wide, numbers = true })
  turned = shows(turned, wide[1], wide[2], wide[12], '0', '1')
  expect(turned:find('>column</text>', 1, true)):equals(nil)
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
  expect(function() report.box { a = { 0 / 0, 1 / 0 } } end):raises 'box: there are no numbers to draw'
  expect(function() report.violin { a = {} } end):raises "violin: 'a' must be a list of numbers, got {}"
end)

test('mel filters are drawn over Hz', function()
  shows(report.mel_filters { n_mels = 8 }, 'frequency (Hz)', 'weight')
end)

test('what nothing could be drawn of, and names that do not fit, are one clear line', function()
  local none, mel = torch.full({ 3, 4 }, 0 / 0), feature.melspectrogram(clip)
  local function show(...) return pcall(report.show, ...) end
  local function refuses(message, ...) expect(tostring(select(2, show(...)))):contains(message) end
  refuses('show: there is nothing to draw: all 12 numbers are NaN or infinite', none)
  refuses('show: there is nothing to draw: all 4 numbers are NaN or infinite', none[1])
  refuses('show: there is nothing to draw: it is empty', torch.zeros(0))
  refuses('show: there is nothing to draw: it is empty', torch.zeros(0, 3))
  refuses('show: there is nothing to draw: all 11136 numbers are NaN or infinite', mel * 0 / 0)
  refuses("show: 'low' = 3 must be below 'high' = 1", torch.rand(3, 4), { low = 3, high = 1 })
  refuses("show: 'low' = 1 must be below 'high' = 1", mel, { low = 1, high = 1 })
  refuses('show: 3 rows but 2 names', torch.rand(3, 4), { names = { 'a', 'b' } })
  refuses('show: 4 columns but 1 names', torch.rand(3, 4), { columns = { 'a' } })
  expect(function() report.curve { loss = { 0 / 0, 1 / 0 } } end)
    :raises 'curve: there is nothing to draw: all 2 numbers are NaN or infinite'
  expect(function() report.heat(torch.rand(3, 4), none) end)
    :raises 'heat: there is nothing to draw: all 12 numbers are NaN or infinite'
  expect(function() report('t', { lumir.learn.SVC() }) end):raises
    'report: has no place for an Estimator; evaluate(model, data) gives the results that it shows'
end)
