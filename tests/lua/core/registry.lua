-- Every registered name says what it is, and its example runs.

local lumir = require 'lumir'
local core = require('lumir.native').core

--- What examples may use beside the modules, each called as in the help of its type: sound and where it lies (`clip`,
-- a file `path`, corpora at `root`, `genres` and `archive`, `tables` of features, IDs in `folder`, a `file` to be
-- written, a `place` for more), what features make of it (`step`, `frames`, `description`), rows (`songs`,
-- `unlabelled`, `table`, `folds`, `sample`), two models of them, their `results` and a `figure`, the csv files
-- `submission` and `truth`, and tensors `x`, `y` and, with a gradient, `w`; a network `net` with its `summary`,
-- `batches` of the table; an optimiser `adamw` of `w`, its schedule `cosine`, averages `averaged` of `w`, and `mixup`.
local function surroundings()
  local env = { lumir = lumir, print = function() end, ipairs = ipairs, math = math, pcall = pcall }
  for name, module in pairs(lumir) do                       -- order does not matter: each goes to its own name
    if env[name] == nil then env[name] = module end
  end
  local audio, data, feature, learn, torch = lumir.audio, lumir.data, lumir.feature, lumir.learn, lumir.torch
  env.clip = audio.sine { frequency = 440, seconds = 2, rate = 22050 }
  env.place = os.tmpname()
  os.remove(env.place)
  local place = env.place
  env.root, env.folder, env.path = place .. '/corpus', place .. '/unlabelled', place .. '/unlabelled/0001.wav'
  env.file = place .. '/made.wav'
  for i, album in ipairs { 'abba/first', 'abba/second', 'queen/first', 'queen/second', 'u2/first', 'u2/second' } do
    local song = audio.sine { frequency = 200 + 50 * i, seconds = 1, rate = 8000 }
    song:write(('%s/%s/0%d.wav'):format(env.root, album, i))
  end
  env.clip:write(env.path)
  env.genres, env.archive = place .. '/genres', place .. '/fma'
  env.clip:write(env.genres .. '/blues/blues.00000.wav')
  env.clip:write(env.genres .. '/rock/rock.00000.wav')
  core.write_file(env.archive .. '/fma_metadata/tracks.csv', ',artist,set,set,track\n,name,split,subset,genre_top\n'
    .. 'track_id,,,,\n2,AWOL,training,small,Hip-Hop\n3,Kurt Vile,test,small,Rock\n')
  core.write_file(env.archive .. '/fma_metadata/features.csv',
    'feature,mfcc\nstatistics,mean\nnumber,01\ntrack_id,\n2,1\n3,2\n')
  env.tables = data.sample('gtzan_features', { folder = place .. '/tables', tracks = 2 }).path
  env.clip:write(env.archive .. '/fma_medium/000/000002.wav')
  env.clip:write(env.archive .. '/fma_medium/000/000003.wav')

  local set = feature.set { feature.rms(), feature.mfcc { n_mfcc = 2 } }
  local describe = lumir.chain { audio.load(), set, feature.summary { 'mean', 'std' } }
  env.step, env.frames, env.description = feature.mfcc(), set(env.clip), describe(env.path)
  env.songs = data.artist20(env.root):map(describe)
  env.table, env.folds = env.songs:table(), env.songs:folds { folds = 2 }
  env.sample = data.sample('artist20', {
    folder = place .. '/sample', artists = 2, albums = 2, songs = 1, shortest = 5, longest = 5, unlabelled = 0,
  })
  env.model = learn.KNeighbors { n_neighbors = 1 }:fit(env.table)
  env.other = learn.KNeighbors { n_neighbors = 3 }:fit(env.table)
  env.results = lumir.evaluate.compare({ SVM = env.model, ['k-NN'] = env.other }, env.table)
  env.figure = lumir.report.comparison(env.results)
  env.unlabelled = data.files(env.folder):map(describe)
  env.submission, env.truth = place .. '/submission.csv', place .. '/truth.csv'
  core.write_file(env.submission, '1,abba,queen,u2\n')
  core.write_file(env.truth, '1,abba\n')
  env.x, env.y = torch.tensor { { 1, 2 }, { 3, 4 } }, torch.ones(2, 2)
  env.w = torch.tensor({ 1, 2 }, { requires_grad = true })
  env.adamw = lumir.optim.AdamW({ env.w })
  env.cosine = lumir.optim.CosineAnnealingLR(env.adamw, { T_max = 10 })
  env.averaged = lumir.optim.AveragedModel { env.w }
  env.scaler = lumir.optim.GradScaler()
  env.net = lumir.nn.Sequential { lumir.nn.Linear(2, 2), lumir.nn.ReLU() }
  env.summary = lumir.nn.summary(env.net, { 4, 2 })
  env.batches = env.table:batches { batch_size = 2 }
  env.mixup = lumir.augment.Mixup { n_classes = 2 }
  return env, function()
    local run = lumir.report.folder()
    os.execute(("rm -rf '%s' '%s'; rmdir -p --ignore-fail-on-non-empty '%s'"):format(place, run, run:match '^(.*)/'))
  end
