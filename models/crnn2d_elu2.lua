-- CRNN2D_elu2: who sings of artist20's twenty, after Hsieh et al., Addressing the Confounds of Accompaniments in
-- Singer Identification (2020), whose published weights load.
--
--   local net = require('models.crnn2d_elu2').network(20)    -- [batch, 1, 128, 157] -> [batch, 20]
--
-- Its frames are 128 mel bands in decibels of 5 s at 16 kHz with hop 512. Two convolutions stand before each
-- pooling where Nasrullah and Zhao have one (models/crnn.lua), and the state at each time is heard, not the last
-- alone: 9 times of 32 numbers are its embedding. It gives scores, of which softmax makes what the published one
-- prints; that draws the state in which its first GRU begins, here it is 0, and the second one begins as the
-- first has ended. Of 20 classes it has 878,164 parameters, of 157 frames 2.07e9 multiply-accumulates (the
-- publication counts neither).

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local elu2 = {}

--- Names of the published file: all before the recurrent layers stands in `front`, and norms that it has and
-- never calls are left out.
elu2.rename = { [''] = 'front.', ['gru1.'] = 'gru1.', ['gru2.'] = 'gru2.', ['linear1.'] = 'linear1.' }
for i = 1, 4 do elu2.rename[('Bn%d_1.'):format(i)] = false end

local Elu2 = nn.Module 'CRNN2D_elu2'

function Elu2:init(n_classes, frames)
  local list = { nn.Permute { 1, 3, 2, 4 }, 'Bn0', nn.BatchNorm2d(128), nn.Permute { 1, 3, 2, 4 } }
  local from = 1
  for i, to in ipairs { 64, 128, 128, 128 } do
    parts.append(list, 'Conv' .. i, nn.Conv2d(from, to, 3, { padding = 1 }),
      ('Conv%d_1'):format(i), nn.Conv2d(to, to, 3, { padding = 1 }), nn.ELU(), 'Bn' .. i, nn.BatchNorm2d(to),
      nn.MaxPool2d { i == 1 and 2 or 4, 2 }, nn.Dropout2d(0.1))
    from = to
  end
  parts.append(list, nn.Permute { 1, 4, 3, 2 }, nn.Flatten(3))
  self.front = parts.named(list)
  self.gru1, self.gru2 = nn.GRU(128, 32, { batch_first = true }), nn.GRU(32, 32, { batch_first = true })
  self.dropout, self.embedding = nn.Dropout(0.3), nn.Flatten()
  self.linear1 = nn.Linear(32 * math.floor(frames / 16), n_classes)
end

function Elu2:forward(x)
  local heard, state = self.gru1(self.front(x))
  local states = self.gru2(heard, state)                    -- which begins as the first one has ended
  return self.linear1(self.embedding(self.dropout(states)))
end

local read = lumir.doc {
  name = 'models.crnn2d_elu2.network',
  summary = 'A convolutional recurrent network over 5 s of mel bands.',
  returns = 'a Module: [batch, 1, 128, frames] -> [batch, n_classes]; its part embedding gives 288 numbers of 5 s'
    .. parts.loads_by('crnn2d_elu2', 'state.Classifier_state_dict'),
  example = "require('models.crnn2d_elu2').network(20):eval()(torch.randn(1, 1, 128, 157))",
  source = 'Hsieh et al. (2020); bill317996/Singer-identification-in-artist20',
  parameters = {
    { name = 'n_classes', type = 'integer', text = 'scores of a row' },
    { name = 'frames', type = 'integer', default = 157, least = 16, text = 'of a row' },
  },
}

function elu2.network(n_classes, given) return Elu2(n_classes, read(n_classes, given).frames) end

return elu2
