-- Runs that a script starts: a recipe with options, in a process of its own, and what that left in runs/.

local native = require 'lumir.native'
local core, lumir = native.core, native.lumir
local saved_runs = require 'lumir.saved_runs'

local started_runs = {}

local function fail(message) error({ status = 1, message = message }, 0) end

--- In single quotes for a shell.
local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- A value as a recipe is told it: text, a number, a boolean, or a list of them with commas between.
local function told(value)
  if type(value) ~= 'table' then return tostring(value) end
  local list = {}
  for i, element in ipairs(value) do list[i] = tostring(element) end
  return table.concat(list, ',')
end

local function is_told(value)
  local kind = type(value)
  if kind ~= 'table' then return kind == 'string' or kind == 'number' or kind == 'boolean' end
  for _, element in ipairs(value) do
    if type(element) == 'table' or not is_told(element) then return false end
  end
  return #value > 0
end

--- Refuses options that no recipe could be told, before anything runs.
local function check_options(option, values, with)
  for i, value in ipairs(values) do
    if not is_told(value) then
      core.refuse(("sweep: position %d of 'values' must be text, a number, a boolean or a list of them, got %s")
        :format(i, type(value)))
    end
  end
  for name, value in pairs(with) do                         -- in whatever order: the first fault tells
    if type(name) ~= 'string' or not is_told(value) then
      core.refuse(("sweep: 'with' must hold options by name, { epochs = 10 }, got [%s] = %s"):format(tostring(name),
        type(value)))
    end
    if name == option then core.refuse(("sweep: 'with' sets '%s', the option that is swept"):format(option)) end
  end
end

--- --name=value as recipes take them.
local function flag(option, value) return quoted(('--%s=%s'):format(option, told(value))) end

