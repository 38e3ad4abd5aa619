-- Strict globals: reading an undefined name is an error, and so is making one outside the prompt.
-- The prompt allows assignment by setting `assign` in the metatable.

local known = {}
for name in pairs(_G) do known[name] = true end

local strict = { assign = false }

function strict.__index(_, name)
  error(("'%s' is not defined"):format(tostring(name)), 2)
end

function strict.__newindex(globals, name, value)
  local caller = debug.getinfo(2, 'S')
  if not strict.assign and not known[name] and caller and caller.what ~= 'C' then
    error(("'%s' is assigned but not declared; write: local %s = ..."):format(tostring(name), tostring(name)), 2)
  end
  rawset(globals, name, value)
end

setmetatable(_G, strict)
