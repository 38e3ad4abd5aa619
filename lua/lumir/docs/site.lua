-- The static site: a page of HTML for each page of Markdown, one style, and a search that needs no server.
--
-- Browsers let no page read a file beside it when both come from a disk, so the index of the search is a script.

local core = require('lumir.native').core
local markdown = require 'lumir.docs.markdown'
local libraries = require('lumir.python_names').libraries

local site = {
  style = core.embedded 'lua/lumir/docs/style.css',
  script = core.embedded 'lua/lumir/docs/search.js',
}

--- The path of a page of Markdown as HTML; other links stay.
local function html_path(path) return (path:gsub('%.md$', '.html'):gsub('%.md#', '.html#')) end
local function html_link(target) return target:find '^%w+:' and target or html_path(target) end

local function navigation(parts, page, root)
  local out = {}
  for _, part in ipairs {
    { 'Begin', parts.written }, { 'Users of', parts.tables }, { 'Modules', parts.modules }, { 'Objects', parts.types },
    { 'Recipes', parts.recipes },
  } do
    out[#out + 1] = ('<h2>%s</h2>'):format(part[1])
    for _, other in ipairs(part[2]) do
      local title = other.title:gsub('^Lumir for (.*) users$', '%1'):gsub('^recipes/(.*)%.lua$', '%1')
      local folder = other.path:match '^(.*/)index%.md$'
      local here = other == page or (folder and page.path:sub(1, #folder) == folder)
      out[#out + 1] = ('<a href="%s%s"%s>%s</a>'):format(root, html_path(other.path), here and ' class="here"' or '',
        markdown.html_text(title))
    end
  end
  return table.concat(out, '\n')
end

--- A page as a whole file of HTML.
function site.page(page, parts)
  local root = ('../'):rep(select(2, page.path:gsub('/', '/')))
  local fill = {
    title = markdown.html_text(page.title == 'Lumir' and 'Lumir' or page.title .. ' · Lumir'),
    root = root, navigation = navigation(parts, page, root), body = markdown.html(page.text, html_link),
  }
  return (core.embedded 'lua/lumir/docs/page.html':gsub('{(%l+)}', fill))
end

--- The index of the search: every page with its sources, and what other libraries call what is here.
function site.index(all, path_of)
  local rows = {}
  local function add(name, summary, path, also) rows[#rows + 1] = { name, summary or '', html_path(path), also } end
  for _, page in ipairs(all) do add(page.title, page.summary, page.path, page.source) end
  for _, library in ipairs(libraries) do
    for _, row in ipairs(library.rows) do
      add(row[1], ('%s: %s here'):format(library.name, row[2]), path_of(row[2]))
    end
  end
  return 'var index = ' .. core.to_json(rows) .. ';\n'
end

return site
