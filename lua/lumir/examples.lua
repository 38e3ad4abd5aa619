-- What the examples of the registry speak of: `clip`, `songs`, `model` and the like, each made when an example first
-- asks for it. They are called as in the help of their types.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local nn, torch = lumir.nn, lumir.torch

local make = {}

-- sound, and where it lies
function make.clip() return audio.sine { frequency = 440, seconds = 2, rate = 22050 } end
function make.place()
  local place = os.tmpname()
  os.remove(place)
  return place
end
function make.file(env) return env.place .. '/made.wav' end
function make.folder(env)
  env.clip:write(env.place .. '/unlabelled/0001.wav')
  return env.place .. '/unlabelled'
end
function make.path(env) return env.folder .. '/0001.wav' end

-- corpora
function make.root(env)
  local root = env.place .. '/corpus'
  for i, album in ipairs { 'abba/first', 'abba/second', 'queen/first', 'queen/second', 'u2/first', 'u2/second' } do
    local song = audio.sine { frequency = 200 + 50 * i, seconds = 1, rate = 8000 }
    song:write(('%s/%s/0%d.wav'):format(root, album, i))
  end
  return root
end
function make.genres(env)
  local genres = env.place .. '/genres'
  env.clip:write(genres .. '/blues/blues.00000.wav')
  env.clip:write(genres .. '/rock/rock.00000.wav')
  return genres
end
function make.archive(env)
  local archive = env.place .. '/fma'
  core.write_file(archive .. '/fma_metadata/tracks.csv', ',artist,set,set,track\n,name,split,subset,genre_top\n'
    .. 'track_id,,,,\n2,AWOL,training,small,Hip-Hop\n3,Kurt Vile,test,small,Rock\n')
  core.write_file(archive .. '/fma_metadata/features.csv',
    'feature,mfcc\nstatistics,mean\nnumber,01\ntrack_id,\n2,1\n3,2\n')
  env.clip:write(archive .. '/fma_medium/000/000002.wav')
  env.clip:write(archive .. '/fma_medium/000/000003.wav')
  return archive
end
function make.tables(env) return data.sample('gtzan_features', { folder = env.place .. '/tables', tracks = 2 }).path end
function make.sample(env)
  return data.sample('artist20', {
    folder = env.place .. '/sample', artists = 2, albums = 2, songs = 1, shortest = 5, longest = 5, unlabelled = 0,
  })
end

-- what features make of it
local function set() return feature.set { feature.rms(), feature.mfcc { n_mfcc = 2 } } end
local function describe() return lumir.chain { audio.load(), set(), feature.summary { 'mean', 'std' } } end
function make.step() return feature.mfcc() end
function make.frames(env) return set()(env.clip) end
function make.description(env) return describe()(env.path) end

-- rows, two models of them, and what comes of those
function make.songs(env) return data.artist20(env.root):map(describe()) end
function make.table(env) return env.songs:table() end
function make.folds(env) return env.songs:folds { folds = 2 } end
function make.batches(env) return env.table:batches { batch_size = 2 } end
function make.unlabelled(env) return data.files(env.folder):map(describe()) end
function make.model(env) return learn.KNeighbors { n_neighbors = 1 }:fit(env.table) end
function make.other(env) return learn.KNeighbors { n_neighbors = 3 }:fit(env.table) end
function make.results(env) return lumir.evaluate.compare({ SVM = env.model, ['k-NN'] = env.other }, env.table) end
function make.figure(env) return lumir.report.comparison(env.results) end
function make.submission(env)
  core.write_file(env.place .. '/submission.csv', '1,abba,queen,u2\n')
  return env.place .. '/submission.csv'
end
function make.truth(env)
  core.write_file(env.place .. '/truth.csv', '1,abba\n')
  return env.place .. '/truth.csv'
end

-- tensors, one of them with a gradient, and networks
function make.x() return torch.tensor { { 1, 2 }, { 3, 4 } } end
function make.y() return torch.ones(2, 2) end
function make.w() return torch.tensor({ 1, 2 }, { requires_grad = true }) end
function make.adamw(env) return lumir.optim.AdamW({ env.w }) end
function make.cosine(env) return lumir.optim.CosineAnnealingLR(env.adamw, { T_max = 10 }) end
function make.averaged(env) return lumir.optim.AveragedModel { env.w } end
function make.scaler() return lumir.optim.GradScaler() end
function make.net() return nn.Sequential { nn.Linear(2, 2), nn.ReLU() } end
function make.summary(env) return nn.summary(env.net, { 4, 2 }) end
function make.mixup() return lumir.augment.Mixup { n_classes = 2 } end

local examples = {}

--- What an example runs in: the modules, what they speak of, and a few functions of Lua. `print` is what they print by.
function examples.surroundings(print)
  local env = { lumir = lumir, print = print, ipairs = ipairs, math = math, pcall = pcall }
  for name, module in pairs(lumir) do                       -- order does not matter: each goes to its own name
    if env[name] == nil and not make[name] then env[name] = module end
  end
  return setmetatable(env, { __index = function(own, name)
    if make[name] == nil then return nil end
    own[name] = make[name](own)
    return rawget(own, name)
  end })
end

--- Names that stand for something, sorted.
function examples.names()
  local names = {}
  for name in pairs(make) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- An example as a function; nil and Lua's message where it is none.
function examples.chunk(code, env)
  local chunk, problem = loadstring('return ' .. code, '=example')
  if not chunk then chunk, problem = loadstring(code, '=example') end
  return chunk and setfenv(chunk, env), problem
end

--- Removes the files that an example has made.
function examples.clean(env)
  local place = rawget(env, 'place')
  if place then os.execute(("rm -rf '%s'"):format(place)) end
end

return examples
