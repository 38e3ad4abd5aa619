-- What does it get wrong, and why?  A finished run from five sides: does it overfit, are singers confused that sound
-- alike, who is recalled by sex and by the pitch of the voice, are short songs harder.  --run=runs/artist20-svm/1
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local evaluate, report, torch = lumir.evaluate, lumir.report, lumir.torch

local opt = lumir.options {
  run = 'runs/artist20-svm/1', root = '',       -- root: where its songs lie now; they are where they were unless given
  separate = 'harmonic', nearest = 3,   -- separate: what pitch is told of; nearest: how many singers count as alike
  choices = { separate = { 'none', 'harmonic', 'percussive', 'repet', 'repet_sim' } },
}
if opt.nearest < 1 then lumir.usage('--nearest=' .. opt.nearest .. ' must be at least 1') end
local system, judged, lines, figures = lumir.finished(opt.run)[1], {}, {}, {}
local best, value, root = system.results.best, system.results.value, opt.root
local songs = data.artist20(root ~= '' and root or system.record.data.root)
for _, id in ipairs(value.ids) do judged[id] = true end
local heard = songs:where('id', function(id) return judged[id] end)
if #heard.rows < #value.ids then lumir.usage(opt.run .. ' judged songs that --root=' .. root .. ' does not have') end
local function tell(...) lines[#lines + 1] = '- ' .. string.format(...) end
local trained = (system.record.results.models[1].train.accuracy or {}).value
if trained then tell('Overfitting: %.3f on train, %.3f here', trained, best.accuracy) end
local timbre = songs:map(lumir.chain { audio.load { rate = 16000, mono = true }, feature.mfcc(),
                                       feature.summary { 'mean', 'std' } }):table()
local x, rows, wrong, alike = learn.StandardScaler():fit_transform(timbre), {}, 0, 0
local nearest = math.min(opt.nearest, math.floor(#value.classes / 2))      -- of few classes, all would be alike
for i, name in ipairs(timbre.labels) do rows[name] = rows[name] or {}; table.insert(rows[name], i) end
local function centre(name) return x[torch.tensor(rows[name])]:mean(1) end
local function apart(a, b) return (centre(a) - centre(b)):norm():item() end
for i, truth in ipairs(value.truth) do
  local said, nearer = best.predicted[i], 0
  for name in pairs(rows) do
    nearer = nearer + (name ~= truth and apart(truth, name) < apart(truth, said) and 1 or 0)
  end
  if said ~= truth then wrong, alike = wrong + 1, alike + (nearer < nearest and 1 or 0) end
end
tell('Confusion: %d of %d errors name one of the %d singers whose timbre (MFCC) is nearest; by chance %.1f would',
  alike, wrong, nearest, wrong * nearest / (#value.classes - 1))
local sound = audio.load { rate = 16000, mono = true, duration = 60 }
if opt.separate ~= 'none' then sound = lumir.chain { sound, feature[opt.separate]() } end
local pitch, pitches, lengths, sex = heard:map(lumir.chain {
  sound, feature.pyin { fmin = 80, fmax = 1000, hop_length = 512 } }):table(), {}, {}, {}
for i, id in ipairs(pitch.ids) do
  local f0 = pitch[i][1]
  if f0:max():item() > 0 then pitches[id] = f0:masked_select(f0:gt(0)):median():item() end
end
for _, row in ipairs(heard.rows) do lengths[row.id], sex[row.id] = row.seconds, row.sex end
for _, side in ipairs { { 'sex', sex }, { 'pitch of the voice', pitches, 'Hz' }, { 'length', lengths, 's' } } do
  local bars = {}
  for name, of in pairs(evaluate.by_group(system.results, side[2], { unit = side[3] or '' })) do
    bars[('%s (%d songs)'):format(name, of.count)] = of.share
    tell('%s %s: %.3f of %d songs', side[1], name, of.share, of.count)
  end
  if not next(bars) then tell('%s: nothing is known of these singers', side[1]) end
  figures[#figures + 1] = next(bars) and report.bars(bars, { title = 'Recall by ' .. side[1], x = 'share of songs' })
end
table.sort(lines)
print(table.concat(lines, '\n'))
report('What it gets wrong', { opt, songs, system.results, figures, findings = table.concat(lines, '\n'),
  novelty = '- A finished run, looked at from five sides; the run itself is not repeated.' })
