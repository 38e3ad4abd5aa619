-- CNNSA: convolutions hear some seconds of music, and attention over time sums up what they heard, after Won,
-- Chun and Serra, Toward Interpretable Music Tagging with Self-attention (2019).
--
--   local net = require('models.self_attention').network(50)   -- [batch, 1, samples], 15 s at 16 kHz -> [batch, 50]
--
-- It gives scores. Of 50 tags it has 10,701,108 parameters (the publication counts none); 15 s take 13.3e9
-- multiply-accumulates as net:summary counts, which takes a dense layer once a clip; 0.12e9 more with the dense layers
-- of the attention once a time, and 0.015e9 between the times. The front is that of the short-chunk CNN with
-- residuals, which keeps time from its fourth block on; a class token asks the two layers of attention.
--
-- Not as in the authors' program (CNNSA of minzwon/sota-music-tagging-models), whose files therefore do not load: there
-- the class token is drawn once by a fixed seed and does not learn, the times have no places, weights of the attention
-- are dropped at 0.5 (here at 0.4 as all else), and nothing is dropped between the two dense layers of a layer.

local lumir = require 'lumir'
local nn, torch, parts = lumir.nn, lumir.torch, require 'models.parts'

local attention = {}

local CNNSA = nn.Module 'CNNSA'

function CNNSA:init(n_tags, width)
  local list, from = { 'spec', parts.hear(128), 'spec_bn', nn.BatchNorm2d(1) }, 1
  for i, times in ipairs { 1, 1, 2, 2, 2, 2, 2 } do
    parts.append(list, 'layer' .. i, parts.tagger_residual(from, times * width, i < 4 and 2 or { 2, 1 }))
    from = times * width
  end
  parts.append(list, nn.Flatten(2, 3), nn.Permute { 1, 3, 2 })
  self.front = parts.named(list)
  self.class = nn.Parameter(torch.rand { 1, 1, from })
  self.places = nn.LearnedPositionalEncoding(from, { max_len = 700 })
  self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(from, 8, {
    dim_feedforward = 4 * from, dropout = 0.4, activation = 'gelu', layer_norm_eps = 1e-12,
    batch_first = true }), 2)
  self.pooler = nn.Linear(from, from)
  self.embedding = nn.Tanh()
  self.dropout = nn.Dropout(0.5)
  self.dense = nn.Linear(from, n_tags)
end

function CNNSA:forward(samples)
  local frames = self.front(samples)
  local tokens = torch.cat({ self.class:expand { frames.shape[1], -1, -1 }, frames }, 2)
  local first = self.encoder(self.places(tokens))[':, 1']
  return self.dense(self.dropout(self.embedding(self.pooler(first))))
end

local read = lumir.doc {
  name = 'models.self_attention.network',
  summary = 'A tagger over samples at 16 kHz: convolutions, then attention over time.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]',
  example = "require('models.self_attention').network(50, { width = 16 }):eval()(torch.randn(1, 1, 80000))",
  source = 'Won, Chun and Serra (2019); minzwon/sota-music-tagging-models',
  parameters = {
    { name = 'n_tags', type = 'integer', text = 'scores of a clip' },
    { name = 'width', type = 'integer', default = 128, least = 4,
      text = 'channels of the first blocks, a multiple of 4' },
  },
}

function attention.network(n_tags, given, ...)
  local width = read(n_tags, given, ...).width
  parts.check_multiple('width', width, 4)                   -- tokens of 2 * width numbers have 8 heads
  return CNNSA(n_tags, width)
end

return attention
