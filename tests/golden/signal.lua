-- The signal of the feature goldens, made by the same arithmetic as in golden/feature/make.py: three tones that come and
-- go, a decaying click every half second, and noise from a linear congruential generator. 3 s at 22,050 Hz.

local rate, seconds = 22050, 3
local samples, state = {}, 12345

for i = 0, rate * seconds - 1 do
  local t = i / rate
  state = (state * 1103515245ULL + 12345ULL) % 2147483648ULL
  local noise = tonumber(state) / 2147483648 - 0.5
  local beat = t % 0.5
  samples[i + 1] = 0.3 * math.sin(2 * math.pi * 220 * t) * (0.6 + 0.4 * math.sin(2 * math.pi * 0.7 * t))
    + 0.2 * math.sin(2 * math.pi * 523.25 * t)
    + 0.1 * math.sin(2 * math.pi * 1760 * t) * t / seconds
    + 0.5 * math.exp(-60 * beat) * math.sin(2 * math.pi * 3000 * beat)
    + 0.05 * noise
end

return samples
