-- Names of librosa, scikit-learn and PyTorch that are called otherwise here, for help.

return {
  ['librosa.load'] = 'audio.load', ['librosa.display.specshow'] = 'report.show', ['specshow'] = 'report.show',
  ['librosa.resample'] = 'audio.resample',
  ['soundfile.read'] = 'audio.load', ['sf.read'] = 'audio.load', ['torchaudio.load'] = 'audio.load',
  ['np.load'] = 'torch.load', ['np.save'] = 'torch.save',
  ['read_csv'] = 'data.csv', ['pd.read_csv'] = 'data.csv', ['DataFrame'] = 'data.csv',
  ['train_test_split'] = 'Table.split', ['StratifiedGroupKFold'] = 'Table.folds', ['GroupKFold'] = 'Table.folds',
  ['KFold'] = 'Table.folds', ['StratifiedKFold'] = 'Table.folds', ['cross_val_score'] = 'learn.cross_validate',
  ['GridSearchCV'] = 'learn.GridSearch', ['RandomForestClassifier'] = 'learn.RandomForest',
  ['ExtraTreesClassifier'] = 'learn.ExtraTrees', ['KNeighborsClassifier'] = 'learn.KNeighbors',
  ['DecisionTreeClassifier'] = 'learn.DecisionTree', ['MLPClassifier'] = 'learn.MLP',
  ['HistGradientBoostingClassifier'] = 'learn.HistGradientBoosting', ['VotingClassifier'] = 'learn.Voting',
  ['StackingClassifier'] = 'learn.Stacking', ['make_pipeline'] = 'learn.Pipeline',
  ['ColumnTransformer'] = 'learn.Columns', ['FeatureUnion'] = 'learn.Union',
  ['LinearDiscriminantAnalysis'] = 'learn.LDA', ['QuadraticDiscriminantAnalysis'] = 'learn.QDA',
  ['classification_report'] = 'evaluate.classification_report', ['accuracy_score'] = 'metric.accuracy',
  ['confusion_matrix'] = 'metric.confusion', ['f1_score'] = 'metric.f1',
  ['DataLoader'] = 'Table.batches', ['torch.no_grad'] = 'torch.no_grad',
  ['clip_grad_norm_'] = 'optim.clip_grad_norm', ['torchinfo.summary'] = 'nn.summary',
}
