-- Does it know songs from elsewhere?  A trained run on recordings of one's own, a folder for each genre.
--     lumir recipes/gtzan/external.lua --run=runs/gtzan-crnn/1 --root=/music/outside
local lumir = require 'lumir'
local data, evaluate, learn, report = lumir.data, lumir.evaluate, lumir.learn, lumir.report

local opt = lumir.options {
  run = 'runs/gtzan-crnn/1',          -- whose model is asked
  root = data.sample('gtzan', { folder = 'data/sample/gtzan_outside', tracks = 2, seed = 20 }),
  code = '',                          -- the file that defines its network, where it is one written in Lua
}

local model = learn.load(opt.run .. '/model.safetensors', { code = opt.code })
local songs, known = data.gtzan(opt.root), {}
for _, genre in ipairs(model.classes) do known[genre] = true end
for _, genre in ipairs(songs.classes) do
  if not known[genre] then
    lumir.fail(("%s/%s: is none of the genres that %s knows: %s"):format(tostring(opt.root), genre, opt.run,
      table.concat(model.classes, ', ')))
  end
end
local results = evaluate(model, songs, { top = { 1, 3 }, over = 'track' })
print(results)

local best, lines, said_of = results.best, {}, {}
for i, truth in ipairs(results.value.truth) do
  local said = best.predicted[i]
  local wrong = said == truth and '' or 'wrong'
  lines[#lines + 1] = ('%-32s %-10s %-10s %s'):format(results.value.ids[i], truth, said, wrong)
  said_of[#said_of + 1] = ('- %s: %s, taken for %s'):format(results.value.ids[i], truth, said)
end
print(('\n%-32s %-10s %-10s\n%s'):format('song', 'true', 'taken for', table.concat(lines, '\n')))
report('Songs from elsewhere', { opt, songs, results, songs_one_by_one = table.concat(said_of, '\n') })
