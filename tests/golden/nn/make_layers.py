"""Writes layers.json: what PyTorch's (2.15.0) layers and losses give and how their gradients run.

    python3 make_layers.py

Nothing but seeds stands for weights and inputs: torch.manual_seed(seed), then the module is built; manual_seed(seed +
1000), then the inputs are drawn; manual_seed(seed + 2000) before forward (dropout); manual_seed(seed + 3000), then the
weights of the outputs, whose weighted sum is differentiated. Of more than 24 numbers, 24 are kept, evenly spaced.

`module` is the description of the layer in Lumir, where dimensions, classes and rows count from 1.
"""

import json

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

KEPT = 24
cases = []


def kept(tensor):
    flat = tensor.detach().flatten()
    if len(flat) > KEPT:
        flat = flat[[i * len(flat) // KEPT for i in range(KEPT)]]
    if flat.dtype in (torch.int64, torch.bool):
        return [int(v) for v in flat]
    return [float(f"{v:.9g}") for v in flat.tolist()]


def described(tensor):
    return {"shape": list(tensor.shape), "values": kept(tensor)}


def made(given):
    """An input: a shape is drawn, a tensor is what it is."""
    return torch.randn(given) if isinstance(given, tuple) else given


def whole(tensor):
    kind = "int64" if tensor.dtype == torch.int64 else "bool" if tensor.dtype == torch.bool else "float32"
    values = [int(v) if kind != "float32" else float(f"{v:.9g}") for v in tensor.flatten().tolist()]
    return {"shape": list(tensor.shape), "values": values, "type": kind}


def case(name, build, options, *inputs, training=True, named=None, forward=None, title=None, lazy=False):
    """`forward` calls the module where that needs more than its inputs; a lazy one has no state before it."""
    seed = len(cases) + 1
    torch.manual_seed(seed)
    module = build()
    module.train(training)
    state = {} if lazy else {key: described(value) for key, value in module.state_dict().items()}
    torch.manual_seed(seed + 1000)
    tensors = [made(given) for given in inputs]
    for given, tensor in zip(inputs, tensors):
        tensor.requires_grad_(isinstance(given, tuple))
    named = named or {}
    torch.manual_seed(seed + 2000)
    call = forward or (lambda m, *xs, **kw: m(*xs, **kw))
    result = call(module, *tensors, **named)
    outputs = flat(result)
    if lazy:
        state = {key: described(value) for key, value in module.state_dict().items()}
    torch.manual_seed(seed + 3000)
    total = sum((output * torch.randn(output.shape)).sum() for output in outputs if output.requires_grad)
    gradients = {}
    if isinstance(total, torch.Tensor):
        total.backward()
        for i, tensor in enumerate(tensors):
            if tensor.grad is not None:
                gradients[f"input {i}"] = described(tensor.grad)
        for key, value in module.named_parameters():
            gradients[key] = described(value.grad if value.grad is not None else torch.zeros(value.shape))
    buffers = {key: described(value) for key, value in module.named_buffers()}
    cases.append(
        {
            "title": title or name,
            "seed": seed,
            "module": {"name": "nn." + name, "options": options},
            "training": training,
            "lazy": lazy,
            "inputs": [
                {"shape": list(given)} if isinstance(given, tuple) else whole(tensor)
                for given, tensor in zip(inputs, tensors)
            ],
            "named": {key: whole(value) for key, value in named.items()},
            "state": state,
            "outputs": [described(output) for output in outputs],
            "gradients": gradients,
            "buffers": buffers,
        }
    )


def flat(result):
    if isinstance(result, torch.Tensor):
        return [result]
    return [tensor for part in result if part is not None for tensor in flat(part)]


def layer(name, options):
    return {"name": "nn." + name, "options": options}


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, after=None):
        super().__init__()
        self.body, self.shortcut, self.after = body, shortcut, after

    def forward(self, x):
        total = self.body(x) + (self.shortcut(x) if self.shortcut else x)
        return self.after(total) if self.after else total


class Parallel(nn.ModuleList):
    def __init__(self, branches, merge, dim=1):
        super().__init__(branches)
        self.merge, self.dim = merge, dim

    def forward(self, x):
        results = [branch(x) for branch in self]
        if self.merge == "cat":
            return torch.cat(results, self.dim)
        total = sum(results)
        return {"sum": total, "mean": total / len(results), "none": results}[self.merge]


class AvgMax(nn.Module):
    def forward(self, x, lengths=None):
        return torch.cat([average(x, lengths), maximum(x, lengths)], 1)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs, **named):
        return self.function(*inputs, **named)


