-- The main job as a user runs it, on a small sample: every file that a run leaves, and that it comes out again.

local core = require('lumir.native').core

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'
local recipe = core.root() .. '/recipes/artist20/svm.lua'

--- Runs a command line in a folder: text on stdout and stderr together, exit status.
local function run(folder, line, environment)
  return shell(('cd %s && %s %s %s'):format(folder, environment or '', program, line))
end

local function scratch()
  return (shell 'mktemp -d':gsub('%s+$', ''))
end

--- One run for all tests of this file would hide what each needs, but a run takes seconds: made once, kept by name.
local function finished_run()
  local folder = scratch()
  local environment = 'LUMIR_CACHE=' .. folder .. '/cache'
  local made, status = run(folder, 'sample artist20 sample --artists=4 --albums=6 --songs=3', environment)
  if status ~= 0 then error('sample: ' .. made) end
  local output
  output, status = run(folder, recipe .. ' --root=sample --unlabelled=sample/test --folds=3', environment)
  if status ~= 0 then error('recipe: ' .. output) end
  return folder, output, environment
end

test('the recipe leaves a table, a submission, a model and a report whose numbers agree', function()
  local folder, output, environment = finished_run()
  local results = folder .. '/runs/artist20-svm/1/'
  for _, word in ipairs { 'SVM', 'Random forest', 'k-NN', 'synthetic', 'valid', 'score' } do
    expect(output):contains(word)
  end

  -- the numbers of the report are those of run.json
  local record = core.from_json(core.read_file(results .. 'run.json'), 'run.json')
  local models = record.results.models
  expect(#models):equals(3)
  local page = shell(('pdftotext -layout %sreport.pdf -'):format(results))
  for _, model in ipairs(models) do
    expect(page):contains(('%.3f'):format(model.valid.accuracy.value))
    expect(page):contains(('%.3f'):format(model.valid.f1.value))
  end
  expect(page:lower()):contains 'synthetic sample'
  expect(select(2, page:gsub('\f', '')) >= 10):is_true()

  -- a prediction from elsewhere, without cache and data, is the recipe's submission byte for byte
  local away = scratch()
  shell(('cp -r %s/sample/test %s/unheard; cp %smodel.safetensors %s; rm -rf %s/cache; mv %s/sample %s/moved'):format(
    folder, away, results, away, folder, folder, folder))
  local said, status = run(away, 'predict model.safetensors unheard out.csv', environment)
  expect(said):contains 'out.csv'
  expect(status):equals(0)
  expect(core.read_file(away .. '/out.csv')):equals(core.read_file(results .. 'submission.csv'))
  status = select(2, run(away, 'check-submission out.csv --ids=unheard --artists=model.safetensors'))
  expect(status):equals(0)
  shell(('mv %s/moved %s/sample'):format(folder, folder))

  -- what the README says next, word by word
  shell(('mkdir -p %s/data/sample && ln -s %s/sample %s/data/sample/artist20'):format(folder, folder, folder))
  local next_ones = {}
  for command, rest in core.read_file(core.root() .. '/README.md'):gmatch '\n    build/lumir ([%w-]+)( [^\n]+)' do
    if command == 'predict' or command == 'check-submission' or command == 'score' then
      next_ones[#next_ones + 1] = command
      said, status = run(folder, command .. rest, environment)
      expect(status == 0 or said):equals(true)
    end
  end
  expect(next_ones):equals { 'predict', 'check-submission', 'score' }

  -- again: csv, model and figures come out byte-equal
  status = select(2, run(folder, recipe .. ' --root=sample --unlabelled=sample/test --folds=3', environment))
  expect(status):equals(0)
  local differ = shell(
    ('diff -rq %s %s/runs/artist20-svm/2 | grep -v -E "run.json|log.jsonl|report"'):format(results, folder))
  expect(differ):equals ''
  shell(('rm -rf %s %s'):format(folder, away))
end)

test('a misspelt option names its neighbour and leaves with status 2', function()
  local output, status = run('.', recipe .. ' --rot=/music')
  expect(output):equals(('error: --rot is no option of %s (did you mean --root?)\n'):format(recipe))
  expect(status):equals(2)
end)

test('a folder of another layout is one line and status 1', function()
  local folder = scratch()
  local output, status = run(folder, recipe .. ' --root=' .. folder .. '/none')
  expect(status):equals(1)
  expect(select(2, output:gsub('\n', ''))):equals(1)
  shell('rm -rf ' .. folder)
end)

test('a leak of the folds of a search is told as one of theirs, not of the split that is judged', function()
  local folder = scratch()
  local environment = 'LUMIR_CACHE=' .. folder .. '/cache'
  run(folder, 'sample artist20 sample --artists=3 --albums=3 --songs=2', environment)
  local output, status = run(folder, recipe .. ' --root=sample --folds=2 --by=track --leak=allowed', environment)
  if status ~= 0 then error('recipe: ' .. output) end
  local page = core.read_file(folder .. '/runs/artist20-svm/1/report.html')
  expect(page):contains 'LEAK, folds of the search: '
  expect(page):contains 'The scores by which settings were chosen are too good'
  expect(page:find 'The scores are too good, because of a leak'):equals(nil)
  shell('rm -r ' .. folder)
end)
