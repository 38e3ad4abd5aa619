-- Short-chunk CNN: seven blocks of 3 x 3 over some seconds of music, plain or residual, after Won et al.,
-- Evaluation of CNN-based Automatic Music Tagging Models (2020), whose names its parts have.
--
--   local net = require('models.short_chunk').network(50, { residual = true })   -- 3.69 s at 16 kHz
--
-- It gives scores, of which sigmoid makes what the published one prints. Of 50 tags it has 3,687,348 parameters,
-- the residual one 12,104,244 (the publication counts neither); 3.69 s take 2.02e9 multiply-accumulates and
-- 2.78e9.

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local short_chunk = { rename = parts.tagger_rename }

local read = lumir.doc {
  name = 'models.short_chunk.network',
  summary = 'A tagger over some seconds of samples at 16 kHz, with the names of its published weights.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]; its part embedding gives 4 * width numbers'
    .. parts.loads_by 'short_chunk',
  example = "require('models.short_chunk').network(50, { width = 8 }):eval()(torch.randn(1, 1, 59049))",
  source = 'Won et al. (2020); minzwon/sota-music-tagging-models',
  parameters = {
    { name = 'n_tags', type = 'integer', text = 'scores of a clip' },
    { name = 'residual', type = 'boolean', default = false, text = 'what comes into a block passes it by' },
    { name = 'width', type = 'integer', default = 128, least = 1, text = 'channels of the first blocks' },
  },
}

function short_chunk.network(n_tags, given, ...)
  local options = read(n_tags, given, ...)
  local block = options.residual and parts.tagger_residual or parts.tagger_block
  local list, from = { 'spec', parts.hear(128), 'spec_bn', nn.BatchNorm2d(1) }, 1
  for i, times in ipairs { 1, 1, 2, 2, 2, 2, 4 } do
    parts.append(list, 'layer' .. i, block(from, times * options.width, 2))
    from = times * options.width
  end
  parts.append_tagger_head(list, from, n_tags)
  return parts.named(list)
end

return short_chunk
