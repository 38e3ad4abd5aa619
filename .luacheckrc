-- What luacheck goes by; scripts/lint runs it over every Lua file.
std = 'luajit'
max_line_length = 120  -- as in .clang-format
-- numbers of other programs stand as they were written
files['tests/golden'] = { max_line_length = false }
-- what tests/lua/expect.lua gives every spec
files['tests/lua'] = { read_globals = { 'test', 'expect', 'skip', 'shell' } }
files['tests/recipe_folder.lua'] = files['tests/lua']
files['tests/lua/core/lumir.lua'] = { ignore = { '113/undefined_name', '111/accident' } }  -- that these fail is the test
files['tests/lua/expect.lua'] = { ignore = { '581' } }  -- not (x > y) holds for NaN too
