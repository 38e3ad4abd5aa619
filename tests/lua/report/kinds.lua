-- Every kind of figure by the example of its own words: the same data give the same bytes, in each form.
local lumir = require 'lumir'
local core = require('lumir.native').core
local examples = require 'lumir.examples'

--- What the example answers where that is a figure, or a table of them.
local function figures_of(name, env)
  local chunk = assert(examples.chunk(core.words(name).example, env))
  lumir.seed(1)                                             -- some examples draw what they show
  local answer = chunk()
  if type(answer) == 'table' then return answer end
  return { answer }
end

local function bytes(figure, ending, medium)
  local path = os.tmpname() .. '.' .. ending
  figure:save(path, { medium = medium })
  local text = core.read_file(path)
  os.remove(path)
  return text
end

test('the same data give the same bytes of each kind of figure, as PNG, SVG with text and PDF, in each size', function()
  local env, kinds = examples.surroundings(function() end), 0
  for _, name in ipairs(core.names 'report') do
    if core.words(name).returns:find '^a Figure' then
      local first, again = figures_of(name, env)[1], figures_of(name, env)[1]
      for _, medium in ipairs { 'slide', 'column', 'page' } do
        for ending, sign in pairs { png = '^\137PNG', svg = '<text', pdf = '^%%PDF' } do
          local text = bytes(first, ending, medium)
          if not text:find(sign) then error(('%s as %s for a %s lacks %s'):format(name, ending, medium, sign)) end
          if text ~= bytes(again, ending, medium) then error(('%s twice as %s differs'):format(name, ending)) end
        end
      end
      kinds = kinds + 1
    end
  end
  examples.clean(env)
  expect(kinds >= 20 or kinds):is_true()
end)
