-- Which system is better?  Reads finished runs, judged on the same songs, and sets their models side by side:
--     lumir recipes/artist20/compare.lua --runs=runs/artist20-svm/1,runs/artist20-resnet/1,runs/artist20-crnn/1
local lumir = require 'lumir'
local evaluate, report = lumir.evaluate, lumir.report

local opt = lumir.options {
  runs = { 'runs/artist20-svm/1', 'runs/artist20-resnet/1' },
  only = '',                          -- what stands in the names of the results that count: --only='by excerpt'
  best = false,                       -- of each run only the model that scored best
  title = 'Systems side by side',
}

local systems, first = {}, {}
local alike, apart = lumir.side_by_side(opt.runs, { only = opt.only })
for _, system in ipairs(alike) do
  if not (opt.best and first[system.run]) then systems[#systems + 1] = system end
  first[system.run] = true
end
for _, system in ipairs(apart) do print(('left out, of other recordings: %s %s'):format(system.run, system.name)) end

--- "svm/1 SVM": what tables call a system; with its whole folder where that would be said of two.
local function short(system)
  return ('%s %s'):format(system.run:match '([^/-]+/%d+)$' or system.run, system.name)
end
local times = {}
for _, system in ipairs(systems) do times[short(system)] = (times[short(system)] or 0) + 1 end
local function called(system)
  return times[short(system)] == 1 and short(system) or ('%s %s'):format(system.run, system.name)
end

local judged, top, ranks, sizes, lines, said = {}, {}, {}, {}, {}, {}
local function add(...)
  lines[#lines + 1] = ('%-34s %-9s %6s %6s %12s'):format(...)
end
add('system', 'type', 'top-1', 'top-3', 'parameters')
for _, system in ipairs(systems) do
  local name, best = called(system), system.results.best
  if judged[name] then lumir.usage(("--runs: '%s' stands there twice"):format(name)) end
  local parameters = system.settings:match '^([%d,]+) parameters$'
  judged[name], top[name], ranks[name] = system.results, best.accuracy, best.top_3
  if parameters then sizes[name] = tonumber((parameters:gsub(',', ''))) end
  local kind, rank = parameters and 'network' or 'learner', best.top_3 and ('%.3f'):format(best.top_3) or '-'
  add(name, kind, ('%.3f'):format(best.accuracy), rank, parameters or '-')
  said[#said + 1] = ('- %s: %s, top-1 %.3f, top-3 %s, %s'):format(name, kind, best.accuracy, rank, system.settings)
end
local results = evaluate.compare(judged)      -- with intervals, and which differences are beyond chance
print(results)
print('\n' .. table.concat(lines, '\n'))

local figures = { report.bars(top, { title = 'Top-1', x = 'share of songs' }) }
if next(ranks) then figures[#figures + 1] = report.bars(ranks, { title = 'Top-3', x = 'share of songs' }) end
if next(sizes) then figures[#figures + 1] = report.bars(sizes, { title = 'Size', x = 'parameters' }) end
report(opt.title, { opt, results, report.panels(figures, { title = 'Scores and sizes' }),
                    novelty = '- Finished runs, judged on the same songs, with every difference paired by song.',
                    systems = table.concat(said, '\n') })
