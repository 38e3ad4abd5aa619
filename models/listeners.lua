-- Listeners: networks that learnt from other sounds, with their weights, frozen, as what a small head hears by.
--
--   local ears = require('models.listeners').open 'dvector'     -- after `lumir fetch dvector`
--   ears.net:step 'embedding'                                    -- ears.size numbers of ears.seconds at ears.rate
--
-- cnn14 (PANNs, 32 kHz, weights by the file Cnn14_mAP=0.431.pth), musicnn (tags of Jamendo; `lumir fetch
-- jamendo_musicnn`), dvector (speakers; `lumir fetch dvector`; it hears excerpts as they are, without what Resemblyzer
-- does to levels and pauses), and 'drawn': musicnn as it is drawn, which needs no weights and whose tall filters tell
-- some timbres apart, after Pons and Serra, Randomly Weighted CNNs for (Music) Audio Classification (2019).

local lumir = require 'lumir'
local core = require('lumir.native').core
local panns, dvector, musicnn = require 'models.panns', require 'models.dvector', require 'models.musicnn'

local listeners = { names = 'cnn14, musicnn, dvector, drawn' }

--- What each hears, how long at once (nil: any length), how large its answer is, where its weights are.
local KNOWN = {
  cnn14 = { rate = 32000, size = 2048, network = function() return panns.cnn14(527) end, key = 'model',
            rename = panns.rename, weights = 'Cnn14_mAP=0.431.pth', from = 'zenodo.org/records/3987831' },
  dvector = { rate = 16000, size = 256, seconds = 1.6, network = dvector.network, weights = 'dvector' },
  musicnn = { rate = 16000, size = 200, seconds = 3, network = function() return musicnn.network(50) end,
              rename = musicnn.rename, weights = 'jamendo_musicnn' },
  drawn = { rate = 16000, size = 200, seconds = 3, network = function() return musicnn.network(50) end },
}

--- Whether a word is one of these names, or may be a file of Cnn14's weights.
function listeners.may_be(word) return KNOWN[word] ~= nil or word:find '[/.]' ~= nil end

--- A file of weights into the network.
local function load_file(net, path, how)
  local file = io.open(path)
  if not file then
    local from = how.from and ('it lies at %s: '):format(how.from) or ''
    core.fail(("%s: no such file; %sname it by --weights=FILE, or `lumir fetch dvector`, then --listener=dvector")
      :format(path, from))
  end
  file:close()
  local state = lumir.torch.load(path)
  local fits, problem = pcall(net.load_state_dict, net, how.key and state[how.key] or state, { rename = how.rename })
  if not fits then core.fail(('%s: %s'):format(path, problem)) end
end

local read = lumir.doc {
  name = 'models.listeners.open',
  summary = 'A network that learnt from other sounds, frozen: its part embedding is what a head learns from.',
  returns = 'a table: net; rate in Hz; size, numbers of its answer; seconds that it hears at once, nil for any',
  example = "require('models.listeners').open('drawn').size",
  source = "the networks' own files of models/",
  parameters = {
    { name = 'listener', type = 'text', text = "cnn14, musicnn, dvector, drawn, or a file of Cnn14's weights" },
    { name = 'weights', type = 'text', default = '',
      text = 'a file of other weights, or a name that `lumir fetch` knows' },
  },
}

function listeners.open(listener, given, ...)
  local options = read(listener, given, ...)
  if not listeners.may_be(listener) then
    core.refuse(("open: 'listener' = '%s' is none of %s, nor a file of Cnn14's weights")
      :format(listener, listeners.names))
  end
  local how = KNOWN[listener] or KNOWN.cnn14
  local weights = not KNOWN[listener] and listener or how.weights
  if options.weights ~= '' then weights = options.weights end
  local net = how.network()
  if weights and (weights:find '/' or weights:find '%.pth?$') then
    load_file(net, weights, how)
  elseif weights then
    net:load_state_dict(lumir.weights(weights))
  end
  net:freeze():eval()
  return { net = net, rate = how.rate, size = how.size, seconds = how.seconds }
end

return listeners