def average(x, lengths=None):
    x = x.reshape(x.shape[0], x.shape[1], -1, x.shape[-1])
    if lengths is None:
        return x.mean((2, 3))
    return torch.stack([row[:, :, :n].mean((1, 2)) for row, n in zip(x, lengths)])


def maximum(x, lengths=None):
    x = x.reshape(x.shape[0], x.shape[1], -1, x.shape[-1])
    if lengths is None:
        return x.amax((2, 3))
    return torch.stack([row[:, :, :n].amax((1, 2)) for row, n in zip(x, lengths)])


def last(x, lengths=None):
    return x[:, -1] if lengths is None else x[torch.arange(len(x)), lengths - 1]


def by_length(recurrent, x, *states, lengths):
    first = recurrent.batch_first
    packed = pack_padded_sequence(x, lengths, batch_first=first, enforce_sorted=False)
    states = states[0] if len(states) == 1 else states or None
    output, after = recurrent(packed, states)
    output, _ = pad_packed_sequence(output, batch_first=first, total_length=x.shape[1 if first else 0])
    return output, after


def with_states(recurrent, x, *states):
    return recurrent(x, states if len(states) == 2 else states[0])


# convolutions
case("Conv1d", lambda: nn.Conv1d(3, 4, 3), {"in_channels": 3, "out_channels": 4, "kernel_size": 3}, (2, 3, 9))
case("Conv1d", lambda: nn.Conv1d(4, 6, 4, padding="same", dilation=2, groups=2),
     {"in_channels": 4, "out_channels": 6, "kernel_size": 4, "padding": "same", "dilation": 2, "groups": 2}, (2, 4, 12),
     title="Conv1d, same, dilated, in groups")
case("Conv1d", lambda: nn.Conv1d(2, 3, 5, stride=2, padding=2, padding_mode="reflect"),
     {"in_channels": 2, "out_channels": 3, "kernel_size": 5, "stride": 2, "padding": 2, "padding_mode": "reflect"},
     (2, 2, 9), title="Conv1d, reflected")
case("Conv2d", lambda: nn.Conv2d(1, 4, 7, stride=2, padding=3, bias=False),
     {"in_channels": 1, "out_channels": 4, "kernel_size": 7, "stride": 2, "padding": 3, "bias": False}, (2, 1, 9, 11))
case("Conv2d", lambda: nn.Conv2d(2, 3, (3, 2), stride=(1, 2), padding=(1, 0), dilation=(2, 1)),
     {"in_channels": 2, "out_channels": 3, "kernel_size": [3, 2], "stride": [1, 2], "padding": [1, 0],
      "dilation": [2, 1]}, (2, 2, 8, 7), title="Conv2d, each dimension of its own")
case("Conv2d", lambda: nn.Conv2d(2, 3, (4, 3), padding="same", padding_mode="circular"),
     {"in_channels": 2, "out_channels": 3, "kernel_size": [4, 3], "padding": "same", "padding_mode": "circular"},
     (2, 2, 6, 5), title="Conv2d, same, circular")

# norms
case("BatchNorm1d", lambda: nn.BatchNorm1d(5), {"num_features": 5}, (4, 5))
case("BatchNorm1d", lambda: nn.BatchNorm1d(3, momentum=None, eps=1e-3),
     {"num_features": 3, "momentum": "none", "eps": 1e-3}, (2, 3, 6), title="BatchNorm1d of sequences, plain mean")
