-- x:map, x:each and loops over x:data(): what they give, and that LuaJIT compiles them.

local lumir = require 'lumir'
local util = require 'jit.util'
local torch = lumir.torch

--- Runs a function and answers how many loops were compiled, what they end in, and the aborts, meanwhile.
local function compiled(body)
  local loops, ends, aborts = 0, {}, {}
  local function note(what, trace, _, _, code, reason)
    if what == 'stop' then
      local kind = util.traceinfo(trace).linktype
      ends[#ends + 1] = kind
      if kind == 'loop' then loops = loops + 1 end
    elseif what == 'abort' then
      aborts[#aborts + 1] = ('%s %s'):format(tostring(code), tostring(reason))
    end
  end
  jit.flush()
  jit.attach(note, 'trace')
  local good, problem = pcall(body)
  jit.attach(note)
  if not good then error(problem, 0) end
  return loops, table.concat(ends, ' '), table.concat(aborts, ', ')
end

local function expect_compiled(body)
  local loops, ends, aborts = compiled(body)
  expect(aborts):equals ''
  expect(loops):above(0)
  for _, word in ipairs { 'stitch', 'interpreter', 'none' } do
    if ends:find(word) then error('a trace ends in ' .. word, 2) end
  end
end

test('map makes a tensor of the same shape and type, each knows positions', function()
  local x = torch.tensor { { 1, -2 }, { 3, -4 } }
  local y = x:map(function(v, i) return v > 0 and v * 10 or i end)
  expect(y):equals { { 10, 2 }, { 30, 4 } }
  expect(y.dtype):equals 'float32'
  expect(x:t():map(function(_, i) return i end)):equals { { 1, 2 }, { 3, 4 } }
  local seen = {}
  x:t():each(function(v, i) seen[i] = v end)
  expect(seen):equals { 1, 3, -2, -4 }
  expect(torch.tensor({ 2 ^ 40, 3 }, { dtype = 'int64' }):map(function(v) return v / 2 end)):equals { 2 ^ 39, 1 }
  expect(torch.tensor({ true, false }):map(function(v) return not v end):tolist()):equals { false, true }
  expect(torch.zeros(0):map(function(v) return v end).shape):equals { 0 }
end)

test('what the function must not give is named with its position', function()
  local x = torch.ones(3)
  expect(function() x:map(function(v, i) if i < 3 then return v end end) end)
    :raises 'map: the function must give a number, got nil at position 3'
  expect(function() x:map(function() return 'a' end) end)
    :raises "map: the function must give a number, got 'a' at position 1"
  expect(function() x:map(3) end):raises "map: 'fn' must be a function, got number"
  expect(function() x:each() end):raises "each: 'fn' must be a function, got nil"
end)

test('map is compiled with the function that it calls, for every type', function()
  for _, dtype in ipairs { 'float32', 'float64', 'int64', 'int32', 'uint8' } do
    local x = torch.ones(20000, { dtype = dtype })
    expect_compiled(function() x:map(function(v) return v * 2 end) end)
  end
  local x = torch.ones(20000)
  expect_compiled(function() x:map(function(v) return math.sin(v) + math.exp(-v) end) end)
  expect_compiled(function() x:map(function(v, i) if i % 3 == 0 then return -v end return v end) end)
end)

test('each is compiled, with what it adds up', function()
  local x, sum = torch.ones(20000), 0
  expect_compiled(function() x:each(function(v) sum = sum + v end) end)
  expect(sum):equals(20000)
end)

test('a function has a loop of its own, however many there were before', function()
  local x = torch.ones(2000)
  for k = 1, 150 do x:map(loadstring('return function(v) return v + ' .. k .. ' end')()) end
  expect_compiled(function() x:map(function(v) return v + 151 end) end)
  local made_anew = {}
  for k = 1, 3 do made_anew[k] = x:map(function(v) return v + k end)[1]:item() end
  expect(made_anew):equals { 2, 3, 4 }
end)

test('loops over a pointer are compiled', function()
  local x = torch.ones(20000)
  local numbers, sum = x:data(), 0
  expect_compiled(function()
    for i = 0, 19999 do sum = sum + numbers[i] end
  end)
  expect(sum):equals(20000)
  local whole = torch.ones(20000, { dtype = 'int64' }):data()
  expect_compiled(function()
    for i = 0, 19999 do whole[i] = whole[i] * 3 end
  end)
  expect(tonumber(whole[19999])):equals(3)
end)
