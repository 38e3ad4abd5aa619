"""The table of initialisers: what PyTorch's nn.init fills a tensor with after torch.manual_seed(seed)."""

import torch
from torch import nn

ROWS = [
    ("uniform_", {}, (3, 4)),
    ("uniform_", {"a": -0.1, "b": 0.2}, (5,)),
    ("normal_", {"mean": 1.0, "std": 0.02}, (4, 5)),
    ("trunc_normal_", {"std": 0.02}, (4, 5)),
    ("trunc_normal_", {"mean": 0.5, "std": 1.0, "a": -1.0, "b": 1.0}, (4, 6)),
    ("trunc_normal_", {"mean": 3.0, "std": 1.0, "a": -1.0, "b": 1.0}, (4, 6)),
    ("constant_", {"val": 0.3}, (2, 2)),
    ("ones_", {}, (3,)),
    ("zeros_", {}, (3,)),
    ("eye_", {}, (2, 3)),
    ("xavier_uniform_", {}, (4, 3, 2)),
    ("xavier_normal_", {"gain": 2.0}, (4, 5)),
    ("kaiming_uniform_", {"a": 0.5}, (4, 3, 2)),
    ("kaiming_normal_", {"mode": "fan_out", "nonlinearity": "relu"}, (4, 3, 2, 1)),
    ("kaiming_normal_", {"nonlinearity": "tanh"}, (4, 3)),
    ("orthogonal_", {"gain": 0.5}, (5, 3)),
    ("orthogonal_", {}, (2, 2, 3)),
]


def cases():
    all_cases = []
    for seed, (name, options, shape) in enumerate(ROWS):
        torch.manual_seed(seed)
        tensor = getattr(nn.init, name)(torch.empty(shape), **options)
        values = [float(f"{v:.9g}") for v in tensor.flatten().tolist()]
        all_cases.append({"name": name, "options": options, "seed": seed, "shape": list(shape), "values": values})
    return all_cases
