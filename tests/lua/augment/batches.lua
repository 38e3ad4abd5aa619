local lumir = require 'lumir'
local augment, torch = lumir.augment, lumir.torch

local function counted(...)
  local n = 1
  for _, side in ipairs { ... } do n = n * side end
  return torch.arange(1, n + 1):float():reshape { ... }
end

test('mixup mixes each example with its partner, and so the targets', function()
  local x, y = counted(3, 2), torch.tensor { 1, 3, 2 }
  local mixed, target, drawn = augment.Mixup { n_classes = 3 }(x, y, { drawn = { lambda = 0.75, order = { 2, 3, 1 } } })
  expect(mixed):near { { 1.5, 2.5 }, { 3.5, 4.5 }, { 4, 5 } }
  expect(target):near { { 0.75, 0, 0.25 }, { 0, 0.25, 0.75 }, { 0.25, 0.75, 0 } }
  expect(drawn):equals { lambda = 0.75, order = { 2, 3, 1 } }
  expect(x):near { { 1, 2 }, { 3, 4 }, { 5, 6 } }
end)

test('what was drawn can be done again', function()
  lumir.seed(3)
  local mixup = augment.Mixup { alpha = 1, n_classes = 5 }
  local x, y = torch.randn(8, 1, 4, 5), torch.tensor { 1, 2, 3, 4, 5, 1, 2, 3 }
  local mixed, target, drawn = mixup(x, y)
  local again, wanted = mixup(x, y, { drawn = drawn })
  expect(again:equal(mixed)):is_true()
  expect(wanted:equal(target)):is_true()
  expect(target:sum(2)):near { 1, 1, 1, 1, 1, 1, 1, 1 }
end)

test('calls differ, a seed begins again, an own seed stands for itself', function()
  local function draws(mixup, n)
    local all = {}
    for i = 1, n do
      local _, _, drawn = mixup(counted(4, 2), torch.tensor { 1, 2, 1, 2 })
      all[i] = drawn.lambda
    end
    return all
  end
  local mixup = augment.Mixup { alpha = 0.4, n_classes = 2 }
  lumir.seed(1)
  local first = draws(mixup, 3)
  expect(first[1] == first[2] or first[2] == first[3]):equals(false)
  lumir.seed(1)
  expect(draws(mixup, 3)):equals(first)
  lumir.seed(2)
  expect(draws(mixup, 3)[1] == first[1]):equals(false)
  local own = augment.Mixup { alpha = 0.4, n_classes = 2, seed = 1 }
  lumir.seed(2)
  expect(draws(own, 3)):equals(first)
end)

test('soft targets go on being mixed; an alpha of 0 changes nothing', function()
  local x, y = counted(2, 3, 4), torch.tensor { 1, 2 }
  local same, target = augment.Mixup { alpha = 0, n_classes = 2 }(x, y)
  expect(same:equal(x)):is_true()
  expect(target):near { { 1, 0 }, { 0, 1 } }
  local _, twice = augment.Mixup()(x, target, { drawn = { lambda = 0.5, order = { 2, 1 } } })
  expect(twice):near { { 0.5, 0.5 }, { 0.5, 0.5 } }
end)

test('CutMix puts a box of the partner, and its area into the target', function()
  local x, y = counted(2, 1, 2, 4), torch.tensor { 1, 2 }
  local cut = augment.CutMix { n_classes = 2 }
  local mixed, target = cut(x, y, { drawn = { order = { 2, 1 }, rows = { 1, 1 }, columns = { 2, 3 } } })
  expect(mixed):near { { { { 1, 10, 11, 4 }, { 5, 6, 7, 8 } } }, { { { 9, 2, 3, 12 }, { 13, 14, 15, 16 } } } }
  expect(target):near { { 0.75, 0.25 }, { 0.25, 0.75 } }
  for _ = 1, 20 do
    local _, some = cut(x, y)
    expect(some:sum(2)):near { 1, 1 }
  end
  expect(function() cut(counted(2, 4), y) end)
    :raises 'CutMix: takes a batch of [batch, ..., rows, columns], got [2, 4]'
end)

