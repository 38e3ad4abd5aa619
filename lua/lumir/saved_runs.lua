-- The runs below runs/: their folders and what their run.json says.

local core = require('lumir.native').core

local saved_runs = {}

--- run.json of a folder as a table; nil and why, in words, where it is not what a run writes.
local function record_in(folder)
  local path = folder .. '/run.json'
  local read, text = pcall(core.read_file, path)
  if not read then return nil, folder .. ': no run lies there (no run.json)' end
  local known, record = pcall(core.from_json, text, path)
  if not known or type(record) ~= 'table' or type(record.recipe) ~= 'string' then
    return nil, path .. ': is none that a run wrote'
  end
  for _, member in ipairs { 'options', 'results', 'timings' } do
    if record[member] ~= nil and type(record[member]) ~= 'table' then
      return nil, ("%s: its '%s' is no table"):format(path, member)
    end
  end
  return record
end

--- The record of one run by its folder, with `folder` in it; says in one line what is wrong with another path.
function saved_runs.of(folder)
  local plain = folder:gsub('(.)/+$', '%1')
  local record, problem = record_in(plain)
  if not record then core.refuse(problem) end
  record.folder = plain
  return record
end

--- All runs below a folder, by recipe and number.
function saved_runs.below(root)
  local found = {}
  for _, name in ipairs(core.list_folder(root)) do
    local numbers = {}
    for _, number in ipairs(core.list_folder(root .. '/' .. name)) do numbers[#numbers + 1] = tonumber(number) end
    table.sort(numbers)
    for _, number in ipairs(numbers) do
      local folder = ('%s/%s/%d'):format(root, name, number)
      local record, problem = record_in(folder)
      if record then
        record.folder, record.name = folder, name
        found[#found + 1] = record
      else
        io.stderr:write(('warning: %s\n'):format(problem))
      end
    end
  end
  return found
end

--- { option = text } in which the records of one recipe differ.
function saved_runs.differing_options(records)
  local differing = {}
  for _, record in ipairs(records) do
    for name, value in pairs(record.options or {}) do
      for _, other in ipairs(records) do
        local theirs = (other.options or {})[name]
        if core.show(theirs) ~= core.show(value) then differing[name] = true end
      end
    end
  end
  local names = {}
  for name in pairs(differing) do names[#names + 1] = name end
  table.sort(names)
  return names
end

return saved_runs
