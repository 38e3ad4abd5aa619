-- The recurrent recipe on two genres of tones: its table of models and features, the control, and what the run keeps.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio = lumir.audio

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'
local recipe = core.root() .. '/recipes/gtzan/lstm.lua --root=tones --folds=2 --frames=10 --epochs=1'

local function tones(folder)
  for i = 1, 4 do
    for genre, frequency in pairs { low = 150, high = 1500 } do
      local tone = audio.sine { frequency = frequency * (1 + i / 9), seconds = 0.5, rate = 8000 }
      tone:write(('%s/tones/%s/%s.%05d.wav'):format(folder, genre, genre, i))
    end
  end
end

test('several models and features make a table with a row each, which the run keeps', function()
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  tones(folder)
  local function run(options)
    return shell(('cd %s && LUMIR_CACHE=cache %s %s --leak=allowed %s'):format(folder, program, recipe, options))
  end
  local output, status = run '--model=rnn4,bilstm4 --feature=mfcc4,mel8 --per_class=3'
  expect(status == 0 or output):equals(true)
  local kept = core.from_json(core.read_file(folder .. '/runs/gtzan-lstm/1/run.json'), 'run.json').folds
  expect(#kept):equals(4)
  expect(kept[4].name):equals 'bilstm4 mel8'
  for _, setting in ipairs(kept) do
    expect(output):contains(('%s%s'):format(setting.name, (' '):rep(13 - #setting.name)))
    expect(output):contains(('%.3f (%.2f-%.2f)'):format(setting.interval.accuracy.value,
      setting.interval.accuracy.low, setting.interval.accuracy.high))
  end

  output = run '--model=rnn4 --shuffle_labels=true'
  expect(output):contains 'all folds (95 %)'
  local record = core.from_json(core.read_file(folder .. '/runs/gtzan-lstm/2/run.json'), 'run.json')
  expect(record.leak):contains 'labels are shuffled'

  output, status = run '--model=gru4'
  expect(status):equals(2)
  expect(output):contains 'gru4: no such model or feature'
  shell('rm -rf ' .. folder)
end)
