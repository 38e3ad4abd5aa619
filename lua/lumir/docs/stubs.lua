-- Stubs for editors (LuaCATS, as Lua's language server reads them): every name of the registry with types, defaults and
-- words, but without a body.

local core = require('lumir.native').core
local pages = require 'lumir.docs.pages'

local stubs = {}

--- What types are called there; those of the registry keep their names.
local plain = {
  number = 'number', integer = 'integer', position = 'integer', boolean = 'boolean', text = 'string', word = 'string',
  ['function'] = 'function', table = 'table', value = 'any', list = 'any[]', lists = 'any[]', grid = 'table',
  dataset = 'Dataset', model = 'Estimator', estimator = 'Estimator', module = 'Module', steps = 'Step[]',
  name = 'string', tensors = 'Tensor[]', tensor = 'Tensor', step = 'Step', classifier = 'Estimator',
  transformer = 'Estimator', regressor = 'Estimator', ["'none'"] = "'none'", ['{ low, high }'] = 'number[]',
  numbers = 'number', integers = 'integer', clip = 'Clip', clips = 'Clip', labels = 'any', models = 'Estimator[]',
  estimators = 'Estimator[]',
}

local binary = { add = true, sub = true, mul = true, div = true, mod = true, pow = true, concat = true }

local one_type

--- 'Dataset, Table or table' as a union.
local function union(text)
  local found = {}
  for part in text:gsub('{ low, high }', '{low;high}'):gsub(' or ', ', '):gmatch '[^,]+' do
    found[#found + 1] = one_type((part:match '^%s*(.-)%s*$':gsub('{low;high}', '{ low, high }')))
  end
  return table.concat(found, '|')
end

function one_type(text)
  local element = text:match '^list of (.*)$' or text:match '^table of (.*)$'
  if element then
    local inner = union(element)
    return inner:find '|' and ('(%s)[]'):format(inner) or inner .. '[]'
  end
  return plain[text] or (core.type(text) and text) or 'any'
end

--- A parameter's type; its words in place of 'string' where they are a list.
local function type_of(parameter)
  local text = union(parameter.type)
  if #parameter.choices == 0 then return text end
  local words = {}
  for i, word in ipairs(parameter.choices) do words[i] = ("'%s'"):format(word) end
  local all = table.concat(words, '|')
  local replaced, count = text:gsub('string', (all:gsub('%%', '%%%%')), 1)
  return count == 1 and replaced or text
end

--- The type of what comes back, as far as its words begin with one.
local function returned(words, owner)
  local text = words.returns
  if text:find '^nothing' or text == '' then return nil end
  if text:find '^itself' or text:find '^the module' then return owner or 'any' end
  if text:find '^%[' then return 'Tensor' end
  local list = text:match '^a list of (%w+)'
  if list then
    local singular = list:gsub('s$', '')
    return ((plain[list] or (core.type(singular) and singular)) or plain[singular] or 'any') .. '[]'
  end
  local word = text:match '^an? (%w+)' or text:match '^(%w+)'
  return word and (plain[word] or (core.type(word) and word)) or 'any'
end

--- What a parameter means, on one line; its default at the end.
local function meaning(parameter)
  local parts = { (parameter.text:gsub('%s+', ' ')) }
  if parameter.unit ~= '' then parts[#parts + 1] = parameter.unit end
  if parameter.limits ~= '' and #parameter.choices == 0 then parts[#parts + 1] = parameter.limits end
  local text = table.concat(parts, '; ')
  if parameter.required or parameter.default == nil then return text end
  return ('%s; default %s'):format(text, core.show(parameter.default))
end

--- A name as an argument: Lua's own words cannot be one.
local function argument(name) return (name == '...' or loadstring('local ' .. name)) and name or name .. '_' end

local function comment(lines, text)
  for line in (text .. '\n'):gmatch '(.-)\n' do lines[#lines + 1] = '--- ' .. line end
end

--- The class of an entry's options; its name, and whether one of them must be given.
local function add_options(lines, name, words)
  local class, required
  for _, parameter in ipairs(words.parameters) do
    if not parameter.positional then
      if not class then
        class = ('lumir.%s.options'):format(name)
        lines[#lines + 1] = '---@class ' .. class
      end
      required = required or parameter.required
      lines[#lines + 1] = ('---@field %s%s %s # %s'):format(parameter.name, parameter.required and '' or '?',
        type_of(parameter), meaning(parameter))
    end
  end
  if class then lines[#lines + 1] = '' end
  return class, required
end

--- Words, parameters and what comes back; the names between the brackets.
local function add_signature(lines, words, owner, class, required)
  local names = {}
  comment(lines, words.summary)
  if words.example ~= '' then comment(lines, '\n    ' .. words.example:gsub('\n', '\n    ')) end
  local input = words.input:match '[%w_]+$'                    -- of 'a batch' the noun
  if input then
    names[1] = input
    lines[#lines + 1] = ('---@param %s %s'):format(input, one_type(input))
  end
  for _, parameter in ipairs(words.parameters) do
    if parameter.positional then
      names[#names + 1] = argument(parameter.name)
      lines[#lines + 1] = ('---@param %s%s %s # %s'):format(names[#names],
        parameter.required and '' or parameter.name ~= '...' and '?' or '', type_of(parameter), meaning(parameter))
    end
  end
  if class then
    names[#names + 1] = 'options'
    lines[#lines + 1] = ('---@param options%s %s'):format(required and '' or '?', class)
  end
  local gives = returned(words, owner)
  if gives then lines[#lines + 1] = ('---@return %s # %s'):format(gives, (words.returns:gsub('%s+', ' '))) end
  if words.step then
    lines[#lines + 1] = ('---@overload fun(%s): Step'):format(class and 'options?: ' .. class or '')
  end
  return table.concat(names, ', ')
end

--- One name of a module or a type: what stands above the class, and what below it.
local function add_entry(file, owner, name)
  local words, short = core.words(name), name:match '^[^.]+%.(.*)$'
  local is_type = core.type(owner)
  local function add_field(kind)
    file.fields[#file.fields + 1] = ('---@field %s %s # %s'):format(short, kind, words.summary)
  end
  if words.form == 'field' then
    add_field(returned(words, owner) or 'any')
  elseif words.form == 'operation' or short:find '^__' then
    local operator = short:match '^__(.*)$'
    file.fields[#file.fields + 1] = ('--- %s: %s'):format(short, words.summary)
    local gives = returned(words, owner) or 'any'
    if binary[operator] then
      file.fields[#file.fields + 1] = ('---@operator %s(any): %s'):format(operator, gives)
    elseif operator == 'len' or operator == 'unm' then
      file.fields[#file.fields + 1] = ('---@operator %s: %s'):format(operator, gives)
    elseif operator == 'call' then
      local class = add_options(file.head, name, words)
      local given = class and 'any|' .. class or 'any'
      file.fields[#file.fields + 1] = ('---@overload fun(...: %s): %s'):format(given, gives)
    end
  elseif words.written:find(" '", 1, true) then                -- a word that a function takes: feature.set 'gtzan'
    file.body[#file.body + 1] = ("---@alias lumir.%s '%s' # %s\n"):format(name, name:match '[^.]+$', words.summary)
  elseif words.written == name then                            -- a value: lumir.version
    add_field(returned(words) or 'any')
  else
    local class, required = add_options(file.body, name, words)
    local arguments = add_signature(file.body, words, is_type and owner, class, required)
    local inner = short:match '^([^.]+)%.'
    if inner and not file.inner[inner] then                    -- a module inside a module: nn.init
      file.inner[inner] = true
      table.insert(file.head, ('---@class lumir.%s.%s\n'):format(owner, inner))
      file.fields[#file.fields + 1] = ('---@field %s lumir.%s.%s'):format(inner, owner, inner)
    end
    file.body[#file.body + 1] = ('function %s%s%s(%s) end\n'):format(owner, is_type and ':' or '.', short, arguments)
  end
end

--- A module's or a type's file.
local function file_of(owner, names)
  local is_type = core.type(owner)
  local class = is_type and owner or owner == 'lumir' and 'lumir' or 'lumir.' .. owner
  local file = { head = {}, fields = {}, body = {}, inner = {} }
  for _, name in ipairs(names) do add_entry(file, owner, name) end
  local lines = { '---@meta', '' }
  for _, line in ipairs(file.head) do lines[#lines + 1] = line end
  comment(lines, is_type and is_type.summary or pages.about[owner] or owner)
  lines[#lines + 1] = '---@class ' .. class
  for _, line in ipairs(file.fields) do lines[#lines + 1] = line end
  if owner == 'lumir' then
    for _, module in ipairs(pages.modules) do
      if module ~= 'lumir' then lines[#lines + 1] = ('---@field %s lumir.%s'):format(module, module) end
    end
  end
  lines[#lines + 1] = ('local %s = {}'):format(owner)
  for inner in pairs(file.inner) do lines[#lines + 1] = ('%s.%s = {}'):format(owner, inner) end
  lines[#lines + 1] = ''
  for _, line in ipairs(file.body) do lines[#lines + 1] = line end
  if not is_type then lines[#lines + 1] = 'return ' .. owner end
  local folder = is_type and 'types/' or owner == 'lumir' and '' or 'lumir/'
  return { path = folder .. owner .. '.lua', text = table.concat(lines, '\n') .. '\n' }
end

--- All files: { path, text }, one a module and one a type.
function stubs.files()
  local by_module, order = pages.names_by_module()
  local found = {}
  for _, owner in ipairs(order) do found[#found + 1] = file_of(owner, by_module[owner]) end
  return found
end

return stubs