case("BatchNorm1d", lambda: nn.BatchNorm1d(3, affine=False, track_running_stats=False),
     {"num_features": 3, "affine": False, "track_running_stats": False}, (4, 3), training=False,
     title="BatchNorm1d without memory")
case("BatchNorm2d", lambda: nn.BatchNorm2d(3), {"num_features": 3}, (2, 3, 4, 5))
case("BatchNorm2d", lambda: nn.BatchNorm2d(3), {"num_features": 3}, (2, 3, 4, 5), training=False,
     title="BatchNorm2d in eval")
case("LayerNorm", lambda: nn.LayerNorm(6), {"normalized_shape": 6}, (2, 3, 6))
case("LayerNorm", lambda: nn.LayerNorm((3, 4), bias=False), {"normalized_shape": [3, 4], "bias": False}, (2, 3, 4),
     title="LayerNorm of two dimensions")

# dropouts
case("Dropout", lambda: nn.Dropout(0.3), {"p": 0.3}, (4, 10))
case("Dropout", lambda: nn.Dropout(0.3), {"p": 0.3}, (4, 10), training=False, title="Dropout in eval")
case("Dropout1d", lambda: nn.Dropout1d(0.4), {"p": 0.4}, (3, 4, 5))
case("Dropout2d", lambda: nn.Dropout2d(0.4), {"p": 0.4}, (2, 4, 3, 2))

# pooling
case("MaxPool1d", lambda: nn.MaxPool1d(3), {"kernel_size": 3}, (2, 3, 10))
case("MaxPool2d", lambda: nn.MaxPool2d(3, stride=2, padding=1), {"kernel_size": 3, "stride": 2, "padding": 1},
     (2, 2, 7, 9))
case("MaxPool2d", lambda: nn.MaxPool2d((2, 3), dilation=(1, 2), ceil_mode=True),
     {"kernel_size": [2, 3], "dilation": [1, 2], "ceil_mode": True}, (2, 2, 7, 9), title="MaxPool2d, dilated")
case("AvgPool1d", lambda: nn.AvgPool1d(4, stride=2, padding=1), {"kernel_size": 4, "stride": 2, "padding": 1},
     (2, 3, 10))
case("AvgPool2d", lambda: nn.AvgPool2d((2, 4)), {"kernel_size": [2, 4]}, (2, 2, 6, 8))
case("AvgPool2d", lambda: nn.AvgPool2d(3, padding=1, count_include_pad=False, ceil_mode=True),
     {"kernel_size": 3, "padding": 1, "count_include_pad": False, "ceil_mode": True}, (2, 2, 6, 8),
     title="AvgPool2d, padded")
case("AdaptiveAvgPool1d", lambda: nn.AdaptiveAvgPool1d(3), {"output_size": 3}, (2, 3, 10))
case("AdaptiveAvgPool2d", lambda: nn.AdaptiveAvgPool2d((2, 3)), {"output_size": [2, 3]}, (2, 2, 5, 7))
case("AdaptiveMaxPool1d", lambda: nn.AdaptiveMaxPool1d(3), {"output_size": 3}, (2, 3, 10))
case("AdaptiveMaxPool2d", lambda: nn.AdaptiveMaxPool2d(2), {"output_size": 2}, (2, 2, 5, 7))
LENGTHS = torch.tensor([7, 3])
case("GlobalAvgPool", lambda: Function(average), {}, (2, 3, 4, 5))
case("GlobalAvgPool", lambda: Function(average), {}, (2, 3, 7), named={"lengths": LENGTHS},
     title="GlobalAvgPool by length")
case("GlobalMaxPool", lambda: Function(maximum), {}, (2, 3, 4, 5))
case("GlobalMaxPool", lambda: Function(maximum), {}, (2, 3, 2, 7), named={"lengths": LENGTHS},
     title="GlobalMaxPool by length")
