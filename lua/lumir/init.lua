-- `require 'lumir'`: the engine's modules and what is written in Lua beside them.

local native = require 'lumir.native'
local core = native.core

local lumir = {}

for name, module in pairs(native) do                      -- order does not matter: each goes to its own field
  if name ~= 'core' then lumir[name] = module end
end

lumir.version = core.version()
lumir.chain = core.chain
lumir.seed = core.seed
lumir.threads = core.threads
lumir.options = require('lumir.options').read

--- Prints what a registered name is: help 'mfcc', help 'learn.SVC'; help() lists the modules.
function lumir.help(name)
  if name ~= nil then
    io.write(core.help(name))
    return
  end
  local modules = {}
  for _, full in ipairs(core.names()) do
    local module, short = full:match('^([^.]+)%.(.+)$')
    if not modules[module] then
      modules[module] = {}
      modules[#modules + 1] = module
    end
    table.insert(modules[module], short)
  end
  for _, module in ipairs(modules) do
    print(('%-10s %s'):format(module, table.concat(modules[module], ' ')))
  end
end

--- Ends a script because it was called wrongly: one line, exit status 2.
function lumir.usage(message)
  error({ status = 2, message = message }, 0)
end

--- Ends a script because something outside failed: one line, exit status 1.
function lumir.fail(message)
  error({ status = 1, message = message }, 0)
end

return setmetatable(lumir, {
  __index = function(_, name)
    local names = {}
    for known in pairs(lumir) do names[#names + 1] = known end
    table.sort(names)
    error(('lumir.%s: there is no such name%s'):format(tostring(name), core.did_you_mean(tostring(name), names)), 2)
  end,
})
