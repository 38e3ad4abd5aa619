-- What is there to hear?  musicnn, which learnt MTG-Jamendo's 50 tags, hears recordings 3 s at a time; nothing trains.
-- --root=FOLDER --weights=FILE, or what `lumir fetch jamendo_musicnn` got
local lumir = require 'lumir'
local audio, data, report, torch = lumir.audio, lumir.data, lumir.report, lumir.torch
local listeners, musicnn = require 'models.listeners', require 'models.musicnn'

local opt = lumir.options {
  root = data.sample 'tags', weights = '',
  most = 5,                           -- tags of each recording that are told
}
if opt.most < 1 or opt.most > #musicnn.tags then lumir.usage('--most must be of 1 to ' .. #musicnn.tags) end
local ears = listeners.open('musicnn', { weights = opt.weights })
local files = data.files(opt.root, { recursive = true })
local hear = lumir.chain { audio.load { rate = ears.rate, mono = true },
                           audio.excerpts { seconds = ears.seconds }, ears.net:step 'dense2' }
local heard, rows, order = files:map(hear):table(), {}, {}
for row, id in ipairs(heard.recordings) do
  if not rows[id] then rows[id], order[#order + 1] = {}, id end
  table.insert(rows[id], row)
end

local pieces, likely, lines = heard.x:to('float32'):sigmoid(), {}, {}
for i, id in ipairs(order) do
  likely[i] = pieces[torch.tensor(rows[id])]:mean(1)        -- of all its pieces
  local values, places = likely[i]:topk(opt.most)
  local told = {}
  for k = 1, opt.most do told[k] = ('%s %.2f'):format(musicnn.tags[places[k]:item()], values[k]:item()) end
  lines[i] = ('- %s: %s'):format(id, table.concat(told, ', '))
end
print(table.concat(lines, '\n'))

local all = torch.stack(likely)
local _, shown = all:amax(1):topk(20)                        -- the tags that any recording has most of
local names = {}
for k = 1, 20 do names[k] = musicnn.tags[shown[k]:item()] end
report('What there is to hear', { opt, files, hear, tags = table.concat(lines, '\n'),
  report.matrix(all:index_select(2, shown), { names = order, columns = names, title = 'How likely a tag is',
    x = 'tag', y = 'recording', low = 0, high = 1 }) })
