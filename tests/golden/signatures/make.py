"""Writes librosa.json: the parameters of librosa's functions, and their defaults, for those whose names we share.

Run: python make.py LUMIR   (librosa 0.11.0); LUMIR is the program, whose list of names is taken.
"""

import inspect
import json
import math
import pathlib
import subprocess
import sys

import librosa

HOMES = [
    librosa.feature, librosa.feature.inverse, librosa.effects, librosa.onset, librosa.beat, librosa.decompose,
    librosa.util, librosa,
]
# where **kwargs go
PASSED_ON = {
    "mfcc": [librosa.feature.melspectrogram, librosa.filters.mel],
    "melspectrogram": [librosa.filters.mel],
    "chroma_stft": [librosa.filters.chroma],
    "mfcc_to_audio": [librosa.feature.inverse.mel_to_audio],
    "mel_to_stft": [librosa.filters.mel],
    "mel_to_audio": [librosa.filters.mel],
    "harmonic": [librosa.decompose.hpss, librosa.stft],
    "percussive": [librosa.decompose.hpss, librosa.stft],
    "time_stretch": [librosa.stft],
    "pitch_shift": [librosa.stft],
    "onset_strength": [librosa.feature.melspectrogram],
    "onset_detect": [librosa.util.peak_pick],
}
NAMES = """
local feature, audio = require('lumir').feature, require('lumir').audio
for _, module in ipairs { { 'feature', feature }, { 'audio', audio } } do
  local names = {}
  for name in pairs(module[2]) do table.insert(names, name) end
  table.sort(names)
  for _, name in ipairs(names) do print(module[1] .. '.' .. name) end
end
"""


def plain(value):
    """A default as JSON can hold it; what it cannot is told by its name."""
    if value is inspect.Parameter.empty:
        return {"required": True}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return {"object": getattr(value, "__name__", type(value).__name__)}


def described(function, passed_on):
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    found = {}
    for one in [function, *passed_on]:
        for parameter in inspect.signature(one).parameters.values():
            if parameter.kind not in kinds and (one is function or parameter.name not in ("y", "sr", "S")):
                found.setdefault(parameter.name, plain(parameter.default))
    return found


script = pathlib.Path("/tmp/names.lua")
script.write_text(NAMES)
ours = subprocess.run([sys.argv[1], str(script)], check=True, capture_output=True, text=True).stdout.split()
functions = {}
for full in ours:
    name = full.split(".")[1]
    home = next((home for home in HOMES if inspect.isroutine(getattr(home, name, None))), None)
    if home:
        function = getattr(home, name)
        functions[full] = {"source": f"{home.__name__}.{name}", "parameters": described(function, PASSED_ON.get(name, []))}
out = {"librosa": librosa.__version__, "functions": functions}
(pathlib.Path(__file__).parent / "librosa.json").write_text(json.dumps(out, indent=1) + "\n")
