-- Metrics that rank, weigh and correct for chance, and tests between two models: as scikit-learn, statsmodels and SciPy
-- have them.

local lumir = require 'lumir'
local metric, evaluate = lumir.metric, lumir.evaluate
local golden = require 'golden.scores'
local exact = { absolute = 1e-9 }

test('areas under curves are those of scikit-learn', function()
  for _, how in ipairs { 'ovr', 'ovo' } do
    for _, average in ipairs { 'macro', 'weighted' } do
      expect(metric.roc_auc(golden.truth, golden.scores, { multi_class = how, average = average }))
        :near(golden[('roc_auc_%s_%s'):format(how, average)], exact)
    end
  end
  for _, average in ipairs { 'macro', 'weighted' } do
    expect(metric.average_precision(golden.truth, golden.scores, { average = average }))
      :near(golden['average_precision_' .. average], exact)
  end
  expect(metric.roc_auc(golden.two, golden.two_scores)):near(golden.two_roc_auc, exact)
  expect(metric.average_precision(golden.two, golden.two_scores)):near(golden.two_average_precision, exact)
  expect(function() metric.roc_auc({ 1, 1 }, { { 0.5, 0.5 }, { 0.1, 0.9 } }) end)
    :raises 'roc_auc: needs rows of at least two classes'
end)

test('Brier score, kappa, Matthews and balanced accuracy are those of scikit-learn', function()
  expect(metric.brier_score(golden.truth, golden.scores)):near(golden.brier_score, exact)
  expect(metric.brier_score(golden.two, golden.two_scores)):near(golden.two_brier_score, exact)
  for _, weights in ipairs { 'none', 'linear', 'quadratic' } do
    expect(metric.cohen_kappa(golden.truth, golden.predicted, { weights = weights }))
      :near(golden['cohen_kappa_' .. weights], exact)
  end
  expect(metric.matthews_corrcoef(golden.truth, golden.predicted)):near(golden.matthews_corrcoef, exact)
  expect(metric.balanced_accuracy(golden.truth, golden.predicted)):near(golden.balanced_accuracy, exact)
  expect(metric.balanced_accuracy(golden.truth, golden.predicted, { adjusted = true }))
    :near(golden.balanced_accuracy_adjusted, exact)
end)

test('one class throughout has no agreement beyond chance', function()
  expect(metric.cohen_kappa({ 'a', 'a' }, { 'a', 'a' })):equals(0)
  expect(metric.matthews_corrcoef({ 'a', 'a' }, { 'a', 'a' })):equals(0)
  expect(metric.balanced_accuracy({ 'a', 'a' }, { 'a', 'b' })):equals(0.5)
end)

test('the classification report is scikit-learn\'s, to the character', function()
  local function words(numbers)
    local list = {}
    for i, number in ipairs(numbers) do list[i] = golden.names[number] end
    return list
  end
  local truth, predicted = words(golden.truth), words(golden.predicted)
  expect(metric.classification_report(truth, predicted)):equals(golden.report)
  expect(metric.classification_report(truth, predicted, { digits = 3 })):equals(golden.report_3)
end)

test('McNemar\'s test is that of statsmodels', function()
  local found = evaluate.mcnemar(golden.truth, golden.predicted, golden.other)
  expect({ found.statistic, found.p }):near(golden.mcnemar_exact, exact)
  found = evaluate.mcnemar(golden.truth, golden.predicted, golden.other, { exact = false })
  expect({ found.statistic, found.p }):near(golden.mcnemar_chi2, exact)
  expect(evaluate.mcnemar({ 1, 2 }, { 1, 2 }, { 1, 2 }).p):equals(1)
end)

test('the corrected t test of resampled scores is that of Nadeau and Bengio', function()
  local found = evaluate.corrected_t_test(golden.folds_a, golden.folds_b, { test_share = 0.1 })
  expect({ found.statistic, found.p }):near(golden.corrected_t, exact)
  expect(found.difference):near(0.01922, { absolute = 1e-3 })
  expect(evaluate.corrected_t_test({ 1, 1 }, { 1, 1 }, { test_share = 0.5 }).p):equals(1)
  expect(function() evaluate.corrected_t_test({ 1, 2 }, { 1 }, { test_share = 0.5 }) end)
    :raises 'corrected_t_test: 2 scores of the one and 1 of the other, and each fold must have both'
end)
