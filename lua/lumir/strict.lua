-- Globals. They are strict: reading an undefined name is an error, and so is making one outside the prompt.
-- The prompt allows assignment by setting `assign` in the metatable.

local known = {}
for name in pairs(_G) do known[name] = true end

-- `declared` are the names that the prompt was told of: one of them that is nil now is nil, not unknown.
local strict = { assign = false, declared = {} }

-- What those who come from Python write, and what it is here.
local in_lua = { None = 'nil', True = 'true', False = 'false', null = 'nil', len = '#list', range = 'for i = 1, n',
  elif = 'elseif', this = 'self' }

function strict.__index(_, name)
  if strict.declared[name] then return nil end
  local hint = in_lua[name] and (' (in Lua it is %s)'):format(in_lua[name])
    or name == 'lumir' and " (write: local lumir = require 'lumir')" or ''
  error(("'%s' is not defined%s"):format(tostring(name), hint), 2)
end

function strict.__newindex(globals, name, value)
  local caller = debug.getinfo(2, 'S')
  if not strict.assign and not known[name] and caller and caller.what ~= 'C' then
    error(("'%s' is assigned but not declared; write: local %s = ..."):format(tostring(name), tostring(name)), 2)
  end
  if strict.assign and not known[name] then strict.declared[name] = true end
  rawset(globals, name, value)
end

setmetatable(_G, strict)

-- Numbers in files and figures have a point, wherever the program runs: another locale cannot be had, which this
-- function may say by nil.
function os.setlocale(locale)  -- luacheck: ignore 122
  if locale == nil or locale == '' or locale == 'C' or locale == 'POSIX' then return 'C' end
  return nil
end

-- What has a length and places is gone through as a list is: the parts of a network, the rows of a tensor.
local of_table = ipairs

local function next_place(object, place)
  if place < #object then return place + 1, object[place + 1] end
end

function ipairs(list)  -- luacheck: ignore 121
  if type(list) == 'userdata' then return next_place, list, 0 end
  return of_table(list)
end

-- An address says nothing, and is another one in every run: as text, tables show what is in them, as they do by
-- print, functions their name, and what else has an address its kind.
local core = require('lumir.native').core
local text_of, formatted = tostring, string.format

local has_address = { ['function'] = true }
for kind in ('table thread userdata cdata'):gmatch '%a+' do has_address[kind] = true end

-- A file's own text is its address, unless it is closed.
debug.getmetatable(io.stdout).__tostring = function(file) return io.type(file) end

function tostring(...)  -- luacheck: ignore 121
  local value = ...
  if not has_address[type(value)] then return text_of(...) end
  local meta = type(value) ~= 'cdata' and debug.getmetatable(value)     -- of cdata the address, whatever they are
  if meta and rawget(meta, '__tostring') then return text_of(...) end
  if type(value) == 'function' or (type(value) == 'table' and not meta) then return core.printed_line(value) end
  return (text_of(...):gsub(': 0x%x+$', ''))
end

--- What is asked for as text, by %s or %q, in place of the values that have an address; others are none of that.
local function as_text(pattern, ...)
  local values, at = { ... }, 0
  for directive in tostring(pattern):gmatch '%%[-+ #0]*%d*%.?%d*(.)' do
    if directive ~= '%' then at = at + 1 end
    local whole = directive == 's' or directive == 'q'
    if whole and has_address[type(values[at])] then values[at] = tostring(values[at]) end
  end
  return pattern, unpack(values, 1, select('#', ...))
end

--- Calls Lua's own last, so that its errors name the line of whoever called.
function string.format(...)  -- luacheck: ignore 122
  for i = 2, select('#', ...) do
    if has_address[type((select(i, ...)))] then return formatted(as_text(...)) end
  end
  return formatted(...)
end

local way_of = debug.traceback

--- Calls from the program itself have no name, and Lua would show where they lie in memory.
function debug.traceback(...)  -- luacheck: ignore 122
  local text
  if type((...)) == 'thread' then
    text = way_of(...)
  else
    local message, level = ...
    text = way_of(message == nil and '' or message, (level or 1) + 1)
    if message == nil then text = text:sub(2) end  -- the end of the line of no message
  end
  return type(text) == 'string' and text:gsub('(\n\t%[[%w#]+%]:) at 0x%x+', '%1 in the program') or text
end
