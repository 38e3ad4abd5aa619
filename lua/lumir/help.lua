-- `help`: what a name or a value is, in words.

local native = require 'lumir.native'
local core = native.core

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

--- The registered name that a text or a value means.
function help.registered(what)
  if type(what) ~= 'string' then
    return name_of(what) or core.refuse(('help: there are no words about a %s'):format(core.kind(what)))
  end
  local plain = what:gsub('^lumir%.', ''):gsub('%(%s*%)$', '')
  local owner, member = plain:match '^(.*)[.:]([%w_]+)$'
  local object, own = owner and value_of(owner), value_of(plain)
  if type(own) == 'userdata' then return core.kind(own) end
  if type(object) == 'userdata' then return core.kind(object) .. '.' .. member end
  if pcall(core.help, plain) then return plain end
  return own ~= nil and name_of(own) or plain
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

local function explain(name) io.write(core.for_terminal(core.help(name))) end

native.lumir.doc {
  name = 'lumir.help',
  summary = "Prints what a name is (help 'mfcc', help 'Clip.part', help 'audio') or what a value is "
    .. '(help(audio.load), help(clip)). Where nothing is called so: every name whose words hold the text. '
    .. 'help() lists all names.',
  returns = 'nothing',
  example = "lumir.help 'Clip.rate'",
  source = "Lumir's own",
  parameters = { { name = 'what', type = 'value', text = 'a name or a value', optional = true } },
}
function help.help(what)
  if what == nil then return list_names() end
  local name = help.registered(what)
  local known, problem = pcall(explain, name)
  if known then return end
  local here, remark = require('lumir.python_names').here(name)
  if here then
    print(('%s is %s here%s'):format(name, here, remark and ': ' .. remark or ''))
    explain(here)
    return
  end
  local rows = tostring(problem):find 'did you mean' and {} or found_by_words(name)
  if #rows == 0 then error(problem, 0) end
  print(("no name is '%s'; these speak of it:"):format(name))
  for _, row in ipairs(rows) do io.write(core.for_terminal(('  %-28s  %s\n'):format(row[1], row[2]))) end
end

return help
