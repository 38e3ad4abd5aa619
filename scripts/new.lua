-- Begins a file: lumir new recipe|feature|layer|learner|metric NAME writes one that works, and its spec.
--
-- A recipe is written where you are; all else in the source tree of Lumir that you are in, whichever program this is:
-- there scripts/build and scripts/test take it up without an edit elsewhere.

local lumir = require 'lumir'
local core = require('lumir.native').core
local templates = require 'lumir.new_files'

local usage = 'lumir new recipe|feature|layer|learner|metric NAME'
local words = require('lumir.arguments').read({ ... }, { usage = usage, words = 2 })
local kind, name = words[1], words[2]

local kinds = { 'feature', 'layer', 'learner', 'metric', 'recipe' }
if not templates[kind] then
  lumir.usage(("new: '%s' is nothing to begin%s; usage: %s"):format(kind, core.did_you_mean(kind, kinds), usage))
end
local constructor = kind == 'layer' or kind == 'learner'
local pattern = constructor and '^[A-Z][A-Za-z0-9]*$' or '^[a-z][a-z0-9_]*$'
if not name:match(pattern) then
  lumir.usage(("new: a %s is called by %s, got '%s'"):format(kind,
    constructor and 'words that begin with capitals, such as GatedUnit' or 'lower case words, such as spectral_slope',
    name))
end

--- 'GatedUnit' as the name of a file: gated_unit.
local file = name:gsub('(%l)(%u)', '%1_%2'):lower()

--- A template with its names; a type's begins with a capital.
local function filled(text)
  local type_name = name:gsub('^%l', string.upper):gsub('_(%l)', string.upper)
  return (text:gsub('NAMEOptions', type_name .. 'Options'):gsub('NAME', name):gsub('FILE', file))
end

--- The source tree that the current folder lies in, with a slash behind it.
local function source_tree()
  local folder = core.absolute '.'
  while folder ~= '' do
    if core.is_file(folder .. '/scripts/build') and core.is_file(folder .. '/engine/core/registry.h') then
      return folder .. '/'
    end
    folder = folder:match '^(.*)/'
  end
  lumir.usage(("new: a %s goes into the source tree of Lumir, and '%s' is in none; this program was built in %s")
    :format(kind, core.absolute '.', core.root()))
end

local root = kind == 'recipe' and '' or source_tree()
local paths = {}
for i, template in ipairs(templates[kind]) do
  paths[i] = root .. filled(template[1])
  local there = io.open(paths[i])
  if there then
    there:close()
    lumir.fail(('new: %s is there already'):format(paths[i]))
  end
end
for i, template in ipairs(templates[kind]) do
  core.write_file(paths[i], filled(template[2]))
  print(paths[i])
end
if kind ~= 'recipe' and os.execute 'command -v clang-format-14 >/dev/null' == 0 then   -- a long name moves lines
  os.execute(("cd '%s' && scripts/format '%s'"):format(root:gsub("'", "'\\''"), paths[1]:gsub("'", "'\\''")))
end
if kind == 'recipe' then
  print(('lumir %s   runs it; lumir %s   runs its spec'):format(paths[1], paths[2]))
else
  print(('scripts/test -R %s   builds it and runs its spec'):format(file))
end
