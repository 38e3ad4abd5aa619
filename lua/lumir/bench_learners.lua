-- `lumir bench learn`: learners, searches and projections in Lumir and in its peers, in turns, on the same arrays.
--
-- The peers: scikit-learn, its Intel extension, and where there is one the library of that learner. A process reads
-- the rows, fits, answers for others, and says how good that was: the share that is right, a search's best score; for
-- points of a plane how many neighbours stayed (trustworthiness of 2,000 rows) and, for t-SNE, the divergence. With
-- several numbers of rows (`--growth`: 1,000 to 32,000, each twice the one before) a table at the end says the power
-- of the rows that the times grow with.
--
-- Needed beside Python, as in `pip install`: scikit-learn scikit-learn-intelex umap-learn lightgbm.

local lumir = require 'lumir'
local core = require('lumir.native').core
local growth = require 'lumir.growth'
local timing = require 'lumir.timing'
local turns = require 'lumir.turns'
local torch = lumir.torch

local defaults = { 'MLP', 'SVC', 'ExtraTrees', 'RandomForest', 'LinearSVC', 'LogisticRegression', 'KNeighbors',
  'Bagging', 'Ridge', 'SGD', 'DecisionTree', 'AdaBoost', 'NearestCentroid', 'Perceptron', 'GaussianNB' }
local answers_for_others = { boosting = true }

local usual = { 'scikit-learn', 'intel' }

-- rows, columns, classes, peers
local works = {
  ['svc-grid'] = { 950, 400, 20, usual },
  ['rbf-grid'] = { 9990, 57, 10, usual },
  ['forest-grid'] = { 950, 400, 20, usual },
  ['boosting'] = { 100000, 518, 8, { 'scikit-learn', 'intel', 'lightgbm' } },
  ['pca'] = { 16000, 518, 8, usual },
  ['svd'] = { 16000, 518, 8, usual },
  ['k-means'] = { 20000, 50, 8, usual },
  ['mixture'] = { 20000, 50, 8, usual },
  ['umap'] = { 20000, 50, 8, { 'umap-learn' } },
  ['tsne-5000'] = { 5000, 50, 8, usual },
  ['tsne-20000'] = { 20000, 50, 8, usual },
}
local names = {}
for _, name in ipairs(defaults) do
  works[name] = { 17000, 518, 8, usual }
  answers_for_others[name] = true
end
for name in pairs(works) do table.insert(names, name) end
table.sort(names)

local kQueries = 3000
local kGrowth = '1000,2000,4000,8000,16000,32000'
local contender_names = { 'lumir', 'scikit-learn', 'intel', 'lightgbm', 'umap-learn' }

local function is_asked(peer, flags)
  for _, name in ipairs(turns.chosen(flags.peers, contender_names, 'peer')) do
    if name == peer then return true end
  end
  return false
end

local function contenders(work, folder, flags)
  local scripts = core.root() .. '/tests/bench/'
  local ours = ('"%s" "%slearners.lua" --work=%s --folder="%s"'):format(turns.program(), scripts, work, folder)
  local list = { { name = 'lumir', command = ours } }
  if flags.python == '' then return list end
  for _, peer in ipairs(works[work][4]) do
    local command = ('"%s" -W ignore "%slearners.py" %s %s "%s"'):format(flags.python, scripts, peer, work, folder)
    if is_asked(peer, flags) then table.insert(list, { name = peer, command = command }) end
  end
  return list
end

--- Classes around middles of few hidden causes that every column mixes, under noise of its own: none is told easily.
local function make_rows(folder, rows, columns, classes)
  torch.manual_seed(1)
  local hidden = math.min(20, columns)
  local middles, mixing = torch.randn { classes, hidden } * 0.8, torch.randn { hidden, columns }
  local y = torch.randint(1, classes + 1, { rows })
  local causes = middles:index_select(1, y) + torch.randn { rows, hidden }
  local x = torch.matmul(causes, mixing) + torch.randn { rows, columns } * 2
  torch.save(x:to 'float64', folder .. '/x.npy')
  torch.save(y, folder .. '/y.npy')
end

