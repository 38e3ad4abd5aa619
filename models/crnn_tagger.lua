-- A convolutional recurrent tagger of music, after Choi et al., Convolutional Recurrent Neural Networks for
-- Music Classification (2017), as trained by Won et al., Evaluation of CNN-based Automatic Music Tagging Models
-- (2020), whose names its parts have.
--
--   local net = require('models.crnn_tagger').network(50)   -- [batch, 1, samples], 29 s at 16 kHz -> [batch, 50]
--
-- It gives scores, of which sigmoid makes what the published one prints. Of 50 tags it has 394,100 parameters;
-- 29 s take 4.08e9 multiply-accumulates (the publication counts neither).

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local tagger = { rename = parts.tagger_rename }

local read = lumir.doc {
  name = 'models.crnn_tagger.network',
  summary = 'A convolutional recurrent tagger over 29 s at 16 kHz, with the names of its published weights.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]; its part embedding gives 32 numbers'
    .. parts.loads_by 'crnn_tagger',
  example = "require('models.crnn_tagger').network(50):eval()(torch.randn(1, 1, 464000))",
  source = 'Choi et al. (2017); minzwon/sota-music-tagging-models',
  parameters = { { name = 'n_tags', type = 'integer', text = 'scores of a clip' } },
}

function tagger.network(n_tags, ...)
  read(n_tags, ...)
  local block = parts.tagger_block
  return parts.named {
    'spec', parts.hear(96), 'spec_bn', nn.BatchNorm2d(1),
    'layer1', block(1, 64, { 2, 2 }), 'layer2', block(64, 128, { 3, 3 }), 'layer3', block(128, 128, { 4, 4 }),
    'layer4', block(128, 128, { 4, 4 }), nn.Flatten(2, 3), nn.Permute { 1, 3, 2 },
    'layer5', nn.GRU(128, 32, { num_layers = 2, batch_first = true }), 'embedding', nn.LastFrame(),
    nn.Dropout(0.5), 'dense', nn.Linear(32, n_tags),
  }
end

return tagger