end

--- Lumir's own names; tests of the engine register some of theirs, examples of lumir.doc some too.
local function names()
  local found = {}
  for _, name in ipairs(core.names()) do
    local file = core.words(name).file
    if not name:find '^testing%.' and (file:find '^engine/' or file:find '^lua/') then found[#found + 1] = name end
  end
  return found
end

--- Every function of every module and every member of every type, as Lua sees them. Operators have schemas of their
-- own.
local function visible()
  local found, operator = core.members(), {}
  for _, name in ipairs(lumir.torch.names()) do operator[name] = true end
  for module, value in pairs(lumir) do
    if type(value) == 'table' then
      for name, inner in pairs(value) do
        if type(inner) == 'table' then                      -- a module inside a module: nn.init
          for deeper in pairs(inner) do found[#found + 1] = ('%s.%s.%s'):format(module, name, deeper) end
        elseif module ~= 'torch' or not operator[name] or core.described('torch.' .. name) then
          found[#found + 1] = module .. '.' .. name
        end
      end
      if rawget(getmetatable(value), '__call') then found[#found + 1] = module .. '.__call' end
    else
      found[#found + 1] = 'lumir.' .. module
    end
  end
  table.sort(found)
  return found
end

test('whatever a user can call or read has words', function()
  local without = {}
  for _, name in ipairs(visible()) do
    if not core.described(name) then without[#without + 1] = name end
  end
  expect(table.concat(without, ' ')):equals ''
end)

test('an entry without summary, returns or example is a mistake, a function without its source too', function()
  local missing, is_type = {}, {}
  for _, name in ipairs(core.types()) do is_type[name] = true end
  for _, name in ipairs(names()) do
    local words = core.words(name)
    for _, what in ipairs { 'summary', 'returns', 'example', 'source' } do
      local may_lack = what == 'source' and is_type[name:match '^[^.]+']
      if words[what] == '' and not may_lack then missing[#missing + 1] = name .. ': ' .. what end
    end
  end
  expect(missing):equals {}
end)

test('every example runs', function()
  local broken = {}
  local env, clean = surroundings()
  for _, name in ipairs(names()) do
    local example = core.words(name).example
    local chunk, problem = loadstring('return ' .. example)
    if not chunk then chunk, problem = loadstring(example) end
    local good = chunk ~= nil
    local first, second
    if chunk then
      good, first, second = pcall(setfenv(chunk, env))
      problem = first
    end
    if name == 'report.show' then os.remove(second) end          -- what lies beside the run's folder
    if name == 'report.submission' then os.remove(first) end
    if not good then broken[#broken + 1] = ('%s: %s (%s)'):format(name, example, tostring(problem)) end
  end
  clean()
  expect(table.concat(broken, '\n')):equals ''
end)

test('help of a member says how it is written, of a type and of a module what is in them', function()
  local text = core.help 'Clip.part'
  expect(text):contains 'clip:part(start, stop) -> a Clip of [channels, samples]\n'
  expect(text):contains 'start   number   where it begins, s'
  expect(text):contains 'Written   lua/api/audio.cpp'
  expect(core.help 'Clip.rate'):contains 'clip.rate -> an integer, Hz\n'
  expect(core.help 'Clip.__add'):contains 'clip + clip -> a Clip, as long as the longer one\n'
  expect(core.help 'Clip'):contains 'Clip\n  Sound: samples of one or more channels, and their rate.\n'
  expect(core.help 'Clip'):contains '    clip:write(path, options)   Writes it as an audio file'
  expect(core.help 'audio'):contains '    audio.sine(options)'
  expect(core.help 'report.__call'):contains 'report(title, parts) -> a table'
  expect(core.help 'lumir.version'):contains 'lumir.version -> text'
end)

test('arguments are checked as they are declared', function()
  local clip = lumir.audio.silence { seconds = 1 }
  expect(function() clip:part() end):raises "part: 'start' must be a number, got nothing"
  expect(function() clip:part(0, 1, 2) end):raises 'part: takes at most 2 arguments, got 3'
  expect(function() clip:channel(1.5) end):raises "channel: 'channel' must be an integer, got 1.5"
  expect(function() clip.part(0, 1) end):raises 'part: argument 1 must be Clip, got 0'
  expect(function() lumir.audio.probe(3) end):raises "probe: 'path' must be text, got 3"
  expect(function() lumir.threads(0) end):raises "threads: 'threads' = 0 is out of range (1 to 1024)"
end)

test('a function that is written in Lua has words like the others', function()
  lumir.doc {
    name = 'testing.loudest',
    summary = 'The loudest sample of a clip.',
    returns = 'a number, full scale is 1',
    example = 'testing.loudest(clip)',
    parameters = {
      { name = 'clip', type = 'Clip', text = 'the sound' },
      { name = 'channel', type = 'integer', text = 'in which it is sought', default = 1 },
    },
  }
  local text = core.help 'loudest'
  expect(text):contains 'testing.loudest(clip, options) -> a number, full scale is 1\n  The loudest sample of a clip.\n'
  expect(text):contains 'channel = 1      in which it is sought'
  expect(function() lumir.doc { name = 'loudest', summary = 'x' } end)
    :raises "doc: 'name' = 'loudest' needs a module before it: 'mine.loudest'"
  expect(function() lumir.doc { name = 'audio.sine', summary = 'x' } end)
    :raises "doc: 'audio.sine' is described already in engine/audio/sine.cpp"
end)

test('a function that is described anew in its file, as one that was edited and loaded again, is read by the new words',
  function()
    local function describe(summary, option)
      return lumir.doc {
        name = 'testing.edited', summary = summary,
        parameters = { { name = option, type = 'number', text = summary, default = 1 } },
      }
    end
    expect(describe('As it was.', 'count')()):equals { count = 1 }
    local read = describe('As it is.', 'width')
    expect(read { width = 2 }):equals { width = 2 }
    expect(function() read { count = 2 } end):raises "edited: unknown option 'count'; its option is width"
    expect(core.help 'testing.edited'):contains 'As it is.'
    expect(core.words('testing.edited').parameters[1].name):equals 'width'
  end)

test('a bound of a described parameter is a number or a name, and one of a side', function()
  local function bounded(bounds)
    bounds.name, bounds.type, bounds.text, bounds.default = 'share', 'number', 'of all', 0.5
    return lumir.doc { name = 'testing.bounded', summary = 'Bounds.', parameters = { bounds } }
  end
  for _, name in ipairs { 'least', 'most', 'above', 'below' } do
    expect(function() bounded { [name] = true } end):raises(
      ("doc: '%s' of 'share' must be a number or the name of another parameter, got true"):format(name))
  end
  expect(function() bounded { least = 0, above = 0 } end)
    :raises "doc: 'share' takes either 'least' or 'above', got both"
  expect(function() bounded { most = 1, below = 1 } end)
    :raises "doc: 'share' takes either 'most' or 'below', got both"
  local read = bounded { above = 0, most = 1 }
  expect(read { share = 1 }):equals { share = 1 }
  expect(function() read { share = 0 } end):raises "bounded: 'share' = 0 is out of range (must be above 0, at most 1)"
end)

test('what a function that is written in Lua is given is read by its words', function()
  local read = lumir.doc {
    name = 'testing.quiet',
    summary = 'The quiet parts of a clip.',
    parameters = {
      { name = 'clip', type = 'Clip', text = 'the sound' },
      { name = 'level', type = 'number', text = 'what is quiet', default = -40, below = 'full' },
      { name = 'full', type = 'number', text = 'what is loud', default = 0, above = 'level' },
      { name = 'count', type = 'integer', text = 'how many at most', named = true, least = 1 },
      { name = 'order', type = 'word', text = 'which first', default = 'time', choices = { 'time', 'level' } },
      { name = 'like', type = 'Clip or list of Clip', text = 'others of the kind', named = true },
      { name = 'each', type = 'function', text = 'called with each', named = true },
    },
  }
  expect(core.help 'quiet'):contains 'testing.quiet(clip, options)\n'
  local clip = lumir.audio.silence { seconds = 1 }
  expect(read(clip)):equals { level = -40, full = 0, order = 'time' }
  local found = read(clip, { level = -60, count = 3, like = { clip, clip }, each = print })
  expect({ found.level, found.count, found.order, #found.like }):equals { -60, 3, 'time', 2 }
  expect(found.each == print and found.like[1] == clip):is_true()
  expect(read(clip, { count = false, like = false }).count):equals(nil)     -- how Lua leaves an option out
  for options, problem in pairs {
    [{ level = 1 }] = "quiet: 'level' = 1 is out of range (must be below full = 0)",
    [{ full = -50 }] = "quiet: 'full' = -50 is out of range (must be above level = -40)",
    [{ count = 0 }] = "quiet: 'count' = 0 is out of range (at least 1)",
    [{ count = 1.5 }] = "quiet: 'count' must be an integer, got 1.5",
    [{ order = 'leve' }] = "quiet: 'order' = 'leve' is none of 'time', 'level' (did you mean 'level'?)",
    [{ like = 3 }] = "quiet: 'like' must be Clip or list of Clip, got 3",
    [{ like = { clip, 3 } }] = "quiet: position 2 of 'like' must be a Clip, got 3",
    [{ each = 'x' }] = "quiet: 'each' must be a function, got 'x'",
    [{ levle = 1 }] = "quiet: unknown option 'levle' (did you mean 'level'?); its options are level, full, count, "
      .. 'order, like, each',
  } do
    expect(function() read(clip, options) end):raises(problem)
  end
  expect(function() read(3) end):raises "quiet: 'clip' must be Clip, got 3"
  expect(function() read(clip, 3) end):raises "quiet: 'options' must be a table, got 3"
  expect(function() read(clip, {}, 1) end)
    :raises 'quiet: takes at most 2 arguments, got 3; options stand in a table: { level = ..., full = ... }'
end)
