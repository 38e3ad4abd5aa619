-- The pages that `lumir docs` writes: whole, linked, and showing names as they are.

local lumir = require 'lumir'
local core = require('lumir.native').core
local libraries = require('lumir.python_names').libraries
local markdown = require 'lumir.docs.markdown'
local pages = require 'lumir.docs.pages'
local site = require 'lumir.docs.site'

--- All pages, by parts and by their paths.
local function written()
  local all, parts = pages.all 'no-runs'
  local by_path = {}
  for _, page in ipairs(all) do by_path[page.path] = page end
  return all, parts, by_path
end

--- A link of a page as a path from the root.
local function resolved(from, target)
  local path = (from:match '^(.*/)' or '') .. target
  local count
  repeat path, count = path:gsub('[^/]+/%.%./', '', 1) until count == 0
  return path
end

test('every registry entry has a page with its words, parameters and place', function()
  local _, _, known = written()
  local missing = {}
  for _, name in ipairs(core.names()) do
    local page, words = known[pages.path_of(name)], core.words(name)
    local whole = page and page.title == name and page.text:find(markdown.escape(words.summary), 1, true)
    for _, parameter in ipairs(words.parameters) do
      whole = whole and page.text:find('| ' .. markdown.code(parameter.name), 1, true)
    end
    if not whole then missing[#missing + 1] = name end
  end
  expect(table.concat(missing, ' ')):equals ''
end)

test('every module and type has a page, and each module of ours a line on what it is for', function()
  local _, _, known = written()
  for _, name in ipairs(core.types()) do expect(known['types/' .. name .. '/index.md'] ~= nil):is_true() end
  for _, name in ipairs(pages.modules) do
    expect(known[name .. '/index.md'].summary):equals(pages.about[name])
    expect(type(pages.about[name])):equals 'string'
  end
  local ours = {}
  for _, name in ipairs(pages.modules) do ours[name] = true end
  for _, name in ipairs(core.names()) do
    local module, file = name:match '^[^.]+', core.words(name).file
    if not core.type(module) and module ~= 'testing' and file:find '^[el]' then
      expect(ours[module] and module):equals(module)
    end
  end
end)

test('no link is dead, on the pages and in the site', function()
  local all, parts, known = written()
  local html, dead = {}, {}
  for _, page in ipairs(all) do html[page.path:gsub('%.md$', '.html')] = true end
  html['style.css'], html['index.js'], html['search.js'] = true, true, true
  for _, page in ipairs(all) do
    for target in page.text:gsub('```.-```', ''):gsub('\\%[', ''):gmatch '%[[^%]]*%]%(([^)%s]+)%)' do
      if not target:find '^%w+:' and not known[resolved(page.path, target)] then
        dead[#dead + 1] = page.path .. ' -> ' .. target
      end
    end
    for target in site.page(page, parts):gmatch '<[^>]- [hs]re?[fc]="([^"]+)"' do
      if not html[resolved(page.path, target)] then dead[#dead + 1] = page.path .. ' (html) -> ' .. target end
    end
  end
  expect(table.concat(dead, '\n')):equals ''
end)

test('names and words are shown as they are, whatever signs they have', function()
  local odd = 'a < b & c | d `x` *y* __z__ [k](l) <script>alert(1)</script>'
  lumir.doc { name = 'testing.odd', summary = odd, parameters = { { name = 'n', type = 'value', text = odd } } }
  local _, parts, known = written()
  local page = known[pages.path_of 'testing.odd']
  local text = site.page(page, parts)
  local shown = markdown.html_text(odd)
  expect(select(2, text:gsub(shown:gsub('%p', '%%%0'), ''))):equals(2)       -- below the title and in the table
  expect(text:find('<script>alert', 1, true) == nil):is_true()
  expect(site.index({ page }, pages.path_of)):contains(core.to_json(odd):gsub('%s+$', ''))
end)

test('Markdown becomes HTML: blocks, and marks within a line', function()
  local function html(text) return markdown.html(text, function(target) return target .. '!' end) end
  expect(html '# `a` b\n\nOne\ntwo **three** *four*.\n'):equals(
    '<h1><code>a</code> b</h1>\n<p>One\ntwo <strong>three</strong> <em>four</em>.</p>')
  expect(html '- [a](b.md)\n- c\n  d\n\n1. e'):equals(
    '<ul>\n<li><a href="b.md!">a</a></li>\n<li>c d</li>\n</ul>\n<ol>\n<li>e</li>\n</ol>')
  expect(html '```lua\nx < 1\n\n# y\n```'):equals '<pre><code>x &lt; 1\n\n# y</code></pre>'
  expect(html '| a | b |\n|---|---|\n| `x\\|y` | ![p](q.png) |'):equals(
    '<div class="table"><table>\n<tr><th>a</th><th>b</th></tr>\n'
      .. '<tr><td><code>x|y</code></td><td><img src="q.png" alt="p"></td></tr>\n</table></div>')
end)

test('tables for users of other libraries name what is here, each name once', function()
  for _, library in ipairs(libraries) do
    local seen = {}
    for _, row in ipairs(library.rows) do
      expect(core.described(row[2]) and row[2]):equals(row[2])
      expect(seen[row[1]]):equals(nil)
      seen[row[1]] = true
    end
  end
  local texts, _, parts = {}, written()
  for _, page in ipairs(parts.tables) do texts[page.path] = page.text end
  expect(texts['for_librosa_users.md']):contains '| `librosa.feature.mfcc` | [`feature.mfcc`](feature/mfcc.md) |'
  expect(texts['for_scikit_learn_users.md']):contains '| `GridSearchCV` | [`learn.GridSearch`](learn/GridSearch.md) |'
  expect(texts['for_pytorch_users.md']):contains '| `torch.nn.Conv2d` | [`nn.Conv2d`](nn/Conv2d.md) |'
  expect(texts['for_torch7_users.md']):contains '| `nn.SpatialConvolution` | [`nn.Conv2d`](nn/Conv2d.md) |'
end)

test('a recipe has its head, its text and the figures of its latest run', function()
  local place = os.tmpname()
  os.remove(place)
  for _, number in ipairs { 1, 2 } do
    local folder = ('%s/artist20-svm/%d'):format(place, number)
    core.write_file(folder .. '/run.json', '{ "recipe": "recipes/artist20/svm.lua" }')
    core.write_file(folder .. '/figures/classes.png', 'picture ' .. number)
  end
  local _, with_runs = pages.all(place)
  shell("rm -rf '" .. place .. "'")
  local page
  for _, one in ipairs(with_runs.recipes) do page = one.title == 'recipes/artist20/svm.lua' and one or page end
  expect(page.text):contains 'Who is singing?'
  expect(page.text):contains "local songs = data.artist20(opt.root)"
  expect(page.text):contains '![classes](artist20-svm/classes.png)'
  expect(page.pictures):equals {
    { from = place .. '/artist20-svm/2/figures/classes.png', to = 'recipes/artist20-svm/classes.png' },
  }
end)

--- The blocks of Lua of a page that was written by hand, typed at the prompt in an empty folder.
local function typed(path)
  local code = {}
  for block in core.embedded(path):gmatch '```lua\n(.-)```' do code[#code + 1] = block end
  local place = os.tmpname()
  os.remove(place)
  core.write_file(place .. '/typed', table.concat(code, '\n'))
  local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'
  local said, status = shell(('cd %s && LUMIR_START= LUMIR_CACHE=cache %s <typed'):format(place, program))
  return said, status, place
end

test('the tutorial runs, from the first sound to a submission and a recipe', function()
  local said, status, place = typed 'docs/tutorial.md'
  local rows = core.read_file(place .. '/submission.csv')
  local recipe = core.read_file(place .. '/mine.lua')
  shell("rm -rf '" .. place .. "'")
  expect(status):equals(0)
  expect(said):contains 'submission.csv      4 rows, valid'
  expect(said):contains '{}\n4\n'
  expect(said):contains 'entries in mine.lua'
  expect(select(2, rows:gsub('\n', ''))):equals(4)
  expect(recipe):contains 'local songs = data.artist20(corpus)'
end)

test('what Lua for Python users says runs', function()
  local said, status, place = typed 'docs/lua_for_python.md'
  shell("rm -rf '" .. place .. "'")
  expect({ said:match 'fair', status }):equals { 'fair', 0 }
end)
