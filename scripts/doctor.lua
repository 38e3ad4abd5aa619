-- Looks over the installation: lumir doctor says what is there, how fast this processor may go, and what is wrong.
--
-- Status 1 where something keeps Lumir from working; what is only missing (a GPU, say) is no fault.

local lumir = require 'lumir'
local core = require('lumir.native').core

require('lumir.arguments').read({ ... }, { usage = 'lumir doctor', words = 0 })

local faults = 0

local function line(what, text) io.write(core.for_terminal(('%-12s  %s\n'):format(what, text))) end

local function fault(what, text)
  faults = faults + 1
  line(what, 'WRONG: ' .. text)
end

local function first_line(path)
  local file = io.open(path)
  local text = file and file:read '*l'
  if file then file:close() end
  return text
end

--- Whether a file can be made in a folder.
local function writable(folder)
  return pcall(core.write_file, folder .. '/.lumir-doctor', '') and os.remove(folder .. '/.lumir-doctor')
end

local machine = core.machine()
line('Lumir', core.version() .. ', ' .. jit.version)
line('processor', ('%s, %s threads, kernels for level %s'):format(machine.processor, machine.threads, core.level()))

local opened, problem = pcall(function()
  return (lumir.torch.ones(2, 2):sum():item())
end)
if opened then
  line('LibTorch', machine.libtorch)
else
  fault('LibTorch', tostring(problem) .. '; scripts/setup fetches it')
end

local gpu = core.gpu_problem()
line('GPU', gpu == '' and first_line '/proc/driver/nvidia/version' or gpu .. '; networks train on the processor')
line('FFmpeg', machine.FFmpeg)

local tone = lumir.audio.sine { frequency = 440, seconds = 0.5, rate = 8000 }
local place = os.tmpname()
os.remove(place)
for _, kind in ipairs { 'wav', 'mp3', 'flac', 'ogg' } do
  local path = place .. '.' .. kind
  local good, why = pcall(function()
    tone:write(path)
    return lumir.audio.load(path)
  end)
  if not good then fault('audio', ('%s cannot be written and read: %s'):format(kind, tostring(why))) end
  os.remove(path)
end

for _, way in ipairs { 'play', 'record' } do
  local there, names = pcall(core.sound_devices, way)
  local found = there and (#names > 0 and table.concat(names, ', ') or 'no device') or names:gsub('^%w+: ', '')
  line('to ' .. way, found)                                 -- none is no fault: machines that train have none
end

local cache = core.cache_folder()
if writable(cache) then
  line('cache', ('%s, %s'):format(cache, require('lumir.cache_sizes')(cache)))
else
  fault('cache', cache .. ' cannot be written: every feature is computed anew; $LUMIR_CACHE names another folder')
end
if not writable '.' then fault('here', 'this folder cannot be written: recipes have no place for runs/') end

line('', faults == 0 and 'all is well' or ('%d of this must be mended'):format(faults))
return faults == 0 and 0 or 1
