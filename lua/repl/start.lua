-- What the prompt knows when it opens: every module of lumir by its name, and permission to assign globals.

local lumir = require 'lumir'

getmetatable(_G).assign = true

rawset(_G, 'lumir', lumir)
for name, value in pairs(lumir) do                        -- order does not matter: each goes to its own name
  if rawget(_G, name) == nil then rawset(_G, name, value) end
end

print(('Lumir %s · %s (%d threads) · help \'name\' explains'):format(lumir.version, jit.version, lumir.threads()))
