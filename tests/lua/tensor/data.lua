-- x:data(): elements as LuaJIT's ffi sees them.

local lumir = require 'lumir'
local torch = lumir.torch

test('a pointer reads and writes the tensor itself, row after row from 0', function()
  local x = torch.tensor { { 1, 2 }, { 3, 4 } }
  local numbers = x:data()
  expect(numbers[2]):equals(3)
  for i = 0, x:numel() - 1 do numbers[i] = numbers[i] * 10 end
  expect(x):equals { { 10, 20 }, { 30, 40 } }
end)

test('every type that C has is pointed to as itself', function()
  local ffi = require 'ffi'
  for dtype, name in pairs { float32 = 'float *', float64 = 'double *', int64 = 'int64_t *', int32 = 'int32_t *',
    int16 = 'int16_t *', int8 = 'int8_t *', uint8 = 'uint8_t *', bool = 'bool *' } do
    expect(ffi.istype(name, torch.ones(2, { dtype = dtype }):data())):is_true()
  end
  expect(tonumber(torch.tensor({ 7, 2 ^ 40 }, { dtype = 'int64' }):data()[1])):equals(2 ^ 40)
end)

test('a pointer keeps its tensor', function()
  local numbers = torch.full({ 1000 }, 5):data()
  for _ = 1, 3 do
    collectgarbage()
    local other = torch.zeros(1000)
    expect(other:data()[999]):equals(0)
  end
  expect(numbers[999]):equals(5)
end)

test('what has no such pointer is refused with what has', function()
  expect(function() torch.ones(2, 3):t():data() end)
    :raises 'data: the numbers do not lie in a row; :contiguous() copies them'
  expect(function() torch.ones(2):half():data() end):raises 'data: float16 is no type of C; :float() is'
end)
