-- evaluate.by_group: what a model is worth on recordings of one kind and of another, men and women, short and long.

local native = require 'lumir.native'
local core, evaluate, lumir = native.core, native.evaluate, native.lumir

local read = lumir.doc {
  name = 'evaluate.by_group',
  summary = 'The share of recordings that the best model has right in each group of them. A group is a word, or by a '
    .. 'number (length, pitch) a part of as many as the others.',
  returns = 'a table: { share, count } by the name of the group; empty where no recording has one',
  example = "evaluate.by_group(results, { [results.value.ids[1]] = 'male' })",
  source = "Lumir's own",
  parameters = {
    { name = 'results', type = 'Results', text = 'of classes' },
    { name = 'groups', type = 'table', text = 'a word or a number by the id of a recording; one without is left out' },
    { name = 'parts', type = 'integer', default = 3, least = 2, text = 'how many groups numbers make' },
    { name = 'unit', type = 'text', default = '', text = 'of the numbers' },
  },
}

--- A function that names the part of all numbers which one belongs to: '2 (up to 11 s)'.
local function part_of(groups, ids, words)
  local sorted = {}
  for _, id in ipairs(ids) do sorted[#sorted + 1] = type(groups[id]) == 'number' and groups[id] or nil end
  table.sort(sorted)
  return function(number)
    for k = 1, words.parts do
      local bound = sorted[math.max(1, math.ceil(k * #sorted / words.parts))]
      if number <= bound then return (('%d (up to %.4g %s)'):format(k, bound, words.unit):gsub('%s+%)$', ')')) end
    end
  end
end

function evaluate.by_group(results, groups, given)
  local words, value = read(results, groups, given), results.value
  local part, word_of = part_of(groups, value.ids, words), {}
  for _, id in ipairs(value.ids) do
    local group = groups[id]
    word_of[id] = type(group) == 'number' and part(group) or group
  end
  return core.shares_by_kind(results, word_of)
end
