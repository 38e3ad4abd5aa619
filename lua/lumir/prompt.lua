-- What the prompt offers beside the modules: lumir.prompt. There each is a global of the same name.

local native = require 'lumir.native'
local core = native.core
local document = native.lumir.doc
local registered = require('lumir.help').registered

local prompt = {}

document {
  name = 'prompt.source',
  summary = 'Prints where a name is written, and its source from that line on where the file is at hand.',
  returns = 'nothing',
  example = "prompt.source 'mfcc'",
  source = "IPython's ??",
  parameters = { { name = 'what', type = 'value', text = 'a name or a value' } },
}
function prompt.source(what)
  local name = registered(what)
  local words
  for _, full in ipairs(core.names()) do
    if full == name or full:match '[^.]+$' == name then words = words or core.words(full) end
  end
  if not words then core.refuse(("source: nothing is called '%s'"):format(name)) end
  print(('%s:%d'):format(words.file, words.line))
  local file = io.open(core.root() .. '/' .. words.file)
  if not file then return end
  local shown, number = 0, 0
  for line in file:lines() do
    number = number + 1
    if number >= words.line and shown < 40 then
      print(('%5d  %s'):format(number, line))
      shown = shown + 1
    end
  end
  file:close()
end

local read_shell = document {
  name = 'prompt.shell',
  summary = 'Runs a command of the shell: !ls at the prompt.',
  returns = 'nothing',
  example = "prompt.shell 'true'",
  source = "IPython's !",
  parameters = { { name = 'command', type = 'text', text = 'as typed in a shell' } },
}
function prompt.shell(command)
  read_shell(command)
  io.stdout:flush()
  local status = os.execute(command)
  if status ~= 0 then print(('status %d'):format(status >= 256 and math.floor(status / 256) or status)) end
end

local read_run = document {
  name = 'prompt.run',
  summary = 'Runs a recipe as the program would; its variables, `local` ones too, are there afterwards.',
  returns = 'nothing',
  example = "pcall(prompt.run, 'songs.lua', '--seed=2')",
  source = "IPython's %run",
  parameters = {
    { name = 'path', type = 'text', text = 'of the recipe' },
    { name = '...', type = 'text', text = 'options as behind the program', optional = true },
  },
}
function prompt.run(path, ...)
  read_run(path, ...)
  core.begin_recipe(path, { ... })()
end

-- What was loaded before the user's first entry: Lua's libraries and Lumir's own modules.
local known = {}
for name in pairs(package.loaded) do known[name] = true end

--- Modules that `require` has loaded from files of the user.
local function users_modules()
  local names = {}
  for name in pairs(package.loaded) do
    if not known[name] and package.searchpath(name, package.path) then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

