-- Writes the events that make.py read into training.json: build/lumir training.lua, then make.py runs/.../events/1.
local lumir = require 'lumir'
local nn, optim = lumir.nn, lumir.optim
local rows = { x = {}, y = {} }
for i = 1, 32 do rows.x[i], rows.y[i] = { math.sin(i), math.cos(i) }, i % 2 == 0 and 'even' or 'odd' end
lumir.seed(1)
nn.fit(nn.Linear(2, 2), rows, {
  epochs = 3, batch_size = 16, valid = rows, events = 'step', histograms = true, optimizer = optim.Adam { lr = 0.05 },
})
