-- help: names as it prints them, and the files of models/.

local core = require('lumir.native').core

local program = os.getenv 'LUMIR_PROGRAM' or core.root() .. '/build/lumir'

local function help(name) return (shell(('COLUMNS=200 %s help "%s" 2>&1'):format(program, name))) end

--- The first line of help.
local function heading(name) return help(name):match '^[^\n]*' end

test('a name is found as help prints it', function()
  for _, name in ipairs { 'net:step', 'songs:split', 'clip:part', 'songs:map', 'songs:split(name, options)' } do
    expect(heading(name)):contains(name:match '^[%w:]+' .. '(')
  end
  expect(heading "feature.set 'fma'"):contains "feature.set 'fma' -> "
  expect(heading 'dataset:map'):contains 'songs:map('
  expect(heading 'mine:part'):contains 'clip:part('
  expect(heading 'y:topk'):contains 'x:topk('
  expect(help 'mine:nosuch'):contains "nothing is called 'mine:nosuch'"
end)

test('the example of a name as it is printed runs', function()
  local output, status = shell(("%s -e \"examples 'clip:part'\" 2>&1"):format(program))
  expect(status):equals(0)
  expect(output):contains '> clip:part(0.5, 1.5)'
end)

test('the files of models/ are listed, and found by their names and those of their functions', function()
  expect(help 'models'):contains '  models.panns             PANNs: '
  for _, name in ipairs { 'models.panns', 'panns' } do
    expect(heading(name)):equals 'models/panns.lua'
    expect(help(name)):contains '    models.panns.cnn14(n_classes, options)'
  end
  for _, name in ipairs { 'models.panns.cnn6', 'panns.cnn6', 'cnn6' } do
    expect(heading(name)):contains 'models.panns.cnn6(n_classes, options) -> a Module'
  end
  expect(help 'models.parts'):contains 'What networks of this folder are put together with.'
  expect(help 'models.panns.cnn5'):contains "models/panns.lua has no words about 'cnn5'"
  expect(help 'models.pans'):contains "there is no models/pans.lua (did you mean 'panns'?); there are beatnet, cnn, "
end)

test('the recipes are listed', function()
  local said = shell(('cd %s && COLUMNS=200 %s help recipes'):format(core.root(), program))
  expect(said):contains 'recipes/artist20/svm.lua        Who is singing? Hand-made features and three classical'
  expect(said):contains 'and sets their models side by side\n'
  local _, lines = said:gsub('\n', '\n')
  local _, files = shell(('ls %s/recipes/*/*.lua'):format(core.root())):gsub('\n', '\n')
  expect(lines):equals(files + 1)
  local elsewhere = shell(('cd / && COLUMNS=200 %s help recipes'):format(program))
  expect(elsewhere):contains '\nThey lie in '
end)

test('a missing file of models/ is one line with the nearest', function()
  local function said(name)
    local output, status = shell(("%s -e \"require 'models.%s'\" 2>&1"):format(program, name))
    expect(status):equals(1)
    expect(output:find 'no file'):equals(nil)
    return output
  end
  expect(said 'pans'):contains "there is no models/pans.lua (did you mean 'panns'?); there are beatnet, cnn, "
  expect(said 'cnn6'):contains "there is no models/cnn6.lua (it is require('models.panns').cnn6)"
end)
