-- `require 'lumir'`: the engine's modules and what is written in Lua beside them.

local native = require 'lumir.native'
local core = native.core

local lumir = {}

for name, module in pairs(native) do                      -- order does not matter: each goes to its own field
  if name ~= 'core' and name ~= 'lumir' then lumir[name] = module end
end
for name, value in pairs(native.lumir) do lumir[name] = value end

lumir.doc {
  name = 'lumir.version',
  summary = 'Which version of Lumir this is.',
  returns = 'text: three numbers with dots between them',
  example = 'lumir.version',
  source = "Lumir's own",
}
lumir.version = core.version()

lumir.options = require('lumir.options').read
lumir.weights = require('lumir.weights').load
require 'lumir.tensor'
require 'lumir.fit'
require 'lumir.find_rate'
lumir.help = require('lumir.help').help
table.insert(package.loaders, require('lumir.model_files').missing)
require 'lumir.clips'
require 'lumir.activations'
require 'lumir.grad_cam'
require 'lumir.maximize_activation'
require 'lumir.network_figures'
require 'lumir.by_group'
lumir.finished = require 'lumir.finished'
lumir.side_by_side = require 'lumir.side_by_side'
lumir.sweep = require('lumir.started_runs').sweep

lumir.doc {
  name = 'lumir.usage',
  summary = 'Ends a script because it was called wrongly: one line, exit status 2.',
  returns = 'nothing: it raises an error',
  example = "pcall(lumir.usage, 'loudest: too few arguments')",
  source = "Lumir's own",
  parameters = { { name = 'message', type = 'text', text = 'the line' } },
}
function lumir.usage(message)
  error({ status = 2, message = message }, 0)
end

lumir.doc {
  name = 'lumir.fail',
  summary = 'Ends a script because something outside it failed: one line, exit status 1.',
  returns = 'nothing: it raises an error',
  example = "pcall(lumir.fail, 'songs: no such folder')",
  source = "Lumir's own",
  parameters = { { name = 'message', type = 'text', text = 'the line' } },
}
function lumir.fail(message)
  error({ status = 1, message = message }, 0)
end

lumir.prompt = require 'lumir.prompt'

--- Its modules and its own functions, by name.
local function shown()
  local modules, functions = {}, {}
  for name, value in pairs(lumir) do                       -- order does not matter: they are sorted
    table.insert(type(value) == 'table' and modules or functions, name)
  end
  table.sort(modules)
  table.sort(functions)
  return ('Lumir %s: modules %s; %s'):format(lumir.version, table.concat(modules, ' '), table.concat(functions, ' '))
end

return setmetatable(lumir, {
  __tostring = shown,
  __index = function(_, name)
    local names = {}
    for known in pairs(lumir) do names[#names + 1] = known end
    table.sort(names)
    error(('lumir.%s: there is no such name%s'):format(tostring(name), core.did_you_mean(tostring(name), names)), 2)
  end,
})