--- What a shell would be told, options sorted by name.
local function command_of(recipe, options)
  local names, words = {}, { quoted(core.program()), quoted(recipe) }
  for name in pairs(options) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do words[#words + 1] = flag(name, options[name]) end
  return table.concat(words, ' ')
end

--- Runs a recipe and answers the record of the run that it made; one line where it fails.
function started_runs.start(recipe, options)
  local were_there = {}
  for _, record in ipairs(saved_runs.below 'runs') do were_there[record.folder] = true end
  io.stdout:flush()                                         -- what was said before stands before what the run says
  local status = os.execute(command_of(recipe, options))
  if status > 0 and status < 256 then fail(('%s was ended by signal %d'):format(recipe, status % 128)) end
  if status ~= 0 then fail(('%s did not end well (status %d)'):format(recipe, status / 256)) end
  local newest
  for _, record in ipairs(saved_runs.below 'runs') do
    if record.recipe == recipe and not were_there[record.folder] then newest = record end
  end
  if not newest then fail(('%s made no run this time'):format(recipe)) end
  return newest
end

--- The text of a file of models/ as a run of this program requires it.
local function network_text(path)
  local text = core.embedded(path)
  if text == '' and core.file_size(path) then text = core.read_file(path) end
  return text
end

--- Digits that change with a recipe, with Lumir, and with the files of models/ that these require.
local function state_of(recipe)
  local seen, whole = {}, { core.version() }
  local function take(text)
    whole[#whole + 1] = text
    for name in text:gmatch "require%s*%(?%s*['\"]models%.([%w_]+)" do
      if not seen[name] then
        seen[name] = true
        take(network_text(('models/%s.lua'):format(name)))
      end
    end
  end
  take(core.read_file(recipe))
  return core.sha256(table.concat(whole, '\n')):sub(1, 12)
end

local MOST_OF_LEDGER = 64 * 1024 * 1024                     -- bytes

--- A run that a ledger notes: its folder and the state of its data; earlier versions wrote the folder alone.
local function is_note(note)
  return type(note) == 'string'
    or type(note) == 'table' and type(note.folder) == 'string' and type(note.data) == 'string'
end

--- What a ledger notes, by keys; nothing where there is none. What cannot be read is not written over.
local function noted_in(path)
  local there = io.open(path)                               -- a folder, too
  if not there then return {} end
  there:close()
  local good, ledger
  if core.is_file(path) and core.file_size(path) <= MOST_OF_LEDGER then
    good, ledger = pcall(function() return core.from_json(core.read_file(path), path) end)
  end
  good = good and type(ledger) == 'table'
  for key, note in pairs(good and ledger or {}) do          -- in whatever order: the first fault tells
    good = good and type(key) == 'string' and is_note(note)
  end
  if not good then core.refuse(("sweep: 'ledger' = '%s' is none that a sweep wrote"):format(path)) end
  return ledger
end

--- The state of what a run was worked out from: its corpus, and the files and folders that its options name. What
--- runs leave is not that, where it lies within.
local function state_of_data(record, ledger)
  local paths, states = { (record.data or {}).root }, {}
  for _, value in pairs(record.options or {}) do            -- order does not matter: they are sorted
    if type(value) == 'string' and value ~= '' and not value:find '%z' then paths[#paths + 1] = value end
  end
  table.sort(paths)
  for i, path in ipairs(paths) do states[i] = path .. ' ' .. (core.state_of(path, { 'runs', ledger }) or '') end
  return core.sha256(table.concat(states, '\n')):sub(1, 12)
end

--- The record of the run that a ledger notes for these options, where that is there and its data are as they were.
local function known_run(ledger, key, path)
  local note = ledger[key]
  local there, record = pcall(saved_runs.of, type(note) == 'table' and note.folder or '')
  return there and note.data == state_of_data(record, path) and record or nil
end

local read = lumir.doc {
  name = 'lumir.sweep',
  summary = 'Runs a recipe once for each value of an option, each in a process of its own. What has run is noted in '
    .. 'a file, so that a sweep which was stopped goes on with the next value; a recipe that changed runs anew, '
    .. 'and so does one whose networks of models/, whose data or whose Lumir changed.',
  returns = 'a list of tables: value, folder (of the run), rows (name, accuracy and f1, each { value, low, high }, '
    .. 'for each model or setting)',
  example = "pcall(lumir.sweep, 'none.lua', 'width', { 8, 16 })",
  source = "Lumir's own",
  parameters = {
    { name = 'recipe', type = 'text', text = 'its file' },
    { name = 'option', type = 'text', text = 'which of its options' },
    { name = 'values', type = 'table', text = 'a list of what the option is, run after run' },
    { name = 'with', type = 'table', named = true,
      text = 'further options, the same in all runs; not the one that is swept' },
    { name = 'ledger', type = 'text', default = 'runs/sweeps/ledger.json', text = 'the file that notes it' },
  },
}

--- Accuracy and F1 of every model of a run, or of every setting over its folds.
local function rows_of(record)
  local rows = {}
  for _, setting in ipairs(record.folds or {}) do
    local scores = {}                                       -- cross_validate has means, and no answers of its own
    for _, metric in ipairs { 'accuracy', 'f1' } do
      local mean = setting.mean[metric]
      scores[metric] = setting.interval and setting.interval[metric] or mean and { value = mean }
    end
    rows[#rows + 1] = { name = setting.name, accuracy = scores.accuracy, f1 = scores.f1 }
  end
  if #rows > 0 then return rows end
  for _, model in ipairs((record.results or {}).models or {}) do
    rows[#rows + 1] = { name = model.name, accuracy = model.valid.accuracy, f1 = model.valid.f1 }
  end
  return rows
end

function started_runs.sweep(recipe, option, values, given)
  local words = read(recipe, option, values, given)
  if not core.file_size(recipe) then fail(recipe .. ': no such recipe') end
  check_options(option, values, words.with or {})
  local found, ledger, state = {}, noted_in(words.ledger), state_of(recipe)
  core.write_file(words.ledger, core.to_json(ledger))       -- what cannot be written is told before a run is made
  for i, value in ipairs(values) do
    local options = { [option] = value }
    for name, other in pairs(words.with or {}) do options[name] = other end
    local key = state .. ' ' .. command_of(recipe, options)
    local record = known_run(ledger, key, words.ledger)
    print(('%d of %d  --%s=%s%s'):format(i, #values, option, told(value),
      record and '  as in ' .. record.folder or ''))
    record = record or started_runs.start(recipe, options)
    if saved_runs.is_synthetic(record) then core.mark_synthetic() end
    ledger[key] = { folder = record.folder, data = state_of_data(record, words.ledger) }
    core.write_file(words.ledger, core.to_json(ledger))
    found[i] = { value = value, folder = record.folder, rows = rows_of(record) }
  end
  return found
end

return started_runs
