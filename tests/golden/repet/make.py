"""Golden numbers of REPET and REPET-SIM: nussl's answers to the signal of tests/engine/feature/signal.h.

    python make.py FOLDER > golden.json     needs librosa, numpy, scipy, and nussl unpacked in FOLDER

nussl's package wants a dozen others that have nothing to do with it; its two files are read by themselves. Their masks
are taken to librosa's spectrogram (nussl 1.1.9 leaves the spectrogram to scipy). Some samples of each sound are kept.
No case has a frame that is like no other: nussl takes a magnitude of 1 for its background, Lumir the frame itself.
"""

import importlib
import json
import os
import sys
import types
import warnings

import librosa
import numpy as np
import scipy

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "feature_options"))
from make import short, signal  # noqa: E402

warnings.simplefilter("ignore")

CASES = [
    {"method": "repet"},
    {"method": "repet", "min_period": 0.3, "max_period": 0.9},
    {"method": "repet", "period": 0.5, "high_pass": 0, "n_fft": 1024},
    {"method": "repet_sim", "hop_length": 441, "min_distance": 0.1},
    {"method": "repet_sim", "hop_length": 441, "min_distance": 0.2, "max_repeating_frames": 5, "high_pass": 300},
    {"method": "repet_sim", "hop_length": 441, "min_distance": 0.02, "similarity_threshold": 0.3},
]


class Base:
    def __init__(self, input_audio_signal=None, **_):
        self.audio_signal = input_audio_signal


def load(folder):
    """nussl's modules, with a base class that does nothing."""
    for name in ("nussl", "nussl.core", "nussl.separation", "nussl.separation.primitive"):
        module = types.ModuleType(name)
        module.__path__ = [os.path.join(folder, *name.split("."))]
        sys.modules[name] = module
    core, separation = sys.modules["nussl.core"], sys.modules["nussl.separation"]
    separation.MaskSeparationBase, separation.SeparationException = Base, ValueError
    benchmark = types.ModuleType("nussl.separation.benchmark")
    benchmark.HighLowPassFilter = None
    sys.modules[benchmark.__name__] = benchmark
    source = open(os.path.join(folder, "nussl", "core", "utils.py")).read()
    utils = types.ModuleType("nussl.core.utils")  # of it one function and what that calls
    exec("import warnings\nimport numpy as np\n" + source[source.index("def find_peak_indices"):
                                                         source.index("def complex_randn")], utils.__dict__)
    core.utils = utils
    core.constants = types.SimpleNamespace(EPSILON=1e-16, STFT_CHAN_INDEX=2, STFT_VERT_INDEX=0)
    return [importlib.import_module("nussl.separation.primitive." + name) for name in ("repet", "repet_sim")]


def background_mask(modules, magnitude, rate, hop, case):
    audio = types.SimpleNamespace(sample_rate=rate, signal_duration=3.0, stft_length=magnitude.shape[1])
    seconds = {key: case[key] for key in ("min_period", "max_period", "period") if key in case}
    if case["method"] == "repet":
        one = modules[0].Repet(audio, **seconds)
    else:
        one = modules[1].RepetSim(
            audio, similarity_threshold=case.get("similarity_threshold", 0),
            min_distance_between_frames=case.get("min_distance", 1),
            max_repeating_frames=case.get("max_repeating_frames", 100))
    one.stft_params = types.SimpleNamespace(hop_length=hop)
    one.magnitude_spectrogram = magnitude[:, :, None]
    if case["method"] == "repet":
        if "period" in case:
            one.period = one._update_period(case["period"])
        one.repeating_period = one._calculate_repeating_period()
        return one._compute_repeating_mask(magnitude)
    one.similarity_indices = one._get_similarity_indices()
    return one._compute_mask(magnitude)


def main():
    modules = load(sys.argv[1])
    rate = 22050
    y = signal(rate)
    places = [int(x) for x in np.linspace(0, len(y) - 1, 60)]
    cases = []
    for case in CASES:
        n_fft = case.get("n_fft", 2048)
        hop = case.get("hop_length", n_fft // 4)
        spectra = librosa.stft(y.astype(np.float64), n_fft=n_fft, hop_length=hop)
        if case["method"] == "repet":
            modules[0].Repet._update_period = lambda self, period: int(np.ceil(float(period) * rate / hop))
        background = background_mask(modules, np.abs(spectra), rate, hop, case)
        low = np.abs(librosa.fft_frequencies(sr=rate, n_fft=n_fft) - case.get("high_pass", 100)).argmin()
        background[:low] = 1
        options = {key: value for key, value in case.items() if key != "method"}
        row = {"method": case["method"], "options": options}
        for part, mask in (("background", background), ("foreground", 1 - background)):
            sound = librosa.istft(mask * spectra, n_fft=n_fft, hop_length=hop, length=len(y))
            row[part] = {"values": [short(sound[i]) for i in places], "var": short(sound.var(dtype=float))}
        cases.append(row)
    versions = {"librosa": librosa.__version__, "nussl": "1.1.9", "numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/repet/make.py", "versions": %s,' % json.dumps(versions))
    print(' "rate": %d, "places": %s, "sounds": [' % (rate, json.dumps(places)))
    print(",\n".join(json.dumps(row) for row in cases))
    print("]}")


if __name__ == "__main__":
    main()
