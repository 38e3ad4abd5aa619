-- Searches as pictures.
local lumir = require 'lumir'
local learn, report = lumir.learn, lumir.report

local rows = { x = {}, y = {} }
for i = 1, 60 do
  rows.x[i] = { i % 2 + math.sin(i * 7), math.cos(i * 3) }
  rows.y[i] = i % 2 == 0 and 'even' or 'odd'
end

local function svg(figure)
  local path = os.tmpname() .. '.svg'
  figure:save(path)
  local file = assert(io.open(path))
  local text = file:read '*a'
  file:close()
  os.remove(path)
  return text
end

local function searched(grid) return learn.GridSearch(learn.SVC(), grid, { folds = 3 }):fit(rows) end

local function has(text, line) return text:find('>' .. line .. '</text>', 1, true) ~= nil end

test('two options are a map with a number in each cell', function()
  local search = searched { C = { 1, 10, 100 }, gamma = { 0.1, 'scale' } }
  local figure = report.search(search)
  expect(figure.title):equals 'Search: SVC'
  local text = svg(figure)
  for _, line in ipairs { 'C', 'gamma', '1', '10', '100', '0.1', 'scale' } do expect(has(text, line)):is_true() end
  for _, row in ipairs(search.cv_results) do expect(has(text, ('%.3f'):format(row.mean))):is_true() end
end)

test('scores that are all equal have a narrow range of colours, and all their digits', function()
  local search = searched { degree = { 2, 3 }, coef0 = { 0, 1 } }   -- the kernel is another: neither counts
  expect(has(svg(report.search(search)), ('%.3f'):format(search.best_score))):is_true()
end)

test('one option of numbers is a line, over powers of ten where they span many', function()
  local few = svg(report.search(searched { C = { 0.1, 1, 10 } }))
  for _, line in ipairs { '0.1', '1', '10', 'C' } do expect(has(few, line)):is_true() end
  expect(has(svg(report.search(searched { C = { 1, 2, 3 } })), 'C')):is_true()
  local many = {}
  for i = 1, 10 do many[i] = 0.01 * 2 ^ i end
  expect(has(svg(report.search(searched { C = many })), 'log10 of C')):is_true()
end)

test('a search that was judged on the rows that taught has a line of them', function()
  local grid, options = { C = { 1, 10, 100 } }, { folds = 3, return_train_score = true }
  local text = svg(report.search(learn.GridSearch(learn.SVC(), grid, options):fit(rows)))
  expect(has(text, 'train') and has(text, 'test')):is_true()
  expect(has(svg(report.search(searched(grid))), 'train')):equals(false)
end)

test('of further options the best that they reach is shown, and said', function()
  local search = searched { C = { 1, 10 }, gamma = { 0.1, 1 }, kernel = { 'rbf', 'sigmoid' } }
  expect(report.search(search, { x = 'kernel', y = 'none' }).caption):equals 'The best that the other options reach.'
  local best = {}
  for _, row in ipairs(search.cv_results) do
    best[row.params.kernel] = math.max(best[row.params.kernel] or 0, row.mean)
  end
  local text = svg(report.search(search, { x = 'kernel', y = 'none' }))
  for _, mean in pairs(best) do expect(has(text, ('%.3f'):format(mean))):is_true() end
end)

test('a search has a title, a caption, a size and limits as other figures have', function()
  local figure = report.search(searched { C = { 1, 2, 3 } },
    { title = 'How strict?', caption = 'Not very.', size = 'page', ylim = { 0, 2 }, xlim = { 1, 2 } })
  expect(figure.title):equals 'How strict?'
  expect(figure.caption):equals 'Not very.'
  local text = svg(figure)
  expect(text:match 'width="([%d.]+)pt"'):equals '504'
  expect(has(text, '2.0')):is_true()
  expect(has(text, '3.0')):equals(false)
  expect(function() report.search(searched { C = { 1, 2 }, gamma = { 0.1, 1 } }, { xlim = { 7, 8 } }) end)
    :raises "show: 'xlim' = { 7, 8 } lies beyond the columns (1 to 2)"
end)

test('what no search has varied is one clear line', function()
  local search = searched { C = { 1, 10 } }
  expect(function() report.search(search, { x = 'c' }) end)
    :raises "search: 'x' = 'c' is no option that the settings differ in (did you mean 'C'?)"
  expect(function() report.search(learn.SVC()) end):raises 'search: wants a search that is fitted, got SVC'
  expect(function() report.search(searched { C = { 1 } }) end):raises 'search: the search has tried one setting only'
end)
