-- lumir.finished: what runs that have ended found, as results that stand beside others.
--
-- A run folder holds every score of every recording (recordings.csv) and what was judged (run.json). Rows of those
-- scores are judged anew, by a network that answers what it is given: so intervals, differences and figures are those
-- of any results, and runs of one recipe stand beside those of another.

local native = require 'lumir.native'
local core, data, evaluate, nn, lumir = native.core, native.data, native.evaluate, native.nn, native.lumir
local saved_runs = require 'lumir.saved_runs'

local BEYOND = 1e-6                                         -- by how much a predicted class leads, at least

--- Where the class that the model predicted does not have the greatest score alone (an SVM goes by the votes of its
-- pairs), it is raised above the others: what a run printed stays.
local function raise(row, classes, predicted)
  local best, chosen = -math.huge, nil
  for k, class in ipairs(classes) do
    if class == predicted then chosen = k else best = math.max(best, row[k]) end
  end
  if chosen and row[chosen] <= best then row[chosen] = best + BEYOND * math.max(1, math.abs(best)) end
  return chosen
end

--- The scores of one model, a list for each of the recordings `kept`; `results` are those that it stands in.
local function scores_of(model, results, kept, folder)
  local columns, predicted = {}, {}
  for k, class in ipairs(results.classes) do columns[k] = ('%s: %s'):format(model.name, class) end
  local rows = kept:select(columns).x:tolist()
  if type(model.predicted) ~= 'table' or #model.predicted ~= #rows then
    core.fail(('%s/run.json: %s answers for %s recordings, recordings.csv has %d'):format(folder,
      tostring(model.name), type(model.predicted) == 'table' and #model.predicted or 'no', #rows))
  end
  for i, id in ipairs(results.ids or kept.ids) do predicted[id] = model.predicted[i] end
  for i, row in ipairs(rows) do
    for _, score in ipairs(row) do
      if score ~= score then core.fail(('%s/recordings.csv: row %d lacks a score'):format(folder, i)) end
    end
    local said = predicted[kept.ids[i]]
    if not raise(row, results.classes, said) then
      core.fail(("%s/run.json: %s predicted '%s', which is none of its classes"):format(folder, model.name,
        tostring(said)))
    end
  end
  return rows
end

local function check(record)
  local results = record.results
  if record.folds then core.fail(record.folder .. ': is a cross-validation, whose folds have a model each') end
  if type(results) ~= 'table' or type(results.models) ~= 'table' or #results.models == 0 then
    core.fail(record.folder .. ': has no results; did it end?')
  end
  if results.target ~= 'classes' then
    core.fail(('%s: is of %s, and only classes can be judged anew'):format(record.folder,
      tostring(results.target)))
  end
  if type(results.classes) ~= 'table' then
    core.fail(record.folder .. '/run.json: its results name no classes')
  end
end

--- The headline, then what else the run judged: of other recordings, or without a report one after the other.
local function results_in(record)
  local all, headline = { record.results }, record.results
  for _, one in ipairs(record.judged or {}) do
    local same = #one.models == #headline.models and one.models[1].name == headline.models[1].name
      and table.concat(one.ids, '\n') == table.concat(headline.ids or {}, '\n')
    if same then headline.set = one.set else all[#all + 1] = one end
  end
  return all
end

--- What the run was told of its leaks is told again, each leak in a line.
local function tell_leaks(record)
  for leak in ((record.leak or ''):gsub('; LEAK', '\nLEAK') .. '\n'):gmatch '(.-)\n' do
    if leak ~= '' then core.red_line(('%s: %s'):format(record.folder, leak)) end
  end
end

local read = lumir.doc {
  name = 'lumir.finished',
  summary = 'What a run that has ended found: a system for each model of its headline, then for each model of other '
    .. 'results, whose results can be compared with those of other runs on the same recordings.',
  returns = 'a list of tables: run (its folder), name, settings (of a network its parameters), seconds of the fit, '
    .. 'results, record (its run.json)',
  example = "pcall(lumir.finished, 'runs/artist20-svm/1')",
  source = "Lumir's own",
  parameters = { { name = 'folder', type = 'text', text = "the folder of the run: 'runs/artist20-svm/1'" } },
}

return function(folder)
  read(folder)
  local record, systems = saved_runs.of(folder), {}
  check(record)
  tell_leaks(record)
  local csv = data.csv(record.folder .. '/recordings.csv', {
    id = 'id', label = 'truth', group = 'group', words = 'kept', missing = 'expected' })
  local numbered = csv.columns[1] == 'set'                  -- several sets of recordings, one below the other
  for _, results in ipairs(results_in(record)) do
    local kept = numbered and csv:where('set', results.set or 1) or csv
    for _, model in ipairs(results.models) do
      local table = data.table { x = scores_of(model, results, kept, record.folder), columns = results.classes,
                                 y = kept.labels, names = results.classes, groups = kept.groups, ids = kept.ids,
                                 synthetic = saved_runs.is_synthetic(record) }
      local judged = evaluate(nn.Sequential { nn.Identity() }, table, {
        name = model.name, settings = model.settings, vote = 'none' })
      systems[#systems + 1] = { run = record.folder, name = model.name, settings = model.settings, results = judged,
        seconds = ((record.timings or {}).seconds or {})['fit ' .. model.name], record = record }
    end
  end
  return systems
end
