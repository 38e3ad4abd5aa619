-- The main job on artist20 as courses hand it on: train.json and val.json beside the folder train_val, test/001.mp3 ...

local core = require('lumir.native').core

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'
local recipe = core.root() .. '/recipes/artist20/svm.lua --root=artist20 --folds=2 --split=given'

--- A folder with a small sample in today's layout: of each artist the second album validates, the others teach.
local function corpus()
  local folder = shell 'mktemp -d':gsub('%s+$', '')
  local function run(line) return shell(('cd %s && LUMIR_CACHE=cache %s'):format(folder, line)) end
  local output, status = run(program .. ' sample artist20 artist20 --artists=4 --albums=4 --songs=2')
  if status ~= 0 then error('sample: ' .. output) end
  run 'cd artist20 && mkdir train_val && mv singer_* train_val && rm SYNTHETIC test/SYNTHETIC'
  local lists = { train = {}, val = {} }
  local seen, count = {}, {}
  for path in run 'cd artist20 && find . -path "./train_val/*.mp3" | LC_ALL=C sort':gmatch '[^\n]+' do
    local artist, album = path:match '^%./train_val/([^/]+)/([^/]+)/'
    if not seen[artist .. '/' .. album] then
      seen[artist .. '/' .. album] = true
      count[artist] = (count[artist] or 0) + 1
    end
    local list = count[artist] == 2 and lists.val or lists.train
    list[#list + 1] = path
  end
  for name, list in pairs(lists) do
    core.write_file(('%s/artist20/%s.json'):format(folder, name), core.to_json(list))
  end
  local names = {}
  for name in core.read_file(folder .. '/artist20/truth.csv'):gmatch ',([^\n]+)' do names[#names + 1] = name end
  run 'rm artist20/truth.csv'
  core.write_file(folder .. '/artist20/truth.json', core.to_json(names))
  return folder, run, #lists.val
end

test("lists, a model for the next command, and JSON from the recipe to the score", function()
  local folder, run, validating = corpus()
  local output, status = run(program .. ' ' .. recipe)
  expect(status):equals(0)
  local unbroken = output:gsub('%s+', ' ')
  expect(unbroken):contains(('validation: as listed in val.json (%d songs)'):format(validating))
  expect(unbroken):contains 'no album, song or recording is on both sides'

  -- the README's next commands, though nothing was submitted
  local model = 'runs/artist20-svm/1/model.safetensors'
  output, status = run(('%s predict %s artist20/test out.json'):format(program, model))
  expect(output):contains '8 of 8 files classified -> out.json'
  expect(status):equals(0)
  expect((run(('%s check-submission out.json --ids=artist20/test --artists=%s'):format(program, model)))):equals(
    'out.json: 8 rows, valid\n')
  output, status = run(program .. ' score out.json --truth=artist20/truth.json')
  expect(status):equals(0)
  expect(output):contains 'top-1 '

  -- the recipe submits the same
  output, status = run(('%s %s --unlabelled=artist20/test --submission=submission.json'):format(program, recipe))
  expect(status):equals(0)
  expect(output):contains '8 rows, valid'
  expect(output):contains 'score        top-1'
  expect(core.read_file(folder .. '/runs/artist20-svm/2/submission.json')):equals(core.read_file(folder .. '/out.json'))
  shell('rm -r ' .. folder)
end)

test('unlabelled files that cannot be submitted for are said before anything is described', function()
  local folder, run = corpus()
  core.write_file(folder .. '/artist20/test/one.mp3', '')
  local output, status = run(program .. ' ' .. recipe .. ' --unlabelled=artist20/test')
  expect(status):equals(1)
  expect(output):contains "the file name 'one.mp3' is no number"
  expect(output:find 'describe'):equals(nil)
  shell('rm -r ' .. folder)
end)