test('SpecAugment leaves targets as they are and bars of its own in each example', function()
  local x, y = counted(2, 1, 3, 4), torch.tensor { 1, 2 }
  local bars = augment.SpecAugment { value = 0 }
  local masked, target = bars(x, y, {
    drawn = { time = { { { 2, 3 } }, {} }, frequency = { { { 1, 1 } }, { { 3, 3 } } } },
  })
  expect(masked):near {
    { { { 0, 0, 0, 0 }, { 5, 0, 0, 8 }, { 9, 0, 0, 12 } } },
    { { { 13, 14, 15, 16 }, { 17, 18, 19, 20 }, { 0, 0, 0, 0 } } },
  }
  expect(target):equals { 1, 2 }
  expect(x[1]):near { { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 } } }
end)

test('SpecAugment knows time first, and fills with the mean or the least of the example', function()
  local x = counted(1, 4, 2)
  local drawn = { time = { { { 4, 4 } } }, frequency = { {} } }
  expect(augment.SpecAugment()(x, nil, { drawn = drawn })):near { { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 4.5, 4.5 } } }
  expect(augment.SpecAugment { value = 'min' }(x, nil, { drawn = drawn }))
    :near { { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 1, 1 } } }
  drawn = { time = { { { 2, 2 } } }, frequency = { {} } }
  expect(augment.SpecAugment { time_dim = 3, value = 0 }(x, nil, { drawn = drawn }))
    :near { { { 1, 0 }, { 3, 0 }, { 5, 0 }, { 7, 0 } } }
end)

test('bars are no wider than said, and lie within the true length', function()
  local bars = augment.SpecAugment { time = 5, frequency = 2, n_time = 3, n_frequency = 2, p = 0.5 }
  local x, lengths = torch.randn(4, 20, 6), torch.tensor({ 4, 20, 10, 7 }, { dtype = 'int64' })
  for _ = 1, 20 do
    local _, _, drawn, after = bars(x, nil, { lengths = lengths })
    expect(after:tolist()):equals { 4, 20, 10, 7 }
    for i = 1, 4 do
      for _, bar in ipairs(drawn.time[i]) do
        expect(bar[2] - bar[1] + 1):below(math.min(5, lengths[i]:item() / 2) + 1)
        expect(bar[2]):below(lengths[i]:item() + 1)
      end
      for _, bar in ipairs(drawn.frequency[i]) do expect(bar[2] - bar[1] + 1):below(3) end
    end
  end
end)

test('mixed sequences are as long as the longer one', function()
  local _, _, _, lengths = augment.Mixup()(counted(2, 5, 3), nil, {
    lengths = torch.tensor({ 2, 5 }, { dtype = 'int64' }), drawn = { lambda = 0.5, order = { 2, 1 } },
  })
  expect(lengths:tolist()):equals { 5, 5 }
end)

test('how many classes there are may be said with the batch', function()
  local _, target = augment.Mixup()(counted(2, 3), torch.tensor { 1, 2 }, { n_classes = 3 })
  expect(target.shape):equals { 2, 3 }
end)

test('what does not fit is said', function()
  local x = counted(2, 3)
  expect(function() augment.Mixup()(x, torch.tensor { 1, 2 }) end)
    :raises 'Mixup: how many classes there are is not known: Mixup { n_classes = ... }'
  expect(function() augment.Mixup { n_classes = 2 }(x, torch.tensor { 1, 3 }) end)
    :raises 'Mixup: a target is no class of 2: 3'
  expect(function() augment.Mixup { n_classes = 2 }(x, torch.tensor { 1, 2 }, { drawn = { order = { 1 } } }) end)
    :raises "Mixup: 'order' must be 2 positions of the batch"
  expect(function() augment.Mixup { n_classes = 2 }(x, torch.tensor { 0, 1 }) end)
    :raises "Mixup: 'y' holds a 0, which is no position; positions count from 1"
  expect(tostring(augment.Mixup { alpha = 0.4 })):equals 'Mixup { alpha = 0.4 }'
end)
