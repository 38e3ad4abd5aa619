-- Names of other libraries that are called otherwise here: for help, and for the pages "Lumir for librosa users".
--
-- A row is { theirs, ours, remark }. What is called alike, or named as the source of an entry, stands in no row: the
-- pages take it from the registry.

local core = require('lumir.native').core

local libraries = {
  {
    name = 'librosa', file = 'librosa', pattern = 'librosa%.[%w_.]*[%w_]',
    rows = {
      { 'librosa.load', 'audio.load', 'a Clip carries its rate: there is no sr to forget' },
      { 'librosa.get_duration', 'Clip.seconds' },
      { 'librosa.resample', 'audio.resample' },
      { 'librosa.to_mono', 'audio.load', 'audio.load(path, { mono = true })' },
      { 'librosa.display.specshow', 'report.show', 'report.matrix where a figure of a report is meant' },
      { 'librosa.display.waveshow', 'report.waveform' },
      { 'specshow', 'report.show' },
      { 'librosa.effects.preemphasis', 'audio.high_pass', 'a filter of another slope' },
      { 'librosa.filters.mel', 'feature.mel_filters' },
      { 'librosa.onset.onset_strength', 'feature.onset_strength' },
      { 'soundfile.read', 'audio.load' }, { 'sf.read', 'audio.load' }, { 'soundfile.write', 'Clip.write' },
      { 'sf.write', 'Clip.write' }, { 'torchaudio.load', 'audio.load' },
      { 'IPython.display.Audio', 'audio.play' },
      { 'np.load', 'torch.load' }, { 'np.save', 'torch.save' },
      { 'plt.plot', 'report.curve' }, { 'plt.imshow', 'report.matrix' }, { 'plt.hist', 'report.hist' },
      { 'plt.bar', 'report.bars' }, { 'plt.scatter', 'report.scatter' }, { 'plt.show', 'report.show' },
      { 'plt.subplots', 'report.panels' },
    },
  },
  {
    name = 'scikit-learn', file = 'scikit_learn', pattern = "scikit%-learn's [%w]*[A-Z_][%w_]*",
    rows = {
      { 'read_csv', 'data.csv' }, { 'pd.read_csv', 'data.csv' }, { 'DataFrame', 'data.csv' },
      { 'train_test_split', 'Table.split', 'by groups, and audited' },
      { 'StratifiedGroupKFold', 'Table.folds' }, { 'GroupKFold', 'Table.folds' }, { 'KFold', 'Table.folds' },
      { 'StratifiedKFold', 'Table.folds', 'where rows have no groups' },
      { 'cross_val_score', 'learn.cross_validate' },
      { 'GridSearchCV', 'learn.GridSearch' }, { 'RandomizedSearchCV', 'learn.RandomizedSearch' },
      { 'HalvingGridSearchCV', 'learn.HalvingGridSearch' },
      { 'RandomForestClassifier', 'learn.RandomForest' }, { 'ExtraTreesClassifier', 'learn.ExtraTrees' },
      { 'KNeighborsClassifier', 'learn.KNeighbors' }, { 'DecisionTreeClassifier', 'learn.DecisionTree' },
      { 'MLPClassifier', 'learn.MLP' }, { 'HistGradientBoostingClassifier', 'learn.HistGradientBoosting' },
      { 'SGDClassifier', 'learn.SGD' }, { 'RidgeClassifier', 'learn.Ridge' },
      { 'VotingClassifier', 'learn.Voting' }, { 'StackingClassifier', 'learn.Stacking' },
      { 'BaggingClassifier', 'learn.Bagging' }, { 'AdaBoostClassifier', 'learn.AdaBoost' },
      { 'make_pipeline', 'learn.Pipeline' }, { 'ColumnTransformer', 'learn.Columns' },
      { 'FeatureUnion', 'learn.Union' },
      { 'LinearDiscriminantAnalysis', 'learn.LDA' }, { 'QuadraticDiscriminantAnalysis', 'learn.QDA' },
      { 'classification_report', 'metric.classification_report' }, { 'accuracy_score', 'metric.accuracy' },
      { 'confusion_matrix', 'metric.confusion' }, { 'f1_score', 'metric.f1' },
      { 'predict_proba', 'Estimator.scores' }, { 'decision_function', 'Estimator.scores' },
      { 'feature_importances_', 'Estimator.importances' }, { 'get_params', 'Estimator.get' },
      { 'set_params', 'Estimator.set' }, { 'joblib.dump', 'Estimator.save' }, { 'joblib.load', 'learn.load' },
    },
  },
  {
    name = 'PyTorch', file = 'pytorch', pattern = 'torch%.[%w_.]*[%w_]',
    rows = {
      { 'DataLoader', 'Table.batches' },
      { 'torch.no_grad', 'torch.no_grad', 'takes a function: torch.no_grad(function() ... end)' },
      { 'clip_grad_norm_', 'optim.clip_grad_norm' }, { 'torchinfo.summary', 'nn.summary' },
      { 'torch.nn.functional.relu', 'nn.ReLU', 'or x:relu(); operators are functions of torch and methods of tensors' },
      { 'x.shape', 'Tensor.shape' }, { 'x.size(0)', 'Tensor.size', 'x:size(1): dimensions count from 1' },
      { 'x.numpy()', 'Tensor.tolist', 'or x:data(), a pointer of C' },
      { 'state_dict', 'Module.state_dict' }, { 'load_state_dict', 'Module.load_state_dict' },
      { 'torch.jit.script', 'torch.onnx.export' },
    },
  },
  {
    name = 'Torch7', file = 'torch7',
    rows = {
      { 'torch.Tensor', 'torch.tensor', 'torch.tensor { { 1, 2 }, { 3, 4 } }; torch.zeros(2, 2)' },
      { 'torch.FloatTensor', 'torch.tensor' }, { 'torch.DoubleTensor', 'Tensor.double' },
      { 'torch.LongTensor', 'Tensor.long' }, { 'torch.manualSeed', 'lumir.seed' },
      { 'torch.setnumthreads', 'lumir.threads' }, { 'torch.loadObject', 'torch.load' },
      { 'nn.SpatialConvolution', 'nn.Conv2d', 'options by name: nn.Conv2d(1, 16, 3, { padding = 1 })' },
      { 'nn.SpatialMaxPooling', 'nn.MaxPool2d' }, { 'nn.SpatialAveragePooling', 'nn.AvgPool2d' },
      { 'nn.SpatialBatchNormalization', 'nn.BatchNorm2d' }, { 'nn.BatchNormalization', 'nn.BatchNorm1d' },
      { 'nn.TemporalConvolution', 'nn.Conv1d', '[batch, channels, time], not [batch, time, channels]' },
      { 'nn.TemporalMaxPooling', 'nn.MaxPool1d' }, { 'nn.SpatialDropout', 'nn.Dropout2d' },
      { 'nn.View', 'nn.Flatten', 'or nn.Unflatten' }, { 'nn.Reshape', 'nn.Unflatten' },
      { 'nn.LookupTable', 'nn.Embedding' }, { 'nn.Concat', 'nn.Parallel' }, { 'nn.ConcatTable', 'nn.Parallel' },
      { 'nn.CAddTable', 'nn.Residual' }, { 'nn.SoftMax', 'nn.Softmax' }, { 'nn.LogSoftMax', 'nn.LogSoftmax' },
      { 'nn.ClassNLLCriterion', 'nn.NLLLoss' }, { 'nn.CrossEntropyCriterion', 'nn.CrossEntropyLoss' },
      { 'nn.MSECriterion', 'nn.MSELoss' }, { 'nn.AbsCriterion', 'nn.L1Loss' },
      { 'nn.BCECriterion', 'nn.BCEWithLogitsLoss', 'of scores, without a sigmoid before it' },
      { 'nn.SmoothL1Criterion', 'nn.SmoothL1Loss' }, { 'nn.DistKLDivCriterion', 'nn.KLDivLoss' },
      { 'cudnn.LSTM', 'nn.LSTM' }, { 'nn.LSTM', 'nn.LSTM', 'of Element-Research/rnn: no Sequencer is needed' },
      { 'net:add', 'nn.Sequential', 'layers are listed: nn.Sequential { nn.Linear(4, 8), nn.ReLU() }' },
      { 'net:forward', 'Module.__call', 'net(x); loss:backward() goes back, by autograd' },
      { 'net:zeroGradParameters', 'Module.zero_grad' }, { 'net:getParameters', 'Module.parameters' },
      { 'net:evaluate', 'Module.eval' }, { 'net:training', 'Module.train' },
      { 'optim.sgd', 'optim.SGD', 'an object with :step(), no closure' }, { 'optim.adam', 'optim.Adam' },
      { 'optim.ConfusionMatrix', 'metric.confusion' }, { 'optim.Logger', 'report.Curve' },
      { 'image.display', 'report.show' }, { 'gnuplot.plot', 'report.curve' }, { 'audio.load', 'audio.load' },
      { 'who', 'prompt.who' }, { '?torch.cmul', 'prompt.source', '? name explains, ?? name shows the source' },
    },
  },
}

