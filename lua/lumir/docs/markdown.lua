-- Markdown as the pages use it: headings, paragraphs, lists, tables, code between fences, links, pictures, emphasis.

local markdown = {}

local entities = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }

--- Text as HTML shows it.
function markdown.html_text(text) return (text:gsub('[&<>"]', entities)) end

--- Words as Markdown that shows them as they are, within a line or a cell of a table.
function markdown.escape(text)
  local escaped = text:gsub('[\\`<|%[&*]', '\\%0'):gsub('%s+', ' ')
  escaped = escaped:gsub('()(_+)()', function(first, signs, after)
    local inside = escaped:find('^%w', first - 1) and escaped:find('^%w', after)
    return inside and signs or ('\\_'):rep(#signs)
  end)
  return (escaped:gsub('^([#>+-])', '\\%1'):gsub('^(%d+)([.)])', '%1\\%2'))
end

--- Code within a line.
function markdown.code(text)
  local fence = '`'
  while text:find(fence, 1, true) do fence = fence .. '`' end
  local pad = (text == '' or text:find '^`' or text:find '`$') and ' ' or ''
  return fence .. pad .. text:gsub('\n', ' ') .. pad .. fence
end

--- Rows of cells, the first of which is the head; cells are Markdown.
function markdown.table(rows)
  local lines = {}
  for i, row in ipairs(rows) do
    local cells = {}
    for k, cell in ipairs(row) do cells[k] = cell:gsub('\\?|', '\\|') end
    lines[#lines + 1] = '| ' .. table.concat(cells, ' | ') .. ' |'
    if i == 1 then lines[#lines + 1] = '|' .. ('---|'):rep(#row) end
  end
  return table.concat(lines, '\n') .. '\n'
end

--- What stands at `i` of a line, as HTML, and where it ends; nothing for plain text.
local function piece(line, i, inline, link)
  local escaped = line:match('^\\(%p)', i)
  if escaped then return markdown.html_text(escaped), i + 2 end
  local fence = line:match('^`+', i)
  if fence then
    local from = i + #fence
    local first, last = line:find('%f[`]' .. fence .. '%f[^`]', from)
    if first then
      local code = line:sub(from, first - 1):gsub('^ (.*) $', '%1')
      return '<code>' .. markdown.html_text(code) .. '</code>', last + 1
    end
    return fence, from
  end
  local picture, text, target, last = line:match('^(!?)%[(.-[^\\]?)%]%((%S-)%)()', i)
  if picture == '!' then
    return ('<img src="%s" alt="%s">'):format(markdown.html_text(target), markdown.html_text(text)), last
  elseif picture then
    return ('<a href="%s">%s</a>'):format(markdown.html_text(link(target)), inline(text, link)), last
  end
  local strong, after = line:match('^%*%*(.-)%*%*()', i)
  if strong then return '<strong>' .. inline(strong, link) .. '</strong>', after end
  strong, after = line:match('^%*(%S.-)%*()', i)
  if strong then return '<em>' .. inline(strong, link) .. '</em>', after end
end

--- The marks within a line.
local function inline(line, link)
  local out, i = {}, 1
  while i <= #line do
    local html, after = piece(line, i, inline, link)
    if not html then
      local plain = line:match('^[^\\`!%[*]+', i) or line:sub(i, i)
      html, after = markdown.html_text(plain), i + #plain
    end
    out[#out + 1] = html
    i = after
  end
  return table.concat(out)
end

local function cells_of(line)
  local cells = {}
  local row = line:gsub('^%s*|', ''):gsub('|%s*$', ''):gsub('\\|', '\0')
  for cell in (row .. '|'):gmatch '(.-)|' do cells[#cells + 1] = (cell:gsub('%z', '|'):match '^%s*(.-)%s*$') end
  return cells
end

local function table_html(lines, link)
  local out = { '<div class="table"><table>' }
  for i, line in ipairs(lines) do
    if i ~= 2 then
      local tag = i == 1 and 'th' or 'td'
      local row = {}
      for _, cell in ipairs(cells_of(line)) do row[#row + 1] = ('<%s>%s</%s>'):format(tag, inline(cell, link), tag) end
      out[#out + 1] = '<tr>' .. table.concat(row) .. '</tr>'
    end
  end
  out[#out + 1] = '</table></div>'
  return table.concat(out, '\n')
end

--- Kinds of blocks: what a line begins with, and the HTML of the lines that belong to it.
local function is_table(line) return line:find '^%s*|' ~= nil end
local function list_item(line) return line:match '^[-*] (.*)$' or line:match '^%d+%. (.*)$' end
local function ends_paragraph(line)
  return line:find '^%s*$' or line:find '^#' or line:find '^```' or is_table(line) or list_item(line)
end

--- All lines from `i` on for which `wanted` holds, and where they end.
local function taken(lines, i, wanted)
  local found = {}
  while lines[i] and wanted(lines[i]) do
    found[#found + 1] = lines[i]
    i = i + 1
  end
  return found, i
end

local function list_html(lines, i, link)
  local tag = lines[i]:find '^%d' and 'ol' or 'ul'
  local items = {}
  while lines[i] and not lines[i]:find '^%s*$' do
    local item = list_item(lines[i])
    if item then
      items[#items + 1] = item
    else
      items[#items] = items[#items] .. ' ' .. lines[i]:gsub('^%s+', '')
    end
    i = i + 1
  end
  for k, item in ipairs(items) do items[k] = '<li>' .. inline(item, link) .. '</li>' end
  return ('<%s>\n%s\n</%s>'):format(tag, table.concat(items, '\n'), tag), i
end

--- The block that begins at line `i`, as HTML, and the line behind it.
local function block(lines, i, link)
  local line = lines[i]
  if line:find '^```' then
    local code, last = taken(lines, i + 1, function(l) return not l:find '^```' end)
    return '<pre><code>' .. markdown.html_text(table.concat(code, '\n')) .. '</code></pre>', last + 1
  end
  local marks, heading = line:match '^(#+) (.*)$'
  if marks then return ('<h%d>%s</h%d>'):format(#marks, inline(heading, link), #marks), i + 1 end
  if is_table(line) then
    local rows, last = taken(lines, i, is_table)
    return table_html(rows, link), last
  end
  if list_item(line) then return list_html(lines, i, link) end
  local text, last = taken(lines, i + 1, function(l) return not ends_paragraph(l) end)
  table.insert(text, 1, line)
  return '<p>' .. inline(table.concat(text, '\n'), link) .. '</p>', last
end

--- A whole page as HTML; `link` answers the target of a link, as it is written in the Markdown, in HTML.
function markdown.html(text, link)
  local lines, out, i = {}, {}, 1
  for line in (text:gsub('\n$', '') .. '\n'):gmatch '(.-)\n' do lines[#lines + 1] = line end
  while lines[i] do
    if lines[i]:find '^%s*$' then
      i = i + 1
    else
      out[#out + 1], i = block(lines, i, link)
    end
  end
  return table.concat(out, '\n')
end

return markdown
