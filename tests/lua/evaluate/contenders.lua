-- Many contenders side by side, and curves of one of them.

local lumir = require 'lumir'
local data, learn, evaluate, report = lumir.data, lumir.learn, lumir.evaluate, lumir.report

local function rows(n, shift)
  local made = { x = {}, y = {} }
  for i = 1, n do
    made.x[i] = { i % 3 + 0.6 * math.sin(5 * i + shift), math.cos(i + shift) }
    made.y[i] = ({ 'blues', 'jazz', 'rock' })[i % 3 + 1]
  end
  return data.table(made)
end

local train, valid = rows(90, 0), rows(60, 2)

local function contenders(n)
  local models = {}
  for i = 1, n do
    models[i] = learn.Pipeline { learn.StandardScaler(), i % 2 == 0 and learn.KNeighbors { n_neighbors = i } or
      learn.RandomForest { n_estimators = i, seed = i } }
  end
  return models
end

test('eighteen contenders learn, and stand in one table of 100 columns', function()
  local results = evaluate.compare(contenders(18), valid, { train = train })
  expect(#results):equals(18)
  local lines, in_table = 0, true
  for line in (tostring(results) .. '\n'):gmatch '([^\n]*)\n' do
    if line == '' then in_table = false end
    if in_table then
      lines = lines + 1
      expect(#line <= 100):is_true()
    end
  end
  expect(lines):equals(19)
  expect(tostring(results)):contains 'model            accuracy  (95 %)'
  expect(tostring(results)):contains 'precision  recall     F1  weighted  train  train F1  fit s'
  expect(results.best.f1_weighted >= 0 and results.best.train.f1 <= 1):is_true()
  for i = 2, 18 do expect(results.models[i - 1].accuracy >= results.models[i].accuracy):is_true() end
end)

test('without train what is not fitted is refused', function()
  expect(function() evaluate.compare(contenders(2), valid) end):raises 'compare: Pipeline is not fitted yet'
end)

test('curves of a model can be had as numbers and as figures', function()
  local results = evaluate.compare({ forest = learn.RandomForest { n_estimators = 30 } }, valid, { train = train })
  local curves = evaluate.roc_curve(results)
  expect(#curves):equals(3)
  expect(curves[1].name):equals 'blues'
  expect(curves[1].y[#curves[1].y]):equals(1)
  local precision = evaluate.precision_recall_curve(results, { model = 'forest' })
  expect(precision[2].summary >= 0 and precision[2].summary <= 1):is_true()
  expect(evaluate.calibration_curve(results, { bins = 4 }).name):equals 'predicted class'
  for _, draw in ipairs { 'roc', 'precision_recall', 'calibration' } do
    expect(report[draw](results).title):contains 'forest'
  end
  local path, corners = os.tmpname() .. '.svg', 0
  report.precision_recall(results):save(path)
  local file = assert(io.open(path))
  local svg, least, most = file:read '*a', 1, 0
  for _, curve in ipairs(evaluate.precision_recall_curve(results)) do
    least, most = math.min(least, curve.y[1]), math.max(most, curve.y[1])    -- all rows are taken: the class's share
  end
  local shares = ('%.3f'):format(least) .. (least < most and (' to %.3f'):format(most) or '')
  expect(svg):contains('>chance  ' .. shares .. '</text>')
  expect(select(2, svg:gsub('>0%.1</text>', ''))):equals(2)                   -- precision begins at 0, as recall does
  for points in svg:gmatch '<polyline[^>]-points="([^"]+)"' do   -- level or upright, within a stroke
    local x, y
    for across, down in points:gmatch '([%d.]+),([%d.]+)' do
      local right, below = tonumber(across), tonumber(down)
      if x then expect(math.abs(right - x) < 4 or math.abs(below - y) < 1):is_true() end
      x, y, corners = right, below, corners + 1
    end
  end
  file:close()
  os.remove(path)
  expect(corners > 10):is_true()
  expect(function() report.roc(results, { model = 'forrest' }) end)
    :raises "roc: 'model' = 'forrest' is none of the results (did you mean 'forest'?)"
end)

test('two of the models are compared by McNemar, and one is reported class by class', function()
  local models = { few = learn.KNeighbors { n_neighbors = 1 }, many = learn.KNeighbors { n_neighbors = 60 } }
  local results = evaluate.compare(models, valid, { train = train })
  local found = results:mcnemar('few', 'many')
  local of = {}
  for _, model in ipairs(results.models) do of[model.name] = model end
  expect(found.difference):near(of.few.accuracy - of.many.accuracy, { absolute = 1e-12 })
  expect(found):equals(evaluate.mcnemar(results.value.truth, of.few.predicted, of.many.predicted))
  expect(results:classification_report 'few'):contains 'weighted avg'
  expect(function() results:mcnemar('few', 'mani') end)
    :raises "mcnemar: 'mani' is none of the models (did you mean 'many'?)"
end)
