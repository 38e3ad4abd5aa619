-- Scores a submission: lumir score FILE --truth=FILE prints top-1, top-3 and top-1 + 0.5 top-3.
--
-- The submission is .csv or .json, as predict writes it. The truth is .csv, rows ID,name (a first line such as
-- ID,name is passed over), or .json: { "001": "name", ... }, or a list of names in the order of the IDs.

local lumir = require 'lumir'

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir score FILE --truth=FILE',
  words = 1,
  flags = { truth = '' },
})
if flags.truth == '' then lumir.usage 'score: --truth=FILE is needed; usage: lumir score FILE --truth=FILE' end

local score = lumir.evaluate.score_submission(words[1], flags.truth)
print(score.text)
