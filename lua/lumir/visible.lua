-- Every function of every module and every member of every type, as Lua sees them: what needs words.

local native = require 'lumir.native'
local core = native.core

--- Sorted names; operators of LibTorch, which have schemas of their own, are not among them.
local function visible()
  local lumir = require 'lumir'
  local found, operator = core.members(), {}
  for _, name in ipairs(lumir.torch.names()) do operator[name] = true end
  for module, value in pairs(lumir) do                      -- order does not matter: they are sorted
    if type(value) == 'table' then
      for name, inner in pairs(value) do
        if type(inner) == 'table' then                      -- a module inside a module: nn.init
          for deeper in pairs(inner) do found[#found + 1] = ('%s.%s.%s'):format(module, name, deeper) end
        elseif module ~= 'torch' or not operator[name] or core.described('torch.' .. name) then
          found[#found + 1] = module .. '.' .. name
        end
      end
      if rawget(getmetatable(value), '__call') then found[#found + 1] = module .. '.__call' end
    else
      found[#found + 1] = 'lumir.' .. module
    end
  end
  table.sort(found)
  return found
end

--- Those without words.
local function without_words()
  local without = {}
  for _, name in ipairs(visible()) do
    if not core.described(name) then without[#without + 1] = name end
  end
  return without
end

return { names = visible, without_words = without_words }
