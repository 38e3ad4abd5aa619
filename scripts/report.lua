-- Draws a finished run's report anew: lumir report runs/artist20-svm/3
--
-- Slides and page get the words that now stand in the run's report.md; nothing is computed again.

local lumir = require 'lumir'
local core = require('lumir.native').core
local saved_runs = require 'lumir.saved_runs'

local words = require('lumir.arguments').read({ ... }, { usage = 'lumir report RUN', words = 1 })
local folder = saved_runs.of(words[1]).folder
local layout = io.open(folder .. '/report.layout')
if not layout then
  lumir.fail(('%s: has no report.layout; its recipe wrote no report, or an older Lumir did'):format(folder))
end
layout:close()
local pdf, html, slides = core.redraw_report(folder)
print(('report       %s/%s          %d slides\n             %s/%s'):format(folder, pdf, slides, folder, html))