case("AvgMaxPool1d", AvgMax, {}, (2, 3, 6))
case("AvgMaxPool2d", AvgMax, {}, (2, 3, 4, 5))
case("AvgMaxPool2d", AvgMax, {}, (2, 3, 4, 7), named={"lengths": LENGTHS}, title="AvgMaxPool2d by length")

# activations
case("ReLU", nn.ReLU, {}, (3, 5))
case("LeakyReLU", lambda: nn.LeakyReLU(0.2), {"negative_slope": 0.2}, (3, 5))
case("ELU", lambda: nn.ELU(0.7), {"alpha": 0.7}, (3, 5))
case("GELU", nn.GELU, {}, (3, 5))
case("GELU", lambda: nn.GELU("tanh"), {"approximate": "tanh"}, (3, 5), title="GELU by tanh")
case("Tanh", nn.Tanh, {}, (3, 5))
case("Sigmoid", nn.Sigmoid, {}, (3, 5))
case("Softmax", lambda: nn.Softmax(1), {"dim": 2}, (2, 3, 4))
case("LogSoftmax", lambda: nn.LogSoftmax(-1), {"dim": -1}, (2, 3, 4))

# linear and containers
case("Linear", lambda: nn.Linear(5, 3), {"in_features": 5, "out_features": 3}, (2, 4, 5))
case("Identity", nn.Identity, {}, (2, 3))
case("Flatten", nn.Flatten, {}, (2, 3, 4))
case("Flatten", lambda: nn.Flatten(2, 3), {"start_dim": 3, "end_dim": 4}, (2, 3, 2, 2), title="Flatten in the middle")
case("LastFrame", lambda: Function(last), {}, (2, 7, 3))
case("LastFrame", lambda: Function(last), {}, (2, 7, 3), named={"lengths": LENGTHS}, title="LastFrame by length")
case("Sequential", lambda: nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 2)),
     {"modules": [layer("Linear", {"in_features": 5, "out_features": 4}), layer("ReLU", {}),
                  layer("Linear", {"in_features": 4, "out_features": 2})]}, (3, 5))
CONV = {"in_channels": 2, "out_channels": 4, "kernel_size": 3, "padding": 1}
SHORT = {"in_channels": 2, "out_channels": 4, "kernel_size": 1}
case("Residual", lambda: Residual(nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(2, 4, 1), nn.ReLU()),
     {"body": layer("Conv2d", CONV), "shortcut": layer("Conv2d", SHORT), "after": layer("ReLU", {})}, (2, 2, 5, 4))
case("Residual", lambda: Residual(nn.Linear(4, 4)),
     {"body": layer("Linear", {"in_features": 4, "out_features": 4})}, (3, 4), title="Residual, the input as it is")
BRANCHES = {"branches": [layer("Linear", {"in_features": 4, "out_features": 3}),
                         layer("Linear", {"in_features": 4, "out_features": 3})]}
for merge in ("cat", "sum", "mean", "none"):
    case("Parallel", lambda: Parallel([nn.Linear(4, 3), nn.Linear(4, 3)], merge), BRANCHES | {"merge": merge}, (2, 4),
         title=f"Parallel, {merge}")

