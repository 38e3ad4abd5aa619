local options = require 'lumir.options'

local source = [[
-- Who is singing?
local opt = lumir.options {           -- each is also a flag
  root = data.sample 'artist20',      -- made when first needed
  rate = 16000, folds = 5,            -- Hz
  list = { 1, 2 },
  device = 'auto',                    -- or 'cpu'
}
]]

test('order and comments come from the source', function()
  local described = options.describe(source)
  local names = {}
  for i, entry in ipairs(described) do names[i] = entry.name end
  expect(names):equals { 'root', 'rate', 'folds', 'list', 'device' }
  expect(described[1].comment):equals 'made when first needed'
  expect(described[3].comment):equals 'Hz'
  expect(described[5].source):equals "'auto'"
  expect(described[1].source):equals "data.sample 'artist20'"
end)

test('a name that was not declared is an error', function()
  local opt = options.read { rate = 16000 }
  expect(opt.rate):equals(16000)
  expect(function() return opt.rat end):raises "options: there is no 'rat' (did you mean 'rate'?)"
end)

test('an option of a few words is one of them', function()
  local function read(word)
    return options.read { by = word, seed = 1, choices = { by = { 'album', 'track' } } }
  end
  local opt = read 'track'
  expect(opt.by):equals 'track'
  expect(function() return opt.choices end):raises "options: there is no 'choices'; its options are by, seed"
  local function refused(...) return tostring(select(2, pcall(...)).message) end
  expect(refused(read, 'trak')):equals "--by=trak is none of 'album', 'track' (did you mean 'track'?)"
  expect(refused(options.read, { seed = 1, choices = { seed = { '1' } } }))
    :contains "'choices' holds 'seed', which must be an option of a word, or of several, with a list of words"
  local by = { 'song', 'excerpt' }
  expect(options.read { by = { 'song', 'excerpt' }, choices = { by = by } }.by):equals(by)
  expect(refused(options.read, { by = { 'song', 'artist' }, choices = { by = by } }))
    :equals "--by=artist is none of 'song', 'excerpt'"
  expect(refused(options.read, { by = {}, choices = { by = by } })):equals "--by= is none of 'song', 'excerpt'"
end)

test('a comment goes to the options of its line that it names, else to the last', function()
  local described = options.describe [[
    lumir.options {
      split = 'last_album', by = 'album', leak = 'refused',   -- by: kept whole; leak: or 'allowed'; or 'moved'
      seconds = 3, rate = 16000,                              -- Hz; of all: recordings
    }
  ]]
  local comments = {}
  for _, entry in ipairs(described) do comments[entry.name] = entry.comment end
  expect(comments):equals {
    split = '', by = 'kept whole', leak = "or 'allowed'; or 'moved'", seconds = '', rate = 'Hz; of all: recordings' }
end)
