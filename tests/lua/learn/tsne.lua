local lumir = require 'lumir'
local learn = lumir.learn

test('two clouds stay two clouds', function()
  local rows, walk = {}, 0.5
  for i = 1, 60 do
    walk = (walk * 997 + 0.123) % 1
    local other = (walk * 991 + 0.321) % 1
    rows[i] = { walk + (i % 2) * 50, other, walk * other }
  end
  local tsne = learn.TSNE { perplexity = 8 }
  local places = tsne:fit_transform(rows):tolist()
  local centre = { { 0, 0 }, { 0, 0 } }
  for i, place in ipairs(places) do
    local c = centre[i % 2 + 1]
    c[1], c[2] = c[1] + place[1] / 30, c[2] + place[2] / 30
  end
  for i, place in ipairs(places) do
    local function far(c) return (place[1] - c[1]) ^ 2 + (place[2] - c[2]) ^ 2 end
    expect(far(centre[2 - i % 2])):above(far(centre[i % 2 + 1]))
  end
  expect(tsne.kl_divergence:tolist()[1]):above(0)
end)

test('it places only the rows that it is fitted on', function()
  local rows = { { 1 }, { 2 }, { 4 } }
  local tsne = learn.TSNE { perplexity = 2 }
  tsne:fit(rows)
  expect(function() tsne:transform(rows) end)
    :raises 'TSNE: places only the rows that it is fitted on; call fit_transform'
  expect(function() learn.TSNE():fit(rows) end):raises "TSNE: 'perplexity' = 30 must be below the 3 rows"
end)