document {
  name = 'prompt.reload',
  summary = 'Loads all modules anew that `require` took from files. Their tables stay the same ones, with new '
    .. 'members, so whoever holds one sees the change.',
  returns = 'nothing: it prints their names',
  example = 'prompt.reload()',
  source = "IPython's autoreload",
}
function prompt.reload()
  local names = users_modules()
  for _, name in ipairs(names) do
    local before = package.loaded[name]
    local chunk, problem = loadfile(package.searchpath(name, package.path))
    if not chunk then core.refuse('reload: ' .. problem) end
    local made = chunk(name)
    if type(before) == 'table' and type(made) == 'table' and made ~= before then
      for key in pairs(before) do before[key] = nil end
      for key, value in pairs(made) do before[key] = value end
    elseif made ~= nil then
      package.loaded[name] = made
    end
  end
  print(#names == 0 and 'no module was loaded from a file' or 'reloaded ' .. table.concat(names, ', '))
end

--- Names that were assigned at the prompt and hold something.
local function users_names()
  local names = {}
  for name in pairs(getmetatable(_G).declared) do
    if rawget(_G, name) ~= nil and not name:match '^_%d*$' then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

document {
  name = 'prompt.who',
  summary = 'Lists the variables of this session: name, kind, and what it is.',
  returns = 'nothing',
  example = 'prompt.who()',
  source = "IPython's %whos",
}
function prompt.who()
  for _, name in ipairs(users_names()) do
    local value = rawget(_G, name)
    local line = core.printed_line(value)
    io.write(core.for_terminal(('%-12s  %-10s  %s\n'):format(name, core.kind(value), line)))
  end
end

--- Seconds as a person reads them.
local function duration(seconds)
  if seconds >= 1 then return ('%.3g s'):format(seconds) end
  if seconds >= 1e-3 then return ('%.3g ms'):format(seconds * 1e3) end
  return ('%.3g us'):format(seconds * 1e6)
end

--- The time of `count` calls.
local function time_of(body, count)
  local clock = core.now
  local started = clock()
  for _ = 1, count do body() end
  return clock() - started
end

document {
  name = 'prompt.timeit',
  summary = 'Times a function or an expression: the middle and the least of seven rounds, each of as many calls as '
    .. 'take about a tenth of a second.',
  returns = 'nothing: it prints them',
  example = 'prompt.timeit(function() return torch.ones(3) end)',
  source = "Python's timeit",
  parameters = { { name = 'what', type = 'value', text = 'a function, or code as text' } },
}
function prompt.timeit(what)
  local body = what
  if type(what) == 'string' then
    local problem
    body, problem = loadstring('return ' .. what, '=timeit')
    if not body then body, problem = loadstring(what, '=timeit') end
    if not body then core.refuse('timeit: ' .. problem) end
  elseif type(what) ~= 'function' then
    core.refuse(("timeit: 'what' must be a function or text, got %s"):format(core.kind(what)))
  end
  local count, rounds = 1, {}
  body()                                                   -- libraries are opened when they are first needed
  local spent = time_of(body, count)
  while spent < 0.02 and count < 1e6 do
    count = count * 10
    spent = time_of(body, count)
  end
  for i = 1, 7 do rounds[i] = time_of(body, count) / count end
  table.sort(rounds)
  print(('%s per call (least %s), 7 rounds of %d'):format(duration(rounds[4]), duration(rounds[1]), count))
end

local read_profile = document {
  name = 'prompt.profile',
  summary = 'Runs a function and prints where its time went: by lines of Lua, and how much of it the engine took.',
  returns = 'nothing',
  example = 'prompt.profile(function() return torch.ones(3) end)',
  source = "LuaJIT's profiler",
  parameters = { { name = 'body', type = 'function', text = 'what is watched' } },
}
function prompt.profile(body)
  read_profile(body)
  local lines, total = core.profile(body), 0
  for _, line in ipairs(lines) do total = total + line[2] end
  table.sort(lines, function(a, b) return a[2] > b[2] or (a[2] == b[2] and a[1] < b[1]) end)
  if total == 0 then print 'too short to see: below a millisecond' end
  for i = 1, math.min(#lines, 12) do
    local place, all, engine = unpack(lines[i])
    print(('%5.1f %%  %-40s  %3.0f %% of it in the engine'):format(100 * all / total, place, 100 * engine / all))
  end
end

document {
  name = 'prompt.traceback',
  summary = 'Prints every call on the way to the last error.',
  returns = 'nothing',
  example = 'prompt.traceback()',
  source = "IPython's %tb",
}
function prompt.traceback()
  local way = core.last_way()
  print(way == '' and 'there was no error' or (way:gsub('\n$', '')))
end

local read_frames = document {
  name = 'prompt.frames',
  summary = 'Prints the calls of your code on the way to the last error, each with what its variables held: debug() at '
    .. 'the prompt. debug(2) prints all of what those of the second call held.',
  returns = 'nothing',
  example = 'prompt.frames()',
  source = "IPython's %debug",
  parameters = {
    { name = 'number', type = 'integer', text = 'which call, the innermost first; all unless given', optional = true },
  },
}
function prompt.frames(...)
  read_frames(...)
  local number = ...
  local frames = core.last_frames()
  if #frames == 0 then return print 'there was no error' end
  if number and not frames[number] then
    core.refuse(("frames: 'number' = %s is out of range (1 to %d)"):format(number, #frames))
  end
  for i = number or 1, number or #frames do
    local frame = frames[i]
    print(('%d  %s%s'):format(i, frame.place, frame.name ~= '' and '  in ' .. frame.name or ''))
    for k, name in ipairs(frame.names) do
      local value = (number and core.printed or core.printed_line)(frame.values[k])
      io.write(core.for_terminal(('    %s = %s\n'):format(name, (value:gsub('\n', '\n      ')))))
    end
  end
end

local function print_results(...)
  for i = 1, select('#', ...) do print(core.printed((select(i, ...)))) end
end

document {
  name = 'prompt.examples',
  summary = 'Prints the example of a name and runs it; those of a module or a type it only prints. What examples speak '
    .. 'of (clip, songs, model) is made for them.',
  returns = 'nothing',
  example = "prompt.examples 'mfcc'",
  source = "MATLAB's and R's examples",
  parameters = { { name = 'what', type = 'value', text = 'a name or a value' } },
}
function prompt.examples(what)
  local name = registered(what)
  local own, members = {}, {}
  for _, full in ipairs(core.names()) do
    if full == name or full:match '[^.]+$' == name then own[#own + 1] = full end
    if full:match '^[^.]+' == name then members[#members + 1] = full end
  end
  if #own + #members == 0 then core.refuse(("examples: nothing is called '%s'"):format(name)) end
  for _, full in ipairs(members) do
    io.write(core.for_terminal(('%-28s  %s\n'):format(full, core.words(full).example)))
  end
  local examples = require 'lumir.examples'
  for _, full in ipairs(own) do
    local example = core.words(full).example
    print('> ' .. example)
    local env = examples.surroundings(print)
    local chunk, problem = examples.chunk(example, env)
    if not chunk then core.refuse(problem) end
    local good, why = pcall(function() print_results(chunk()) end)
    examples.clean(env)
    if not good then error(why, 0) end
  end
end

--- Code of an entry as a line of a recipe: what only shows a value prints it.
local function as_statement(entry)
  local silent = entry:match ';%s*$'
  local shown = not silent and loadstring('return ' .. entry:gsub('^%s*=', ''))
  return shown and ('print(%s)'):format((entry:gsub('^%s*=', ''):gsub('%s+$', ''))) or entry
end

--- Whether an entry is a call of what only the prompt has: who(), timeit 'x', help 'mfcc', or its name alone.
local function calls_prompt(entry)
  local name = entry:match '^%s*([%a_][%w_]*)%s*[%(\'"{]' or entry:match '^%s*([%a_][%w_]*)%s*$'
  return name == 'help' or name == 'debug' or (name ~= nil and rawget(prompt, name) ~= nil)
end

--- A first assignment of a name becomes a declaration.
local function declared(entry, seen)
  local name = entry:match '^%s*([%a_][%w_]*)%s*=[^=]'
  for own in entry:gmatch 'local%s+([%a_][%w_]*)' do seen[own] = true end
  if not name or seen[name] then return entry end
  seen[name] = true
  return 'local ' .. entry
end

local read_save_session = document {
  name = 'prompt.save_session',
  summary = 'Writes what was typed, and ran without an error, as a recipe.',
  returns = 'nothing',
  example = "prompt.save_session(place .. '/session.lua')",
  source = "IPython's %save",
  parameters = { { name = 'path', type = 'text', text = 'of the recipe' } },
}
function prompt.save_session(path)
  read_save_session(path)
  local there = io.open(path)
  if there then
    there:close()
    core.refuse(("save_session: '%s' is there already"):format(path))
  end
  local body, seen, used = {}, {}, {}
  for _, entry in ipairs(core.entries_typed()) do
    local own = entry:match '^%s*[!?]' or entry:match '%?%s*$' or calls_prompt(entry)
    if not own then
      body[#body + 1] = declared(as_statement(entry), seen)
      for word in entry:gmatch '[%a_][%w_]*' do used[word] = true end
    end
  end
  local modules = {}
  for name in pairs(native) do                              -- order does not matter: they are sorted
    if used[name] and name ~= 'core' and name ~= 'lumir' then modules[#modules + 1] = name end
  end
  table.sort(modules)
  local head = { "local lumir = require 'lumir'" }
  if #modules > 0 then
    head[2] = ('local %s = lumir.%s'):format(table.concat(modules, ', '), table.concat(modules, ', lumir.'))
  end
  local missing = {}
  for _, name in ipairs(users_names()) do
    if used[name] and not seen[name] then missing[#missing + 1] = name end
  end
  if #missing > 0 then head[#head + 1] = 'local ' .. table.concat(missing, ', ') end
  core.write_file(path, table.concat(head, '\n') .. '\n\n' .. table.concat(body, '\n') .. '\n')
  print(('%d entries in %s'):format(#body, path))
end

return setmetatable(prompt, {
  __tostring = function() return "module prompt: help 'prompt' lists its names" end,
  __index = function(_, name)
    local names = {}
    for own in pairs(prompt) do names[#names + 1] = own end
    table.sort(names)
    local nearest = core.did_you_mean(tostring(name), names)
    error(('prompt.%s: there is no such name%s'):format(tostring(name), nearest), 2)
  end,
})
