-- The tagger on its made clips: what it hears is beyond chance, and what it learns from shuffled tags is not.

local core = require('lumir.native').core

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'

--- The lower bound of the network's mean average precision, its score, and what a guess would be worth: the mean share
-- of recordings that have a tag.
local function judged(folder, options)
  local recipe = core.root() .. '/recipes/tags/tagger.lua --epochs=25 '
  local output, status = shell(('cd %s && LUMIR_CACHE=cache %s %s%s'):format(folder, program, recipe, options))
  expect(status == 0 or output):equals(true)
  local number = output:match 'runs/tags%-tagger/(%d+)'
  local record = core.from_json(core.read_file(('%s/runs/tags-tagger/%s/run.json'):format(folder, number)), 'run.json')
  for _, model in ipairs(record.results.models) do
    if model.name == 'network' then
      local chance = 0
      for _, tag in ipairs(model.per_tag) do
        chance = chance + tag.positives / #record.results.truth / #model.per_tag
      end
      return model.valid.average_precision.low, model.valid.average_precision.value, chance, output
    end
  end
end

test('a tagger hears what plays beyond chance, and not where tags are shuffled', function()
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  local low, value, chance, output = judged(folder, '')
  expect(low):above(1.3 * chance)
  expect(value):above(0.6)
  expect(output):contains 'every tag, by score and from a threshold on'
  for line in output:gmatch '[^\n]*' do
    if line:find 'precision' or line:find '^bells' then expect(#line):below(81) end
  end
  local shuffled_low, _, shuffled_chance = judged(folder, '--shuffle_labels=true')
  expect(shuffled_low):below(1.3 * shuffled_chance)         -- of few recordings chance itself lies above its share

  local listed, status = shell(('cd %s && LUMIR_CACHE=cache %s predict runs/tags-tagger/1/model.safetensors '
    .. 'data/sample/tags/clips out.csv'):format(folder, program))
  expect(status == 0 or listed):equals(true)
  expect(core.read_file(folder .. '/out.csv'):match '^(.-)\n')
    :equals 'id,tags,bells,bright,drums,fast,organ,slow,strings'
  expect(listed):contains 'piece_001_1'
  shell('rm -rf ' .. folder)
end)
