-- The page and the deck of a run as a recipe asks for them: with sounds, without an appendix, on a dark screen.
local core = require('lumir.native').core
local in_folder = require 'recipe_folder'

--- A nearest neighbour that has learnt shuffled labels: it takes some tones for others.
local recipe = [[
local lumir = require 'lumir'
local songs = lumir.data.gtzan 'tones'
local describe = lumir.chain {
  lumir.audio.load { rate = 22050 }, lumir.feature.melspectrogram { n_mels = 8 }, lumir.feature.summary { 'mean' },
}
lumir.seed(3)
local model = lumir.learn.KNeighbors { n_neighbors = 1 }:fit(songs:shuffle_labels():map(describe))
lumir.report('Tones', { songs, describe, lumir.evaluate.compare({ ['k-NN'] = model }, songs:map(describe)), OPTIONS })
]]

--- Calls body(page, folder of the run) for a report with these options.
local function with_report(options, body)
  in_folder.use(function(folder, run)
    in_folder.tones(folder, 6)
    core.write_file(folder .. '/tones.lua', (recipe:gsub('OPTIONS', options)))
    run 'tones.lua'
    body(core.read_file(folder .. '/runs/tones/1/report.html'), folder .. '/runs/tones/1')
  end)
end

local function titles(page)
  local found = {}
  for title in page:gmatch '<h2>([^<]*)</h2>' do found[#found + 1] = title end
  return table.concat(found, ' | ')
end

test('audio = true lays the most confused recordings beside the page, small and to be played there', function()
  with_report('audio = true', function(page, folder)
    local heard = 0
    for file, words in page:gmatch '<audio controls preload="none" src="([^"]+)"></audio><figcaption>([^<]+)' do
      local clip = require('lumir').audio.load(folder .. '/' .. file)
      expect(clip.seconds):near(2, { absolute = 0.1 })
      expect(core.file_size(folder .. '/' .. file)):below(20000)            -- 2 s at 64 kbit/s
      local truth, said = words:match '^(%a+), taken for (%a+) by k%-NN: '
      expect(truth ~= said and words:find(truth .. '.0000', 1, true) ~= nil or words):is_true()
      heard = heard + 1
    end
    expect(heard >= 1):is_true()
    expect(titles(page)):contains 'Recordings that were confused'
  end)
end)

test('without audio nothing is laid there; appendix = false leaves out what only looks things up', function()
  with_report('appendix = true', function(page, folder)
    expect(page:find('<audio', 1, true)):equals(nil)
    expect(core.file_size(folder .. '/sounds/1.mp3')):equals(nil)
    expect(titles(page)):contains 'Every genre: k-NN'
    expect(titles(page)):contains 'Method: every step'
  end)
  with_report('appendix = false', function(page)
    for _, title in ipairs { 'Every genre', 'every step', 'differences and training' } do
      expect(titles(page):find(title, 1, true)):equals(nil)
    end
    expect(titles(page)):contains 'Results'
    expect(titles(page)):contains 'Details'
  end)
end)

--- What the rows of a page's tables are called, and the words of its figures: those of a confusion matrix among them.
local function words_of(page)
  local rows, words = {}, {}
  for label in page:gmatch '<tr><td[^>]*>(.-)</td>' do rows[#rows + 1] = label end
  for word in page:gmatch '<text[^>]*>([^<]*)</text>' do words[#words + 1] = word end
  return rows, words
end

test('no row of a table or a matrix is without a name, and what a corpus has no labels for is no row', function()
  local without = "lumir.report('Tones', { lumir.data.files('tones', { recursive = true }) })"
  in_folder.use(function(folder, run)
    in_folder.tones(folder, 2)
    core.write_file(folder .. '/tones.lua', "local lumir = require 'lumir'\n" .. without)
    run 'tones.lua'
    local rows = words_of(core.read_file(folder .. '/runs/tones/1/report.html'))
    expect(table.concat(rows, ' ')):contains 'corpus files length'
    for _, label in ipairs(rows) do expect(label ~= '' and label ~= 'label' or rows):is_true() end
  end)
  with_report('appendix = true', function(page)
    local rows, words = words_of(page)
    expect(table.concat(rows, ' ')):contains 'corpus songs length label k-NN'
    expect(table.concat(words, ' ')):contains 'low'
    for _, all in ipairs { rows, words } do
      for _, label in ipairs(all) do expect(label:find '%S' ~= nil or all):is_true() end
    end
  end)
end)

test('on a dark screen forms and words of figures change their colours, and pictures of numbers do not', function()
  with_report('appendix = false', function(page)
    local dark = page:match '@media %(prefers%-color%-scheme: dark%) {\n  figure svg(.-)\n%s*</style>'
    expect(dark):contains '[fill="#1f2430"] { fill: var(--ink); }'
    expect(dark):contains 'rect[fill="#ffffff"] { fill: var(--paper); }'
    expect(page:find('invert', 1, true)):equals(nil)
    expect(page:find('filter:', 1, true)):equals(nil)
    expect(page):contains '<image'                                          -- of one recording as it is heard
  end)
end)
