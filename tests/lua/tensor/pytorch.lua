-- One call of each operator that takes or gives positions, and of some others, against PyTorch's own numbers.
local lumir = require 'lumir'
local torch = lumir.torch
local golden = require 'golden.tensor'

local names = {
  torch = torch,
  select = select,
  X = torch.tensor { { 3, 9, 1, 7 }, { 5, 4, 6, 2 }, { 8, 0.5, 2.5, 1.5 } },
  V = torch.tensor { 3, 9, 1, 7, 5 },
  C = torch.arange(1, 33):reshape(1, 2, 4, 4):sin(),
  W = torch.arange(1, 37):reshape(2, 2, 3, 3):cos(),
  I = torch.tensor { { 2, 1 }, { 4, 3 }, { 1, 1 } },
  K = torch.tensor { 1, 3, 2 },
}

--- Compares one case; the error names the call.
local function compare(code, expected)
  local call = assert(loadstring('return ' .. code))
  local results = { setfenv(call, names)() }
  for i, numbers in ipairs(expected) do
    local good, problem = pcall(function() expect(results[i]):near(numbers, { absolute = 1e-5, relative = 1e-4 }) end)
    if not good then error(('%s, result %d: %s'):format(code, i, tostring(problem)), 0) end
  end
end

test('operators give what PyTorch gives, with positions one higher', function()
  expect(#golden):equals(113)
  for _, case in ipairs(golden) do compare(case[1], case[2]) end
end)
