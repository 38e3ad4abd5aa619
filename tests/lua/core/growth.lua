local growth = require 'lumir.growth'

local numbers = { 1000, 2000, 4000 }

--- Times that grow with that power of the rows.
local function times_of(power, factor)
  local times = {}
  for _, rows in ipairs(numbers) do times[rows] = factor * rows ^ power end
  return times
end

test('the power of times that grow with the square of the rows is 2', function()
  expect(growth.power(times_of(2, 0.003))):near(2, { absolute = 1e-12 })
  expect(growth.power(times_of(0.5, 7))):near(0.5, { absolute = 1e-12 })
end)

test('a power is that of all times, not of the first and the last', function()
  -- logarithms to base 2 of rows 0, 1, 2 and of times 0, 3, 2: the line through them rises by 1
  expect(growth.power { [1] = 1, [2] = 8, [4] = 4 }):near(1, { absolute = 1e-12 })
end)

test('a table of growth has a line for each phase, and a dash where times are missing', function()
  local found = {
    { work = 'SVC', phases = {
      predict = { lumir = times_of(1, 1), peer = times_of(1.5, 1) },
      fit = { lumir = times_of(2, 1), peer = { [1000] = 1, [4000] = 4 } },
    } },
  }
  expect(growth.lines(found, numbers, { 'lumir', 'peer', 'other' })):equals {
    '                                  lumir         peer        other',
    'SVC, fit                           2.00            -            -',
    'SVC, predict                       1.00         1.50            -',
  }
end)
