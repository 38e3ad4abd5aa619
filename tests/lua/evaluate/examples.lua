-- Every name of lumir.evaluate and lumir.metric has an example in its help, and it runs.
local lumir = require 'lumir'
local core = require('lumir.native').core

local function run(name, names)
  local example = core.words(name).example
  local body = setfenv(assert(loadstring('return ' .. example, name)), names)
  local good, result = pcall(body)
  if good and result ~= nil then return '' end
  return ('%s: %s: %s\n'):format(name, example, tostring(result))
end

test('every example of lumir.evaluate and lumir.metric runs', function()
  local songs = { x = { { 0 }, { 1 }, { 2 }, { 3 } }, y = { 'abba', 'queen', 'u2', 'u2' } }
  local path, truth = os.tmpname(), os.tmpname()
  core.write_file(path, '1,abba,queen,u2\n')
  core.write_file(truth, '1,abba\n')
  local names = {
    evaluate = lumir.evaluate,
    metric = lumir.metric,
    model = lumir.learn.KNeighbors { n_neighbors = 1 }:fit(songs),
    other = lumir.learn.KNeighbors { n_neighbors = 3 }:fit(songs),
    data = songs,
    path = path,
    truth = truth,
  }
  local problems = ''
  for _, module in ipairs { 'evaluate', 'metric' } do
    local all = core.names(module)
    expect(#all):above(3)
    for _, name in ipairs(all) do problems = problems .. run(name, names) end
  end
  os.remove(path)
  os.remove(truth)
  expect(problems):equals ''
end)
