-- Where published weights and recordings lie that are test data only, beside this tree.

local core = require('lumir.native').core

local fixtures = {}

local folder = os.getenv 'LUMIR_FIXTURES' or core.root() .. '/../shared/fixtures'

--- The path of one; `missing` is called with a reason where it is not there.
function fixtures.path(name, missing)
  local path = folder .. '/' .. name
  local file = io.open(path)
  if not file then return missing('the fixture ' .. name .. ' is not there') end
  file:close()
  return path
end

return fixtures
