-- What specs are written with: test, expect, skip, shell. Loaded before each spec file; `wanted` is the test to run.

local wanted = ...

local expectation = {}
expectation.__index = expectation

local function shown(value)
  if type(value) == 'string' then return ("'%s'"):format(value) end
  return tostring(value)
end

local function same(a, b)
  if type(a) ~= 'table' or type(b) ~= 'table' then return a == b end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

--- Numbers, and nested lists of them, within absolute plus relative difference.
local function near(a, b, absolute, relative)
  if type(b) == 'table' then
    if type(a) ~= 'table' or #a ~= #b then return false, 'another length' end
    for i = 1, #b do
      local good, why = near(a[i], b[i], absolute, relative)
      if not good then
        return false, ('at %d: %s'):format(i, why or ('%s against %s'):format(shown(a[i]), shown(b[i])))
      end
    end
    return true
  end
  return type(a) == 'number' and math.abs(a - b) <= absolute + relative * math.abs(b)
end

--- Tensors become nested lists, or a number.
local function plain(value)
  if type(value) == 'userdata' then return value:tolist() end
  return value
end

--- A tensor equals the list or the number that it holds; two objects are equal as Lua says.
function expectation:equals(other)
  local value = type(other) == 'userdata' and self.value or plain(self.value)
  if not same(value, other) then error(('expected %s, got %s'):format(shown(other), shown(self.value)), 2) end
end

function expectation:near(other, tolerance)
  tolerance = tolerance or {}
  local absolute, relative = tolerance.absolute or 0, tolerance.relative or (tolerance.absolute and 0 or 1e-6)
  local good, why = near(plain(self.value), plain(other), absolute, relative)
  if not good then error(('expected near %s, got %s %s'):format(shown(other), shown(self.value), why or ''), 2) end
end

function expectation:is_true()
  if self.value ~= true then error(('expected true, got %s'):format(shown(self.value)), 2) end
end

function expectation:above(limit)
  if not (plain(self.value) > limit) then
    error(('expected above %s, got %s'):format(shown(limit), shown(self.value)), 2)
  end
end

function expectation:below(limit)
  if not (plain(self.value) < limit) then
    error(('expected below %s, got %s'):format(shown(limit), shown(self.value)), 2)
  end
end

--- Text holds this plain text.
function expectation:contains(text)
  if not tostring(self.value):find(text, 1, true) then
    error(('expected to find %s in %s'):format(shown(text), shown(tostring(self.value))), 2)
  end
end

--- The function fails with exactly this message (its place in the file aside).
function expectation:raises(message)
  local good, problem = pcall(self.value)
  if good then error(('expected the error %s, got none'):format(shown(message)), 2) end
  if type(problem) == 'table' then problem = problem.message end
  local text = tostring(problem):gsub('^[^:]*%.lua:%d+: ', '')
  if text ~= message then error(('expected the error\n  %s\ngot\n  %s'):format(message, text), 2) end
end

rawset(_G, 'expect', function(value) return setmetatable({ value = value }, expectation) end)

rawset(_G, 'skip', function(reason) error({ status = 77, message = reason }, 0) end)

--- Runs a line of the shell: what it wrote on stdout and stderr together, and its exit status.
rawset(_G, 'shell', function(line)
  local pipe = io.popen(line .. ' 2>&1; echo " status $?"')
  local text = pipe:read '*a'
  pipe:close()
  local output, status = text:match '^(.*) status (%d+)%s*$'
  return output, tonumber(status)
end)

rawset(_G, 'test', function(name, body)
  if name == wanted then body() end
end)
