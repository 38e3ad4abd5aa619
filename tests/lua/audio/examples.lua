-- Every name of lumir.audio has an example in its help, and it runs.
local lumir = require 'lumir'
local core = require('lumir.native').core

test('every example of lumir.audio runs', function()
  local clip = lumir.audio.sine { seconds = 1 }
  local path = os.tmpname() .. '.wav'
  clip:write(path)
  local names = core.names 'audio'
  expect(#names):above(9)
  for _, name in ipairs(names) do
    local example = core.words(name).example
    local body = assert(loadstring('return ' .. example, name))
    setfenv(body, { audio = lumir.audio, clip = clip, path = path })
    local good, result = pcall(body)
    if not good then error(name .. ': ' .. example .. ': ' .. tostring(result)) end
    if result == nil then error(name .. ': ' .. example .. ' gives nothing') end
  end
  os.remove(path)
end)
