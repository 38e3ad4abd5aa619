local lumir = require 'lumir'
local learn = lumir.learn

test('two rows have the plane midway between them', function()
  local svc = learn.SVC { kernel = 'linear' }:fit({ { -1 }, { 1 } }, { 'left', 'right' })
  expect(svc:scores { { 1 }, { 0 }, { -3 } }):near({ { -1, 1 }, { 0, 0 }, { 3, -3 } }, { absolute = 1e-9 })
  expect(svc.support_vectors):near { { -1 }, { 1 } }
  expect(svc.dual_coef):near { { 0.5, -0.5 } }
end)

test('a curved kernel separates what no plane can', function()
  local corners, parity = { { 0, 0 }, { 1, 1 }, { 0, 1 }, { 1, 0 } }, { 'even', 'even', 'odd', 'odd' }
  expect(learn.SVC { C = 100, gamma = 2 }:fit(corners, parity):predict(corners)):equals(parity)
  expect(learn.SVC { C = 100, kernel = 'poly', degree = 2, coef0 = 1 }:fit(corners, parity):predict(corners))
    :equals(parity)
end)

test('one class is not enough', function()
  expect(function() learn.SVC():fit({ { 1 }, { 2 } }, { 'singer_01', 'singer_01' }) end)
    :raises "SVC: needs at least two classes, got one ('singer_01')"
end)
