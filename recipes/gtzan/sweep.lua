-- What does an option do?  Runs any recipe once for each value of one of its options: one table, one picture.
--     lumir recipes/gtzan/sweep.lua --recipe=recipes/artist20/svm.lua --option=separate --values=none,repet
-- What was stopped goes on with the next value when the same sweep is started again.
-- Further options of the recipe, the same in all runs: --with=epochs=10,folds=2
local lumir = require 'lumir'
local report = lumir.report

local opt = lumir.options {
  recipe = 'recipes/gtzan/lstm.lua',
  option = 'feature', values = { 'mfcc13', 'mfcc20', 'mel40' },
  with = {},                            -- further options, the same in all runs: name=value
  ledger = 'runs/sweeps/ledger.json',   -- what has run
}

local with = {}
for _, pair in ipairs(opt.with) do
  local name, value = pair:match '^([%w_]+)=(.*)$'
  if not name then lumir.usage(("--with=%s: is no name=value"):format(pair)) end
  with[name] = value
end
local found = lumir.sweep(opt.recipe, opt.option, opt.values, { with = with, ledger = opt.ledger })

local function shown(score)
  if not score then return '-' end
  local form = score.low and '%.3f (%.2f-%.2f)' or '%.3f'
  return form:format(score.value, score.low, score.high)
end
local form, lots, order, said = '%-14s %-22s %-18s %s', {}, {}, {}
local lines = { form:format(opt.option, 'model', 'accuracy (95 %)', 'F1') }
for _, one in ipairs(found) do
  for _, row in ipairs(one.rows) do
    local accuracy, f1 = shown(row.accuracy), shown(row.f1)
    lines[#lines + 1] = form:format(one.value, row.name, accuracy, f1)
    said[#said + 1] = ('- %s, %s: accuracy %s, F1 %s'):format(one.value, row.name, accuracy, f1)
    lots[row.name] = lots[row.name] or {}
    table.insert(lots[row.name], row.accuracy and row.accuracy.value)
    order[('%s %s'):format(one.value, row.name)] = row.accuracy                      -- with its interval
  end
end
print('\n' .. table.concat(lines, '\n'))

local figures = { report.bars(order, { title = ('Accuracy by %s'):format(opt.option), x = 'accuracy' }) }
local numbers = {}
for i, value in ipairs(opt.values) do numbers[i] = tonumber(value) end
if #numbers == #opt.values and #numbers > 1 then            -- an axis of numbers: a line for each model
  local curves = {}
  for name, values in pairs(lots) do
    if #values == #numbers then curves[name] = { x = numbers, y = values } end
  end
  if next(curves) then
    figures[2] = report.curve(curves, { title = 'Accuracy over ' .. opt.option, x = opt.option, y = 'accuracy' })
  end
end
report(('What %s does in %s'):format(opt.option, opt.recipe:match '[^/]+$'),
  { opt, figures, runs = table.concat(said, '\n') })
