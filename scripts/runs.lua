-- Lists runs: lumir runs [NAME] prints recipe, score and the options that differ, for all runs below runs/.
--
-- NAME is a recipe's, as its folder is called: artist20-svm. --root=FOLDER looks below another folder than runs.

local core = require('lumir.native').core
local metric, saved_runs = require('lumir').metric, require 'lumir.saved_runs'

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir runs [NAME] [--root=runs]',
  words = { 0, 1 },
  flags = { root = 'runs' },
})

--- Each model, or each setting of a cross-validation: its name, the first metric and its score, of folds the mean.
local function scored_in(record)
  local results, found = record.results or {}, {}
  for _, setting in ipairs(record.folds or {}) do
    local name = (setting.metrics or {})[1]
    found[#found + 1] = { name = setting.name, metric = name, score = (setting.mean or {})[name] }
  end
  if #found > 0 then return found end
  for _, model in ipairs(results.models or {}) do
    local name = (results.metrics or {})[1]
    local score = (model.valid or {})[name]
    found[#found + 1] = { name = model.name, metric = name, score = type(score) == 'table' and score.value or score }
  end
  return found
end

--- The best score of the run, or a stroke where it has none; of one that did not come to its end, how it ended.
local function score_of(record)
  local ended = core.end_of_run(record.folder)
  if ended ~= 'ended' then return ended end
  local best
  for _, one in ipairs(scored_in(record)) do
    if type(one.score) == 'number' then
      local sign = metric.greater_is_better(one.metric) and 1 or -1
      if not best or one.metric == best.metric and sign * one.score > sign * best.score then best = one end
    end
  end
  return best and ('%s %.3f  %s'):format(best.metric, best.score, best.name or '') or '-'
end

local by_name, names = {}, {}
for _, record in ipairs(saved_runs.below(flags.root)) do
  if not words[1] or record.name == words[1] then
    if not by_name[record.name] then
      by_name[record.name] = {}
      names[#names + 1] = record.name
    end
    table.insert(by_name[record.name], record)
  end
end
if #names == 0 then
  print(words[1] and ("no run of '%s' below %s"):format(words[1], flags.root) or 'no run below ' .. flags.root)
end

for _, name in ipairs(names) do
  local records = by_name[name]
  local differing = saved_runs.differing_options(records)
  for _, record in ipairs(records) do
    local shown = {}
    for _, option in ipairs(differing) do
      shown[#shown + 1] = ('%s = %s'):format(option, core.show((record.options or {})[option]))
    end
    local started = (record.timings or {}).started or ''
    io.write(core.for_terminal(('%-28s  %-16s  %-28s  %s\n'):format(record.folder,
      started:sub(1, 16):gsub('T', ' '), score_of(record), table.concat(shown, ', '))))
  end
end
