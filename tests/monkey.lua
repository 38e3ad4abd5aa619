-- A monkey at the keyboard: every public function, method, field and step, called with whatever comes to hand.
--
-- What it may not find: a crash, a call that never ends, a message that is not Lumir's own. The same seed gives the
-- same calls, each of which is written to `log` before it is made, so that the last line is the one that crashed.

local lumir = require 'lumir'
local core = require('lumir.native').core

local monkey = {}

--- What plays or records in real time, makes a corpus of hours, reads the command line or changes threads.
local kept_away = {
  ['audio.play'] = true, ['audio.record'] = true, ['data.sample'] = true, ['Sample.path'] = true,
  ['lumir.options'] = true, ['lumir.threads'] = true, ['lumir.help'] = true,
  ['prompt.shell'] = true, ['prompt.run'] = true, ['prompt.save_session'] = true,
}

--- What goes on for as long as it is told: where its options stand, and the most that they say here.
local longest = {
  ['nn.fit'] = { place = 3, most = { epochs = 1 } }, ['nn.find_rate'] = { place = 3, most = { num_training = 3 } },
}
for _, name in ipairs { 'sine', 'chirp', 'silence', 'clicks' } do
  longest['audio.' .. name] = { place = 1, most = { seconds = 2 } }
end

local numbers = {
  -2 ^ 31, -1e300, -3, -1, -0.5, 0, 1e-300, 0.25, 0.5, 1, 2, 3, 4, 5, 8, 13, 64, 512, 2048, 8000, 22050, 2 ^ 31, 2 ^ 53,
  1e300, 0 / 0, 1 / 0, -1 / 0,
}
local words = { '', 'a', 'mean', 'none', 'auto', 'album', 'abba', 'float32', '\0', 'é', '\255\254',
  ('long '):rep(2000) }

--- Numbers from 0 to below 1, the same for a seed on every machine.
local function generator(seed)
  local state = seed * 2 + 1
  return function()
    for _ = 1, 2 do state = (state * 69069 + 12345) % 2 ^ 32 end
    return state / 2 ^ 32
  end
end

--- Networks and what trains them, by the name of their types.
local function networks(rows)
  local nn, optim, augment = lumir.nn, lumir.optim, lumir.augment
  local Written = nn.Module 'Written'
  function Written:init(width) self.linear, self.by = nn.Linear(2, width), nn.Parameter(lumir.torch.ones(width)) end
  function Written:forward(x) return self.linear(x) * self.by end
  local net = nn.Sequential { nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2) }
  local adam = optim.Adam(net, { lr = 0.1 })
  return {
    Module = { net, Written(2), nn.LazyLinear(2), nn.LSTM(2, 3), nn.Conv1d(2, 3, 3), nn.BatchNorm1d(2),
      nn.CrossEntropyLoss(), nn.MSELoss(), nn.ModuleList { nn.Tanh() }, nn.TransformerEncoderLayer(2, 1) },
    Optimizer = { adam, optim.SGD { lr = 0.1 } },
    Scheduler = { optim.StepLR(adam, { step_size = 1 }), optim.ReduceLROnPlateau(adam), optim.LinearLR() },
    BatchEffect = { augment.Mixup(), augment.SpecAugment() },
    Best = { nn.Best(net, { mode = 'min' }) }, Curve = { lumir.report.Curve() }, Mean = { lumir.evaluate.Mean() },
    Batches = { rows:batches { batch_size = 2 } }, Epochs = { nn.epochs(3, { net, adam }) },
  }
end

