-- Editor stubs say what the registry says.

local core = require('lumir.native').core
local stubs = require 'lumir.docs.stubs'

local files = stubs.files()

--- What a language server would take from all stubs: fields of classes by name, the head of each function, defaults.
local function read_stubs()
  local classes, functions = {}, {}
  for _, file in ipairs(files) do
    local class
    for line in file.text:gmatch '[^\n]+' do
      class = line:match '^%-%-%-@class ([%w_.]+)' or (line:find '^%-%-%-@' and class)
      local field, rest = line:match '^%-%-%-@field ([%w_]+%??) (.*)$'
      if field and class then
        classes[class] = classes[class] or {}
        table.insert(classes[class], { name = field:gsub('%?', ''), default = rest:match '; default (.*)$' })
      end
      local name, arguments = line:match '^function ([%w_.:]+)%((.-)%) end$'
      if name then functions[name:gsub(':', '.')] = arguments end
    end
  end
  return classes, functions
end

test('LuaJIT parses each stub', function()
  for _, file in ipairs(files) do
    local chunk, problem = loadstring(file.text, '=' .. file.path)
    expect(chunk and '' or problem):equals ''
  end
end)

test('names, parameters and defaults are those of the registry', function()
  local classes, functions = read_stubs()
  local wrong = {}
  for _, name in ipairs(core.names()) do
    local words = core.words(name)
    local options, places = {}, {}
    places[1] = words.input:match '[%w_]+$'
    for _, parameter in ipairs(words.parameters) do
      if parameter.positional then
        local reserved = parameter.name ~= '...' and not loadstring('local ' .. parameter.name)
        places[#places + 1] = parameter.name .. (reserved and '_' or '')
      else
        local given = parameter.default ~= nil and not parameter.required
        table.insert(options, parameter.name .. (given and ' = ' .. core.show(parameter.default) or ''))
      end
    end
    if #options > 0 then places[#places + 1] = 'options' end
    local said = {}
    for _, field in ipairs(classes['lumir.' .. name .. '.options'] or {}) do
      table.insert(said, field.name .. (field.default and ' = ' .. field.default or ''))
    end
    if table.concat(said, ', ') ~= table.concat(options, ', ') then wrong[#wrong + 1] = name .. ': options' end
    local callable = words.form == 'method' or words.form == 'function' and words.written:find '%)$'
    if callable and not name:find '%.__' and functions[name] ~= table.concat(places, ', ') then
      wrong[#wrong + 1] = ('%s(%s), not (%s)'):format(name, table.concat(places, ', '), tostring(functions[name]))
    end
  end
  expect(table.concat(wrong, '\n')):equals ''
end)

test('types are those that a language server knows: plain ones, classes of the stubs, words', function()
  local known = { number = true, integer = true, boolean = true, string = true, table = true, any = true, fun = true }
  known['function'] = true
  for _, name in ipairs(core.types()) do known[name] = true end
  for _, file in ipairs(files) do
    for class in file.text:gmatch '%-%-%-@class ([%w_.]+)' do known[class] = true end
  end
  local unknown = {}
  for _, file in ipairs(files) do
    for line in file.text:gmatch '[^\n]+' do
      local kind = line:match '^%-%-%-@param %S+ (%S+)' or line:match '^%-%-%-@field %S+ (%S+)'
        or line:match '^%-%-%-@return (%S+)'
      for word in (kind or ''):gsub("'[^']*'", ''):gmatch '[%w_.]+' do
        if not known[word] then unknown[#unknown + 1] = file.path .. ': ' .. line end
      end
    end
  end
  expect(table.concat(unknown, '\n')):equals ''
end)
