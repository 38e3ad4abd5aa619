-- Summaries: rows become named numbers.

local lumir = require 'lumir'
local audio, feature, torch = lumir.audio, lumir.feature, lumir.torch

local clip = audio.sine { frequency = 440, seconds = 1, rate = 22050 }

test('a summary has a number for each row and statistic, in their order', function()
  local numbers = torch.tensor { { 1, 2, 3, 6 }, { 5, 5, 5, 5 } }
  local summary = feature.summary(numbers, { statistics = { 'median', 'q25', 'var' } })
  expect(table.concat(summary.names, ' ')):equals
    'row_01_median row_01_q25 row_01_var row_02_median row_02_q25 row_02_var'
  expect(summary.values):near { 2.5, 1.75, 3.5, 5, 5, 0 }
end)

test('a summary over features takes all rows of each together', function()
  local describe = lumir.chain {
    feature.set { feature.chroma_stft { tuning = 0 }, feature.rms(), feature.tempo() },
    feature.summary { 'mean', 'var', over = 'feature' },
  }
  local got = describe(clip)
  expect(got.names):equals { 'chroma_stft_mean', 'chroma_stft_var', 'rms_mean', 'rms_var', 'tempo' }
  local chroma = feature.chroma_stft(clip, { tuning = 0 })
  expect(got.chroma_stft_mean):near(chroma:mean():item(), { relative = 1e-5 })
  expect(tostring(describe)):contains "summary { 'mean', 'var', over = 'feature' }"
end)

test('a summary of silence holds no NaN', function()
  local words = { 'mean', 'std', 'var', 'max', 'min', 'median', 'skew', 'kurtosis', 'q10' }
  local describe = lumir.chain { feature.set { feature.mfcc(), feature.rms() }, feature.summary { statistics = words } }
  for _, value in ipairs(describe(audio.silence { seconds = 1 }).values) do
    expect(value == value):is_true()
  end
end)

test('a summary names what it does not know', function()
  expect(function() feature.summary { 'mean', 'mean' } end):raises "summary: 'mean' is named twice"
  expect(function() feature.summary { 'q200' } end):raises(
    "summary: 'q200' is none of 'mean', 'std', 'var', 'max', 'min', 'median', 'skew', 'kurtosis', " ..
    "nor a quantile from 'q0' to 'q100'")
end)
