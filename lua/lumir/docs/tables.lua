-- "Lumir for librosa users" and the like: their names beside ours. Renamed ones are in python_names, the others are the
-- sources that entries of the registry name.

local core = require('lumir.native').core
local markdown = require 'lumir.docs.markdown'
local libraries = require('lumir.python_names').libraries
local code, escape = markdown.code, markdown.escape

local tables = {}

--- What of a library the registry says that it follows: { theirs, ours }.
local function rows_of_registry(library)
  local rows = {}
  if not library.pattern then return rows end
  for _, name in ipairs(core.names()) do
    for theirs in core.words(name).source:gmatch(library.pattern) do
      rows[#rows + 1] = { theirs:gsub("^scikit%-learn's ", ''):gsub("^PyTorch's ", ''), name }
    end
  end
  return rows
end

--- Both, each name of theirs once, sorted as a reader looks for it: by its last part.
local function rows_of(library)
  local rows, seen = {}, {}
  local function add(row)
    local key = row[1] .. ' ' .. row[2]
    if not seen[key] then rows[#rows + 1] = row end
    seen[key] = true
  end
  for _, row in ipairs(library.rows) do add(row) end
  for _, row in ipairs(rows_of_registry(library)) do add(row) end
  local function key(row) return (row[1]:match '[^.:]+$'):lower() .. ' ' .. row[1] .. ' ' .. row[2] end
  table.sort(rows, function(a, b) return key(a) < key(b) end)
  return rows
end

--- A page for each library; `pages` knows where entries stand.
function tables.pages(pages)
  local found = {}
  for _, library in ipairs(libraries) do
    local path = ('for_%s_users.md'):format(library.file)
    local rows = { { 'there', 'here', 'what it is', 'remark' } }
    for _, row in ipairs(rows_of(library)) do
      local target = ('[%s](%s)'):format(code(row[2]), pages.relative(path, pages.path_of(row[2])))
      rows[#rows + 1] = { code(row[1]), target, escape(core.words(row[2]).summary), escape(row[3] or '') }
    end
    local title = ('Lumir for %s users'):format(library.name)
    local summary = ('What is called how: %s on the left, Lumir on the right.'):format(library.name)
    found[#found + 1] = {
      path = path, title = title, summary = summary,
      text = ('# %s\n\n%s\n\n%s'):format(title, summary, markdown.table(rows)),
    }
  end
  return found
end

return tables
