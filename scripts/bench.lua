-- Measures: `lumir bench features FOLDER [--python=PYTHON]` times the main recipe's features, beside librosa's.
--
-- CPU milliseconds per minute of audio, on samples already decoded, one thread, best and median of the rounds. With
-- --python (one that has librosa and soundfile) librosa describes the same files in the same run.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, data, feature = lumir.audio, lumir.data, lumir.feature

local words, flags = require('lumir.arguments').read({ ... }, {
  usage = 'lumir bench features FOLDER [--rate=16000] [--rounds=5] [--files=10] [--python=PYTHON]',
  words = 2,
  flags = { rate = 16000, rounds = 5, files = 10, python = '' },
})
if words[1] ~= 'features' then lumir.usage(("bench: '%s' is no benchmark; there is: features"):format(words[1])) end

local function describe()
  return lumir.chain {
    feature.set {
      feature.mfcc { n_mfcc = 20, delta = 2 },
      feature.melspectrogram { n_mels = 128, db = true },
      feature.spectral_centroid(), feature.spectral_bandwidth(), feature.spectral_rolloff(),
      feature.spectral_contrast { n_bands = 6 }, feature.chroma_stft(),
      feature.rms(), feature.zero_crossing_rate(), feature.onset_strength(), feature.tempo(),
    },
    feature.summary { 'mean', 'std', 'max', 'min' },
  }
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
  local chain, rounds = describe(), {}
  for round = 1, flags.rounds + 1 do
    local started = os.clock()
    for _, clip in ipairs(clips) do chain(clip) end
    rounds[round] = (os.clock() - started) * 1000 / minutes
  end
  table.remove(rounds, 1)                                 -- the first one warms caches and tables up
  table.sort(rounds)
  local ours = rounds[math.ceil(#rounds / 2)]
  print(('%d files, %.2f minutes, %d Hz; CPU ms per minute of audio'):format(#clips, minutes, flags.rate))
  print(('lumir     set and summary           %8.2f   (best %.2f)'):format(ours, rounds[1]))
  if flags.python == '' then return end
  local list = os.tmpname()
  core.write_file(list, table.concat(paths, '\n') .. '\n')
  local script = core.root() .. '/tests/bench/librosa_features.py'
  local pipe = io.popen(('%s %s %s %d'):format(flags.python, script, list, flags.rate))
  for line in pipe:lines() do
    local name, number = line:match '^(.-)\t([%d.]+)$'
    if name then
      print(('librosa   %-25s %8.2f   %.1f times lumir'):format(name, number, number / ours))
    else
      print(line)
    end
  end
  pipe:close()
  os.remove(list)
end

features(words[2])
