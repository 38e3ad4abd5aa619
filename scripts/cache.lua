-- The cache of computed features: lumir cache shows where it lies and how big it is, lumir cache --trim=5 keeps 5 GB.
--
-- What was used longest ago goes first; --trim=0 empties it. What is gone is computed again when it is needed;
-- weights of a frozen network come back with net:step of the network that has them.

local lumir = require 'lumir'
local core = require('lumir.native').core

local _, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir cache [--trim=GIGABYTES]',
  words = 0,
  flags = { trim = -1 },
})
local given = (...) ~= nil
if given and flags.trim < 0 then lumir.usage '--trim must be 0 or more gigabytes' end

local function gigabytes(bytes) return ('%.2f GB'):format(bytes / 1e9) end

local folder = core.cache_folder()
local before = core.cache_bytes()
if given then
  core.sweep_cache(flags.trim * 1e9)
  print(('%s   %s, before %s'):format(folder, gigabytes(core.cache_bytes()), gigabytes(before)))
else
  print(('%s   %s of 20 GB'):format(folder, gigabytes(before)))
  print('holds ' .. require 'lumir.cache_sizes'(folder))
end
