-- Lists runs: lumir runs [NAME] prints recipe, score and the options that differ, for all runs below runs/.
--
-- NAME is a recipe's, as its folder is called: artist20-svm. --root=FOLDER looks below another folder than runs.

local core = require('lumir.native').core
local saved_runs = require 'lumir.saved_runs'

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir runs [NAME] [--root=runs]',
  words = { 0, 1 },
  flags = { root = 'runs' },
})

--- The best model's score as the run states it, or a stroke.
local function score_of(record)
  local best
  for _, model in ipairs((record.results or {}).models or {}) do
    local accuracy = type(model.accuracy) == 'table' and model.accuracy.value or model.accuracy
    if type(accuracy) == 'number' and (not best or accuracy > best.accuracy) then
      best = { accuracy = accuracy, name = model.name }
    end
  end
  return best and ('%.3f  %s'):format(best.accuracy, best.name or '') or '-'
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
    io.write(core.for_terminal(('%-28s  %-16s  %-24s  %s\n'):format(record.folder,
      started:sub(1, 16):gsub('T', ' '), score_of(record), table.concat(shown, ', '))))
  end
end
