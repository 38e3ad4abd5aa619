-- lumir.finished: what runs that have ended found, as results that stand beside others.
--
-- A run folder holds every score of every recording (recordings.csv) and what was judged (run.json). Rows of those
-- scores are judged anew, by a network that answers what it is given: so intervals, differences and figures are those
-- of any results, and runs of one recipe stand beside those of another.

local native = require 'lumir.native'
local core, data, evaluate, nn, lumir = native.core, native.data, native.evaluate, native.nn, native.lumir
local saved_runs = require 'lumir.saved_runs'

local BEYOND = 1e-6                                         -- by how much a predicted class leads, at least

--- The scores of one model from its columns, a list for each recording. Where the class that the model predicted
-- does not have the greatest score alone (an SVM goes by the votes of its pairs), it is raised above the others:
-- what a run printed stays.
local function scores_of(model, classes, scores, place, folder)
  local rows = {}
  if type(model.predicted) ~= 'table' or #model.predicted ~= #scores then
    core.fail(('%s/run.json: %s answers for %s recordings, recordings.csv has %d'):format(folder,
      tostring(model.name), type(model.predicted) == 'table' and #model.predicted or 'no', #scores))
  end
  for i, predicted in ipairs(model.predicted) do
    local row, best, chosen = {}, -math.huge, nil
    for k, class in ipairs(classes) do
      row[k] = scores[i][place + k]
      if row[k] ~= row[k] then core.fail(('%s/recordings.csv: row %d lacks a score'):format(folder, i)) end
      if class == predicted then chosen = k else best = math.max(best, row[k]) end
    end
    if not chosen then
      core.fail(("%s/run.json: %s predicted '%s', which is none of its classes"):format(folder, model.name,
        tostring(predicted)))
    end
    if row[chosen] <= best then row[chosen] = best + BEYOND * math.max(1, math.abs(best)) end
    rows[i] = row
  end
  return rows
end

--- The columns that hold scores of the models, and the place before the first of each model.
local function columns_of(results)
  local names, places = {}, {}
  for _, model in ipairs(results.models) do
    places[model.name] = #names
    for _, class in ipairs(results.classes) do names[#names + 1] = ('%s: %s'):format(model.name, class) end
  end
  return names, places
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

local read = lumir.doc {
  name = 'lumir.finished',
  summary = 'What a run that has ended found: a system for each of its models, whose results can be compared with '
    .. 'those of other runs on the same recordings.',
  returns = 'a list of tables: run (its folder), name, settings (of a network its parameters), seconds of the fit, '
    .. 'results, record (its run.json)',
  example = "pcall(lumir.finished, 'runs/artist20-svm/1')",
  source = "Lumir's own",
  parameters = { { name = 'folder', type = 'text', text = "the folder of the run: 'runs/artist20-svm/1'" } },
}

return function(folder)
  read(folder)
  local record = saved_runs.of(folder)
  check(record)
  if record.leak then core.red_line(('%s: %s'):format(record.folder, record.leak)) end
  local results, systems = record.results, {}
  local kept = data.csv(record.folder .. '/recordings.csv', {
    id = 'id', label = 'truth', group = 'group', words = 'kept' })
  local columns, places = columns_of(results)
  local scores, groups = kept:select(columns).x:tolist(), kept.groups
  for _, model in ipairs(results.models) do
    local rows = scores_of(model, results.classes, scores, places[model.name], record.folder)
    local table = data.table { x = rows, columns = results.classes, y = kept.labels, names = results.classes,
                               groups = groups, ids = kept.ids }
    local judged = evaluate(nn.Sequential { nn.Identity() }, table, {
      name = model.name, settings = model.settings, vote = 'none' })
    systems[#systems + 1] = { run = record.folder, name = model.name, settings = model.settings, results = judged,
      seconds = record.timings and record.timings.seconds['fit ' .. model.name], record = record }
  end
  return systems
end