# recurrent layers
SIZES = {"input_size": 3, "hidden_size": 4}
for name, build, states in (("RNN", nn.RNN, 1), ("LSTM", nn.LSTM, 2), ("GRU", nn.GRU, 1)):
    case(name, lambda: build(3, 4), SIZES, (5, 2, 3))
    case(name, lambda: build(3, 4), SIZES, (5, 3), title=f"{name} of one sequence")
    case(name, lambda: build(3, 4, num_layers=2, batch_first=True, bidirectional=True),
         SIZES | {"num_layers": 2, "batch_first": True, "bidirectional": True}, (2, 5, 3), *[(4, 2, 4)] * states,
         forward=with_states, title=f"{name}, two layers, both directions, states given")
    case(name, lambda: build(3, 4, num_layers=2, dropout=0.5), SIZES | {"num_layers": 2, "dropout": 0.5}, (5, 2, 3),
         title=f"{name} with dropout")
    case(name, lambda: build(3, 4, num_layers=2, batch_first=True, bidirectional=True, bias=False),
         SIZES | {"num_layers": 2, "batch_first": True, "bidirectional": True, "bias": False}, (3, 6, 3),
         named={"lengths": torch.tensor([2, 6, 4])}, forward=by_length, title=f"{name} by length")
    case(name, lambda: build(3, 4), SIZES, (6, 3, 3), *[(1, 3, 4)] * states,
         named={"lengths": torch.tensor([2, 5, 4])}, forward=by_length, title=f"{name} by length, states given")
case("RNN", lambda: nn.RNN(3, 4, nonlinearity="relu"), SIZES | {"nonlinearity": "relu"}, (5, 2, 3),
     title="RNN with ReLU")

# what takes its sizes from the first input
case("LazyLinear", lambda: nn.LazyLinear(3), {"out_features": 3}, (2, 5), lazy=True)
case("LazyConv1d", lambda: nn.LazyConv1d(4, 3, padding=1), {"out_channels": 4, "kernel_size": 3, "padding": 1},
     (2, 3, 7), lazy=True)
case("LazyConv2d", lambda: nn.LazyConv2d(4, 3, groups=2), {"out_channels": 4, "kernel_size": 3, "groups": 2},
     (2, 4, 5, 6), lazy=True)

# words and attention
WORDS = torch.tensor([[0, 3, 1], [4, 1, 1]])
case("Embedding", lambda: nn.Embedding(5, 3), {"num_embeddings": 5, "embedding_dim": 3}, WORDS)
case("Embedding", lambda: nn.Embedding(5, 3, padding_idx=1),
     {"num_embeddings": 5, "embedding_dim": 3, "padding_idx": 2}, WORDS, title="Embedding with padding")
HEADS = {"embed_dim": 8, "num_heads": 2}
CAUSAL = torch.ones(5, 5, dtype=torch.bool).triu(1)
ADDED = torch.linspace(-1, 1, 20).reshape(4, 5)
PADDED = torch.tensor([[False] * 5, [False, False, False, True, True]])
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2), HEADS, (4, 2, 8), (5, 2, 8), (5, 2, 8))
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2, batch_first=True),
     HEADS | {"batch_first": True}, (2, 4, 8), (2, 5, 8), (2, 5, 8),
     named={"attn_mask": ADDED, "key_padding_mask": torch.zeros(2, 5).masked_fill(PADDED, float("-1e9"))},
     title="MultiheadAttention, masks of numbers")
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2, dropout=0.4, batch_first=True),
     HEADS | {"dropout": 0.4, "batch_first": True}, (2, 5, 8),
     forward=lambda m, x, attn_mask: m(x, x, x, attn_mask=attn_mask), named={"attn_mask": CAUSAL},
     title="MultiheadAttention of itself, causal, with dropout")
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2, dropout=0.4, batch_first=True, bias=False),
     HEADS | {"dropout": 0.4, "batch_first": True, "bias": False, "need_weights": False}, (2, 5, 8),
     forward=lambda m, x: m(x, x, x, need_weights=False)[0], title="MultiheadAttention without weights")
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2, batch_first=True),
     HEADS | {"batch_first": True}, (2, 5, 8), named={"lengths": torch.tensor([5, 3])},
     forward=lambda m, x, lengths: m(x, x, x, key_padding_mask=PADDED), title="MultiheadAttention by length")
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2, kdim=3, vdim=4),
     HEADS | {"kdim": 3, "vdim": 4}, (4, 2, 8), (5, 2, 3), (5, 2, 4), title="MultiheadAttention, other sizes")
