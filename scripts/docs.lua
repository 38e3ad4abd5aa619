-- Writes the reference: lumir docs [FOLDER] leaves Markdown, a site that searches without a server, and editor stubs.
--
-- FOLDER is lumir-docs unless it is given; FOLDER/site/index.html is the front page, FOLDER/stubs what an editor's
-- language server reads (LuaCATS). Figures of recipes are those of their latest runs below --runs=FOLDER. --stubs
-- writes stubs alone.

local core = require('lumir.native').core
local pages = require 'lumir.docs.pages'
local site = require 'lumir.docs.site'
local stubs = require 'lumir.docs.stubs'

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir docs [FOLDER] [--runs=runs] [--stubs]',
  words = { 0, 1 },
  flags = { runs = 'runs', stubs = false },
})
local folder = words[1] or 'lumir-docs'
if folder == '' then core.refuse "docs: 'FOLDER' is empty; '.' is the folder one is in" end

local function write(path, text) core.write_file(folder .. '/' .. path, text, false) end

local written_stubs = stubs.files()
for _, file in ipairs(written_stubs) do write('stubs/' .. file.path, file.text) end

--- How many entries there are of each module, members of objects together: "audio 33, augment 30, ...".
local function counted()
  local kinds, order = {}, {}
  for _, name in ipairs(core.names()) do
    local module = name:match '^[^.]+'
    local kind = core.type(module) and 'members of objects' or module
    if not kinds[kind] then order[#order + 1] = kind end
    kinds[kind] = (kinds[kind] or 0) + 1
  end
  table.sort(order)
  for i, kind in ipairs(order) do order[i] = ('%s %d'):format(kind, kinds[kind]) end
  return table.concat(order, ', ')
end

if not flags.stubs then
  local all, parts = pages.all(flags.runs)
  for _, page in ipairs(all) do
    write('markdown/' .. page.path, page.text)
    write('site/' .. page.path:gsub('%.md$', '.html'), site.page(page, parts))
    for _, picture in ipairs(page.pictures or {}) do
      local bytes = core.read_file(picture.from)
      write('markdown/' .. picture.to, bytes)
      write('site/' .. picture.to, bytes)
    end
  end
  write('site/style.css', site.style)
  write('site/search.js', site.script)
  write('site/index.js', site.index(all, pages.path_of))
  print(('%d pages in %s/markdown and %s/site/index.html'):format(#all, folder, folder))
end
print(('%d stubs in %s/stubs'):format(#written_stubs, folder))
print(core.for_terminal(('%d entries: %s'):format(#core.names(), counted())))
local without = require('lumir.visible').without_words()
print(('without help: %s'):format(#without == 0 and 'none' or table.concat(without, ' ')))
