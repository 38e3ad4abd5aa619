-- lumir.options { ... }: a recipe's knobs, which are command-line flags too.
--
-- Order and help come from the recipe's own source: the keys of the table as written, with the comment behind each.
-- --name=value overrides by the type of the default; --config=FILE reads a JSON object (a run.json serves: its
-- `options` are taken) or lines `name = value`; unknown names are refused. A default that is written as a whole number
-- (epochs = 100) takes no fractions; one with a point does (seconds = 150.0).

local native = require 'lumir.native'
local head_comment = require 'lumir.head_comment'
local core = native.core

local options = {}

-- Flags that every recipe has.
local common = {
  { name = 'help', text = 'prints this' },
  { name = 'config', text = 'a file of options: JSON, a run.json, or lines name = value' },
  { name = 'resume',
    text = 'goes on with the newest run that was stopped in its training, with its options; --resume=3: with run 3' },
  { name = 'traceback', text = 'shows every call on the way to an error' },
  { name = 'student', text = 'names the csv and the report: r12345678.csv, r12345678_report.pdf' },
}

--- Splits Lua source into pieces: { kind = 'word' | 'text' | 'comment' | 'mark', text, line }.
local function scan(source)
  local pieces, at, line = {}, 1, 1
  local function take(kind, pattern)
    local from, to = source:find('^' .. pattern, at)
    if not from then return false end
    local text = source:sub(from, to)
    if kind then pieces[#pieces + 1] = { kind = kind, text = text, line = line } end
    line = line + select(2, text:gsub('\n', ''))
    at = to + 1
    return true
  end
  while at <= #source do
    local _ = take(nil, '%s+') or take('comment', '%-%-%[%[.-%]%]') or take('comment', '%-%-[^\n]*')
      or take('text', '%[%[.-%]%]') or take('text', "'[^'\n]*'") or take('text', '"[^"\n]*"')
      or take('word', '[%w_.]+') or take('mark', '.')
  end
  return pieces
end

--- Gives the comment at the end of a line to the options of that line: "by: what a fold keeps; leak: or allowed" each
-- to the one it names, what names none to the last.
local function give_comment(text, found, line)
  local on_line, target = {}, found[#found]
  for _, entry in ipairs(found) do
    if entry.line == line then on_line[entry.name] = entry end
  end
  if not target or target.line ~= line then return end
  for part in (text .. ';'):gmatch '%s*(.-);' do
    local name, rest = part:match '^([%w_]+): (.*)$'
    if name and on_line[name] then target, part = on_line[name], rest end
    target.comment = target.comment .. (target.comment ~= '' and '; ' or '') .. part
  end
end

--- The keys of the first `lumir.options { ... }` in a source, in order: { name, source, comment }.
function options.describe(source)
  local pieces, found, i = scan(source), {}, 1
  while pieces[i] and not (pieces[i].text == 'lumir.options' and pieces[i + 1] and pieces[i + 1].text == '{') do
    i = i + 1
  end
  local depth, entry = 0, nil
  for at = i + 1, #pieces do
    local piece, after = pieces[at], pieces[at + 1]
    if piece.kind == 'comment' then
      if depth == 1 then give_comment(piece.text:gsub('^%-%-%s*', ''), found, piece.line) end
    else
      if piece.text:find '^[}%])]$' then depth = depth - 1 end
      if depth == 0 and piece.text == '}' then break end
      if depth == 1 and piece.kind == 'word' and after and after.text == '=' and not entry then
        entry = { name = piece.text, source = '', comment = '', line = piece.line }
        found[#found + 1] = entry
      elseif entry and depth == 1 and (piece.text == ',' or piece.text == ';') then
        entry.line = piece.line
        entry = nil
      elseif entry and not (piece.text == '=' and entry.source == '') then
        local gap = (entry.source == '' or piece.kind == 'mark' or entry.source:find '[{(-]$') and '' or ' '
        entry.source = entry.source .. gap .. piece.text
        entry.line = piece.line
      end
      if piece.text:find '^[{%[(]$' then depth = depth + 1 end
    end
  end
  return found
end

--- "epochs = 22, n_mels = 40": names with values, by name.
local function in_words(values)
  local words = {}
  for name, value in pairs(values) do words[#words + 1] = ('%s = %s'):format(name, core.show(value)) end
  table.sort(words)
  return table.concat(words, ', ')
end

local function usage(path, source, described, parts)
  local rows, width, choices = {}, 0, parts.choices
  for _, entry in ipairs(described) do
    local words, text = choices and choices[entry.name], entry.comment
    if words then text = 'one of ' .. table.concat(words, ', ') .. (text ~= '' and '; ' .. text or '') end
    if not parts[entry.name] then
      rows[#rows + 1] = { '--' .. entry.name .. '=' .. entry.source, text }
    end
  end
  for _, flag in ipairs(common) do rows[#rows + 1] = { '--' .. flag.name, flag.text } end
  for _, row in ipairs(rows) do width = math.max(width, #row[1]) end
  local lines = { 'lumir ' .. path .. ' [--option=value ...]', '', table.concat(head_comment.lines(source), '\n'), '' }
  for _, row in ipairs(rows) do
    lines[#lines + 1] = (('  %-' .. width .. 's   %s'):format(row[1], row[2]):gsub('%s+$', ''))
  end
  if parts.sample then
    lines[#lines + 1] = '\nUnless said otherwise, on a made sample: ' .. in_words(parts.sample)
  end
  return table.concat(lines, '\n')
end

local function fail(message)
  error({ status = 2, message = message }, 0)
end

--- Which options the source says are whole numbers, with what it says.
local function whole_ones(described)
  local whole = {}
  for _, entry in ipairs(described) do
    if entry.source:find '^%-?%d+$' then whole[entry.name] = entry.source end
  end
  return whole
end

local function check_whole(where, number, whole)
  if not whole or number == math.floor(number) and math.abs(number) < math.huge then return end
  fail(('%s must be a whole number, got %s (its default is %s; %s.0 would take fractions)'):format(where,
    core.show(number), whole, whole))
end

--- A flag's text as the type of its default.
local function convert(name, text, default)
  local kind = type(default)
  if kind == 'number' then
    local number = tonumber(text)
    if not number or number ~= number then fail(("--%s must be a number, got '%s'"):format(name, text)) end
    return number
  elseif kind == 'boolean' then
    if text == 'true' or text == '' then return true end
    if text == 'false' then return false end
    fail(("--%s must be true or false, got '%s'"):format(name, text))
  elseif kind == 'table' then
    local list = {}
    if text == '' then
      if default[1] ~= nil then fail(('--%s needs a value, or several with commas between'):format(name)) end
      return list
    end
    for word in (text .. ','):gmatch '%s*([^,]*),' do list[#list + 1] = convert(name, word, default[1] or '') end
    return list
  end
  return text
end

--- A value that a JSON file gives, checked against the default: it has its type already, and lists of words their
-- commas, so nothing is read from text but what the file itself holds as text.
local function accept(name, value, default, where)
  if type(default) == 'userdata' and type(value) == 'string' then    -- a run record holds a corpus in these words
    local corpus = value:match "^data%.sample '([%w_]+)'$"
    if corpus then return native.data.sample(corpus) end
  end
  if type(value) == 'string' and type(default) ~= 'string' and type(default) ~= 'userdata' then
    return convert(name, value, default)
  end
  local wanted = type(default) == 'userdata' and 'string' or type(default)
  if type(value) ~= wanted then
    local kinds = { number = 'a number', boolean = 'true or false', table = 'a list', string = 'text' }
    fail(('%s must be %s, got %s'):format(where, kinds[wanted] or wanted, core.show(value)))
  end
  if wanted == 'table' and default[1] ~= nil then
    for i, element in ipairs(value) do value[i] = accept(name, element, default[1], where) end
  end
  return value
end

--- What a file of options gives: names with text, or from JSON with values (the second result says which).
local function read_config(path)
  local text, given = core.read_file(path):gsub('^\239\187\191', ''), {}      -- without a byte order mark
  if text:find '^%s*[{%[]' then
    local json = core.from_json(text, path)
    local chosen = type(json.options) == 'table' and json.options or json
    if chosen[1] ~= nil then fail(path .. ': a list; options have names: { "name": value }') end
    return chosen, true
  end
  local number = 0
  for line in (text .. '\n'):gmatch '([^\n]*)\n' do
    number = number + 1
    local name, value = line:match '^%s*([%w_]+)%s*=%s*(.-)%s*$'
    if name then
      given[name] = value:match "^'(.*)'$" or value:match '^"(.*)"$' or value
    elseif not line:find '^%s*$' and not line:find '^%s*#' and not line:find '^%s*%-%-' then
      fail(('%s:%d: not of the form name = value'):format(path, number))
    end
  end
  return given
end

local function names_of(described, defaults)
  local names, seen = {}, {}
  for _, entry in ipairs(described) do
    if defaults[entry.name] ~= nil then
      names[#names + 1] = entry.name
      seen[entry.name] = true
    end
  end
  local rest = {}
  for name in pairs(defaults) do
    if not seen[name] then rest[#rest + 1] = name end
  end
  table.sort(rest)
  for _, name in ipairs(rest) do names[#names + 1] = name end
  return names
end

--- `sample = { epochs = 15 }` among the options: what holds on a made corpus in place of what stands beside it, unless
-- the command line says otherwise. Changes `values`; answers a line to print, nil on real music.
local function use_sample(sample, values, set, recipe)
  local root = values.root
  local made = type(root) == 'userdata' or core.is_sample(root or '')
  if not made then return nil end
  local used = {}
  for name in pairs(sample) do
    if values[name] == nil or type(sample[name]) ~= type(values[name]) then
      fail(("%s: 'sample' holds '%s', which is no option or of another type"):format(recipe.path, name))
    end
    if not set[name] then
      values[name], used[name] = sample[name], sample[name]
    end
  end
  return next(used) and 'made sample  ' .. in_words(used) or nil
end

--- `choices = { columns = { 'features', 'echonest' } }` among the options: the words that one, or each of a list, is.
local function check_choices(choices, values, recipe)
  local names = {}
  for name in pairs(choices) do names[#names + 1] = tostring(name) end
  table.sort(names)
  for _, name in ipairs(names) do
    local words, chosen, known = choices[name], values[name], {}
    if type(chosen) == 'string' then chosen = { chosen } end
    if type(chosen) == 'table' and #chosen == 0 then chosen = { '' } end
    if type(words) ~= 'table' or type(chosen) ~= 'table' or type(chosen[1] or '') ~= 'string' then
      fail(("%s: 'choices' holds '%s', which must be an option of a word, or of several, with a list of words")
        :format(recipe.path, name))
    end
    for _, word in ipairs(words) do known[word] = true end
    for _, word in ipairs(chosen) do
      if not known[word] then
        fail(("--%s=%s is none of '%s'%s"):format(name, word, table.concat(words, "', '"),
          core.did_you_mean(word, words)))
      end
    end
  end
end

--- Takes `sample = { ... }` or `choices = { ... }` out of the options; nothing where the name is an option of its own.
local function take_part(defaults, name)
  local part = defaults[name]
  if type(part) ~= 'table' or part[1] ~= nil then return nil end
  defaults[name] = nil
  return part
end

--- Refuses a default without a name, as the caller's caller's mistake.
local function check_names(defaults)
  for name in pairs(defaults) do
    if type(name) ~= 'string' then
      error(('options: each needs a name (rate = 16000), got [%s] = %s'):format(tostring(name),
        core.show(defaults[name])), 3)
    end
  end
end

--- What flags and files set: `values`, which are the defaults at first. `set` reads text, `set_value` what JSON holds,
-- `set_all` a file, of which read_config says whether it has values.
local function setters(defaults, names, described, recipe)
  local whole, values, known = whole_ones(described), {}, {}
  for _, name in ipairs(names) do
    known[#known + 1] = name
    values[name] = defaults[name]
  end
  for _, flag in ipairs(common) do known[#known + 1] = flag.name end

  local function check(name, where)
    if values[name] == nil then
      local near = core.known_options(name, known):gsub("'([^']*)'", '--%1')
      fail(('%s is no option of %s%s'):format(where, recipe.path, near))
    end
  end
  local given = { values = values }
  function given.set(name, text, where)
    check(name, where)
    values[name] = convert(name, text, defaults[name])
    check_whole('--' .. name, values[name], whole[name])
  end
  function given.set_value(name, value, where)
    check(name, where)
    values[name] = accept(name, value, defaults[name], where)
    check_whole(where, values[name], whole[name])
  end
  function given.set_all(config, typed, path)
    local sorted = {}
    for key in pairs(config) do sorted[#sorted + 1] = key end
    table.sort(sorted)
    local take = typed and given.set_value or given.set
    for _, key in ipairs(sorted) do take(key, config[key], path .. ': ' .. key) end
  end
  return given
end

--- The folder of the run that --resume=text means.
local function run_of(text)
  if not text:find '^%d*$' or tonumber(text) == 0 then
    fail(("--resume must be the number of a run, got '%s'"):format(text))
  end
  return core.run_to_resume(tonumber(text) or 0)
end

local function check_student(text)
  if text == '' then fail '--student needs a number: --student=r12345678' end
  if text:find '[/%c\\]' or text:find '^%.' then
    local rule = "the number names files inside the run, so it has no '/' and begins with no '.'"
    fail(('--student=%s: %s'):format(text, rule))
  end
end

--- Reads the command line: files in their order, then options of the recipe's own, which count more. Answers the names
-- that were set, and what --resume and --student say.
local function read_arguments(given, recipe, help)
  local own, chosen, flags = {}, {}, {}
  local function take_config(config, typed, path)
    for key in pairs(config) do chosen[key] = true end
    given.set_all(config, typed, path)
  end
  for _, argument in ipairs(recipe.args) do
    local name, text = argument:match '^%-%-([%w_%-]+)=(.*)$'
    if not name then name, text = argument:match '^%-%-([%w_%-]+)$', '' end
    if not name then fail(("'%s' is no option of %s; options are --name=value"):format(argument, recipe.path)) end
    if name == 'help' then
      print(core.for_terminal(help()))
      error({ status = 0, message = '' }, 0)
    elseif name == 'config' then
      local config, typed = read_config(text)
      take_config(config, typed, text)
    elseif name == 'resume' then
      flags.resume = run_of(text)
      local path = flags.resume .. '/run.json'
      take_config((read_config(path)), true, path)
    elseif name == 'student' then
      check_student(text)
      flags.student = text
    else
      own[#own + 1] = { name, text }
    end
  end
  for _, pair in ipairs(own) do
    given.set(pair[1], pair[2], '--' .. pair[1])
    chosen[pair[1]] = true
  end
  return chosen, flags
end

--- The values as a recipe has them: another name is an error, and they print in their order.
local function as_options(values, names)
  return setmetatable(values, {
    __name = 'Options',
    names = names,
    __index = function(_, name)
      error(("options: there is no '%s'%s"):format(tostring(name), core.known_options(tostring(name), names)), 2)
    end,
    __tostring = function()
      local lines = {}
      for _, name in ipairs(names) do local value = values[name]
        local text = type(value) == 'userdata' and tostring(value) or core.show(value)
        lines[#lines + 1] = ('%-12s %s'):format(name, type(value) == 'string' and value or text) end
      return table.concat(lines, '\n')
    end,
  })
end

native.lumir.doc {
  name = 'lumir.options',
  summary = "Declares a recipe's knobs, which are flags of its command line too: --name=value, --config=file. A "
    .. 'default that is written as a whole number takes no fractions: 150.0 would. What stands under `sample` holds in '
    .. 'place of the others where the root is a made corpus; `choices` lists the words that an option may be: '
    .. "choices = { by = { 'album', 'track' } }.",
  returns = 'a table of their values; reading another name of it is an error',
  example = 'lumir.options { rate = 16000, folds = 5 }',
  source = "Lumir's own",
  parameters = { { name = 'defaults', type = 'table', text = 'names with their defaults, which say the types' } },
}
function options.read(defaults)
  check_names(defaults)
  local recipe = core.recipe()
  if recipe.code ~= '' then
    core.refuse(("options: %s is a recipe, which would run; 'code' needs a file that only defines classes, such as one "
      .. "that the recipe requires"):format(recipe.code))
  end
  local source = recipe.path ~= '' and core.read_file(recipe.path) or ''
  local described = options.describe(source)
  local parts = { sample = take_part(defaults, 'sample'), choices = take_part(defaults, 'choices') }

  local names = names_of(described, defaults)
  local given = setters(defaults, names, described, recipe)
  local function help() return usage(recipe.path, source, described, parts) end
  local chosen, flags = read_arguments(given, recipe, help)
  local line = parts.sample and use_sample(parts.sample, given.values, chosen, recipe)
  if parts.choices then check_choices(parts.choices, given.values, recipe) end
  if line then print(line) end

  core.set_run(given.values, flags)
  if recipe.path ~= '' then core.begin_run() end
  return as_options(given.values, names)
end

return options
