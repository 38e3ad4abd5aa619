-- Repeats a run: lumir rerun runs/artist20-svm/3 runs its recipe with its options again and says what differs.
--
-- Everything but times must come out the same on one machine: options, data, splits, scores, figures, csv files.
-- Status 1 where something differs.

local lumir = require 'lumir'
local core = require('lumir.native').core
local saved_runs, started_runs = require 'lumir.saved_runs', require 'lumir.started_runs'

local words = require('lumir.arguments').read({ ... }, { usage = 'lumir rerun RUN', words = 1 })

-- Endings of what a run writes that must come out the same to the byte.
local COMPARED = { csv = true, json = true, png = true, svg = true, pdf = true }

local before = saved_runs.of(words[1])
if not before.folder:match '[^/]+/%d+$' then
  core.refuse(('%s: a run lies in a numbered folder, such as runs/artist20-svm/3'):format(words[1]))
end
if not io.open(before.recipe) then
  lumir.fail(('%s: its recipe %s is not there; run this where the run was made'):format(before.folder, before.recipe))
end

print('rerun  ' .. before.recipe)
local newest = started_runs.start(before.recipe, before.options or {})

--- Adds every place where two values differ: 'results.models[2].accuracy'.
local function compare(place, a, b, found)
  if type(a) ~= 'table' or type(b) ~= 'table' then
    if core.show(a) ~= core.show(b) then
      found[#found + 1] = ('%s: %s, now %s'):format(place, core.show(a), core.show(b))
    end
    return
  end
  local keys = {}
  for key in pairs(a) do keys[#keys + 1] = key end
  for key in pairs(b) do if a[key] == nil then keys[#keys + 1] = key end end
  table.sort(keys, function(x, y) return tostring(x) < tostring(y) end)
  for _, key in ipairs(keys) do
    local inner = place == '' and key or place .. '.' .. key
    compare(type(key) == 'number' and ('%s[%d]'):format(place, key) or inner, a[key], b[key], found)
  end
end

--- What belongs to one run alone.
local function comparable(record)
  local kept = {}
  for key, value in pairs(record) do kept[key] = value end
  kept.timings, kept.folder, kept.name = nil, nil, nil
  return kept
end

local found = {}
compare('', comparable(before), comparable(newest), found)
for _, file in ipairs(core.list_folder(before.folder)) do
  local ours, theirs = before.folder .. '/' .. file, newest.folder .. '/' .. file
  if COMPARED[file:match '%.(%w+)$' or ''] and file ~= 'run.json' then
    local there, text = pcall(core.read_file, theirs)
    if not there then
      found[#found + 1] = file .. ': not there now'
    elseif text ~= core.read_file(ours) then
      found[#found + 1] = file .. ': other bytes'
    end
  end
end

if #found == 0 then
  print(('same   %s and %s agree in everything but times'):format(before.folder, newest.folder))
  return 0
end
for i = 1, math.min(#found, 20) do io.write(core.for_terminal('differs  ' .. found[i] .. '\n')) end
if #found > 20 then print(('... and %d more'):format(#found - 20)) end
return 1
