-- The reference as Markdown: a page for each entry of the registry, for each module and type, each recipe, the tables
-- for users of other libraries, and what was written by hand below docs/.
--
-- A page is { path = 'feature/mfcc.md', title, summary, text }; links between pages are relative.

local torch = require('lumir').torch                         -- which has what is written in Lua described, too
local core = require('lumir.native').core
local markdown = require 'lumir.docs.markdown'
local recipe_pages = require 'lumir.docs.recipes'
local tables = require 'lumir.docs.tables'
local code, escape = markdown.code, markdown.escape

local pages = {}

--- What the modules are for; those that other programs of this process register have no line.
pages.about = {
  audio = 'Sound: reading, making, changing, joining, writing and playing it. The steps take numbers that are fixed.',
  augment = 'What changes sound by chance, for training: ranges to draw from, where audio takes numbers.',
  data = 'Corpora and tables: what a row is, which group it belongs to, and how it is split.',
  evaluate = 'What a result is worth: comparisons with intervals, curves, votes, submissions.',
  feature = 'What describes sound: spectra, mel and MFCC, chroma, rhythm, pitch; and the ways back.',
  learn = 'What learns from rows of numbers: classifiers, regressors, transformers, pipelines and searches.',
  lumir = 'What belongs to no module: chains of steps, options of a recipe, seeds, words about functions.',
  metric = "Measures of how well something was foretold, by scikit-learn's definitions.",
  nn = 'Networks: layers, losses, training.',
  optim = 'What changes weights, and how fast: optimisers and schedules.',
  prompt = 'What the prompt offers beside the modules. There each of them is a global of the same name.',
  report = 'Figures, slides, pages, and what a run leaves.',
  sample = 'Corpora that are made, so that a recipe runs where there is none: data.sample by name.',
  torch = 'Tensors. All operators of LibTorch are functions of this module and methods of tensors.',
}

--- Modules in the order in which they stand on the front page: as sound flows.
pages.modules = {
  'audio', 'feature', 'augment', 'data', 'learn', 'nn', 'optim', 'metric', 'evaluate', 'report', 'lumir', 'torch',
  'sample', 'prompt',
}

--- The page of a registered name: 'feature.mfcc' -> 'feature/mfcc.md', 'Clip.part' -> 'types/Clip/part.md'.
function pages.path_of(name)
  local module, short = name:match '^([^.]+)%.(.+)$'
  if not module then return core.type(name) and ('types/%s/index.md'):format(name) or name .. '/index.md' end
  return (core.type(module) and 'types/' or '') .. module .. '/' .. short .. '.md'
end

--- A path of a page as a link on another one.
function pages.relative(from, to)
  local above = select(2, from:gsub('/', '/'))
  return ('../'):rep(above) .. to
end

local function link_to(from, name, text)
  return ('[%s](%s)'):format(text or code(name), pages.relative(from, pages.path_of(name)))
end

local function fenced(text) return '```lua\n' .. text .. '\n```\n' end

--- The default as it is written; nothing for what must be given.
local function default_of(parameter)
  if parameter.required or parameter.default == nil then return '' end
  return code(core.show(parameter.default))
end

local function parameter_table(words)
  local rows = { { 'name', 'default', 'type', 'what it is', 'range' } }
  for _, parameter in ipairs(words.parameters) do
    local meaning = parameter.unit ~= '' and parameter.text .. ', ' .. parameter.unit or parameter.text
    local place = parameter.positional and ' (by place)' or ''
    rows[#rows + 1] = {
      code(parameter.name) .. place, default_of(parameter), escape(parameter.type), escape(meaning),
      escape(parameter.limits),
    }
  end
  return markdown.table(rows)
end

