-- How times grow with the rows: the power of them that fits best.

local growth = {}

--- The slope of the straight line through the logarithms that leaves the least squares; `times` by numbers of rows.
function growth.power(times)
  local n, x, y, xx, xy = 0, 0, 0, 0, 0
  for rows, time in pairs(times) do
    local a, b = math.log(rows), math.log(time)
    n, x, y, xx, xy = n + 1, x + a, y + b, xx + a * a, xy + a * b
  end
  assert(n > 1, 'a power needs times of two numbers of rows')
  return (n * xy - x * y) / (n * xx - x * x)
end

--- The lines of a table. `found` is a list of { work, phases }, and a phase has times by contender and number of rows;
--- a contender that was absent, or lacks some of the numbers, has a dash.
function growth.lines(found, numbers, contenders)
  local lines = { ('%-26s'):format '' }
  for _, name in ipairs(contenders) do lines[1] = lines[1] .. ('%13s'):format(name) end
  for _, one in ipairs(found) do
    local phases = {}
    for phase in pairs(one.phases) do table.insert(phases, phase) end
    table.sort(phases)
    for _, phase in ipairs(phases) do
      local line = ('%-26s'):format(one.work .. ', ' .. phase)
      for _, name in ipairs(contenders) do
        local times = one.phases[phase][name] or {}
        local complete = true
        for _, rows in ipairs(numbers) do complete = complete and times[rows] end
        line = line .. ('%13s'):format(complete and ('%.2f'):format(growth.power(times)) or '-')
      end
      table.insert(lines, line)
    end
  end
  return lines
end

return growth
