"""Weight files as PyTorch writes them, and what Python reads in them, for tests/lua/tensor/weights.lua.

Made with Python 3.11, torch 2.15.0, numpy 2.4.6:  python make.py [FIXTURES]

small.*  one made state in each form of file: zip, stream (before 1.6), tar (before 0.1.10; written by hand here, as no
         PyTorch of today writes it), plain pickle; read again by torch.load, whose numbers stand in golden.lua
FIXTURES the folder of the fixtures; of each weight file there, every tensor's shape and sum
"""

import argparse
import collections
import io
import os
import pathlib
import pickle
import struct
import sys
import tarfile

import numpy as np
import torch

here = os.path.dirname(os.path.abspath(__file__))


def state():
    base = torch.arange(24, dtype=torch.float32) / 8
    weights = collections.OrderedDict()
    weights["module.conv.weight"] = base.view(2, 3, 4)
    weights["module.conv.turned"] = base.view(4, 6).t()  # the same storage with other strides
    weights["module.conv.bias"] = base[5:7]  # a part of it
    weights["module.norm.num_batches_tracked"] = torch.tensor(7)
    weights["module.half"] = torch.tensor([0.5, -2.0], dtype=torch.float16)
    weights["module.bfloat16"] = torch.tensor([1.5, 3.0], dtype=torch.bfloat16)
    weights["module.mask"] = torch.tensor([True, False, True])
    weights["module.none"] = torch.zeros(0, 3)
    weights["module.expanded"] = torch.ones(1).expand(5)
    return weights


def checkpoint():
    weights = state()
    net = torch.nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[1.0, 2.0]]))
        net.bias.fill_(3)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.25)
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return {
        "epoch": 12,
        "arch": "crnn",
        "best": np.float64(0.75),
        "rows": np.arange(6, dtype=np.int16).reshape(2, 3),
        "none": None,
        "sizes": (1, None, 2.5),
        "milestones": collections.Counter({30: 1, 60: 1}),
        "args": argparse.Namespace(lr=0.25, name="x"),
        "long": 2**70,
        "state_dict": weights,
        "parameter": torch.nn.Parameter(torch.tensor([4.0])),
        "shape": torch.Size([2, 3]),
        "device": torch.device("cuda", 1),
        "dtype": torch.float16,
        "optimizer": optimizer.state_dict(),
    }


class OldPickler(pickle.Pickler):
    """Tensors of a tar archive are called by a number."""

    def __init__(self, file, numbers):
        super().__init__(file, protocol=2)
        self.numbers = numbers

    def persistent_id(self, thing):
        return self.numbers[id(thing)] if torch.is_tensor(thing) else None


def save_tar(path):
    base = torch.arange(24, dtype=torch.float32) / 8
    weights = collections.OrderedDict(
        weight=base.view(2, 3, 4), turned=base.view(4, 6).t(), count=torch.tensor([7]), half=base[12:]
    )
    storages, tensors = io.BytesIO(), io.BytesIO()
    pickle.dump(2, storages, 2)
    pickle.dump((100, "cpu", torch.FloatStorage), storages, 2)
    storages.write(struct.pack("<q", 24) + base.numpy().tobytes())
    pickle.dump((101, "cpu", torch.LongStorage), storages, 2)
    storages.write(struct.pack("<qq", 1, 7))
    pickle.dump([(102, 100, 12, 12)], storages, 2)  # a part of the first, with a number of its own
    where = {"weight": (100, 0), "turned": (100, 0), "count": (101, 0), "half": (102, 0)}
    kinds = {"count": torch.LongTensor}
    pickle.dump(len(weights), tensors, 2)
    numbers = {}
    for number, (name, tensor) in enumerate(weights.items(), start=200):
        numbers[id(tensor)] = number
        storage, offset = where[name]
        pickle.dump((number, storage, kinds.get(name, torch.FloatTensor)), tensors, 2)
        tensors.write(struct.pack("<ii", tensor.dim(), 0))
        tensors.write(struct.pack(f"<{tensor.dim()}q", *tensor.shape))
        tensors.write(struct.pack(f"<{tensor.dim()}q", *tensor.stride()))
        tensors.write(struct.pack("<q", offset))
    body = io.BytesIO()
    OldPickler(body, numbers).dump({"epoch": 3, "model": weights})
    with tarfile.open(path, "w:", format=tarfile.PAX_FORMAT) as archive:
        for name, content in (("storages", storages), ("tensors", tensors), ("pickle", body)):
            about = tarfile.TarInfo(name)
            about.size = len(content.getvalue())
            archive.addfile(about, io.BytesIO(content.getvalue()))


