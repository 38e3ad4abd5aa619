-- Measures: `lumir bench features FOLDER [--python=PYTHON] [--each]` times features beside librosa's;
-- `lumir bench data FOLDER [--files=20000]` describes that many recordings of one second, which it makes in the folder.
--
-- CPU milliseconds per minute of audio on one thread: the median of the rounds, on samples already decoded (the line
-- "file to table" decodes too). With --python (one that has librosa; torchaudio is timed where it is there) the peers
-- describe the same files in the same run. $LUMIR_SIMD=v3 measures another processor level.

local ffi = require 'ffi'
local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data, feature = lumir.audio, lumir.data, lumir.feature

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir bench features FOLDER [--rate=16000] [--rounds=5] [--files=10] [--python=PYTHON] [--each]; '
    .. 'lumir bench data FOLDER [--files=20000]',
  words = 2,
  flags = { rate = 16000, rounds = 5, files = 0, python = '', each = false },
})
if words[1] ~= 'features' and words[1] ~= 'data' then
  lumir.usage(("bench: '%s' is no benchmark; there are: features, data"):format(words[1]))
end
if flags.files == 0 then flags.files = words[1] == 'data' and 20000 or 10 end

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
  local before, walled, computed = memory 'VmRSS', wall(), os.clock()
  local described = recordings:table()
  walled, computed = wall() - walled, os.clock() - computed
  print(('%s: %d rows of %d columns, %.2f s on the wall, %.2f s of CPU, %.1f kB of memory more for each row'):format(what,
    #described, #described.columns, walled, computed, (memory 'VmHWM' - before) / #described / 1e3))
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

local benchmarks = { features = features, data = seconds }
benchmarks[words[1]](words[2])