--- One of each thing that Lumir makes, by the name of its type.
local function things(place)
  local audio, data, feature, learn, torch = lumir.audio, lumir.data, lumir.feature, lumir.learn, lumir.torch
  local set = feature.set { feature.rms(), feature.mfcc { n_mfcc = 2 } }
  local describe = lumir.chain { audio.load(), set, feature.summary { 'mean', 'std' } }
  for i, album in ipairs { 'abba/first', 'abba/second', 'queen/first', 'queen/second' } do
    local song = audio.sine { frequency = 200 + 50 * i, seconds = 1, rate = 8000 }
    song:write(('%s/corpus/%s/01.wav'):format(place, album))
  end
  local songs = data.artist20(place .. '/corpus'):map(describe)
  local clip = audio.sine { frequency = 440, seconds = 1, rate = 8000 }
  local frames = set(clip)
  local rows = songs:table()
  local fitted = learn.KNeighbors { n_neighbors = 1 }:fit(rows)
  local results = lumir.evaluate.compare({ near = fitted }, rows)
  local things_of = {
    Clip = { clip, audio.clip {}, audio.silence { seconds = 0.1 }, audio.clip { 1e300, -1e300, 0 / 0, 1 / 0 },
      clip * 1e30,
      audio.clip(torch.zeros(2, 4)) },
    Tensor = { torch.zeros(0), torch.zeros(0, 3), torch.ones(2, 3), torch.tensor(5), torch.zeros(1):expand(2 ^ 33),
      torch.zeros(1000, 100), torch.tensor { 0 / 0, 1 / 0 }, torch.ones(3, { dtype = 'int64' }),
      torch.ones(2, { requires_grad = true }), torch.ones(2, 2, { dtype = 'complex64' }) },
    Step = { feature.mfcc(), audio.load(), describe, lumir.augment.gain(), feature.summary { 'mean' } },
    Frames = { frames }, Description = { describe(place .. '/corpus/abba/first/01.wav') },
    Dataset = { songs, data.artist20(place .. '/corpus') }, Table = { rows },
    Estimator = { learn.SVC(), learn.PCA(), learn.RandomForest { n_estimators = 3 }, fitted,
      learn.Pipeline { learn.StandardScaler(), learn.SVC() },
      learn.GridSearch(learn.SVC(), { C = { 1, 10 } }, { folds = 2 }) },
    Results = { results }, Figure = { lumir.report.comparison(results) },
  }
  for kind, held in pairs(networks(rows)) do things_of[kind] = held end    -- order does not matter: types differ
  return things_of
end

--- Arguments of a call that takes no longer than `limit` says.
local function short(limit, ...)
  local place = limit.place
  local given, count = { ... }, math.max(select('#', ...), place)
  local options = {}
  for name, value in pairs(type(given[place]) == 'table' and given[place] or {}) do options[name] = value end
  for name, value in pairs(limit.most) do
    if options[name] == nil or type(options[name]) == 'number' and options[name] > value then options[name] = value end
  end
  if given[place] == nil or type(given[place]) == 'table' then given[place] = options end
  return unpack(given, 1, count)
end

