-- Every corpus and layout of lumir.data has an example in its help, and it runs.
local lumir = require 'lumir'
local core = require('lumir.native').core

test('every example of lumir.data runs', function()
  local root = os.tmpname()
  os.remove(root)
  local tone = lumir.audio.sine { seconds = 0.2, rate = 8000 }
  for _, artist in ipairs { 'abba', 'queen' } do tone:write(('%s/songs/%s/A/01-x.wav'):format(root, artist)) end
  tone:write(root .. '/numbers/0001.wav')
  for _, genre in ipairs { 'blues', 'rock' } do tone:write(('%s/genres/%s/%s.00000.wav'):format(root, genre, genre)) end
  for _, track in ipairs { '000002', '000003' } do tone:write(('%s/fma/fma_medium/000/%s.wav'):format(root, track)) end
  core.write_file(root .. '/fma/fma_metadata/tracks.csv', ',artist,set,set,track\n,name,split,subset,genre_top\n'
    .. 'track_id,,,,\n2,AWOL,training,small,Hip-Hop\n3,Kurt Vile,test,small,Rock\n')
  local names = { lumir = lumir, data = lumir.data, root = root .. '/songs', folder = root .. '/numbers',
                  genres = root .. '/genres', archive = root .. '/fma' }
  local problems = {}
  for _, name in ipairs(core.names 'data') do
    local example = core.words(name).example
    local body = setfenv(assert(loadstring('return ' .. example, name)), names)
    local good, result = pcall(body)
    if not good or result == nil then problems[#problems + 1] = name .. ': ' .. example .. ': ' .. tostring(result) end
  end
  os.execute("rm -r '" .. root .. "'")
  expect(table.concat(problems, '\n')):equals ''
end)