local function in_rows(name)
  for _, library in ipairs(libraries) do
    for _, row in ipairs(library.rows) do
      if row[1] == name or row[1]:match '[^.:]+$' == name then return row[2], row[3] end
    end
  end
end

-- What names of other libraries begin with, where they are written whole.
local foreign = {}
for library in ('librosa sklearn torch torchaudio torchvision np numpy scipy soundfile sf pd pandas keras tf F plt')
  :gmatch '%S+' do foreign[library] = true end

--- Whose source names it whole; else what is called alike, in a module that is called alike if there is one.
local function called_alike(name, module, last)
  local alike
  for _, full in ipairs(core.names()) do
    local own_module, own = full:match '^(.*)%.([^.]+)$'
    local source = (' %s '):format(core.words(full).source)
    if source:find('[^%w_.]' .. name:gsub('%.', '%%.') .. '[^%w_]') then return full end
    if own == last and (not alike or own_module == module) then alike = full end
  end
  return alike
end

--- What is called so in another library, 'GridSearchCV' or 'librosa.feature.mfcc', is called here: { name, remark };
--- nil for what is not known.
local function here(name)
  local ours, remark = in_rows(name)
  local library, last = name:match '^([%w_]+)%..-([%w_]+)$'
  if ours or not foreign[library] then return ours, remark end
  ours, remark = in_rows(last)
  if ours then return ours, remark end
  if library == 'np' or library == 'numpy' then                -- of arrays: what tensors do
    local operator = 'torch.' .. (last == 'concatenate' and 'cat' or last)
    return pcall(core.help, operator) and operator or nil
  end
  return called_alike(name, name:match '([%w_]+)%.[%w_]+$', last)
end

return { libraries = libraries, here = here }
