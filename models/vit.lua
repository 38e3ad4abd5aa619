-- ViT: a picture's patches as a sequence, after Dosovitskiy et al., An Image is Worth 16x16 Words (2021).
--
--   local net = require('models.vit').vit_b_16(10)                        -- [batch, 3, 224, 224] -> [batch, 10]
--   local net = require('models.vit').network(8, { height = 128, width = 512, channels = 1, dim = 192 })
--
-- With torchvision's names: its state dicts load. Of 1,000 classes vit_b_16 has 86,567,656 parameters, as
-- torchvision publishes. A picture takes 16.85e9 multiply-accumulates in layers with weights and 0.72e9 between the
-- patches within the attention, 17.56e9 as torchvision publishes, one counts one. net:summary tells 5.76e9: like
-- torchinfo it counts a dense layer once a picture, not once a patch.

local lumir = require 'lumir'
local nn, torch, parts = lumir.nn, lumir.torch, require 'models.parts'
local core = require('lumir.native').core

local vit = {}

local function added(list)
  return nn.Residual(parts.named(list), { names = { '', 'shortcut', 'after' } })
end

--- The two dense layers of a layer drawn as torchvision draws them, when all four are there.
local function draw_dense(made)
  for name, parameter in made:named_parameters() do
    if name:find '^mlp.*weight$' then nn.init.xavier_uniform_(parameter) end
    if name:find '^mlp.*bias$' then nn.init.normal_(parameter, { std = 1e-6 }) end
  end
  return made
end

--- Attention, then two dense layers, each beside what came in and behind a norm.
local function layer(dim, heads, hidden, dropout)
  return draw_dense(parts.named {
    added { 'ln_1', nn.LayerNorm(dim, { eps = 1e-6 }),
            'self_attention', nn.MultiheadAttention(dim, heads, {
              dropout = dropout, batch_first = true, need_weights = false }),
            nn.Dropout(dropout) },
    added { 'ln_2', nn.LayerNorm(dim, { eps = 1e-6 }), 'mlp.0', nn.Linear(dim, hidden), nn.GELU(),
            nn.Dropout(dropout), 'mlp.3', nn.Linear(hidden, dim), nn.Dropout(dropout) },
  })
end

local Encoder = nn.Module 'Encoder'

function Encoder:init(places, options)
  local list = {}
  self.pos_embedding = nn.Parameter(torch.randn { 1, places, options.dim } * 0.02)
  for i = 1, options.depth do
    parts.append(list, 'encoder_layer_' .. i - 1,
      layer(options.dim, options.heads, options.hidden or 4 * options.dim, options.dropout))
  end
  self.dropout = nn.Dropout(options.dropout)
  self.layers = parts.named(list)
  self.ln = nn.LayerNorm(options.dim, { eps = 1e-6 })
end

function Encoder:forward(tokens) return self.ln(self.layers(self.dropout(tokens + self.pos_embedding))) end

local ViT = nn.Module 'VisionTransformer'

function ViT:init(n_classes, options)
  local dim, patch = options.dim, options.patch
  local places = math.floor(options.height / patch) * math.floor(options.width / patch) + 1
  self.takes = options
  self.class_token = nn.Parameter(torch.zeros { 1, 1, dim })
  self.conv_proj = nn.Conv2d(options.channels, dim, patch, { stride = patch })
  self.encoder = Encoder(places, options)
  self.embedding = nn.Identity()
  self.heads = parts.named { 'head', nn.Linear(dim, n_classes) }
  nn.init.trunc_normal_(self.conv_proj.weight, { std = math.sqrt(1 / (options.channels * patch * patch)) })
  nn.init.zeros_(self.conv_proj.bias)
  nn.init.zeros_(self.heads.head.weight)
  nn.init.zeros_(self.heads.head.bias)
end

--- Refuses pictures that have not as many patches as there are places.
local function check_pictures(shape, options)
  local function patches(size) return math.floor(size / options.patch) end
  if #shape == 4 and shape[2] == options.channels and patches(shape[3]) == patches(options.height)
    and patches(shape[4]) == patches(options.width) then return end
  core.refuse(('network: takes [batch, %d, %d, %d] (channels, height x width), got [%s]'):format(options.channels,
    options.height, options.width, table.concat(shape, ', ')))
end

function ViT:forward(x)
  check_pictures(x.shape, self.takes)
  local patches = self.conv_proj(x):flatten(3):transpose(2, 3)
  local tokens = torch.cat({ self.class_token:expand { x.shape[1], -1, -1 }, patches }, 2)
  return self.heads(self.embedding(self.encoder(tokens)[':, 1']))
end

local CLASSES = { name = 'n_classes', type = 'integer', text = 'scores of a picture' }
local CHANNELS = { name = 'channels', type = 'integer', default = 3, least = 1, text = 'of a picture' }

local read = lumir.doc {
  name = 'models.vit.network',
  summary = "A vision transformer of any size, with torchvision's names.",
  returns = 'a Module: [batch, channels, height, width] -> [batch, n_classes]',
  example = "require('models.vit').network(8, { height = 32, width = 64, dim = 16, heads = 2, depth = 2 })",
  source = 'Dosovitskiy et al. (2021); torchvision.models.VisionTransformer',
  parameters = {
    CLASSES, CHANNELS,
    { name = 'height', type = 'integer', default = 224, least = 1, text = 'of a picture' },
    { name = 'width', type = 'integer', default = 224, least = 1, text = 'of a picture' },
    { name = 'patch', type = 'integer', default = 16, least = 1, text = 'height and width of a patch' },
    { name = 'dim', type = 'integer', default = 768, least = 1, text = 'numbers of a patch' },
    { name = 'depth', type = 'integer', default = 12, least = 1, text = 'layers' },
    { name = 'heads', type = 'integer', default = 12, least = 1, text = 'of the attention of a layer' },
    { name = 'hidden', type = 'integer', named = true, least = 1,
      text = 'numbers between the dense layers; four times dim unless given' },
    { name = 'dropout', type = 'number', default = 0, least = 0, most = 1, text = 'within the layers' },
  },
}

function vit.network(n_classes, given, ...)
  local options = read(n_classes, given, ...)
  for _, side in ipairs { 'height', 'width' } do
    if options[side] < options.patch then
      core.refuse(("network: '%s' = %d is less than a patch of %d"):format(side, options[side], options.patch))
    end
  end
  return ViT(n_classes, options)
end

local read_b16 = lumir.doc {
  name = 'models.vit.vit_b_16',
  summary = 'The base vision transformer over pictures of 224 x 224, in patches of 16 x 16.',
  returns = 'a Module: [batch, channels, 224, 224] -> [batch, n_classes]',
  example = "local vit = require 'models.vit'",
  source = 'Dosovitskiy et al. (2021); torchvision.models.vit_b_16',
  parameters = { CLASSES, CHANNELS },
}

function vit.vit_b_16(n_classes, given)
  return vit.network(n_classes, { channels = read_b16(n_classes, given).channels })
end

return vit
