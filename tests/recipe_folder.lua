-- Recipes that specs run in a folder of their own: require 'recipe_folder' by specs of tests/lua/recipes.

local lumir = require 'lumir'
local core = require('lumir.native').core

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'
local recipe_folder = {}

--- Calls body(folder, run, recipes) in a new folder; run(line) answers what `lumir line` printed, and its status, which
-- must be 0 unless it may fail. A terminal is 80 columns wide.
function recipe_folder.use(body)
  local folder = (shell 'mktemp -d':gsub('%s+$', ''))
  local function run(line, may_fail)
    local output, status = shell(('cd %s && LUMIR_CACHE=cache COLUMNS=80 %s %s 2>&1'):format(folder, program, line))
    if not may_fail then expect(status == 0 or output):equals(true) end
    return output, status
  end
  local done, problem = pcall(body, folder, run, core.root() .. '/recipes/')
  shell('rm -rf ' .. folder)
  if not done then error(problem, 0) end
end

--- n tones of a pitch, of 2 s if not told, for each of two genres below folder/tones, as GTZAN lays them out.
function recipe_folder.tones(folder, n, seconds)
  for genre, frequency in pairs { low = 200, high = 2000 } do
    for i = 1, n do
      local tone = lumir.audio.sine { frequency = frequency * (1 + i / 40), seconds = seconds or 2, rate = 22050 }
      tone:write(('%s/tones/%s/%s.%05d.wav'):format(folder, genre, genre, i))
    end
  end
end

--- run.json of a run: 'artist20-svm/1'.
function recipe_folder.record(folder, run)
  local path = ('%s/runs/%s/run.json'):format(folder, run)
  return core.from_json(core.read_file(path), path)
end

--- What a recipe prints fits 80 columns, but for paths and settings of a model.
function recipe_folder.expect_narrow(output)
  for line in output:gmatch '[^\n]+' do
    local may = line:find 'parameters' or line:find 'runs/' or line:find ' = '
    expect(#line:gsub('[\128-\191]', '') <= 80 or may and true or line):equals(true)
  end
end

return recipe_folder
