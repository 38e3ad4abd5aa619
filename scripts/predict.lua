-- Classifies a folder with a model file: lumir predict MODEL FOLDER OUT [--recursive] [--allow-missing] [--vote=mean].
--
-- A recording's ID is its file's name without the ending; with --recursive, which takes folders below too, its path.
-- OUT is written as its ending says: .csv, rows ID,name,name,name, or .json, { "ID": ["name", "name", "name"], ... }.
-- A model of tags writes a head and the tags and scores of each, one of numbers the numbers.
-- Where all names are numbers the two are the course's: 001.mp3 is 1 in a csv, "001" in JSON.
-- A recording that the model hears in parts gets one answer, by the mean of their scores or the majority of their
-- classes. Needs neither recipe nor training data: the model file says how to describe a recording and how to judge it.
-- A network that is written in Lua needs its class: --code=FILE.lua names the file that defines it, which is run.

local lumir = require 'lumir'
local core = require('lumir.native').core
local data, evaluate = lumir.data, lumir.evaluate

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir predict MODEL FOLDER OUT.csv|OUT.json [--recursive] [--allow-missing] [--vote=mean|majority] '
    .. '[--code=FILE.lua] [--allow-changed]',
  words = 3,
  flags = { recursive = false, ['allow-missing'] = false, vote = 'mean', code = '', ['allow-changed'] = false },
})
local model_path, folder, out = words[1], words[2], words[3]
if flags.vote ~= 'mean' and flags.vote ~= 'majority' then
  lumir.usage(("predict: --vote must be mean or majority, got '%s'"):format(flags.vote))
end

local above = out:match '^(.*)/[^/]*$'
if above and above ~= '' and not core.is_folder(above) then error(above .. ': no such folder', 0) end
core.check_output(out, model_path)

local model = lumir.learn.load(model_path, { code = flags.code, allow_changed = flags['allow-changed'] })
if not model.chain then
  error(model_path .. ': does not say how recordings were described, so it cannot describe any', 0)
end
local files = data.files(folder, { recursive = flags.recursive })
local described = files:map(model.chain):table()
local text, classified = evaluate.submission_text(model, described, { vote = flags.vote, path = out })
core.write_file(out, text)

--- A line for each recording: its tags with their scores, likeliest first, or its numbers.
local function print_sheet(sheet)
  local ids = {}
  for id in pairs(sheet) do ids[#ids + 1] = id end
  table.sort(ids)
  for _, id in ipairs(ids) do
    local scores, said = sheet[id].scores or sheet[id], {}
    local names = sheet[id].tags or model.classes
    table.sort(names, function(a, b) return scores[a] > scores[b] or scores[a] == scores[b] and a < b end)
    for i, name in ipairs(names) do said[i] = ('%s %.3g'):format(name, scores[name]) end
    print(('%-24s %s'):format(id, table.concat(said, ', ')))
  end
end
if model.target ~= 'classes' then
  local options = { vote = flags.vote, path = 'sheet.json' }
  print_sheet(core.from_json((evaluate.submission_text(model, described, options)), 'scores'))
end

local missing = #files - classified
local remark = ''
if missing > 0 then
  remark = ('   %d without a prediction, listed above'):format(missing)
  if not flags['allow-missing'] then remark = remark .. '; --allow-missing to accept that' end
end
print(('%d of %d files classified -> %s%s'):format(classified, #files, out, remark))
return missing > 0 and not flags['allow-missing'] and 1 or 0
