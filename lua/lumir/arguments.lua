-- The command line of a script: positional words, and --name=value flags that the script declares.

local lumir = require 'lumir'
local core = require('lumir.native').core

local arguments = {}

--- arguments.read({ ... }, { usage = '...', words = 2, flags = { truth = '' } }) -> words, flags
-- `words` is how many positional ones there must be (or { least, most }); a flag's default says its type: text, a
-- number, or false for a switch. Anything else is wrong usage, status 2.
function arguments.read(given, wanted)
  local words, flags, names = {}, {}, {}
  for name, default in pairs(wanted.flags or {}) do
    flags[name] = default
    names[#names + 1] = name
  end
  table.sort(names)
  local function fail(message) lumir.usage(message .. '; usage: ' .. wanted.usage) end

  for _, argument in ipairs(given) do
    local name, text = argument:match '^%-%-([%w%-]+)=?(.*)$'
    if not name then
      words[#words + 1] = argument
    elseif name == 'help' then
      print(core.for_terminal('usage: ' .. wanted.usage))
      error({ status = 0, message = '' }, 0)
    elseif flags[name] == nil then
      fail(('--%s is no option%s'):format(name, (core.did_you_mean(name, names):gsub("'([^']*)'", '--%1'))))
    elseif type(flags[name]) == 'boolean' then
      if text ~= '' then fail(('--%s takes no value'):format(name)) end
      flags[name] = true
    elseif type(flags[name]) == 'number' then
      flags[name] = tonumber(text) or fail(("--%s must be a number, got '%s'"):format(name, text))
    else
      if text == '' then fail(('--%s needs a value'):format(name)) end
      flags[name] = text
    end
  end

  local least = type(wanted.words) == 'table' and wanted.words[1] or wanted.words
  local most = type(wanted.words) == 'table' and wanted.words[2] or wanted.words
  if #words < least then fail 'too few arguments' end
  if #words > most then fail(("'%s' is one too many"):format(words[most + 1])) end
  return words, flags
end

return arguments
