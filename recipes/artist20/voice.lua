-- Whom do you sound like?  Records your voice, or reads it from a file, and asks a finished run.
--     lumir recipes/artist20/voice.lua --run=runs/artist20-svm/1                # sing: ten seconds are recorded
--     lumir recipes/artist20/voice.lua --run=runs/artist20-svm/1 --file=me.wav
local lumir = require 'lumir'
local audio, data, learn, report, torch = lumir.audio, lumir.data, lumir.learn, lumir.report, lumir.torch

local opt = lumir.options {
  run = 'runs/artist20-svm/1',        -- whose model is asked
  root = '',                          -- the singers it knows, for the map: the run's songs unless given
  file = '', seconds = 10, rate = 44100,  -- file: recorded where none is given; seconds: of that; rate: of that
  code = '',                          -- the file that defines its network, where it is one written in Lua
}

local model = learn.load(opt.run .. '/model.safetensors', { code = opt.code })
local place = report.folder() .. '/voice'
if opt.file == '' then print(('sing now: %d s are recorded'):format(opt.seconds)) end
local clip = opt.file ~= '' and audio.load(opt.file) or audio.record { seconds = opt.seconds, rate = opt.rate }
clip:write 'voice/1.wav'

local root = opt.root ~= '' and opt.root or lumir.finished(opt.run)[1].record.data.root
local known = data.artist20(root):map(model.chain):table()
local theirs, yours = model:scores(known), model:scores(data.files(place):map(model.chain):table())
local mine = yours:mean(1)                                  -- of all parts that the model hears

--- Names by a number of each, greatest first.
local function ranked(numbers)
  local names = {}
  for name in pairs(numbers) do names[#names + 1] = name end
  table.sort(names, function(a, b) return numbers[a] > numbers[b] or numbers[a] == numbers[b] and a < b end)
  return names
end

local said, rows, near = {}, {}, {}
for i, name in ipairs(model.classes) do said[name], rows[name] = mine[i]:item(), {} end
for i, name in ipairs(known.labels) do table.insert(rows[name] or {}, i) end
for name, of in pairs(rows) do                -- a singer is the mean of what the model says of all their songs
  if #of > 0 then near[name] = -(theirs[torch.tensor(of)]:mean(1) - mine):norm():item() end
end

local likely, close = ranked(said), ranked(near)
print(('%-4s %-32s %s'):format('', 'taken for', 'nearest in what the model says'))
for i = 1, math.min(5, #likely) do print(('%-4d %-32s %s'):format(i, likely[i], close[i] or '')) end

local labels = {}
for i, name in ipairs(known.labels) do labels[i] = name end
for _ = 1, #yours do labels[#labels + 1] = 'your voice' end
local all = data.table { x = torch.cat { theirs, yours }, y = labels }
local map = learn.TSNE { perplexity = math.min(30, #labels / 4) }:fit_transform(all)
report('Whom do you sound like?', { opt, report.waveform(clip, { title = 'Your voice' }),
  report.bars(said, { title = 'What the model says of your voice', x = 'score' }),
  report.scatter(map, labels, { title = 'Your voice among the songs', label = 'artist' }),
  answer = ('You sound like %s; nearest in what the model says is %s.'):format(likely[1], close[1]) })
