-- A csv file becomes a table in Lumir, timed: what `lumir bench csv` runs beside tests/bench/csv_table.py, which
-- says what is printed.
local lumir = require 'lumir'
local core, timing = require('lumir.native').core, require 'lumir.timing'

local opt = lumir.options { file = 'large.csv' }

local resident, wall, cpu = timing.memory 'VmRSS', core.now(), os.clock()
local rows = lumir.data.csv(opt.file, { id = 'track_id', label = 'genre' })
wall, cpu = core.now() - wall, os.clock() - cpu
local memory = timing.memory 'VmHWM' - resident                      -- before a tensor is made of the numbers
local sum = rows.x:sum():item()
print(('Lumir %s'):format(core.version()))
print(('read\t%f\t%f\t%f\t%d\t%d\t%.17g'):format(wall, cpu, memory / 2 ^ 20, #rows,
  #rows.columns, sum))
