-- What Lumir's learners say of the sets that agreement.py writes: a line for each case, `letters|numbers`, or the
-- accuracies of twenty seeds.
local lumir = require 'lumir'
local learn = lumir.learn

local opt = lumir.options { folder = '.' }

local function read_set(name)
  local set = { train = { x = {}, y = {} }, test = { x = {}, y = {} } }
  local number = 0
  for line in io.lines(opt.folder .. '/' .. name .. '.csv') do
    number = number + 1
    local row = {}
    for cell in line:gmatch('[^,]+') do row[#row + 1] = tonumber(cell) end
    local side = number % 2 == 1 and set.train or set.test
    side.y[#side.y + 1] = string.char(string.byte('a') + table.remove(row))
    side.x[#side.x + 1] = row
  end
  return set
end

local sets = {}
local function set_of(name)
  sets[name] = sets[name] or read_set(name)
  return sets[name]
end

-- A description of a learner becomes one: { name = 'learn.SVC', options = {} }.
local function built(value)
  if type(value) ~= 'table' then return value end
  if value.name then return learn[value.name:match('[^.]+$')](value.options) end
  local list = {}
  for i, element in ipairs(value) do list[i] = built(element) end
  return list
end

local function made(case, seed)
  local options = {}
  for key, value in pairs(case.options) do options[key] = built(value) end
  for i, learner in ipairs(options.estimators or {}) do options[i] = learner end
  options.estimators = nil
  if seed then options.seed = seed end
  local learner = learn[case.learner](options)
  return case.scale and learn.Pipeline { learn.StandardScaler(), learner } or learner
end

local function fitted(case, set, seed) return made(case, seed):fit(set.train) end

local function answer(case)
  local set = set_of(case.set)
  if case.seeds > 0 then
    local scores = {}
    for seed = 0, case.seeds - 1 do
      scores[#scores + 1] = ('%.17g'):format(fitted(case, set, seed):score(set.test))
    end
    return table.concat(scores, ' ') .. '|'
  end
  local model = fitted(case, set)
  local numbers = {}
  if case.coef == 'transform' then
    for i, row in ipairs(model:transform(set.test):tolist()) do
      for _, value in ipairs(i <= 5 and row or {}) do numbers[#numbers + 1] = ('%.17g'):format(value) end
    end
    return '|' .. table.concat(numbers, ' ')
  end
  if case.coef ~= '' then
    local array = model[case.scale and 'steps.1.' .. case.coef or case.coef]
    for _, value in ipairs(array:reshape { -1 }:tolist()) do numbers[#numbers + 1] = ('%.17g'):format(value) end
  end
  return table.concat(model:predict(set.test)) .. '|' .. table.concat(numbers, ' ')
end

local out = assert(io.open(opt.folder .. '/answers.txt', 'w'))
for _, case in ipairs(dofile(opt.folder .. '/cases.lua')) do
  local ok, words = pcall(answer, case)
  out:write(ok and words or 'refused: ' .. tostring(words):gsub('\n.*', ''):gsub('|', '/') .. '|', '\n')
end
out:close()
