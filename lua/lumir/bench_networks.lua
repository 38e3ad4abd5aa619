-- `lumir bench nn`: steps of networks in Lumir and in PyTorch, in turns.
--
-- Each turn is a process of its own: Lumir, PyTorch as it is shipped, PyTorch as a careful user tunes it, and from
-- the beginning again: whatever else the machine does hits all alike. All draw the same weights and batches from one
-- seed and have as many threads; their losses are compared. A process answers the median of its steps but the first; of
-- processes the median and the range are told, and a ratio counts where the ranges have nothing in common.

local core = require('lumir.native').core
local timing = require 'lumir.timing'

local networks = { 'lstm', 'gru', 'rnn', 'bilstm', 'crnn', 'fma', 'resnet', 'vit192', 'vit384',
  'cnn14-inference', 'crnn-inference', 'resnet-inference' }

local function contenders(flags)
  local folder, program = core.root() .. '/tests/bench/', io.popen 'readlink /proc/$PPID/exe':read '*l'
  local ours = ('"%s" "%snetworks.lua" --network=%%s --steps=%%d'):format(program, folder)
  local list = { { name = 'lumir', command = ours } }
  if flags.amp then table.insert(list, { name = 'lumir, bfloat16', command = ours .. ' --amp' }) end
  if flags.python ~= '' then
    local python = ('"%s" "%snetworks.py" %%s %%d'):format(flags.python, folder)
    table.insert(list, { name = 'PyTorch as shipped', command = python })
    table.insert(list, { name = 'PyTorch tuned', command = python .. ' tuned' })
  end
  return list
end

--- One process: the medians of its steps, every loss, and its memory in MB.
local function run(contender, network, flags)
  local threads = ('OMP_NUM_THREADS=%d LUMIR_THREADS=%d '):format(flags.threads, flags.threads)
  local answers = io.popen(threads .. contender.command:format(network, flags.steps))
  local found = { cpu = {}, wall = {}, losses = {} }
  for line in answers:lines() do
    local cpu, wall, loss = line:match '^step\t(%S+)\t(%S+)\t(%S+)$'
    if cpu then
      table.insert(found.losses, tonumber(loss))
      if #found.losses > 1 or flags.steps == 1 then                  -- the first makes buffers, and caches are cold
        table.insert(found.cpu, tonumber(cpu))
        table.insert(found.wall, tonumber(wall))
      end
    elseif line:find '^memory' then
      found.memory = tonumber(line:match '%S+$')
    else
      contender.version = line
    end
  end
  answers:close()
  if not found.memory then
    error(('bench: %s did not end its %d steps of %s'):format(contender.name, flags.steps, network), 0)
  end
  found.cpu, found.wall = timing.median(found.cpu), timing.median(found.wall)
  return found
end

local function collect(network, list, flags)
  local results = {}
  for _, contender in ipairs(list) do results[contender] = { cpu = {}, wall = {}, memory = {} } end
  for _ = 1, flags.processes do
    for _, contender in ipairs(list) do
      local found, all = run(contender, network, flags), results[contender]
      for _, what in ipairs { 'cpu', 'wall', 'memory' } do table.insert(all[what], found[what]) end
      all.losses = found.losses
    end
  end
  return results
end

local function show_times(times, ours)
  local ratio = ''
  if times ~= ours then
    local apart = timing.apart(times, ours)
    ratio = ('%.2f times%s'):format(timing.median(times) / timing.median(ours), apart and '' or ' (ranges meet)')
  end
  local least, most = math.min(unpack(times)), math.max(unpack(times))
  return ('%8.1f (%.1f to %.1f) %-24s'):format(timing.median(times), least, most, ratio)
end

local function farthest(a, b)
  local worst = 0
  for i, loss in ipairs(a) do worst = math.max(worst, math.abs(loss - b[i]) / math.max(math.abs(b[i]), 1e-3)) end
  return worst
end

local function show(network, list, results)
  local ours = results[list[1]]
  print(network)
  for _, contender in ipairs(list) do
    local all = results[contender]
    local losses = all == ours and '' or ('   losses within %.0e'):format(farthest(ours.losses, all.losses))
    print(('  %-20s CPU ms %s wall ms %s %6.0f MB%s'):format(contender.name, show_times(all.cpu, ours.cpu),
      show_times(all.wall, ours.wall), timing.median(all.memory), losses))
  end
end

--- The networks that `only` names, with commas between them; all where it is empty.
local function chosen(only)
  local known, names = {}, {}
  for _, name in ipairs(networks) do known[name] = true end
  for name in only:gmatch '[^,]+' do
    if not known[name] then
      require('lumir').usage(("bench: '%s' is no network%s; there are: %s"):format(name,
        core.did_you_mean(name, networks), table.concat(networks, ', ')))
    end
    table.insert(names, name)
  end
  return #names > 0 and names or networks
end

--- flags: python, only, processes, steps, threads, quick, amp.
return function(flags)
  local list, names = contenders(flags), chosen(flags.only)
  if flags.quick then flags.processes, flags.steps = 2, 4 end
  timing.show_machine()
  print(('%d processes of %d steps each, %d threads'):format(flags.processes, flags.steps, flags.threads))
  for _, network in ipairs(names) do show(network, list, collect(network, list, flags)) end
  for _, contender in ipairs(list) do print(contender.name .. ': ' .. contender.version) end
end
