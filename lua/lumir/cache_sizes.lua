-- What lies in the cache's folder, in words: "features 1.91 GB, weights 0.02 GB, libtorch-2.15.0 1.20 GB".

local core = require('lumir.native').core

return function(folder)
  local parts = { ('features %.2f GB'):format(core.cache_bytes() / 1e9) }
  for _, name in ipairs(core.list_folder(folder)) do
    local bytes = name ~= 'entries' and name ~= 'small' and core.folder_bytes(folder .. '/' .. name) or 0
    if bytes > 0 then parts[#parts + 1] = ('%s %.2f GB'):format(name, bytes / 1e9) end
  end
  return table.concat(parts, ', ')
end
