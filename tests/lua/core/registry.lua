-- Every registered name says what it is, and its example runs.

local lumir = require 'lumir'
local core = require('lumir.native').core
local examples = require 'lumir.examples'

--- Lumir's own names; tests of the engine register some of theirs, examples of lumir.doc some too.
local function names()
  local found = {}
  for _, name in ipairs(core.names()) do
    local file = core.words(name).file
    if not name:find '^testing%.' and (file:find '^engine/' or file:find '^lua/') then found[#found + 1] = name end
  end
  return found
end

test('whatever a user can call or read has words', function()
  expect(table.concat(require('lumir.visible').without_words(), ' ')):equals ''
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

--- Of what an example gave, and of its parts, what a terminal shows that says nothing.
local function poorly_shown(name, value, kinds)
  local kind, poor = core.kind(value), {}
  kinds[kind] = true
  for way, text in pairs { print = core.printed(value), line = core.printed_line(value), text = tostring(value),
                           format = ('%s'):format(value), quoted = ('%q'):format(value) } do
    local address = text:find ': ?0x%x%x%x%x'
    local bare = type(value) == 'userdata' and (text == kind or not text:find '%w')
    if address or bare then poor[#poor + 1] = ('%s: %s by %s is %s'):format(name, kind, way, text) end
  end
  return poor
end

test('every example runs, and whatever it gives prints as what it is, without an address', function()
  local broken, kinds = {}, {}
  local env = examples.surroundings(function() end)
  for _, name in ipairs(names()) do
    local example = core.words(name).example
    local chunk, problem = examples.chunk(example, env)
    local results = { chunk ~= nil, problem }
    if chunk then results = { pcall(chunk) } end
    if name == 'report.show' then os.remove(results[3]) end      -- what lies beside the run's folder
    if name == 'report.submission' then os.remove(results[2]) end
    if not results[1] then broken[#broken + 1] = ('%s: %s (%s)'):format(name, example, tostring(results[2])) end
    for i = 2, results[1] and table.maxn(results) or 0 do
      for _, text in ipairs(poorly_shown(name, results[i], kinds)) do broken[#broken + 1] = text end
    end
  end
  local objects = { group = env.adamw.param_groups[1], parts = env.table:folds { folds = 2 }, loop = lumir.nn.epochs(2),
                    layer = lumir.nn.Lambda(function(y) return y end).options['function'],
                    rate = lumir.optim.LambdaLR { lr_lambda = function() return 1 end }.options.lr_lambda }
  for _, name in ipairs(examples.names()) do objects[name] = env[name] end
  for name, object in pairs(objects) do                          -- in whatever order: all of them are told
    for _, text in ipairs(poorly_shown(name, object, kinds)) do broken[#broken + 1] = text end
  end
  for _, name in ipairs(core.types()) do
    if not kinds[name] and not name:find '^testing' then broken[#broken + 1] = 'no example makes a ' .. name end
  end
  examples.clean(env)
  local run = lumir.report.folder()
  os.execute(("rm -rf '%s'; rmdir -p --ignore-fail-on-non-empty '%s'"):format(run, run:match '^(.*)/'))
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
  expect(core.help 'data.table'):contains "target, 'classes', 'tags' or 'numbers'"
  expect(core.help 'data.table'):contains 'names, of the tags or numbers'
end)

test('arguments are checked as they are declared', function()
  local clip = lumir.audio.silence { seconds = 1 }
  expect(function() clip:part() end):raises "part: 'start' must be a number, got nothing"
  expect(function() clip:part(0, 1, 2) end):raises 'part: takes at most 2 arguments, got 3'
  expect(function() clip:channel(1.5) end):raises "channel: 'channel' must be an integer, got 1.5"
  expect(function() clip.part(0, 1) end)
    :raises 'part: argument 1 must be Clip, got 0; methods take a colon: clip:part(...)'
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

test('what has no text of its own prints without an address, too', function()
  local ffi = require 'ffi'
  local file = io.tmpfile()
  for kind, value in pairs { file = file, cdata = ffi.new 'int[3]', thread = coroutine.create(print) } do
    for _, text in ipairs { tostring(value), ('%s'):format(value), ('%q'):format(value), core.printed(value),
                            core.printed_line { value } } do
      expect(text):contains(kind)
      expect(text:find '0x' == nil):is_true()
    end
  end
  expect(tostring(ffi.new('int64_t', 3))):equals '3LL'
  expect(('%q'):format { n = 1 }):equals '"{ n = 1 }"'
  file:close()
  expect(tostring(file)):equals 'closed file'
end)

test('a text with a zero byte is a whole text: as a key, in an option, in an answer', function()
  local held = { ['a\0b'] = 1, ['a\0c'] = 'd\0e' }
  expect(tostring(held)):equals [[{ ['a\0b'] = 1, ['a\0c'] = 'd\0e' }]]
  expect(core.show(held)):equals [[{ a\0b = 1, a\0c = 'd\0e' }]]
  expect(function() lumir.learn.SVC { ['C\0b'] = 10 } end):raises(
    [[SVC: unknown option 'C\0b'; its options are ]] ..
    'C, kernel, degree, gamma, coef0, tol, class_weight, max_iter, cache_size, probability, seed')
  local shares = { ['a\0b'] = 1, a = 2 }
  expect(core.from_json(core.to_json(shares), 'shares')):equals(shares)
end)

test('a way to a call shows no address either, and begins where it is asked for', function()
  local function here() return debug.traceback 'so far' end
  local _, fallen = xpcall(function() error('fallen', 0) end, debug.traceback)
  local other = coroutine.create(function() coroutine.yield() end)
  coroutine.resume(other)
  for way, begun in pairs { [here()] = 'so far\nstack traceback:\n', [fallen] = 'fallen\nstack traceback:\n',
                            [debug.traceback(other)] = 'stack traceback:\n' } do
    expect(way:sub(1, #begun)):equals(begun)
    expect(way:find '0x' == nil or way):is_true()
  end
  expect(here():match '\n\t([^\n]+)'):contains 'registry.lua'
  expect(debug.traceback(nil)):contains 'stack traceback'
  expect(debug.traceback(12)):contains '12\n'
end)
