-- What features make of samples far beyond full scale: numbers, or one line.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, feature, torch = lumir.audio, lumir.feature, lumir.torch

--- Whether all numbers of a value are finite.
local function finite(value)
  local kind = core.kind(value)
  if kind == 'Tensor' then
    local numbers = value:is_complex() and torch.view_as_real(value) or value
    return numbers:isfinite():all():item()
  elseif kind == 'Clip' then
    return finite(value.samples)
  elseif kind == 'Frames' then
    return finite(value.rows)
  elseif kind == 'Description' or kind == 'table' then
    for _, element in ipairs(kind == 'table' and value or value.values) do
      if not finite(element) then return false end
    end
  elseif kind == 'number' then
    return value == value and math.abs(value) < math.huge
  end
  return true
end

--- What features that take a clip make of one, by name; those that want more arguments are not among them.
local function all_of(clip)
  local made = {}
  for _, full in ipairs(core.names()) do
    local name = full:match '^feature%.([%w_]+)$'
    local good, value, second, third = pcall(name and feature[name] or error, clip)
    if name and not (good and core.kind(value) == 'Step') then
      made[#made + 1] = { name = name, good = good, values = { value, second, third } }
    end
  end
  return made
end

test('numbers that are worked out of samples as loud as is allowed are finite', function()
  lumir.seed(1)
  local impulse = torch.zeros(66150)
  impulse['20000'] = 9.9e9
  local seen = 0
  for _, clip in ipairs { audio.sine { seconds = 3 } * 9.9e9, audio.clip((torch.rand(66150) * 2 - 1) * 9.9e9),
                          audio.clip(impulse) } do
    for _, one in ipairs(all_of(clip)) do
      seen = seen + (one.good and 1 or 0)
      if one.good then expect(finite(one.values) or one.name):equals(true) end
    end
  end
  expect(seen):above(90)
end)

test('louder samples than that are refused by their place, but by transforms whose numbers stay finite', function()
  for _, one in ipairs(all_of(audio.sine { seconds = 3 } * 1e30)) do
    if one.good then expect(finite(one.values) or one.name):equals(true) end
    local text = tostring(one.values[1])
    local told = text:find 'takes' or text:find 'must be' or text:find 'needs' or text:find 'options'
      or text:find('features reach to 1e10, full scale is 1', 1, true)
    expect(one.good or told and true or text):equals(true)
  end
  expect(function() feature.harmony(audio.clip { 0, 1, 2e10 }) end)
    :raises 'harmony: the clip holds 2e+10, at sample 3; features reach to 1e10, full scale is 1'
end)
