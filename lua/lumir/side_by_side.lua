-- lumir.side_by_side: systems of several finished runs that were judged on the same recordings.

local native = require 'lumir.native'
local core, lumir = native.core, native.lumir
local finished = require 'lumir.finished'

local read = lumir.doc {
  name = 'lumir.side_by_side',
  summary = 'What several runs found of the same recordings. Of runs that judged several things, by song and by '
    .. 'excerpt for example, those results are taken whose recordings all runs share, the first run\'s first where '
    .. 'that is so of several.',
  returns = 'two lists of tables as lumir.finished gives them: the systems that can be compared, and those left out '
    .. 'because they were judged on other recordings',
  example = "pcall(lumir.side_by_side, { 'runs/artist20-svm/1', 'runs/artist20-crnn/1' })",
  source = "Lumir's own",
  parameters = {
    { name = 'runs', type = 'table', text = 'a list of their folders' },
    { name = 'only', type = 'text', default = '', text = 'what stands in the names of those that count: by excerpt' },
  },
}

--- The ids of what a system was judged on, in one text.
local function recordings_of(system)
  local ids = system.results.value.ids
  table.sort(ids)
  return table.concat(ids, '\n')
end

--- "runs/gtzan-crnn/1 (10: 3 s by song; 40: 3 s by excerpt)": how many recordings which model was judged on.
local function told(run, systems)
  local said = {}
  for i, system in ipairs(systems) do said[i] = ('%d: %s'):format(#system.results.value.ids, system.name) end
  return ('%s (%s)'):format(run, table.concat(said, '; '))
end

--- The first recordings of the first run that each of the others has as well; nil where there are none.
local function shared(runs)
  for _, first in ipairs(runs[1] or {}) do
    local n = 0
    for _, systems in ipairs(runs) do
      local there = false
      for _, system in ipairs(systems) do there = there or system.recordings == first.recordings end
      n = n + (there and 1 or 0)
    end
    if n == #runs then return first.recordings end
  end
end

return function(folders, given)
  local words, runs, said, seen = read(folders, given), {}, {}, {}
  for i, folder in ipairs(folders) do
    local place = core.absolute(folder)
    if seen[place] then core.refuse(("side_by_side: '%s' is the run '%s' again"):format(folder, seen[place])) end
    seen[place] = folder
    runs[i] = {}
    for _, system in ipairs(finished(folder)) do
      system.recordings = recordings_of(system)
      if system.name:find(words.only, 1, true) then table.insert(runs[i], system) end
    end
    if #runs[i] == 0 then
      core.fail(("side_by_side: %s has no results with 'only' = '%s' in their name"):format(folder, words.only))
    end
    said[i] = told(folder, runs[i])
  end
  local recordings, alike, apart = shared(runs), {}, {}
  if not recordings then
    core.fail('side_by_side: no recordings were judged in all of ' .. table.concat(said, ', '))
  end
  for _, systems in ipairs(runs) do
    for _, system in ipairs(systems) do
      table.insert(system.recordings == recordings and alike or apart, system)
    end
  end
  return alike, apart
end
