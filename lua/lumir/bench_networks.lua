-- `lumir bench nn`: steps of networks in Lumir and in PyTorch, in turns.
--
-- The contenders: Lumir, PyTorch as it is shipped, PyTorch as a careful user tunes it. Lumir writes down each network
-- with its weights and a batch (tests/bench/networks.lua), of which PyTorch builds it; what it answers in eval must be
-- ours before its times count. All have as many threads; losses are compared where no dropout draws. A process answers
-- the median of its steps but the first.

local core = require('lumir.native').core
local timing = require 'lumir.timing'
local turns = require 'lumir.turns'

local CLOSE = 1e-4                               -- of the largest answer

local folder = core.root() .. '/tests/bench/'

--- The names of all networks, and of those of models/ and of their inferences by two words.
local function networks()
  local list, names, models = dofile(folder .. 'network_list.lua'), {}, {}
  for _, network in ipairs(list) do table.insert(names, network[1]) end
  for i, network in ipairs(list.models) do
    models[i] = network[1]
    table.insert(names, network[1])
  end
  local inferences = table.concat(models, '-inference,') .. '-inference'
  return names, { models = table.concat(models, ','), ['models-inference'] = inferences }
end

local usual = 'lstm,gru,rnn,bilstm,crnn,fma,resnet,vit192,vit384,cnn14-inference,crnn-inference,resnet-inference'

--- Those that `only` names; 'models' and 'models-inference' stand for all of models/.
local function chosen_of(only)
  local names, groups = networks()
  only = (',' .. only .. ','):gsub('[^,]+', groups)
  if not only:find '[^,]' then only = usual end
  turns.chosen((only:gsub('%-inference%f[,%z]', '')), names, 'network')
  local chosen = {}
  for name in only:gmatch '[^,]+' do table.insert(chosen, name) end
  return chosen
end

local function contenders(flags)
  local ours = ('"%s" "%snetworks.lua" --network=%%s --steps=%%d'):format(turns.program(), folder)
  local list = { { name = 'lumir', command = ours } }
  if flags.amp then table.insert(list, { name = 'lumir, bfloat16', command = ours .. ' --amp' }) end
  if flags.python ~= '' then
    local python = ('"%s" "%snetworks.py" "%s%%s" %%d'):format(flags.python, folder, flags.described)
    if flags['shipped-steps'] > 0 then
      table.insert(list, { name = 'PyTorch as shipped', command = python, steps = flags['shipped-steps'], peer = true })
    end
    table.insert(list, { name = 'PyTorch tuned', command = python .. ' tuned', peer = true })
  end
  return list
end

--- One process: the medians of its steps, every loss, and its memory in MB.
local function run(contender, network, flags)
  local found = { cpu = {}, wall = {}, losses = {} }
  local steps = contender.steps and math.min(contender.steps, flags.steps) or flags.steps
  for _, line in ipairs(turns.ask(contender.command:format(network, steps), flags.threads)) do
    if line[1] == 'step' then
      table.insert(found.losses, tonumber(line[4]) or false)
      if #found.losses > 1 or steps == 1 then                  -- the first makes buffers, and caches are cold
        table.insert(found.cpu, tonumber(line[2]))
        table.insert(found.wall, tonumber(line[3]))
      end
    elseif line[1] == 'memory' then
      found.memory = tonumber(line[2])
    elseif line[1] == 'answers' then
      found.away = tonumber(line[2])
    else
      contender.version = line[1]
    end
  end
  if not found.memory then
    error(('bench: %s did not end its %d steps of %s'):format(contender.name, steps, network), 0)
  end
  if contender.peer and not (found.away and found.away <= CLOSE) then
    error(('bench: %s answers otherwise than lumir in %s, by %s of the largest'):format(contender.name, network,
      found.away or 'an unknown share'), 0)
  end
  found.cpu, found.wall = timing.median(found.cpu), timing.median(found.wall)
  return found
end

--- How far losses are from ours; nothing where a dropout draws.
local function losses_within(ours, theirs)
  local worst = 0
  for i, loss in ipairs(theirs) do
    if not loss then return '' end
    worst = math.max(worst, math.abs(ours[i] - loss) / math.max(math.abs(loss), 1e-3))
  end
  return (', losses within %.0e'):format(worst)
end

local function show(network, list, results)
  local ours = results[list[1]]
  print(network)
  for _, contender in ipairs(list) do
    local all = results[contender]
    local same = contender.peer
      and ('   answers within %.0e%s'):format(all.away, losses_within(ours.losses, all.losses)) or ''
    print(('  %-20s CPU ms %s wall ms %s %6.0f MB%s'):format(contender.name, turns.show_times(all.cpu, ours.cpu),
      turns.show_times(all.wall, ours.wall), timing.median(all.memory), same))
  end
end

local function measure(network, list, flags)
  local results = {}
  for _, contender in ipairs(list) do results[contender] = { cpu = {}, wall = {}, memory = {} } end
  turns.take(list, flags.processes, function(contender)
    local found, all = run(contender, network, flags), results[contender]
    for _, what in ipairs { 'cpu', 'wall', 'memory' } do table.insert(all[what], found[what]) end
    all.losses, all.away = found.losses, found.away
  end, function(had) show(network, had, results) end)
end

--- Writes a network down for PyTorch, does something, and takes it away again.
local function with_description(network, flags, body)
  if flags.python == '' then return body() end
  local place = flags.described .. network
  core.write_file(place .. '/network.json', '{}')           -- makes the folder
  local lines = turns.ask(('"%s" "%snetworks.lua" --network=%s --describe="%s" && echo described'):format(
    turns.program(), folder, network, place), flags.threads)
  core.finally(function()
    if #lines == 0 then error('bench: ' .. network .. ' cannot be described', 0) end
    body()
  end, function()
    for _, file in ipairs { '/network.json', '/arrays.safetensors', '' } do os.remove(place .. file) end
  end)
end

--- flags: python, only, processes, steps, shipped-steps (of PyTorch as shipped, which may take minutes; 0: without it),
--- threads, quick, amp.
return function(flags)
  local place = os.tmpname()
  os.remove(place)
  flags.described = place .. '-'
  local list, names = contenders(flags), chosen_of(flags.only)
  if flags.quick then flags.processes, flags.steps = 2, 4 end
  timing.show_machine()
  print(('%d processes of %d steps each, %d threads'):format(flags.processes, flags.steps, flags.threads))
  for _, network in ipairs(names) do
    with_description(network, flags, function() measure(network, list, flags) end)
  end
  for _, contender in ipairs(list) do print(contender.name .. ': ' .. contender.version) end
end
