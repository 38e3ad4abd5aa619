-- Makes a synthetic sample corpus: lumir sample artist20 [FOLDER] [--artists=4] [--albums=6] [--songs=3].
--
-- What else can be said is what its registration declares: help 'sample.artist20'.

local lumir = require 'lumir'
local core = require('lumir.native').core

--- The first word of a command line: the name of the sample.
local function name_in(given)
  for _, argument in ipairs(given) do
    if not argument:find '^%-%-' then return argument end
  end
end

--- The options of a sample with their defaults, and how a usage line shows them.
local function flags_of(name)
  if not core.described('sample.' .. name) then lumir.data.sample(name) end   -- says which ones there are
  local flags, usage = {}, ''
  for _, parameter in ipairs(core.words('sample.' .. name).parameters) do
    if parameter.name ~= 'folder' then
      flags[parameter.name] = parameter.default
      usage = ('%s [--%s=%s]'):format(usage, parameter.name, tostring(parameter.default))
    end
  end
  return flags, usage
end

local name = name_in { ... }
local flags, shown = {}, ' [--option=number ...]'
if name then flags, shown = flags_of(name) end
local words, options = require('lumir.arguments').read({ ... }, {
  usage = 'lumir sample ' .. (name or 'NAME') .. ' [FOLDER]' .. shown,
  words = { 1, 2 },
  flags = flags,
})
options.folder = words[2]

local started = os.time()
local root = lumir.data.sample(words[1], options).path
local songs = lumir.data[words[1]](root)
local summary = tostring(songs):match '^Dataset%s+(.-) · columns' or tostring(songs)
print(('%-7s %s  ->  %s   %d s'):format('sample', summary, root, os.time() - started))
