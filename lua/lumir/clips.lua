-- report.clips: what a few recordings sound like, to the eye.

local native = require 'lumir.native'
local core = native.core
local audio, feature, report = native.audio, native.feature, native.report

local read = native.lumir.doc {
  name = 'report.clips',
  summary = 'A few recordings in four ways, in the order of their names: their waveforms, their spectrograms, the mel '
    .. 'filters, and what these make of the spectrograms. Each recording is called by its label, or by its id where it '
    .. 'has none.',
  returns = 'a list of four Figures',
  example = "report.clips(songs:draw { n = 1, per = 'artist' }, { rate = 16000, seconds = 1 })",
  source = "Lumir's own",
  parameters = {
    { name = 'songs', type = 'Dataset', text = 'at most 24 recordings, such as one of each genre' },
    { name = 'rate', type = 'integer', default = 22050, least = 1000, most = 384000, unit = 'Hz',
      text = 'that they are looked at with' },
    { name = 'seconds', type = 'number', default = 10, above = 0, most = 600, unit = 's',
      text = 'of each, from its beginning' },
    { name = 'n_mels', type = 'integer', default = 40, least = 1, most = 512, text = 'mel filters' },
  },
}

local most = 24                                   -- panels of a slide

function report.clips(songs, given)
  local how = read(songs, given)
  if #songs > most then
    core.refuse(('clips: %d recordings, at most %d have room; songs:draw { n = 1, per = ... } takes fewer'):format(
      #songs, most))
  end
  local names, order = #songs.labels > 0 and songs.labels or songs.id, {}
  for row = 1, #songs do order[row] = row end
  table.sort(order, function(a, b) return names[a] < names[b] or names[a] == names[b] and a < b end)
  local waves, spectra, mels = {}, {}, {}
  for i, row in ipairs(order) do
    local clip = audio.load(songs.path[row], { rate = how.rate, mono = true, duration = how.seconds })
    local function picture(power, scale)
      return report.matrix(feature.power_to_db(power, { top_db = 80 }),
        { title = names[row], unit = 'dB', frame_rate = how.rate / 512, fmax = how.rate / 2, scale = scale })
    end
    waves[i] = report.waveform(clip, { title = names[row] })
    spectra[i] = picture(feature.spectrogram(clip, { power = 2 }), 'linear')
    mels[i] = picture(feature.melspectrogram(clip, { n_mels = how.n_mels }), 'mel')
  end
  local filters = feature.mel_filters { n_mels = how.n_mels, rate = how.rate }
  return {
    report.panels(waves, { title = 'Waveforms' }),
    report.panels(spectra, { title = 'Spectrograms' }),
    report.matrix(filters, { title = 'Mel filters', x = 'bin', y = 'band' }),
    report.panels(mels, { title = 'Mel spectrograms' }),
  }
end