--- Everything that is called, as { name, parameters, call }: functions and steps of modules, members of types.
local function targets(of_type)
  local found, is_type = {}, {}
  for _, name in ipairs(core.types()) do is_type[name] = true end
  local function add(name, call)
    if not kept_away[name] then
      found[#found + 1] = { name = name, parameters = core.words(name).parameters, call = call }
    end
  end
  for _, name in ipairs(core.names()) do
    local file, owner, part = core.words(name).file, name:match '^(.*)%.([^.]+)$'
    local ours = file:find '^engine/' or file:find '^lua/'
    if ours and is_type[owner] and of_type[owner] then
      add(name, function(draw, ...)
        local object = draw(of_type[owner])
        if part == '__call' then return object(...) end
        if part == '__len' then return #object end
        if part == '__add' then return object + (...) end
        if part == '__mul' then return object * (...) end
        if part == '__index' then return object[(...)] end
        if part == '__newindex' then
          if (...) ~= nil then object[(...)] = select(2, ...) end
          return
        end
        if part:find '^__' then return end
        local member = object[part]
        if type(member) == 'function' then return member(object, ...) end
      end)
    elseif ours and not is_type[owner] and rawget(lumir, owner) and not name:find '^lumir%.' then
      if part == '__call' then
        add(name, function(_, ...) return lumir[owner](...) end)
      else
        local limit = longest[name]
        add(name, function(_, ...)
          if limit then return lumir[owner][part](short(limit, ...)) end
          return lumir[owner][part](...)
        end)
      end
    end
  end
  for _, name in ipairs(lumir.torch.names()) do
    if not core.described('torch.' .. name) then
      found[#found + 1] = { name = 'torch.' .. name, parameters = {}, operator = true,
        call = function(_, ...) return lumir.torch[name](...) end }
    end
  end
  return found
end

--- The text of a value as it would be typed.
local function typed(value, depth)
  if type(value) == 'string' then return ('%q'):format(#value > 40 and value:sub(1, 40) .. '...' or value) end
  if type(value) ~= 'table' then return (tostring(value):match '^[^\n]*') end
  local parts = {}
  for key, part in pairs(value) do                        -- order does not matter: it is only read by people
    parts[#parts + 1] = ('[%s] = %s'):format(typed(key, depth + 1), depth > 3 and '...' or typed(part, depth + 1))
  end
  return ('{ %s }'):format(table.concat(parts, ', ', 1, math.min(#parts, 8)))
end

--- What is wrong with a message: nil for one line that begins with whose it is and holds nothing of the machinery.
local function fault_of(problem, operator)
  if type(problem) == 'table' and type(problem.message) == 'string' then problem = problem.message end
  if type(problem) ~= 'string' then return 'no text' end
  if problem:find '\n' then return 'more than one line' end
  local own = problem:gsub('^[^:]*:%d+: ', '')
  for _, foreign in ipairs { 'std::', 'bad_', 'basic_string', 'vector', 'c10', '%.cpp', '%.h:', 'INTERNAL', '0x%x%x%x',
    'attempt to', 'stack overflow', 'lua/', 'map::at', 'bad argument' } do
    if own:find(foreign) and not (operator and foreign == 'vector') then return 'speaks of ' .. foreign end
  end
  if not own:find '^[%w_./\\\'"\128-\255-]' then return 'does not say whose it is' end
end

--- monkey.run { seed, calls, place, log }: makes calls, gives the list of what was wrong with them.
function monkey.run(options)
  local random = generator(options.seed)
  local function draw(list) return list[1 + math.floor(random() * #list)] end
  local of_type = things(options.place)
  local kinds = {}
  for kind in pairs(of_type) do kinds[#kinds + 1] = kind end
  table.sort(kinds)

  local anything
  local made = { of_type.Clip[1] }                        -- what calls gave, for those that follow
  local function list_of(make)
    local list = {}
    for i = 1, math.floor(random() * 5) do list[i] = make() end
    if random() < 0.1 then list[#list + 2] = make() end    -- behind a hole
    return list
  end
  local function deep()
    local inner = {}
    for _ = 1, draw { 3, 300, 20000 } do inner = { inner } end
    return inner
  end
  function anything(depth)
    local kind = random()
    if kind < 0.3 then return draw(numbers) end
    if kind < 0.4 then return draw(words) end
    if kind < 0.6 then return draw(of_type[draw(kinds)]) end
    if kind < 0.7 then return draw(made) end
    if kind < 0.75 then return random() < 0.5 end
    if kind < 0.8 or depth > 2 then return nil end
    if kind < 0.82 then return function() return 1 end end
    if kind < 0.83 then return deep() end
    if kind < 0.9 then return { [draw(words)] = anything(depth + 1) } end
    return list_of(function() return anything(depth + 1) end)
  end
  --- Most often what the parameter asks for, so that calls come further than the first check.
  local function fitting(parameter)
    local type = parameter.type
    if random() < 0.15 then return anything(0) end
    if #parameter.choices > 0 then return draw(parameter.choices) end
    if of_type[type] then return draw(of_type[type]) end
    if type == 'number' or type == 'integer' then return draw(numbers) end
    if type == 'boolean' then return random() < 0.5 end
    if type == 'function' then return function() return 1 end end
    if type == 'table' then
      return draw { of_type.Table[1], of_type.Dataset[1], { x = { { 1 }, { 2 } }, y = { 'a', 'b' } } }
    end
    if type == 'text' then
      return draw { options.place .. '/corpus/abba/first/01.wav', options.place .. '/made.wav', draw(words) }
    end
    if type:find '^list' then
      return list_of(function() return type:find 'text' and draw(words) or draw(numbers) end)
    end
    for kind, held in pairs(of_type) do
      if type:find(kind, 1, true) then return draw(held) end
    end
    return anything(0)
  end
  local function arguments(parameters)
    local given, named, count = {}, nil, 0
    for _, parameter in ipairs(parameters) do
      if parameter.positional and random() < 0.9 then
        count = count + 1
        given[count] = fitting(parameter)
      elseif not parameter.positional and random() < 0.25 then
        named = named or {}
        named[parameter.name] = fitting(parameter)
      end
    end
    if #parameters == 0 or random() < 0.1 then
      for _ = 1, math.floor(random() * 4) do
        count = count + 1
        given[count] = anything(0)
      end
    end
    if named then
      count = count + 1
      given[count] = named
      if random() < 0.5 then return { named }, 1 end
      if random() < 0.5 then return { draw(of_type.Clip), named }, 2 end
    end
    return given, count
  end

  local all, faults = targets(of_type), {}
  local own = {}
  for _, target in ipairs(all) do
    if not target.operator then own[#own + 1] = target end
  end
  for number = 1, options.calls do
    local target = draw(random() < 0.8 and own or all)
    local given, count = arguments(target.parameters)
    local line = {}
    for i = 1, count do line[i] = typed(given[i], 1) end
    line = ('%d: %s(%s)'):format(number, target.name, table.concat(line, ', '))
    if options.log then
      options.log:write(line, '\n')
      options.log:flush()
    end
    local good, result = pcall(function()
      local result = target.call(draw, unpack(given, 1, count))
      if result ~= nil then tostring(result) end
      return result
    end)
    if good and type(result) == 'userdata' then made[math.min(#made + 1, 1 + math.floor(random() * 40))] = result end
    local fault = not good and fault_of(result, target.operator)
    if fault then
      faults[#faults + 1] = ('%s: %s (%s)'):format(line, tostring(result), fault)
      if options.log then options.log:write('  fault: ', faults[#faults], '\n') end
    end
  end
  return faults
end

return monkey
