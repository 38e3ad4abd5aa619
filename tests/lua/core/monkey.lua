-- A short run of the monkey; scripts/monkey makes the long ones.

local monkey = require 'monkey'

test('odd arguments bring neither a crash nor a message that is not ours', function()
  local place = os.tmpname()
  os.remove(place)
  local seed, calls = tonumber(os.getenv 'LUMIR_MONKEY_SEED') or 1, tonumber(os.getenv 'LUMIR_MONKEY_CALLS') or 500
  local path = os.getenv 'LUMIR_MONKEY_LOG'
  local log = path and assert(io.open(path, 'w'))
  local faults = monkey.run { seed = seed, calls = calls, place = place, log = log }
  os.execute(("rm -rf '%s'"):format(place))
  expect(table.concat(faults, '\n')):equals ''
end)
