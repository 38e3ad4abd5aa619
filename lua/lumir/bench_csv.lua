-- `lumir bench csv FOLDER`: a large csv file becomes a table in Lumir and in pandas, in turns.
--
-- The contenders: Lumir, pandas with its own engine (one thread), and with pyarrow's where that is there. The file is
-- made in the folder and kept for the next time; the sums of what was read are compared.

local core = require('lumir.native').core
local timing = require 'lumir.timing'
local turns = require 'lumir.turns'

--- Normal numbers of different sizes, with as many digits as they have.
local function make(path, rows, columns)
  local torch = require('lumir').torch
  local file = assert(io.open(path .. '.part', 'wb'))
  local names = {}
  for i = 1, columns do names[i] = ('column_%03d'):format(i) end
  file:write('track_id,genre,', table.concat(names, ','), '\n')
  for row = 1, rows do
    local cells = torch.randn({ columns }, { dtype = 'float64' }):tolist()
    for i, number in ipairs(cells) do cells[i] = ('%.16g'):format(number * 10 ^ (i % 5 - 1)) end
    file:write(row, ',genre ', row % 16, ',', table.concat(cells, ','), '\n')
  end
  file:close()
  assert(os.rename(path .. '.part', path))
end

local function there(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

local function contenders(file, python)
  local folder = core.root() .. '/tests/bench/'
  local ours = ('"%s" "%scsv_table.lua" "--file=%s"'):format(turns.program(), folder, file)
  local list = { { name = 'lumir', command = ours } }
  if python == '' then return list end
  local peer = ('"%s" "%scsv_table.py" "%s" '):format(python, folder, file)
  table.insert(list, { name = 'pandas', command = peer .. 'c' })
  if os.execute(('"%s" -c "import pyarrow" 2> /dev/null'):format(python)) == 0 then
    table.insert(list, { name = 'pandas with pyarrow', command = peer .. 'pyarrow' })
  end
  return list
end

--- One process: milliseconds on the clock and of all cores, MB, and what was read.
local function run(contender, threads)
  local found
  for _, line in ipairs(turns.ask(contender.command, threads)) do
    if line[1] == 'read' then
      found = { wall = line[2] * 1000, cpu = line[3] * 1000, memory = tonumber(line[4]),
                shape = line[5] .. ' rows of ' .. line[6], sum = tonumber(line[7]) }
    else
      contender.version = line[1]
    end
  end
  if not found then error(('bench: %s did not read the file'):format(contender.name), 0) end
  return found
end

local function agreement(ours, theirs)
  local same = ours.shape == theirs.shape and math.abs(ours.sum - theirs.sum) <= 1e-9 * math.abs(ours.sum)
  return same and 'the same numbers' or ('OTHER NUMBERS: %s, their sum %.17g'):format(theirs.shape, theirs.sum)
end

--- flags: python, rows, columns, processes, threads.
return function(folder, flags)
  local rows = flags.rows == '' and 100000 or tonumber(flags.rows)
  if not rows then require('lumir').usage(("bench csv: --rows must be a number, got '%s'"):format(flags.rows)) end
  local file = ('%s/table-%d-%d.csv'):format(folder, rows, flags.columns)
  if not there(file) then make(file, rows, flags.columns) end
  local list, numbers = contenders(file, flags.python), rows * flags.columns * 8 / 2 ^ 20
  timing.show_machine()
  print(('%s; its numbers take %.0f MB; %d processes each'):format(file, numbers, flags.processes))
  local all, read = {}, {}
  for _, one in ipairs(list) do all[one] = { wall = {}, cpu = {}, memory = {} } end
  turns.take(list, flags.processes, function(one)
    read[one] = run(one, flags.threads)
    for what, times in pairs(all[one]) do table.insert(times, read[one][what]) end
  end, function(had)
    local first = list[1]
    for _, one in ipairs(had) do
      local found, memory = all[one], timing.median(all[one].memory)
      print(('%-20s wall ms %s CPU ms %s %6.0f MB, %.2f times the numbers; %s, %s'):format(one.name,
        turns.show_times(found.wall, all[first].wall), turns.show_times(found.cpu, all[first].cpu), memory,
        memory / numbers, one.version, agreement(read[first], read[one])))
    end
  end)
end
