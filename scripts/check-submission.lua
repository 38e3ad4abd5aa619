-- Lists the errors of a submission: lumir check-submission FILE [--ids=FOLDER] [--artists=MODEL|FOLDER].
--
-- FILE is .csv, rows ID,name,name,name without a header, or .json, { "001": ["name", "name", "name"], ... }. The first
-- twenty errors are shown, and how many there are.

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

local shown = 20
local problems, rows = evaluate.check_submission(words[1], rules)
for i = 1, math.min(#problems, shown) do print(problems[i]) end
if #problems == 0 then
  print(('%s: %d row%s, valid'):format(words[1], rows, rows == 1 and '' or 's'))
else
  local first = #problems > shown and (', the first %d are shown'):format(shown) or ''
  print(('%d error%s%s'):format(#problems, #problems == 1 and '' or 's', first))
end
return #problems == 0 and 0 or 1