--- One process. Peers that have nothing of their own for a work say so, and are left out.
local function run(contender, all, flags)
  local ended = false
  for _, line in ipairs(turns.ask(contender.command, flags.threads)) do
    local what, name, first, second = unpack(line)
    if what == 'time' then
      if not all.times[name] then
        all.times[name] = { cpu = {}, wall = {} }
        table.insert(all.phases, name)
      end
      table.insert(all.times[name].cpu, tonumber(first))
      table.insert(all.times[name].wall, tonumber(second))
    elseif what == 'quality' then
      all.quality[name] = tonumber(first)
    elseif what == 'memory' then
      table.insert(all.memory, tonumber(name))
      ended = true
    elseif what == 'absent' then
      contender.absent, ended = true, true
    elseif what == 'version' then
      contender.version = name
    end
  end
  if not ended then error(('bench: %s did not end'):format(contender.command), 0) end
end

local function show_quality(quality)
  local words = {}
  for name, value in pairs(quality) do table.insert(words, ('%s %.4f'):format(name, value)) end
  table.sort(words)
  return table.concat(words, ', ')
end

local function show(list, results)
  local ours = results[list[1]]
  for _, contender in ipairs(list) do
    local all = results[contender]
    for i, phase in ipairs(contender.absent and {} or all.phases) do
      local mine, theirs = ours.times[phase] or all.times[phase], all.times[phase]
      print(('  %-14s %-12s CPU ms %s wall ms %s %s'):format(i == 1 and contender.name or '', phase,
        turns.show_times(theirs.cpu, mine.cpu), turns.show_times(theirs.wall, mine.wall),
        i == 1 and ('%5.0f MB  %s'):format(timing.median(all.memory), show_quality(all.quality)) or ''))
    end
  end
end

--- The whole of one work at one number of rows: the contenders with what all their processes found.
local function measure(work, rows, flags)
  local folder = os.tmpname()
  os.remove(folder)
  os.execute(('mkdir "%s"'):format(folder))
  local columns, classes = works[work][2], works[work][3]
  make_rows(folder, rows + (answers_for_others[work] and kQueries or 0), columns, classes)
  core.write_file(folder .. '/rows', tostring(rows))
  local list, results = contenders(work, folder, flags), {}
  for _, contender in ipairs(list) do results[contender] = { times = {}, phases = {}, quality = {}, memory = {} } end
  core.finally(function()
    turns.take(list, flags.processes, function(contender)
      if not contender.absent then run(contender, results[contender], flags) end
    end, function(had)
      print(('%s, %d x %d, %d classes'):format(work, rows, columns, classes))
      show(had, results)
    end)
  end, function() os.execute(('rm -r "%s"'):format(folder)) end)
  return list, results
end

--- One work at all its numbers of rows: CPU times by phase, contender and number.
local function measure_growth(work, numbers, flags, versions)
  local found = {}
  for _, rows in ipairs(numbers) do
    local list, results = measure(work, rows, flags)
    for _, contender in ipairs(list) do
      versions[contender.name] = contender.version
      for phase, times in pairs(results[contender].times) do
        found[phase] = found[phase] or {}
        found[phase][contender.name] = found[phase][contender.name] or {}
        found[phase][contender.name][rows] = timing.median(times.cpu)
      end
    end
  end
  return found
end

local function show_growth(found, numbers)
  print(('\npower of the rows that CPU time grows with, %d to %d rows'):format(numbers[1], numbers[#numbers]))
  for _, line in ipairs(growth.lines(found, numbers, contender_names)) do print(line) end
end

--- The numbers of rows that are asked for.
local function numbers_of(work, flags)
  local numbers = {}
  local words = flags.rows == '' and flags.growth and kGrowth or flags.rows
  for rows in words:gmatch '%d+' do table.insert(numbers, tonumber(rows)) end
  return #numbers > 0 and numbers or { works[work][1] }
end

--- flags: python, only, peers, processes, threads, rows, growth, quick.
return function(flags)
  if flags.quick then flags.processes = 1 end
  timing.show_machine()
  print(('%d processes each, %d threads'):format(flags.processes, flags.threads))
  local versions, found, numbers = {}, {}, {}
  for _, work in ipairs(turns.chosen(flags.only, names, 'work')) do
    numbers = numbers_of(work, flags)
    table.insert(found, { work = work, phases = measure_growth(work, numbers, flags, versions) })
  end
  if #numbers > 1 then show_growth(found, numbers) end
  for _, name in ipairs(contender_names) do
    if versions[name] then print(name .. ': ' .. versions[name]) end
  end
end