case("MultiheadAttention", lambda: nn.MultiheadAttention(8, 2), HEADS, (4, 8), (5, 8), (5, 8),
     title="MultiheadAttention of one sequence")
ENCODER = {"d_model": 8, "nhead": 2, "dim_feedforward": 12}
case("TransformerEncoderLayer", lambda: nn.TransformerEncoderLayer(8, 2, 12), ENCODER, (5, 2, 8))
case("TransformerEncoderLayer",
     lambda: nn.TransformerEncoderLayer(8, 2, 12, 0.0, "gelu", batch_first=True, norm_first=True),
     ENCODER | {"dropout": 0.0, "activation": "gelu", "batch_first": True, "norm_first": True}, (2, 5, 8),
     named={"src_mask": CAUSAL, "src_key_padding_mask": PADDED}, title="TransformerEncoderLayer, norm first, masks")
case("TransformerEncoderLayer", lambda: nn.TransformerEncoderLayer(8, 2, 12, batch_first=True),
     ENCODER | {"batch_first": True}, (2, 5, 8), training=False, title="TransformerEncoderLayer in eval")
LAYER = {"encoder_layer": layer("TransformerEncoderLayer", ENCODER | {"batch_first": True}), "num_layers": 2}
case("TransformerEncoder", lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12, batch_first=True), 2),
     LAYER, (2, 5, 8))
case("TransformerEncoder",
     lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12, batch_first=True), 2, norm=nn.LayerNorm(8)),
     LAYER | {"norm": layer("LayerNorm", {"normalized_shape": 8})}, (2, 5, 8),
     named={"lengths": torch.tensor([5, 3])},
     forward=lambda m, x, lengths: m(x, src_key_padding_mask=PADDED), title="TransformerEncoder by length")

# losses
CLASSES = torch.tensor([2, 0, 1, 2])
SHARES = torch.tensor([[0.1, 0.2, 0.7], [1.0, 0, 0], [0.5, 0.25, 0.25], [0, 0.9, 0.1]])
case("CrossEntropyLoss", nn.CrossEntropyLoss, {}, (4, 3), CLASSES)
case("CrossEntropyLoss",
     lambda: nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 0.5]), label_smoothing=0.1, ignore_index=0, reduction="sum"),
     {"weight": [1.0, 2.0, 0.5], "label_smoothing": 0.1, "ignore_index": 1, "reduction": "sum"}, (4, 3), CLASSES,
     title="CrossEntropyLoss, weights, smoothing, a class ignored")
case("CrossEntropyLoss", lambda: nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 0.5]), label_smoothing=0.1),
     {"weight": [1.0, 2.0, 0.5], "label_smoothing": 0.1}, (4, 3), SHARES, title="CrossEntropyLoss of shares")
case("CrossEntropyLoss", lambda: nn.CrossEntropyLoss(reduction="none"), {"reduction": "none"}, (2, 3, 4),
     torch.tensor([[0, 2, 1, 1], [2, 2, -100, 0]]), title="CrossEntropyLoss of every frame")
case("BCEWithLogitsLoss", nn.BCEWithLogitsLoss, {}, (4, 3), SHARES)
case("BCEWithLogitsLoss",
     lambda: nn.BCEWithLogitsLoss(torch.tensor([1.0, 0.5, 2.0]), pos_weight=torch.tensor([2.0, 1.0, 3.0]),
                                  reduction="none"),
     {"weight": [1.0, 0.5, 2.0], "pos_weight": [2.0, 1.0, 3.0], "reduction": "none"}, (4, 3), SHARES,
     title="BCEWithLogitsLoss, weights")
case("MSELoss", nn.MSELoss, {}, (4, 3), SHARES)
case("MSELoss", lambda: nn.MSELoss(reduction="sum"), {"reduction": "sum"}, (4, 3), SHARES, title="MSELoss, sum")

json.dump({"made by": "make_layers.py", "torch": torch.__version__, "cases": cases}, open("layers.json", "w"),
          separators=(",", ":"))
