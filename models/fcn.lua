-- FCN: a fully convolutional tagger of music, after Choi, Fazekas and Sandler, Automatic Tagging Using Deep
-- Convolutional Neural Networks (2016), as trained by Won et al., Evaluation of CNN-based Automatic Music
-- Tagging Models (2020), whose names its parts have.
--
--   local net = require('models.fcn').network(50)      -- [batch, 1, samples], 29 s at 16 kHz -> [batch, 50]
--
-- It gives scores, of which sigmoid makes what the published one prints. Of 50 tags it has 447,732 parameters;
-- 29 s take 2.17e9 multiply-accumulates (the publication counts neither).

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local fcn = { rename = parts.tagger_rename }

local read = lumir.doc {
  name = 'models.fcn.network',
  summary = 'A fully convolutional tagger over 29 s at 16 kHz, with the names of its published weights.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]; its part embedding gives 64 numbers'
    .. parts.loads_by 'fcn',
  example = "require('models.fcn').network(50):eval()(torch.randn(1, 1, 464000))",
  source = 'Choi, Fazekas and Sandler (2016); minzwon/sota-music-tagging-models',
  parameters = { { name = 'n_tags', type = 'integer', text = 'scores of a clip' } },
}

function fcn.network(n_tags, ...)
  read(n_tags, ...)
  local block = parts.tagger_block
  return parts.named {
    'spec', parts.hear(96), 'spec_bn', nn.BatchNorm2d(1),
    'layer1', block(1, 64, { 2, 4 }), 'layer2', block(64, 128, { 2, 4 }), 'layer3', block(128, 128, { 2, 4 }),
    'layer4', block(128, 128, { 3, 5 }), 'layer5', block(128, 64, { 4, 4 }),
    'embedding', nn.Flatten(), nn.Dropout(0.5), 'dense', nn.Linear(64, n_tags),
  }
end

return fcn
