-- Contenders of a benchmark take turns: each turn is a process of its own, Lumir, its peers, and from the beginning
-- again, so that whatever else the machine does hits all alike. What they find of times is told by its median and its
-- range, and a ratio counts where the ranges have nothing in common.

local core = require('lumir.native').core
local timing = require 'lumir.timing'

local turns = {}

--- How a script of this program is run.
function turns.program()
  return io.popen 'readlink /proc/$PPID/exe':read '*l'
end

--- The lines that a contender's process prints, each as its words between tabs.
function turns.ask(command, threads)
  local settings = { 'OMP_NUM_THREADS', 'LUMIR_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS',
    'NUMBA_NUM_THREADS' }
  for i, name in ipairs(settings) do settings[i] = ('%s=%d'):format(name, threads) end
  local answers, lines = io.popen(table.concat(settings, ' ') .. ' ' .. command), {}
  for line in answers:lines() do
    local fields = {}
    for field in (line .. '\t'):gmatch '(.-)\t' do table.insert(fields, field) end
    table.insert(lines, fields)
  end
  answers:close()
  return lines
end

--- Calls turn(contender) for each of the list, `rounds` times round; at last tell(those that had a turn), also where
-- Ctrl-C, a limit on time or an error ends the rounds before.
function turns.take(list, rounds, turn, tell)
  local had, whole = {}, 0
  core.finally(function()
    for round = 1, rounds do
      for _, contender in ipairs(list) do
        turn(contender)
        if round == 1 then table.insert(had, contender) end
      end
      whole = round
    end
  end, function()
    if whole < rounds and #had > 0 then print(('after %d of %d rounds:'):format(whole, rounds)) end
    if #had > 0 then tell(had) end
  end)
end

--- The median of the times, their range, and how many times ours that is.
function turns.show_times(times, ours)
  local ratio = ''
  if times ~= ours then
    local apart = timing.apart(times, ours)
    ratio = ('%.2f times%s'):format(timing.median(times) / timing.median(ours), apart and '' or ' (ranges meet)')
  end
  local least, most = math.min(unpack(times)), math.max(unpack(times))
  return ('%8.1f (%.1f to %.1f) %-24s'):format(timing.median(times), least, most, ratio)
end

--- Those of `names` that `only` names, with commas between them; all where it is empty.
function turns.chosen(only, names, kind)
  local known, some = {}, {}
  for _, name in ipairs(names) do known[name] = true end
  for name in only:gmatch '[^,]+' do
    if not known[name] then
      require('lumir').usage(("bench: '%s' is no %s%s; there are: %s"):format(name, kind,
        core.did_you_mean(name, names), table.concat(names, ', ')))
    end
    table.insert(some, name)
  end
  return #some > 0 and some or names
end

return turns
