-- `lumir bench loading`: whether batches are there when a step wants them.
--
-- An epoch of the residual network of recipes/artist20 over pieces of 30 s of its sample: recordings that are in the
-- cache; a crop, noise and a mel spectrogram of each row by one worker beside the steps; masks and mixup of each batch
-- between them. Beside it the same steps on batches that are there already, and the loading without steps: in turns, so
-- that whatever else the machine does hits all.

local lumir = require 'lumir'
local core = require('lumir.native').core
local timing = require 'lumir.timing'
local audio, augment, data, feature = lumir.audio, lumir.augment, lumir.data, lumir.feature
local nn, optim = lumir.nn, lumir.optim

local vary = lumir.chain {
  audio.load { rate = 16000, mono = true }, augment.crop { seconds = 30 }, augment.noise { snr = { 10, 30 } },
  audio.fix_length { seconds = 30 },
  feature.melspectrogram { n_mels = 64, n_fft = 1024, hop_length = 512, fmax = 8000 },
  feature.power_to_db { ref = 'max' }, feature.standardize(), feature.as_image(),
}

--- What an epoch is made of.
local Epoch = {}
Epoch.__index = Epoch

function Epoch.new(flags)
  local songs = data.artist20(data.sample 'artist20')
  local network = dofile(core.root() .. '/tests/bench/network_list.lua').resnet[1]()
  local epoch = setmetatable({
    rows = songs:map(vary), network = network, adam = optim.AdamW(network, { lr = 1e-4 }), loss = nn.CrossEntropyLoss(),
    mask = augment.SpecAugment { time = 48, frequency = 16 }, mixup = augment.Mixup { n_classes = songs.n_classes },
    most = flags.steps, batch_size = flags.files, ready = {},
  }, Epoch)
  epoch:load(function(x, y) table.insert(epoch.ready, { x, y }) end)
  return epoch
end

--- Batches behind their effects, made by one worker.
function Epoch:load(use)
  for x, y in self.rows:batches { batch_size = self.batch_size, shuffle = true, workers = 1 } do
    use(self.mixup(self.mask(x), y))
    self.most = self.most - 1
    if self.most == 0 then break end
  end
  self.most = #self.ready
end

function Epoch:step(x, y) self.adam:minimize(self.loss(self.network(x), y)) end

-- what is timed, in turns
local passes = {
  { 'steps alone', function(epoch) for _, batch in ipairs(epoch.ready) do epoch:step(unpack(batch)) end end },
  { 'epoch', function(epoch) epoch:load(function(x, y) epoch:step(x, y) end) end },
  { 'loading alone', function(epoch) epoch:load(function() end) end },
}

local function show(name, of, batches)
  local line = ('  %-14s'):format(name)
  for _, what in ipairs { 'wall', 'CPU' } do
    local times = of[what]
    line = line .. ('  %s %7.1f (%.1f to %.1f)'):format(what, timing.median(times) / batches,
      math.min(unpack(times)) / batches, math.max(unpack(times)) / batches)
  end
  print(line)
end

--- flags: rounds, steps, threads, files (rows of a batch).
return function(flags)
  lumir.threads(flags.threads)
  lumir.seed(1)
  local epoch, found = Epoch.new(flags), {}
  timing.show_machine()
  print(('%d batches of %d, one worker, %d threads; ms a batch'):format(#epoch.ready, epoch.batch_size, flags.threads))
  for round = 0, flags.rounds do                          -- the first warms up
    for _, pass in ipairs(passes) do
      local name, run = unpack(pass)
      local wall, cpu = core.now(), os.clock()
      run(epoch)
      wall, cpu = core.now() - wall, os.clock() - cpu
      found[name] = round > 0 and found[name] or { wall = {}, CPU = {} }
      if round > 0 then
        table.insert(found[name].wall, wall * 1000)
        table.insert(found[name].CPU, cpu * 1000)
      end
    end
  end
  for _, pass in ipairs(passes) do show(pass[1], found[pass[1]], #epoch.ready) end
  print(('an epoch takes %.2f times its steps'):format(
    timing.median(found.epoch.wall) / timing.median(found['steps alone'].wall)))
end
