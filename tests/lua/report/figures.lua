-- Figures as a recipe and the prompt meet them.
local lumir = require 'lumir'
local report, torch, audio = lumir.report, lumir.torch, lumir.audio

local function scratch(name)
  local free = os.tmpname()
  os.remove(free)
  return free .. '-' .. name
end

local function bytes(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read '*a'
  file:close()
  os.remove(path)
  return text
end

test('a figure saves itself as PNG, SVG and PDF by its ending', function()
  local figure = report.matrix(torch.rand(12, 40), { title = 'Chroma', unit = 'share' })
  expect(figure.title):equals 'Chroma'
  expect(bytes(figure:save(scratch 'x.png')):sub(2, 4)):equals 'PNG'
  expect(bytes(figure:save(scratch 'x.pdf')):sub(1, 5)):equals '%PDF-'
  local svg = bytes(figure:save(scratch 'x.svg'))
  expect(svg:find('>Chroma</text>', 1, true) ~= nil):is_true()
  expect(function() figure:save '/tmp/x.bmp' end):raises "save: 'path' = '/tmp/x.bmp' must end in .png, .svg or .pdf"
end)

test('a column of a paper is smaller than a slide', function()
  local figure = report.curve({ 3, 1, 2 }, { x = 'epoch', y = 'loss' })
  local function width(options)
    return tonumber(bytes(figure:save(scratch 'x.svg', options)):match 'width="([%d.]+)pt"')
  end
  expect(width()):equals(960)
  expect(width { medium = 'column' }):equals(245)
  expect(function() figure:save('/tmp/x.png', { medium = 'poster' }) end)
    :raises "save: 'medium' = 'poster' is none of 'slide', 'column', 'page', 'none'"
end)

test('the same figure is the same bytes', function()
  local points = torch.rand(30, 2)
  local labels = {}
  for i = 1, 30 do labels[i] = i % 3 == 0 and '邱冠銘' or 'a' end
  local function svg() return bytes(report.scatter(points, labels, { label = 'artist' }):save(scratch 'x.svg')) end
  local first = svg()
  expect(svg() == first):is_true()
  expect(first:find('>邱冠銘</text>', 1, true) ~= nil):is_true()
end)

test('rows with frequencies have an axis in Hz, columns with a rate one in seconds', function()
  local figure = report.matrix(torch.rand(64, 100), { fmax = 8000, frame_rate = 31.25, unit = 'dB' })
  local svg = bytes(figure:save(scratch 'x.svg'))
  for _, text in ipairs { 'frequency (Hz)', '1000', 'time (s)', '3.0', 'dB' } do
    expect(svg:find('>' .. text .. '</text>', 1, true) ~= nil):is_true()
  end
end)

test('several lines are named in a legend', function()
  local curve = report.curve { train = { 1, 0.5 }, validation = { x = { 1, 2 }, y = { 1.2, 0.9 } } }
  local svg = bytes(curve:save(scratch 'x.svg'))
  expect(svg:find('>train</text>', 1, true) ~= nil):is_true()
  expect(svg:find('>validation</text>', 1, true) ~= nil):is_true()
end)

test('a clip shows its waveform, a row of numbers its curve', function()
  local figure, path = report.show(audio.sine { frequency = 440, seconds = 0.1 })
  expect(bytes(path):sub(2, 4)):equals 'PNG'
  local svg = bytes(figure:save(scratch 'x.svg'))
  expect(svg:find('>time (s)</text>', 1, true) ~= nil):is_true()
  local curve, picture = report.show(torch.rand(20), { title = 'Random' })
  expect(tostring(curve)):equals 'Figure curve  Random'
  os.remove(picture)
end)

test('mistakes are said in one line', function()
  expect(function() report.show(3) end):raises "show: 'what' must be a tensor, a clip or a figure, got 3"
  expect(function() report.scatter(torch.rand(3, 2), { 'a', 'b' }) end):raises 'scatter: 3 points but 2 labels'
  expect(function() report.scatter(torch.rand(2, 4), { 'a', 'b' }) end)
    :raises "scatter: 'points' has 4 columns, must have 2 or 3"
  expect(function() report.matrix(torch.rand(4, 4), { fmx = 8000 }) end)
    :raises "matrix: unknown option 'fmx' (did you mean 'fmax'?)"
  expect(function() report.matrix(torch.rand(4, 4), { fmin = 900, fmax = 800 }) end)
    :raises "matrix: 'fmax' = 800 must be above fmin = 900"
  expect(function() report.show(torch.rand(4, 4), { fmin = 900, fmax = 800 }) end)
    :raises "show: 'fmax' = 800 must be above fmin = 900"
  expect(function() report.heat(torch.rand(4, 4), torch.rand(4, 4), { fmin = 900, fmax = 800 }) end)
    :raises "heat: 'fmax' = 800 must be above fmin = 900"
  expect(function() report.show(torch.rand(4, 4), { fmax = 800, scale = 'log' }) end)
    :raises "show: 'scale' = 'log' needs 'fmin' above 0"
  expect(function() report.show(torch.rand(4, 4), { xlim = { 2, 1 } }) end)
    :raises "show: 'xlim' = { 2, 1 } must be two numbers, the lower one first"
  expect(function() report.curve({ 1, 2 }, { ylim = { 1, 2, 3 } }) end)
    :raises "curve: 'ylim' = { 1, 2, 3 } must be two numbers, the lower one first"
  expect(function() report.curve(io.stdout) end)
    :raises 'curve: wants a number, text, a list or a table, got userdata'
end)

test('points of a space, bars, histograms and panels are figures', function()
  local function svg(figure) return bytes(figure:save(scratch 'x.svg')) end
  local space = svg(report.scatter(torch.rand(8, 3), { 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b' }, { z = 'height' }))
  expect(space):contains '>height</text>'
  expect(svg(report.bars { 'rock', 'pop', 'rock' })):contains '>2</text>'
  expect(svg(report.bars { tempo = 0.25 })):contains '>0.250</text>'
  expect(function() report.bars { tempo = 'fast' } end)
    :raises "bars: 'tempo' must be a number, or { value, low, high }, got 'fast'"
  local table = lumir.data.table {
    x = { { 1, 2 }, { 3, 4 }, { 5, 9 } }, y = { 'a', 'b', 'a' }, columns = { 'tempo', 'rms' } }
  local hist = report.hist(table, { columns = { 'r*' }, bins = 3 })
  expect(svg(hist)):contains '>rms</text>'
  expect(function() report.hist(table, { columns = { 'pitch' } }) end):raises "hist: no column is called 'pitch'"
  local importances = lumir.learn.RandomForest({ n_estimators = 3, seed = 1 }):fit(table):importances { top = 1 }
  expect(svg(report.bars(importances))):contains('>' .. importances[1].column .. '</text>')
  local tone = report.waveform(audio.sine { seconds = 0.1 }, { title = 'A tone' })
  local twice = report.panels({ hist, tone }, { title = 'Both' })
  expect(svg(twice)):contains '>A tone</text>'
  expect(function() report.panels { hist, 3 } end):raises "panels: position 2 of 'figures' is no Figure but a number"
end)

test('bars have whiskers where a number has limits, and importances those of their deviation', function()
  local function strokes(values)                                 -- without the lines of the axis
    local drawn = bytes(report.bars(values):save(scratch 'x.svg'))
    return select(2, drawn:gsub('<polyline', '')) - select(2, drawn:gsub('<polyline[^>]*stroke%-width="0%.6"', ''))
  end
  local limits = { SVM = { value = 0.8, low = 0.7, high = 0.85 }, forest = { value = 0.6, low = 0.5, high = 0.75 } }
  local bare = strokes { SVM = { value = 0.8 }, forest = 0.6 }
  expect(bare):equals(strokes { SVM = 0.8, forest = 0.6 })
  expect(strokes(limits)):equals(bare + 6)                       -- a line and two ends for each
  expect(strokes { SVM = limits.SVM, forest = 0.6 }):equals(bare + 3)
  local rows = { { column = 'a', importance = 0.3, std = 0.1 }, { column = 'b', importance = 0.2, std = 0 } }
  expect(strokes(rows)):equals(bare + 3)
  expect(function() report.bars { SVM = 0.5, forest = 0 / 0 } end)
    :raises "bars: 'forest' must have finite numbers, got nan"
  expect(function() report.bars { SVM = { value = 1, low = 0, high = 1 / 0 } } end)
    :raises "bars: 'SVM' must have finite numbers, got inf"
  expect(function() report.bars(io.stdout) end)
    :raises 'bars: wants a number, text, a list or a table, got userdata'
  expect(function() report.bars { SVM = { value = 0.8, low = 0.7 } } end):raises
    "bars: 'SVM' must have both low and high, or neither, got { low = 0.7, value = 0.8 }"
  expect(function() report.bars { SVM = { value = 0.8, low = 0.9, high = 1 } } end):raises
    "bars: 'SVM' must have its value between low and high, got { high = 1, low = 0.9, value = 0.8 }"
end)

test('points take their classes from a table, or from an option', function()
  local rows = lumir.data.table { x = { { 1, 2 }, { 3, 4 }, { 5, 7 } }, y = { 'rock', 'pop', 'rock' } }
  local function svg(...) return bytes(report.scatter(rows.x, ...):save(scratch 'x.svg')) end
  local by_list = svg({ 'rock', 'pop', 'rock' })
  expect(svg(rows) == by_list):is_true()
  expect(svg { colour = rows.labels } == by_list):is_true()
  expect(function() report.scatter(rows.x, { colour = { 'a' } }) end):raises 'scatter: 3 points but 1 labels'
end)

test('clips show sound in four ways, each called by its label', function()
  local folder = scratch 'clips'
  for i, genre in ipairs { 'low', 'high' } do
    local tone = audio.sine { frequency = 300 * i, seconds = 1, rate = 16000 }
    tone:write(('%s/%s/%d.wav'):format(folder, genre, i))
  end
  local songs = lumir.data.folder(folder, { layout = '{genre}/{track}', label = 'genre' })
  local figures = report.clips(songs, { rate = 16000, seconds = 1, n_mels = 20 })
  local titles = {}
  for i, figure in ipairs(figures) do titles[i] = figure.title end
  expect(titles):equals { 'Waveforms', 'Spectrograms', 'Mel filters', 'Mel spectrograms' }
  local svg = bytes(figures[4]:save(scratch 'x.svg'))
  for _, text in ipairs { 'high', 'low' } do expect(svg:find('>' .. text .. '</text>', 1, true) ~= nil):is_true() end
  expect(function() report.clips(songs, { rate = 1 }) end):raises "clips: 'rate' = 1 is out of range (1000 to 384000)"
  shell('rm -r ' .. folder)
end)