class Harmful:
    def __reduce__(self):
        return os.system, ("touch /tmp/lumir-was-here",)


def make():
    torch.manual_seed(1)
    torch.save(checkpoint(), f"{here}/small.pth")
    torch.save(checkpoint(), f"{here}/stream.pth", _use_new_zipfile_serialization=False)
    torch.save(state(), f"{here}/protocol_4.pth", pickle_protocol=4)
    torch.save(state(), f"{here}/stream_4.pth", pickle_protocol=4, _use_new_zipfile_serialization=False)
    torch.save({"x": torch.tensor([1, 65535], dtype=torch.uint16)}, f"{here}/uint16.pth")
    torch.save(torch.nn.Linear(2, 1), f"{here}/network.pth")
    torch.save({"a": Harmful()}, f"{here}/harmful.pth", _use_new_zipfile_serialization=False)
    torch.serialization.set_crc32_options(False)
    torch.save({"x": torch.arange(3.0)}, f"{here}/no_crc.pth")
    torch.serialization.set_crc32_options(True)
    save_tar(f"{here}/old.tar")
    for protocol in (2, 4):
        with open(f"{here}/tensors_{protocol}.pkl", "wb") as file:
            pickle.dump({"w": torch.arange(6.0).view(2, 3).t(), "v": torch.nn.Parameter(torch.ones(2))}, file, protocol)
    arrays = {"x": np.arange(6.0).reshape(2, 3), "turned": np.asfortranarray(np.arange(6, dtype=">f4").reshape(2, 3))}
    arrays["zeros"] = np.zeros(500)
    for protocol in (2, 4, 5):
        with open(f"{here}/arrays_{protocol}.pkl", "wb") as file:
            pickle.dump(arrays, file, protocol)
    inner = []
    inner.append(inner)
    with open(f"{here}/recursive.pkl", "wb") as file:
        pickle.dump({"list": inner}, file, 2)


def tensors_of(value, path=""):
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value)
    if torch.is_tensor(value):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from tensors_of(part, f"{path}/{key}")
    elif isinstance(value, (list, tuple)):
        for i, part in enumerate(value):
            yield from tensors_of(part, f"{path}/{i + 1}")


def load(path):
    if path.endswith(".safetensors"):
        from safetensors.torch import load_file

        return load_file(path)
    if path.endswith(".pkl"):
        with open(path, "rb") as file:
            return pickle.load(file)
    return torch.load(path, map_location="cpu", weights_only=False)


def describe(out, name, path):
    out.write(f"  [{name!r}] = {{\n")
    for key, tensor in sorted(tensors_of(load(path))):
        shape = ", ".join(map(str, tensor.shape))
        total = tensor.double().sum().item()
        turned = (tensor.double().flatten() * torch.arange(1, tensor.numel() + 1, dtype=torch.float64)).sum().item()
        dtype = str(tensor.dtype).replace("torch.", "")
        out.write(f"    [{key!r}] = {{ '{dtype}', {{ {shape} }}, {total!r}, {turned!r} }},\n")
    out.write("  },\n")


def write_golden(fixtures):
    with open(f"{here}/golden.lua", "w") as out:
        out.write("-- Made by make.py: of each tensor its type, shape, sum, and sum weighted with 1, 2, 3 ...\n")
        out.write("-- luacheck: max line length 200\nreturn {\n")
        for name in ("small.pth", "stream.pth", "protocol_4.pth", "stream_4.pth", "uint16.pth", "no_crc.pth", "old.tar", "tensors_2.pkl", "tensors_4.pkl"):
            describe(out, name, f"{here}/{name}")
        if fixtures:
            for path in sorted(pathlib.Path(fixtures).glob("*/*")):
                if path.suffix in (".pth", ".pt", ".th", ".safetensors"):
                    describe(out, f"{path.parent.name}/{path.name}", str(path))
        out.write("}\n")


make()
write_golden(sys.argv[1] if len(sys.argv) > 1 else None)
