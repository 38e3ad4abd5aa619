-- Gets public weights into the cache, and checks them: lumir fetch NAME [--list=FILE.lua].
--
-- Without a name it lists what there is: names, megabytes, licences, and what is there already. A download that broke
-- off goes on; a file that is not the one of the list is refused. --list takes another list than models/weights.lua, of
-- the same form. $LUMIR_PYPI is another index than https://pypi.org/simple.

require 'lumir'
local core = require('lumir.native').core
local weights = require 'lumir.weights'

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir fetch [NAME] [--list=FILE.lua]',
  words = { 0, 1 },
  flags = { list = '' },
})
local list = flags.list == '' and require 'models.weights' or weights.read_list(flags.list)

if not words[1] then
  for _, entry in ipairs(list) do
    local there = core.file_size(weights.path(entry)) == entry.bytes
    print(('%-16s %7.1f MB  %-8s %s'):format(entry.name, entry.bytes / 1e6, there and 'there' or '', entry.licence))
  end
  return 0
end

local entry = weights.find(words[1], list)
local path, is_new = weights.fetch(entry)
print(('%s  %.1f MB  %s  ->  %s'):format(entry.name, entry.bytes / 1e6, is_new and 'fetched' or 'was there', path))
print('licence: ' .. entry.licence)
