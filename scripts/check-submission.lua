-- Lists every error of a submission: lumir check-submission FILE [--ids=FOLDER] [--artists=MODEL|FOLDER].

local lumir = require 'lumir'
local data, evaluate = lumir.data, lumir.evaluate

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir check-submission FILE [--ids=FOLDER] [--artists=MODEL.safetensors|FOLDER]',
  words = 1,
  flags = { ids = '', artists = '' },
})

local rules = { label = 'artist' }
if flags.ids ~= '' then
  rules.ids = data.files(flags.ids).id
  rules.ids_from = flags.ids
end
if flags.artists:find '%.safetensors$' then
  local model = lumir.learn.load(flags.artists)
  rules.classes, rules.label = model.classes, model.label
elseif flags.artists ~= '' then
  rules.classes = data.artist20(flags.artists).classes
end

local problems, rows = evaluate.check_submission(words[1], rules)
for _, line in ipairs(problems) do print(line) end
if #problems == 0 then
  print(('%s: %d row%s, valid'):format(words[1], rows, rows == 1 and '' or 's'))
else
  print(('%d error%s'):format(#problems, #problems == 1 and '' or 's'))
end
return #problems == 0 and 0 or 1
