-- The files of models/: which there are, what each says of itself, and which has a function of some name.

local core = require('lumir.native').core
local head_comment = require 'lumir.head_comment'

local model_files = {}

--- Their names, sorted: 'beatnet', 'cnn' ...; the program's own, and those in a folder models/ here.
function model_files.names()
  local names, seen = {}, {}
  local function add(path)
    local name = path:match '([^/]+)%.lua$'
    if name and not seen[name] then names[#names + 1], seen[name] = name, true end
  end
  for _, path in ipairs(core.embedded_below 'models/') do add(path) end
  for _, path in ipairs(core.list_folder 'models') do add(path) end
  table.sort(names)
  return names
end

local function text_of(name)
  local path = ('models/%s.lua'):format(name)
  local text = core.embedded(path)
  return text ~= '' and text or core.read_file(path)
end

--- Each and what it says it is, a line of text each.
function model_files.list()
  local lines = {}
  for _, name in ipairs(model_files.names()) do
    lines[#lines + 1] = ('  models.%-16s  %s'):format(name, head_comment.first_sentence(text_of(name)))
  end
  return table.concat(lines, '\n')
end

--- Whether a text may make a function of a name: panns.cnn6, or one of a list of names in quotes.
local function may_have(text, name)
  return text:find('%.' .. name .. '%f[^%w_]') or text:find("'" .. name .. "'", 1, true)
end

--- Registered names of a function in the files of models/, which are loaded for it.
local function functions_called(name)
  local found = {}
  for _, file in ipairs(model_files.names()) do
    local full = ('models.%s.%s'):format(file, name)
    if may_have(text_of(file), name) and pcall(require, 'models.' .. file) and core.described(full) then
      found[#found + 1] = full
    end
  end
  return found
end

--- What 'models.panns', 'models.panns.cnn6', 'panns', 'panns.cnn6' or 'cnn6' is called in the registry; the file that
--- declares it is loaded. nil for what names nothing of models/, or several functions.
function model_files.registered(text)
  local plain = text:gsub('^models[./]', ''):gsub('%.lua$', '')
  local file, member = plain:match '^([%w_]+)%.?([%w_]*)$'
  if not file then return nil end
  for _, name in ipairs(model_files.names()) do
    if name == file then
      require('models.' .. name)
      local full = 'models.' .. name .. (member ~= '' and '.' .. member or '')
      return pcall(core.help, full) and full or nil
    end
  end
  if member ~= '' then return nil end
  local found = functions_called(file)
  return #found == 1 and found[1] or nil
end

--- The comment at the head of a file of models/, which 'models.panns' or 'panns' names; nil for another word.
function model_files.head(text)
  local plain = text:gsub('^models[./]', ''):gsub('%.lua$', '')
  for _, name in ipairs(model_files.names()) do
    if name == plain then
      local lines = { ('models/%s.lua'):format(name) }
      for _, line in ipairs(head_comment.lines(text_of(name))) do
        lines[#lines + 1] = (('  ' .. line):gsub('%s+$', ''))
      end
      return table.concat(lines, '\n') .. '\n'
    end
  end
end

--- 'there is no models/cnn6.lua', what might be meant, and which there are; of panns.x, that panns has none.
function model_files.none_called(name)
  local names = model_files.names()
  local owner, member = name:match '^([%w_]+)%.([%w_]+)$'
  for _, known in ipairs(names) do
    if known == owner then return ("models/%s.lua has no words about '%s'"):format(owner, member) end
  end
  local full = name:match '^[%w_]+$' and functions_called(name)[1]
  local hint = full and (" (it is require('%s').%s)"):format(full:match '^(.*)%.', name)
    or core.did_you_mean(name, names)
  return ('there is no models/%s.lua%s; there are %s'):format(name, hint, table.concat(names, ', '))
end

--- The last of package.loaders: one line where a file of models/ is missing, not all paths that were searched.
function model_files.missing(module)
  local name = module:match '^models[./](.+)$'
  if not name then return nil end
  error('require: ' .. model_files.none_called(name), 3)
end

return model_files
