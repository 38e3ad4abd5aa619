-- The runs below runs/: their folders and what their run.json says.

local core = require('lumir.native').core

local saved_runs = {}

--- What is wrong with results of a record, whose lists others go through without looking; nil if nothing is.
local function fault_in_results(results, name)
  for _, member in ipairs { 'metrics', 'models', 'classes', 'ids' } do
    if results[member] ~= nil and type(results[member]) ~= 'table' then
      return ("'%s.%s' is no list"):format(name, member)
    end
  end
  for i, model in ipairs(results.models or {}) do
    if type(model) ~= 'table' then return ("'%s.models[%d]' is no table"):format(name, i) end
    for _, member in ipairs { 'train', 'valid' } do
      if model[member] ~= nil and type(model[member]) ~= 'table' then
        return ("'%s.models[%d].%s' is no table"):format(name, i, member)
      end
    end
  end
end

--- The same of all that was judged, each with its models, classes and recordings.
local function fault_in_judged(judged)
  for i, results in ipairs(judged) do
    local name = ('judged[%d]'):format(i)
    if type(results) ~= 'table' then return ("'%s' is no table"):format(name) end
    local fault = fault_in_results(results, name)
    if fault then return fault end
    if not (results.models and results.models[1] and results.classes and results.ids) then
      return ("'%s' lacks models, classes or ids"):format(name)
    end
  end
end

--- The same of a record's folds.
local function fault_in_folds(folds)
  for i, setting in ipairs(folds) do
    if type(setting) ~= 'table' then return ("'folds[%d]' is no table"):format(i) end
    for _, member in ipairs { 'metrics', 'mean' } do
      if setting[member] ~= nil and type(setting[member]) ~= 'table' then
        return ("'folds[%d].%s' is no table"):format(i, member)
      end
    end
  end
end

--- run.json of a folder as a table; nil and why, in words, where it is not what a run writes; true too where there is
--- none at all, as in the folder of a run that goes on or broke off.
local function record_in(folder)
  local path = folder .. '/run.json'
  local read, text = pcall(core.read_file, path)
  if not read then return nil, folder .. ': no run lies there (no run.json)', true end
  local known, record = pcall(core.from_json, text, path)
  if not known or type(record) ~= 'table' or type(record.recipe) ~= 'string' then
    return nil, path .. ': is none that a run wrote'
  end
  for _, member in ipairs { 'options', 'results', 'judged', 'folds', 'timings' } do
    if record[member] ~= nil and type(record[member]) ~= 'table' then
      return nil, ("%s: its '%s' is no table"):format(path, member)
    end
  end
  local started = (record.timings or {}).started
  local fault = started ~= nil and type(started) ~= 'string' and "'timings.started' is no text"
    or fault_in_results(record.results or {}, 'results') or fault_in_judged(record.judged or {})
    or fault_in_folds(record.folds or {})
  if fault then return nil, ('%s: its %s'):format(path, fault) end
  return record
end

--- The record of one run by its folder, with `folder` in it; says in one line what is wrong with another path.
function saved_runs.of(folder)
  local plain = folder:gsub('(.)/+$', '%1')
  local record, problem = record_in(plain)
  if not record then core.fail(problem) end
  record.folder = plain
  return record
end

--- Whether a run is of made music: of a sample corpus, by a model of one, or made of other runs that are.
function saved_runs.is_synthetic(record)
  return record.synthetic == true or (record.results or {}).synthetic == true
    or type(record.data) == 'table' and record.data.synthetic == true
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
      local record, problem, absent = record_in(folder)
      if record then
        record.folder, record.name = folder, name
        found[#found + 1] = record
      elseif not absent then
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
