"""Files of arrays as NumPy and safetensors write them, for tests/lua/tensor/files.lua.

Made with Python 3.11, numpy 2.4.6, safetensors 0.8.0:  python make.py
With a folder that the spec has filled (LUMIR_KEEP_ARRAYS=FOLDER ctest -R tensor/files), it checks what Lumir wrote:
    python make.py FOLDER
"""

import os
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

here = os.path.dirname(os.path.abspath(__file__))
grid = np.arange(6, dtype=np.float64).reshape(2, 3) / 4
words = np.array([["abba", "Björk"], ["椎名林檎", ""]])
arrays = {
    "float64": grid,
    "float32": grid.astype(np.float32),
    "float16": grid.astype(np.float16),
    "int64": np.array([[-(2**53), 7], [0, 1]]),
    "int8": np.array([-128, 127], np.int8),
    "uint16": np.array([0, 65535], np.uint16),
    "bool": np.array([True, False, True]),
    "complex64": np.array([1 + 2j, -0.5j], np.complex64),
    "scalar": np.array(2.5),
    "none": np.zeros((0, 3)),
    "deep": np.arange(24, dtype=np.int32).reshape(2, 3, 4),
    "words": words,
}


def make():
    for name, array in arrays.items():
        np.save(f"{here}/{name}.npy", array)
    np.save(f"{here}/by_columns.npy", np.asfortranarray(arrays["deep"]))
    np.save(f"{here}/big_endian.npy", grid.astype(">f4"))
    np.save(f"{here}/big_endian_complex.npy", arrays["complex64"].astype(">c8"))
    np.save(f"{here}/words_by_columns.npy", np.asfortranarray(words))
    np.save(f"{here}/bytes.npy", np.array([b"abba", b"queen"]))
    np.save(f"{here}/file_name.npy", np.array([os.fsdecode(b"caf\xe9.mp3")]))
    np.save(f"{here}/objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    np.save(f"{here}/records.npy", np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))
    np.save(f"{here}/dates.npy", np.array(["2026-01-01"], dtype="datetime64[D]"))
    with open(f"{here}/version_2.npy", "wb") as file:
        np.lib.format.write_array(file, grid, version=(2, 0))
    np.savez(f"{here}/several.npz", grid, x=arrays["deep"], names=words[0])
    np.savez_compressed(f"{here}/packed.npz", x=np.tile(grid, (100, 1)), names=words)
    save_file({"x": arrays["float32"], "deep": arrays["deep"], "mask": arrays["bool"]}, f"{here}/several.safetensors")


def check(folder):
    numbers = {name: array for name, array in arrays.items() if name != "words"}
    for name, array in numbers.items():
        ours = np.load(f"{folder}/{name}.npy")
        assert ours.dtype == array.dtype and ours.shape == array.shape and (ours == array).all(), name
    for name in ("plain.npz", "packed.npz"):
        ours = np.load(f"{folder}/{name}")
        assert sorted(ours.files) == sorted(numbers), name
        for key, array in numbers.items():
            assert ours[key].dtype == array.dtype and ours[key].shape == array.shape, (name, key)
            assert (ours[key] == array).all(), (name, key)
    ours = load_file(f"{folder}/all.safetensors")
    for name, array in numbers.items():
        if name == "complex64":
            continue
        assert ours[name].dtype == array.dtype and (ours[name] == array).all(), name
    texts = np.load(f"{folder}/texts.npz")
    assert texts["names"].tolist() == [os.fsdecode(b"caf\xe9.mp3"), "Björk", "椎名林檎"] and texts["one"] == "two words"
    print("NumPy and safetensors read what was written")


make() if len(sys.argv) == 1 else check(sys.argv[1])
