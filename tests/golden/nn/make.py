"""Writes every golden of networks against PyTorch (2.15.0): layers, losses, initialisers, optimisers, schedules, effects
on batches.

    python3 make.py [LUMIR]

Needs torch, torchvision, librosa and torchinfo; torchaudio is compared with the references where it is installed.
It walks the registry of the program LUMIR (build/lumir): a name without a row in the tables is said, and the end is not
good. The tables: layers.py, losses.py, initialisers.py, optimisers.py, effects.py; what PyTorch lacks: references.py; how a case is
made: golden.py. A network's training (resnet.py) and torchinfo's summaries (summary.py) come out beside them.
"""

import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

import librosa
import numpy as np
import torch
import torchinfo
import torchvision.transforms.v2.functional as torchvision

import effects
import initialisers
import layers
import losses
import optimisers
import references
import resnet
import summary

HERE = pathlib.Path(__file__).parent
NAMES = """require 'lumir'
local core = require('lumir.native').core
for _, name in ipairs(core.names()) do
  local file = core.words(name).file
  if file:find '^engine/nn/' or file:find '^engine/optim/' then print(name) end
end
"""
# they hold modules or a function and compute nothing of their own
WITHOUT = {"nn.ModuleList", "nn.Lambda", "nn.Network"}


def registered(program):
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "names.lua"
        script.write_text(NAMES)
        run = subprocess.run([program, script], cwd=folder, capture_output=True, text=True, check=True)
        return set(run.stdout.split())


def write(path, golden):
    versions = {"torch": torch.__version__, "librosa": librosa.__version__}
    (HERE / path).write_text(json.dumps({"made by": "tests/golden/nn/make.py", "versions": versions} | golden,
                                        separators=(",", ":")).replace('{"title"', '\n{"title"') + "\n")


def installed(name):
    try:
        return importlib.import_module(name)
    except (ImportError, OSError, RuntimeError) as problem:
        print(f"{name} is not there: {problem}")


def check(what, ours, theirs, tolerance):
    difference = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max() / np.abs(np.asarray(theirs)).max())
    print(f"{what}: {difference:.1e}")
    assert difference < tolerance, what


def check_references():
    """The references that stand for other libraries give those libraries' numbers."""
    torch.manual_seed(1)
    x = torch.randn(3000)
    how = {"n_fft": 256, "hop_length": 64, "n_mels": 20}
    mel = references.MelSpectrogram(8000, **how)(x)
    check("mel spectrogram, librosa", mel, librosa.feature.melspectrogram(y=x.numpy(), sr=8000, **how), 1e-5)
    check("log-mel, librosa", references.LogMel(rate=8000, **how)(x), librosa.power_to_db(mel.numpy()), 1e-5)
    check("STFT, librosa", references.STFT(256, 64)(x), np.abs(librosa.stft(x.numpy(), n_fft=256, hop_length=64)), 1e-5)
    pcen = references.PCEN(20, 8000, 64)(mel).detach()
    check("PCEN, librosa", pcen, librosa.pcen(mel.numpy(), sr=8000, hop_length=64), 1e-4)
    if torchaudio := installed("torchaudio"):
        theirs = torchaudio.transforms.MelSpectrogram(8000, n_fft=256, hop_length=64, n_mels=20, norm="slaney",
                                                      mel_scale="slaney", pad_mode="constant")(x)
        check("mel spectrogram, torchaudio", mel, theirs, 1e-5)
    picture = torch.rand(1, 128, 331)
    check("resize, torchvision", references.Resize(224)(picture[None])[0],
          torchvision.resize(picture, [224, 224], antialias=True), 1e-6)


def main():
    check_references()
    program = sys.argv[1] if len(sys.argv) > 1 else HERE.parents[2] / "build/lumir"
    steps = optimisers.cases()
    starts = initialisers.cases()
    write("layers.json", {"cases": layers.case.all})
    write("losses.json", {"cases": losses.case.all})
    write("effects.json", {"cases": effects.cases()})
    write("init.json", {"cases": starts})
    write("optim.json", steps)
    write("resnet.json", resnet.golden())
    write("summary.json", {"torchinfo": torchinfo.__version__, "cases": summary.cases()})
    shown = {case["module"]["name"] for case in layers.case.all + losses.case.all}
    shown |= {"nn.init." + case["name"] for case in starts}
    shown |= {"optim." + case["name"] for kind in ("optimizers", "schedules") for case in steps[kind]}
    shown |= {"optim." + part["name"] for chain in steps["chains"] for part in chain["parts"]}
    missing = registered(program) - shown - WITHOUT
    print(f"{len(shown)} names shown; without a row: {', '.join(sorted(missing)) or 'none'}")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
