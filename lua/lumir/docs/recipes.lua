-- A page for each recipe: what its first comment says, its text, and the figures of its latest run where there is one.

local core = require('lumir.native').core
local head_comment = require 'lumir.head_comment'
local markdown = require 'lumir.docs.markdown'
local saved_runs = require 'lumir.saved_runs'

local recipes = {}

--- The latest run of each recipe by its path, where `root` has any.
local function latest_runs(root)
  local found = {}
  for _, record in ipairs(saved_runs.below(root)) do
    found[record.name] = record.folder
  end
  return found
end

local function figures_of(folder, own)
  local pictures, lines = {}, {}
  for _, name in ipairs(core.list_folder(folder .. '/figures')) do
    local short = name:match '^([%w_.-]+)%.png$'
    if short then
      local target = own .. '/' .. name
      pictures[#pictures + 1] = { from = folder .. '/figures/' .. name, to = 'recipes/' .. target }
      lines[#lines + 1] = ('![%s](%s)\n'):format(markdown.escape((short:gsub('_', ' '))), target)
    end
  end
  return pictures, lines
end

--- Pages with `pictures`, files to be copied beside them: { from, to }.
function recipes.pages(root)
  local runs, found = latest_runs(root), {}
  for _, path in ipairs(core.embedded_below 'recipes/') do
    local text = core.embedded(path)
    local short = path:match '^recipes/(.*)%.lua$'
    local own = short:gsub('[/_]', '-')
    local head = table.concat(head_comment.lines(text), ' ')
    local lines = {
      '# ' .. markdown.escape(path), '', markdown.escape(head), '', ('```\nlumir %s --help\n```\n'):format(path),
      '```lua\n' .. text:gsub('\n$', '') .. '\n```\n',
    }
    local pictures = {}
    local run = runs[own]
    if run then
      local shown
      pictures, shown = figures_of(run, own)
      lines[#lines + 1] = ('## Figures of a run\n\n%s\n'):format(table.concat(shown, '\n'))
    end
    found[#found + 1] = {
      path = ('recipes/%s.md'):format(own), title = path, summary = head, text = table.concat(lines, '\n'),
      pictures = pictures,
    }
  end
  return found
end

return recipes