local function entry_page(name)
  local words, path = core.words(name), pages.path_of(name)
  local module = name:match '^[^.]+'
  local lines = { '# ' .. escape(name), '', escape(words.summary), '', fenced(words.written) }
  local function add(title, text)
    lines[#lines + 1] = ('## %s\n\n%s\n'):format(title, text)
  end
  if words.step then
    lines[#lines + 1] = ('Called without %s it makes a %s, for %s and %s.\n'):format(escape(words.input),
      link_to(path, 'Step', 'step'), link_to(path, 'lumir.chain'), link_to(path, 'Dataset.map', code 'dataset:map'))
  end
  if #words.parameters > 0 then add('Parameters', parameter_table(words)) end
  if words.returns ~= '' then add('Returns', escape(words.returns)) end
  if words.example ~= '' then add('Example', fenced(words.example)) end
  if words.source ~= '' then add('Source', escape(words.source)) end
  lines[#lines + 1] = ('Part of %s. Written in %s, line %d.'):format(link_to(path, module), code(words.file),
    words.line)
  return { path = path, title = name, summary = words.summary, source = words.source, text = table.concat(lines, '\n') }
end

--- Entries of a module or a type, by name.
local function list_of(path, names)
  local rows = { { 'name', 'what it is' } }
  for _, name in ipairs(names) do
    local words = core.words(name)
    rows[#rows + 1] = { link_to(path, name, code(words.written)), escape(words.summary) }
  end
  return markdown.table(rows)
end

local function module_page(module, names)
  local path = pages.path_of(module)
  local type_words = core.type(module)
  local summary = type_words and type_words.summary or pages.about[module] or ''
  local text = ('# %s\n\n%s\n\n%s'):format(escape(module), escape(summary), list_of(path, names))
  if module == 'torch' then
    text = text .. ('\nThe operators: [%d of them](%s).\n'):format(#torch.names(), 'operators.md')
  end
  return { path = path, title = module, summary = summary, text = text, module = true }
end

--- LibTorch's operators: a line each, as help writes them.
local function operator_page()
  local rows = { { 'operator', 'example' } }
  for _, name in ipairs(torch.names()) do
    local text = core.help('torch.' .. name)
    rows[#rows + 1] = { code(text:match '^[^\n]*'), code(text:match '\n  Example   ([^\n]*)' or '') }
  end
  return {
    path = 'torch/operators.md', title = 'Operators of LibTorch',
    summary = 'Every operator as Lua writes it; help explains each.',
    text = "# Operators of LibTorch\n\n`help 'topk'` at the prompt explains an operator: its options, what counts from "
      .. '1, and a call with its shapes.\n\n' .. markdown.table(rows),
  }
end

--- Pages that were written by hand: docs/tutorial.md stands as tutorial.md, and first.
local function written_pages()
  local found = {}
  for _, path in ipairs(core.embedded_below 'docs/') do
    local text, short = core.embedded(path), path:match '^docs/(.*)$'
    table.insert(found, short == 'tutorial.md' and 1 or #found + 1, {
      path = short, title = text:match '^# ([^\n]*)', summary = text:match '^#[^\n]*\n\n([^\n]*)', text = text,
    })
  end
  return found
end

local function front_page(rest)
  local lines = {
    '# Lumir', '',
    ('Version %s. An experiment in music information retrieval as a short Lua recipe.'):format(core.version()),
    '', '## To begin', '',
  }
  local function add_links(list)
    for _, page in ipairs(list) do
      lines[#lines + 1] = ('- [%s](%s): %s'):format(escape(page.title), page.path, escape(page.summary))
    end
  end
  add_links(rest.written)
  for _, part in ipairs { { 'For users of other libraries', rest.tables }, { 'Recipes', rest.recipes } } do
    lines[#lines + 1] = ('\n## %s\n'):format(part[1])
    add_links(part[2])
  end
  for _, part in ipairs { { 'Modules', rest.modules }, { 'Objects', rest.types } } do
    lines[#lines + 1] = ('\n## %s\n'):format(part[1])
    local rows = { { 'name', 'what it is' } }
    for _, page in ipairs(part[2]) do
      rows[#rows + 1] = { ('[%s](%s)'):format(code(page.title), page.path), escape(page.summary) }
    end
    lines[#lines + 1] = markdown.table(rows)
  end
  return { path = 'index.md', title = 'Lumir', summary = 'The front page.', text = table.concat(lines, '\n') }
end

--- Names of the registry by module or type.
function pages.names_by_module()
  local by_module, order = {}, {}
  for _, name in ipairs(core.names()) do
    local module = name:match '^[^.]+'
    if not by_module[module] then
      by_module[module] = {}
      order[#order + 1] = module
    end
    table.insert(by_module[module], name)
  end
  return by_module, order
end

--- Modules as sound flows; behind them those that are not ours, by name.
local function sorted_modules(order)
  local known, modules = {}, {}
  for i, module in ipairs(pages.modules) do known[module], modules[i] = true, module end
  for _, module in ipairs(order) do
    if not core.type(module) and not known[module] then modules[#modules + 1] = module end
  end
  return modules
end

--- All pages, and by parts: front, written, tables, recipes, modules, types, entries. `runs` is where figures of
-- recipes are looked for.
function pages.all(runs)
  local by_module, order = pages.names_by_module()
  local parts = {
    written = written_pages(), tables = tables.pages(pages), recipes = recipe_pages.pages(runs),
    modules = {}, types = {}, entries = { operator_page() },
  }
  for _, module in ipairs(sorted_modules(order)) do
    table.insert(parts.modules, module_page(module, by_module[module] or {}))
  end
  for _, name in ipairs(core.types()) do table.insert(parts.types, module_page(name, by_module[name] or {})) end
  for _, name in ipairs(core.names()) do table.insert(parts.entries, entry_page(name)) end
  parts.front = { front_page(parts) }
  local all = {}
  for _, part in ipairs { 'front', 'written', 'tables', 'recipes', 'modules', 'types', 'entries' } do
    for _, page in ipairs(parts[part]) do all[#all + 1] = page end
  end
  return all, parts
end

return pages
