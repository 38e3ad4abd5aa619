-- What the prompt knows when it opens: every module of lumir by its name, its own functions (lumir.prompt), and
-- permission to assign globals.

local lumir = require 'lumir'
local quiet = ...

local strict = getmetatable(_G)
rawset(_G, 'lumir', lumir)
for name, value in pairs(lumir) do                        -- order does not matter: each goes to its own name
  if rawget(_G, name) == nil then rawset(_G, name, value) end
end
for name, value in pairs(lumir.prompt) do
  if rawget(_G, name) == nil then rawset(_G, name, value) end
end
setmetatable(debug, { __call = function(_, ...) lumir.prompt.frames(...) end })
strict.assign = true

if quiet == '' then
  print(('Lumir %s · %s (%d threads) · help \'name\' explains'):format(lumir.version, jit.version, lumir.threads()))
end
