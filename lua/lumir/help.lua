-- `help`: what a name or a value is, in words.

local native = require 'lumir.native'
local core = native.core
local head_comment, model_files = require 'lumir.head_comment', require 'lumir.model_files'

local help = {}

--- Registered names by module, without the members of types: { 'audio', audio = { 'clip', 'load' ... } ... }.
local function modules()
  local found, is_type = {}, {}
  for _, name in ipairs(core.types()) do is_type[name] = true end
  for _, full in ipairs(core.names()) do
    local module, short = full:match '^([^.]+)%.(.+)$'
    if not is_type[module] and short ~= '__call' then
      if not found[module] then
        found[module] = {}
        found[#found + 1] = module
      end
      table.insert(found[module], short)
    end
  end
  return found
end

--- The value that a chain of names stands for among the globals: 'songs', 'feature.mfcc', 'clip:part'; nil for none.
local function value_of(chain)
  local value = _G
  for name in chain:gmatch '[^.:]+' do
    if type(value) == 'userdata' then
      local found, member = pcall(function() return value[name] end)
      value = found and member or nil
    else
      value = type(value) == 'table' and rawget(value, name) or nil
    end
    if value == nil then return nil end
  end
  return value
end

--- What help calls a value: 'Clip' for a sound, 'mfcc' for its function; nil for one that it has no words about.
local function name_of(value)
  if type(value) == 'function' then
    local name = core.function_name(value)
    return name ~= '' and name or nil
  elseif type(value) == 'userdata' then
    return core.kind(value)
  elseif type(value) == 'table' then
    for name, module in pairs(native) do                    -- order does not matter: one of them is it, or none
      if module == value then return name end
    end
  end
end

--- The member that a text means as help prints it, 'net:step' or 'dataset:map': by what examples call an object of its
--- type, else by the type itself; behind another name and a colon it is all that are called so.
local function member_as_printed(owner, member, colon)
  for _, name in ipairs(core.types()) do
    local full = name .. '.' .. member
    local is_of = owner == core.type(name).variable or owner:lower() == name:lower()
    if is_of and core.described(full) then return full end
  end
  return colon and pcall(core.help, member) and member or nil
end

--- The registered name that a text or a value means.
function help.registered(what)
  if type(what) ~= 'string' then
    return name_of(what) or core.refuse(('help: there are no words about a %s'):format(core.kind(what)))
  end
  local plain = what:gsub('^lumir%.', ''):gsub('%s*%b()$', ''):gsub("^([%w_.]+) '([%w_]+)'$", '%1.%2')
  local owner, mark, member = plain:match '^(.*)([.:])([%w_]+)$'
  local object, own = owner and value_of(owner), value_of(plain)
  if type(own) == 'userdata' then return core.kind(own) end
  if type(object) == 'userdata' then return core.kind(object) .. '.' .. member end
  if pcall(core.help, plain) then return plain end
  if own ~= nil and name_of(own) then return name_of(own) end
  return owner and member_as_printed(owner, member, mark == ':') or plain
end

--- Entries whose name or words hold a text: { name, summary }, by name.
local function found_by_words(text)
  local rows, wanted = {}, text:lower()
  for _, name in ipairs(core.names()) do
    local summary = core.words(name).summary
    if name:lower():find(wanted, 1, true) or summary:lower():find(wanted, 1, true) then
      rows[#rows + 1] = { name, summary }
    end
  end
  return rows
end

--- All names, by module.
local function list_names()
  local all = modules()
  local lines = {}
  for _, module in ipairs(all) do
    lines[#lines + 1] = ('%-10s  %s'):format(module, table.concat(all[module], ' '))
  end
  lines[#lines + 1] = ('%-10s  %s'):format('types', table.concat(core.types(), ' '))
  print(core.for_terminal(table.concat(lines, '\n')))
end

--- Where the program's recipes lie: here, where scripts/install put them, or in the tree that it was built from.
local function folder_of_recipes()
  local first = core.embedded_below('recipes/')[1]
  for _, folder in ipairs { '.', core.program():match '^(.*)/' .. '/../../share/lumir', core.root() } do
    if core.is_file(folder .. '/' .. first) then return folder end
  end
end

--- The program's recipes and what each says it is, a line of text each.
local function list_recipes()
  local lines = {}
  for _, path in ipairs(core.embedded_below 'recipes/') do
    lines[#lines + 1] = ('  %-30s  %s'):format(path, head_comment.first_sentence(core.embedded(path)))
  end
  local folder = folder_of_recipes()
  if folder and folder ~= '.' then lines[#lines + 1] = 'They lie in ' .. core.absolute(folder) .. '.' end
  lines[#lines + 1] = '`lumir RECIPE --help` says what one can be told.'
  print(core.for_terminal(table.concat(lines, '\n')))
end

local function explain(name) io.write(core.for_terminal(core.help(name))) end

--- What a file of models/ says of itself, and its functions; one of these. Answers whether a name means any.
local function explain_model(name)
  local head, model = model_files.head(name), model_files.registered(name)
  if head then io.write(core.for_terminal(head)) end
  if model then explain(model) end
  return head or model
end

native.lumir.doc {
  name = 'lumir.help',
  summary = "Prints what a name is (help 'mfcc', help 'Clip.part', help 'audio') or what a value is "
    .. '(help(audio.load), help(clip)). Where nothing is called so: every name whose words hold the text. '
    .. "help() lists all names, help 'models' the files of models/, help 'recipes' those of recipes/.",
  returns = 'nothing',
  example = "lumir.help 'Clip.rate'",
  source = "Lumir's own",
  parameters = { { name = 'what', type = 'value', text = 'a name or a value', optional = true } },
}
function help.help(what)
  if what == nil then return list_names() end
  if what == 'recipes' then return list_recipes() end
  if what == 'models' then return print(core.for_terminal(model_files.list())) end
  local name = help.registered(what)
  local file = name:match '^models[./](.+)$'
  if file then return explain_model(name) or core.refuse('help: ' .. model_files.none_called(file)) end
  local known, problem = pcall(explain, name)
  if known then return end
  local here, remark = require('lumir.python_names').here(name)
  if here then
    print(('%s is %s here%s'):format(name, here, remark and ': ' .. remark or ''))
    explain(here)
    return
  end
  if explain_model(name) then return end
  local rows = tostring(problem):find 'did you mean' and {} or found_by_words(name)
  if #rows == 0 then error(problem, 0) end
  print(("no name is '%s'; these speak of it:"):format(name))
  for _, row in ipairs(rows) do io.write(core.for_terminal(('  %-28s  %s\n'):format(row[1], row[2]))) end
end

return help
