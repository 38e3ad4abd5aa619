-- `lumir bench nn`: steps of networks in Lumir and in PyTorch, in turns.
--
-- The contenders: Lumir, PyTorch as it is shipped, PyTorch as a careful user tunes it. All draw the same weights and
-- batches from one seed and have as many threads; their losses are compared. A process answers the median of its steps
-- but the first.

local core = require('lumir.native').core
local timing = require 'lumir.timing'
local turns = require 'lumir.turns'

local networks = { 'lstm', 'gru', 'rnn', 'bilstm', 'crnn', 'fma', 'resnet', 'vit192', 'vit384',
  'cnn14-inference', 'crnn-inference', 'resnet-inference' }

local function contenders(flags)
  local folder = core.root() .. '/tests/bench/'
  local ours = ('"%s" "%snetworks.lua" --network=%%s --steps=%%d'):format(turns.program(), folder)
  local list = { { name = 'lumir', command = ours } }
  if flags.amp then table.insert(list, { name = 'lumir, bfloat16', command = ours .. ' --amp' }) end
  if flags.python ~= '' then
    local python = ('"%s" "%snetworks.py" %%s %%d'):format(flags.python, folder)
    table.insert(list, { name = 'PyTorch as shipped', command = python, steps = flags['shipped-steps'] })
    table.insert(list, { name = 'PyTorch tuned', command = python .. ' tuned' })
  end
  return list
end

--- One process: the medians of its steps, every loss, and its memory in MB.
local function run(contender, network, flags)
  local found = { cpu = {}, wall = {}, losses = {} }
  local steps = contender.steps and math.min(contender.steps, flags.steps) or flags.steps
  for _, line in ipairs(turns.ask(contender.command:format(network, steps), flags.threads)) do
    if line[1] == 'step' then
      table.insert(found.losses, tonumber(line[4]))
      if #found.losses > 1 or steps == 1 then                  -- the first makes buffers, and caches are cold
        table.insert(found.cpu, tonumber(line[2]))
        table.insert(found.wall, tonumber(line[3]))
      end
    elseif line[1] == 'memory' then
      found.memory = tonumber(line[2])
    else
      contender.version = line[1]
    end
  end
  if not found.memory then
    error(('bench: %s did not end its %d steps of %s'):format(contender.name, steps, network), 0)
  end
  found.cpu, found.wall = timing.median(found.cpu), timing.median(found.wall)
  return found
end

local function collect(network, list, flags)
  local results = {}
  for _, contender in ipairs(list) do results[contender] = { cpu = {}, wall = {}, memory = {} } end
  turns.take(list, flags.processes, function(contender)
    local found, all = run(contender, network, flags), results[contender]
    for _, what in ipairs { 'cpu', 'wall', 'memory' } do table.insert(all[what], found[what]) end
    all.losses = found.losses
  end)
  return results
end

local function farthest(a, b)
  local worst = 0
  for i, loss in ipairs(b) do worst = math.max(worst, math.abs(a[i] - loss) / math.max(math.abs(loss), 1e-3)) end
  return worst
end

local function show(network, list, results)
  local ours = results[list[1]]
  print(network)
  for _, contender in ipairs(list) do
    local all = results[contender]
    local losses = all == ours and '' or ('   losses within %.0e'):format(farthest(ours.losses, all.losses))
    print(('  %-20s CPU ms %s wall ms %s %6.0f MB%s'):format(contender.name, turns.show_times(all.cpu, ours.cpu),
      turns.show_times(all.wall, ours.wall), timing.median(all.memory), losses))
  end
end

--- flags: python, only, processes, steps, shipped-steps (of PyTorch as shipped, which may take minutes), threads,
--- quick, amp.
return function(flags)
  local list, names = contenders(flags), turns.chosen(flags.only, networks, 'network')
  if flags.quick then flags.processes, flags.steps = 2, 4 end
  timing.show_machine()
  print(('%d processes of %d steps each, %d threads'):format(flags.processes, flags.steps, flags.threads))
  for _, network in ipairs(names) do show(network, list, collect(network, list, flags)) end
  for _, contender in ipairs(list) do print(contender.name .. ': ' .. contender.version) end
end
