-- data.sample: a promise of a folder, kept when something asks for it.
local lumir = require 'lumir'
local data = lumir.data

local function scratch()
  local root = os.tmpname()
  os.remove(root)
  return root
end

test('a sample makes nothing until it is used, then reads as its corpus', function()
  local root = scratch()
  local sample = data.sample('artist20', { folder = root, artists = 2, albums = 2, songs = 1,
                                           shortest = 5, longest = 5, unlabelled = 0 })
  expect(tostring(sample)):equals "data.sample 'artist20'"
  expect(io.open(root .. '/SYNTHETIC')):equals(nil)
  local songs = data.artist20(sample)
  expect(io.open(root .. '/SYNTHETIC') ~= nil):equals(true)
  expect(tostring(songs):match '%d artists'):equals '2 artists'
  expect(sample.path):equals(root)
  os.execute("rm -r '" .. root .. "'")
end)

test('a wrong name or option of a sample is said at once', function()
  expect(function() data.sample 'artist21' end)
    :raises("sample: 'name' = 'artist21' is none of 'artist20', 'fma', 'fma_features', 'gtzan', 'gtzan_features', "
      .. "'tags' (did you mean 'artist20'?)")
  expect(function() data.sample('artist20', { artist = 4 }) end)
    :raises("sample: unknown option 'artist' (did you mean 'artists'?); "
      .. "its options are folder, shortest, longest, seed, artists, albums, songs, unlabelled")
  expect(function() data.sample('artist20', { artists = 1 }) end)
    :raises "sample: 'artists' = 1 is out of range (2 to 99)"
end)
