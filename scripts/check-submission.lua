-- Lists the errors of a submission: lumir check-submission FILE [--ids=FOLDER] [--artists=MODEL|FOLDER].
--
-- The names that are known (--artists, or --classes where they are genres) are those of a model, or of a folder of
-- artists or genres. IDs are numbers, or, with --ids, what the files of that folder are called (--recursive: and
-- below). FILE is .csv, rows ID,name,name,name without a header, or .json, { "001": ["name", "name", "name"], ... }.
-- The first twenty errors are shown, and how many there are.

local lumir = require 'lumir'
local data, evaluate = lumir.data, lumir.evaluate

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir check-submission FILE [--ids=FOLDER] [--recursive] [--artists|--classes=MODEL.safetensors|FOLDER]',
  words = 1,
  flags = { ids = '', recursive = false, artists = '', classes = '' },
})

--- The corpus that a folder holds, by the first layout that it has.
local function labelled(folder)
  local problems = {}
  for _, layout in ipairs { 'artist20', 'gtzan' } do
    local good, songs = pcall(data[layout], folder)
    if good then return songs end
    problems[#problems + 1] = ('as %s %s'):format(layout, tostring(songs):gsub('^[^:]*:%d+: ', ''))
  end
  error(table.concat(problems, '; '), 0)
end

local rules = { label = 'artist' }
if flags.ids ~= '' then
  rules.ids = data.files(flags.ids, { recursive = flags.recursive }).id
  rules.ids_from = flags.ids
end
local known = flags.artists ~= '' and flags.artists or flags.classes
if known:find '%.safetensors$' then
  local model = lumir.learn.load(known)
  rules.classes, rules.label = model.classes, model.label
elseif known ~= '' then
  local songs = labelled(known)
  rules.classes, rules.label = songs.classes, songs.label
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
