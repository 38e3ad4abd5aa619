-- Measures beside peers: lumir bench features FOLDER, data FOLDER, csv FOLDER, nn, loading, learn.
--
-- `lumir bench features FOLDER [--python=PYTHON] [--each]` times features beside librosa's; `lumir bench data FOLDER
-- [--files=20000]` describes that many recordings of one second, which it makes in the folder.
--
-- CPU milliseconds per minute of audio on one thread: the median of the rounds, on samples already decoded (the line
-- "file to table" decodes too). With --python (one that has librosa; torchaudio is timed where it is there) peers
-- describe the same samples: rounds alternate, ours, theirs, ours, theirs, so that whatever else the machine does
-- hits all alike; peers have one thread too, and what they find is compared. $LUMIR_SIMD=v3 measures another level.
--
-- `lumir bench csv FOLDER [--python=PYTHON] [--rows=100000]` times the loading of a large csv file beside pandas':
-- lua/lumir/bench_csv.lua.
--
-- `lumir bench nn [--python=PYTHON] [--only=lstm,gru] [--quick] [--amp]` times steps of networks beside PyTorch's, with
-- --amp in mixed precision too, with --shipped-steps=3 fewer of PyTorch as it is shipped, which may take minutes, with
-- 0 none; --only=models and --only=models-inference are all of models/: lua/lumir/bench_networks.lua.
-- `lumir bench loading` times epochs beside their steps: lua/lumir/bench_loading.lua.
--
-- `lumir bench learn [--python=PYTHON] [--only=KNeighbors,pca] [--peers=intel] [--rows=1000,4000] [--growth]` times
-- learners, searches and projections beside scikit-learn's, and how that grows with the rows:
-- lua/lumir/bench_learners.lua. PYTHON needs scikit-learn, scikit-learn-intelex, umap-learn and lightgbm.

local ffi = require 'ffi'
local lumir = require 'lumir'
local core = require('lumir.native').core
local timing = require 'lumir.timing'
local audio, data, feature, torch = lumir.audio, lumir.data, lumir.feature, lumir.torch

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir bench features FOLDER [--rate=16000] [--rounds=5] [--files=10] [--python=PYTHON] [--each]; '
    .. 'lumir bench data FOLDER [--files=20000]; '
    .. 'lumir bench csv FOLDER [--python=PYTHON] [--rows=100000] [--columns=518] [--processes=5]; '
    .. 'lumir bench nn [--python=PYTHON] [--only=lstm,models] [--processes=5] [--steps=20] [--threads=2] [--quick] '
    .. '[--shipped-steps=3] [--amp]; '
    .. 'lumir bench loading [--rounds=5] [--steps=20] [--files=16] [--threads=2]; '
    .. 'lumir bench learn [--python=PYTHON] [--only=KNeighbors,pca] [--peers=intel] [--rows=1000,4000] [--growth] '
    .. '[--processes=5] [--threads=2] [--quick], where PYTHON has scikit-learn, scikit-learn-intelex, umap-learn and '
    .. 'lightgbm of PyPI',
  words = { 1, 2 },
  flags = { rate = 16000, rounds = 5, files = 0, python = '', each = false, only = '', peers = '', processes = 5,
            steps = 20, ['shipped-steps'] = 20, threads = 2, rows = '', columns = 518, quick = false, amp = false,
            growth = false },
})
local with_folder = { features = true, data = true, csv = true, nn = false, loading = false, learn = false }
local takes_folder = with_folder[words[1]]
if takes_folder == nil then
  lumir.usage(("bench: '%s' is no benchmark; there are: features, data, csv, nn, loading, learn"):format(words[1]))
end
if takes_folder ~= (words[2] ~= nil) then
  lumir.usage(('bench %s%s'):format(words[1], words[2] and ' takes no folder' or ': a FOLDER is missing'))
end
if flags.files == 0 then flags.files = ({ data = 20000, loading = 16 })[words[1]] or 10 end

ffi.cdef [[
  int setenv(const char *name, const char *value, int overwrite);
]]

--- The main recipe's set; chroma estimates the tuning unless it is given.
local function set_of(tuning, statistics)
  return lumir.chain {
    feature.set {
      feature.mfcc { n_mfcc = 20, delta = 2 },
      feature.melspectrogram { n_mels = 128, db = true },
      feature.spectral_centroid(), feature.spectral_bandwidth(), feature.spectral_rolloff(),
      feature.spectral_contrast { n_bands = 6 }, feature.chroma_stft { tuning = tuning },
      feature.rms(), feature.zero_crossing_rate(), feature.onset_strength(), feature.tempo(),
    },
    feature.summary(statistics or { 'mean', 'std', 'max', 'min' }),
  }
end

-- What is measured, under the names that tests/bench/librosa_features.py offers peers of.
local measured = {
  { 'set', 'whole set', set_of 'none' },
  { 'set, tuning = 0', 'whole set, tuning = 0', set_of(0) },
  { 'mel', 'mel spectrogram, 128 bands', feature.melspectrogram { n_mels = 128 } },
}
local each = {
  'spectrogram', 'melspectrogram', 'mfcc', 'chroma_stft', 'cqt', 'chroma_cqt', 'chroma_cens', 'tonnetz',
  'spectral_centroid', 'spectral_bandwidth', 'spectral_contrast', 'spectral_flatness', 'spectral_rolloff',
  'poly_features', 'rms', 'zero_crossing_rate', 'onset_strength', 'onset_detect', 'tempo', 'tempogram',
  'beat_track', 'harmonic', 'percussive', 'yin', 'pyin',
}
if flags.each then
  for _, name in ipairs(each) do
    if feature[name] then table.insert(measured, { name, name, feature[name]() }) end
  end
end

--- CPU ms per minute that one round takes.
local function round_of(step, sounds, minutes)
  local started = os.clock()
  for _, sound in ipairs(sounds) do step(sound) end
  return (os.clock() - started) * 1000 / minutes
end

--- Wall seconds of describing the whole folder, from files, with so many threads; nothing is taken from a cache.
local function describe_all(files, threads, statistics)
  lumir.threads(threads)
  local chain = lumir.chain { audio.load { rate = flags.rate, mono = true }, set_of('none', statistics) }
  local started = core.now()
  files:map(chain):table()
  return core.now() - started
end

--- The same work by one thread and by two, of which each has a cache key of its own: statistics in another order.
local function two_threads(files)
  local folder = os.tmpname()
  os.remove(folder)
  ffi.C.setenv('LUMIR_CACHE', folder, 1)
  describe_all(files, 2, { 'min', 'max', 'std', 'mean' })              -- files come into the system's memory
  local one = describe_all(files, 1, { 'mean', 'max', 'std', 'min' })
  local two = describe_all(files, 2, { 'max', 'mean', 'std', 'min' })
  lumir.threads(1)
  os.execute(('rm -rf "%s"'):format(folder))
  print(('all %d files to a table: %.2f s on the wall by one thread, %.2f s by two: %.2f times'):format(
    #files, one, two, one / two))
end

--- What a step found, as one tensor.
local function numbers_of(found)
  if type(found) == 'number' then return torch.tensor { found } end
  local kind = tostring(found):match '^%a+'
  if kind == 'Clip' then return found.samples end
  return kind == 'Description' and torch.tensor(found.values) or found
end

--- A Python that does one round when it is told to, and answers: tests/bench/librosa_features.py.
local Peer = {}
Peer.__index = Peer

function Peer.start(folder)
  local orders = folder .. '/orders'
  os.execute(('mkfifo "%s"'):format(orders))
  -- waiting threads of BLAS and OpenMP spin, and would count as work
  local one_thread = 'OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1'
  local script = core.root() .. '/tests/bench/librosa_features.py'
  local peer = setmetatable({ offers = {} }, Peer)
  peer.answers = io.popen(('%s "%s" "%s" "%s" %d'):format(one_thread, flags.python, script, folder, flags.rate))
  peer.orders = assert(io.open(orders, 'r+'))  -- both ways: opening waits for nobody
  peer.orders:setvbuf 'no'
  for line in peer.answers:lines() do
    if line == 'ready' then return peer end
    local key, against, label = line:match '^offer\t(.-)\t(.-)\t(.-)$'
    if key then
      peer.offers[against] = peer.offers[against] or {}
      table.insert(peer.offers[against], { key = key, label = label, times = {} })
    else
      print(line)
    end
  end
  error('bench: ' .. flags.python .. ' did not get ready', 0)
end

--- The answer to an order.
function Peer:ask(...)
  self.orders:write(table.concat({ ... }, '\t'), '\n')
  local answer = self.answers:read '*l'
  if not answer then error('bench: the Python beside it has ended', 0) end
  return answer
end

function Peer:stop()
  self:ask 'stop'
  self.orders:close()
  self.answers:close()
end

--- Rounds of ours and of each peer, one after the other; the first warms caches and tables up.
local function measure(one, minutes, peer, folder)
  local ours, offers = {}, peer and peer.offers[one.key] or {}
  for round = 0, flags.rounds do
    local time = round_of(one.step, one.sounds, minutes)
    if round > 0 then table.insert(ours, time) end
    for _, offer in ipairs(offers) do
      time = tonumber(peer:ask('time', offer.key))
      if round > 0 then table.insert(offer.times, time) end
    end
  end
  local mine = timing.median(ours)
  print(('lumir     %-36s %9.2f'):format(one.label, mine))
  for _, offer in ipairs(offers) do
    local theirs, agreement = timing.median(offer.times), ''
    if one.compared then
      local file = folder .. '/found.npy'
      torch.save(numbers_of(one.step(one.sounds[1])), file)
      agreement = peer:ask('compare', offer.key, file)
    end
    print(('%-46s %9.2f   %.1f times lumir   %s'):format(offer.label, theirs, theirs / mine, agreement))
  end
end

local function features(folder)
  local files = data.folder(folder, { layout = '{artist}/{album}/{track}', label = 'artist' })
  local room = os.tmpname()
  os.remove(room)
  os.execute(('mkdir "%s"'):format(room))
  local paths, clips, minutes = {}, {}, 0
  for i, path in ipairs(files.path) do
    if i > flags.files then break end
    paths[i] = path
    clips[i] = audio.load(path, { rate = flags.rate, mono = true })
    torch.save(clips[i].samples, ('%s/%03d.npy'):format(room, i))
    minutes = minutes + clips[i].seconds / 60
  end
  core.write_file(room .. '/paths', table.concat(paths, '\n') .. '\n')
  lumir.threads(1)
  timing.show_machine()
  local peer = flags.python ~= '' and Peer.start(room) or nil
  print(('%d files, %.2f minutes, %d Hz; CPU ms per minute of audio'):format(#clips, minutes, flags.rate))
  for _, one in ipairs(measured) do
    measure({ key = one[1], label = one[2], step = one[3], sounds = clips, compared = true }, minutes, peer, room)
  end
  local from_file = lumir.chain { audio.load { rate = flags.rate, mono = true }, set_of 'none' }
  measure({ key = 'file', label = 'file to table', step = from_file, sounds = paths }, minutes, peer, room)
  if peer then peer:stop() end
  os.execute(('rm -r "%s"'):format(room))
  two_threads(files)
end

--- One second of a tone of its class under noise of its own, as a wav file of 16 kB.
local function write_second(path, class, number)
  local rate = 8000
  local samples, noise = ffi.new('int16_t[?]', rate), number * 7919 % 2147483647
  for i = 0, rate - 1 do
    noise = noise * 16807 % 2147483647
    samples[i] = 8000 * math.sin(i * (0.02 + 0.05 * class) + number) + noise % 4000 - 2000
  end
  local numbers = ffi.new('uint32_t[6]', { 36 + 2 * rate, 16, rate, 2 * rate, 0x100002, 2 * rate })
  local function bytes(first, count) return ffi.string(numbers + first, 4 * count) end
  local file = assert(io.open(path, 'wb'))
  file:write('RIFF', bytes(0, 1), 'WAVEfmt ', bytes(1, 1), '\1\0\1\0', bytes(2, 3), 'data', bytes(5, 1),
    ffi.string(samples, 2 * rate))
  file:close()
end

local function make_seconds(folder, count)
  for class = 0, 9 do os.execute(('mkdir -p "%s/class_%d"'):format(folder, class)) end
  for i = 1, count do
    local path = ('%s/class_%d/%06d.wav'):format(folder, i % 10, i)
    local there = io.open(path)
    if there then there:close() else write_second(path, i % 10, i) end
  end
end

--- A number from /proc/self/status, in bytes.
local function memory(name)
  for line in io.lines '/proc/self/status' do
    local kilobytes = line:match('^' .. name .. ':%s+(%d+)')
    if kilobytes then return tonumber(kilobytes) * 1024 end
  end
end

--- One pass over all recordings, by a Dataset that has seen none yet.
local function describe_seconds(what, folder)
  local chain = lumir.chain {
    audio.load { rate = 8000 },
    feature.set {
      feature.mfcc { n_mfcc = 20, delta = 2 }, feature.melspectrogram { n_mels = 128 }, feature.chroma_stft(),
      feature.spectral_contrast { n_bands = 4 }, feature.rms(), feature.zero_crossing_rate(),
    },
    feature.summary { 'mean', 'std', 'max', 'min' },
  }
  local recordings = data.folder(folder, { layout = '{class}/{track}', label = 'class' }):map(chain)
  local before, walled, computed = memory 'VmRSS', core.now(), os.clock()
  local described = recordings:table()
  walled, computed = core.now() - walled, os.clock() - computed
  print(('%s: %d rows of %d columns, %.2f s on the wall, %.2f s of CPU, %.1f kB of memory more for each row'):format(
    what, #described, #described.columns, walled, computed, (memory 'VmHWM' - before) / #described / 1e3))
  return #described * #described.columns * 8
end

local function seconds(folder)
  make_seconds(folder, flags.files)
  local cache = os.tmpname()
  os.remove(cache)
  ffi.C.setenv('LUMIR_CACHE', cache, 1)
  describe_seconds('nothing known', folder)
  collectgarbage()
  local numbers = describe_seconds('all in the cache', folder)
  local files = io.popen(('find "%s" -type f -printf "%%s\\n"'):format(cache))
  local count, bytes = 0, 0
  for size in files:lines() do count, bytes = count + 1, bytes + tonumber(size) end
  files:close()
  os.execute(('rm -r "%s"'):format(cache))
  print(('the cache: %d files, %.1f MB, %.2f times the numbers'):format(count, bytes / 1e6, bytes / numbers))
end

local benchmarks = {
  features = features,
  data = seconds,
  csv = function(folder) require 'lumir.bench_csv'(folder, flags) end,
  nn = function() require 'lumir.bench_networks'(flags) end,
  loading = function() require 'lumir.bench_loading'(flags) end,
  learn = function() require 'lumir.bench_learners'(flags) end,
}
benchmarks[words[1]](words[2])
