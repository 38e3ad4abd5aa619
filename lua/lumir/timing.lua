-- What benchmarks have in common: the middle of several times, whether two lists of times part, and the machine.

local core = require('lumir.native').core

local timing = {}

--- Of an even number of times the mean of the two in the middle.
function timing.median(times)
  table.sort(times)
  local middle = (#times + 1) / 2
  return (times[math.floor(middle)] + times[math.ceil(middle)]) / 2
end

--- Whether two lists of times have no range in common; only then does their ratio count.
function timing.apart(a, b)
  return math.max(unpack(a)) < math.min(unpack(b)) or math.max(unpack(b)) < math.min(unpack(a))
end

--- A line of a file of /proc, or nothing.
local function read_line(path, pattern)
  local file = io.open(path)
  local found = file and file:read('*a'):match(pattern)
  if file then file:close() end
  return found
end

--- A number from /proc/self/status, in bytes: 'VmRSS', 'VmHWM'.
function timing.memory(name)
  return tonumber(read_line('/proc/self/status', name .. ':%s+(%d+)')) * 1024
end

function timing.show_machine()
  local processor = read_line('/proc/cpuinfo', 'model name%s*:%s*([^\n]+)') or 'unknown processor'
  local busy = read_line('/proc/loadavg', '^%S+') or 'unknown'
  print(('lumir %s, level %s; %s, load %s'):format(core.version(), core.level(), processor, busy))
end

return timing
