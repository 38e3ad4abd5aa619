-- Measures: `lumir bench features FOLDER [--python=PYTHON] [--each]` times features beside librosa's.
--
-- CPU milliseconds per minute of audio on one thread: the median of the rounds, on samples already decoded (the line
-- "file to table" decodes too). With --python (one that has librosa; torchaudio is timed where it is there) the peers
-- describe the same files in the same run. $LUMIR_SIMD=v3 measures another processor level.

local ffi = require 'ffi'
local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data, feature = lumir.audio, lumir.data, lumir.feature

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir bench features FOLDER [--rate=16000] [--rounds=5] [--files=10] [--python=PYTHON] [--each]',
  words = 2,
  flags = { rate = 16000, rounds = 5, files = 10, python = '', each = false },
})
if words[1] ~= 'features' then lumir.usage(("bench: '%s' is no benchmark; there is: features"):format(words[1])) end

ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } lumir_timespec;
  int clock_gettime(int clock, lumir_timespec *now);
  int setenv(const char *name, const char *value, int overwrite);
]]

--- Seconds on the wall.
local function wall()
  local now = ffi.new 'lumir_timespec'
  ffi.C.clock_gettime(1, now)
  return tonumber(now.seconds) + tonumber(now.nanoseconds) * 1e-9
end

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

-- What is measured, under the names that tests/bench/librosa_features.py prints.
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

--- The median of the rounds of body(), in CPU ms per minute; the first round warms caches and tables up.
local function median_of_rounds(rounds, minutes, body)
  local times = {}
  for round = 0, rounds do
    local started = os.clock()
    body()
    if round > 0 then times[round] = (os.clock() - started) * 1000 / minutes end
  end
  table.sort(times)
  return times[math.ceil(#times / 2)]
end

--- Wall seconds of describing the whole folder, from files, with so many threads; nothing is taken from a cache.
local function describe_all(files, threads, statistics)
  lumir.threads(threads)
  local chain = lumir.chain { audio.load { rate = flags.rate, mono = true }, set_of('none', statistics) }
  local started = wall()
  files:map(chain):table()
  return wall() - started
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

local function show_peers(list, ours)
  local script = core.root() .. '/tests/bench/librosa_features.py'
  -- waiting threads of BLAS and OpenMP spin, and would count as work
  local one_thread = 'OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1'
  local how = flags.each and 'each' or ''
  local command = ('%s %s %s %s %d %s'):format(one_thread, flags.python, script, list, flags.rate, how)
  local pipe = io.popen(command)
  for line in pipe:lines() do
    local name, against, number = line:match '^(.-)\t(.-)\t([%d.]+)$'
    if not name then
      print(line)
    elseif ours[against] then
      number = tonumber(number)
      print(('%-46s %9.2f   %.1f times lumir'):format(name, number, number / ours[against]))
    end
  end
  pipe:close()
end

local function features(folder)
  local files = data.folder(folder, { layout = '{artist}/{album}/{track}', label = 'artist' })
  local paths, clips, minutes = {}, {}, 0
  for i, path in ipairs(files.path) do
    if i > flags.files then break end
    paths[i] = path
    clips[i] = audio.load(path, { rate = flags.rate, mono = true })
    minutes = minutes + clips[i].seconds / 60
  end
  lumir.threads(1)
  print(('%d files, %.2f minutes, %d Hz, level %s; CPU ms per minute of audio'):format(#clips, minutes, flags.rate,
    core.level()))
  local ours = {}
  for _, one in ipairs(measured) do
    local key, label, step = one[1], one[2], one[3]
    ours[key] = median_of_rounds(flags.rounds, minutes, function()
      for _, clip in ipairs(clips) do step(clip) end
    end)
    print(('lumir     %-36s %9.2f'):format(label, ours[key]))
  end
  local from_file = lumir.chain { audio.load { rate = flags.rate, mono = true }, set_of 'none' }
  ours.file = median_of_rounds(flags.rounds, minutes, function()
    for _, path in ipairs(paths) do from_file(path) end
  end)
  print(('lumir     %-36s %9.2f'):format('file to table', ours.file))
  two_threads(files)
  if flags.python == '' then return end
  local list = os.tmpname()
  core.write_file(list, table.concat(paths, '\n') .. '\n')
  show_peers(list, ours)
  os.remove(list)
end

features(words[2])
