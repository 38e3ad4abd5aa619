"""A network's steps in PyTorch, timed: what `lumir bench nn` runs beside tests/bench/networks.lua.

    python networks.py FOLDER STEPS [tuned]

FOLDER is what `networks.lua --describe=FOLDER` wrote: the network's layers, from which the same one is built of PyTorch's
own layers, its weights, a batch, and what the network answers in eval. Prints the versions and how far the answers are
from those, as a share of the largest; then for each step its CPU and wall time in milliseconds and its loss (of an
inference the mean of what comes out; "drawn" where dropout draws), then the memory in MB. `tuned` is what a careful user
sets by hand: denormals flushed to zero, freed memory kept by malloc, channels_last for convolutions.
"""

import ctypes
import inspect
import json
import resource
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Sequential(nn.Sequential):
    """What a recurrent layer tells beside its output stays behind."""

    def forward(self, x):
        for part in self:
            x = part(x)
            x = x[0] if isinstance(x, tuple) else x
        return x


class Own(nn.Module):
    """What PyTorch has no layer of: a function of it and of what comes in."""

    def __init__(self, how, node, parts):
        super().__init__()
        self.how, self.parts = how, nn.ModuleList(parts)
        self.o = node["options"]
        for part, child in zip(parts, node["parts"]):
            name = child["path"][len(node["path"]) :].strip(".")
            if name and "." not in name:
                setattr(self, name, part)

    def forward(self, *given):
        return self.how(self, *given)


def places(x):
    """[batch, channels, all positions]"""
    return x.flatten(2)


def power(self, x):
    """torchaudio's spectrogram: [..., bins, frames]."""
    rows, n_fft = x.reshape(-1, x.shape[-1]), self.o["n_fft"]
    spectrum = torch.stft(rows, n_fft, self.o.get("hop_length") or n_fft // 4, window=self.window,
                          pad_mode=self.o["pad_mode"], return_complex=True)
    return spectrum.abs().pow(2).view(*x.shape[:-1], *spectrum.shape[1:])


def decibels(x):
    return 10 * torch.log10(x.clamp(min=1e-10))


def harmonics(self, x):
    """minzwon/data-driven-harmonic-filters."""
    width = (self.f0 * 0.1079 + 24.7) / self.bw_Q
    away = (self.fft_bins - self.f0) * 2 / width
    bands = torch.minimum(1 + away, 1 - away).clamp(min=0) @ power(self, x)
    return decibels(bands.view(*x.shape[:-1], self.o["n_harmonic"], -1, bands.shape[-1]))


def residual(self, x):
    body, *rest = self.parts
    short = rest.pop(0)(x) if self.o.get("shortcut") else x
    return rest[0](body(x) + short) if self.o.get("after") else body(x) + short


def parallel(self, x):
    answers = [part(x) for part in self.parts]
    return torch.cat(answers, from_one(self.o["dim"])) if self.o["merge"] == "cat" else sum(answers)


def opened(self, x):
    gates = torch.sigmoid(self.fc2(torch.relu(self.fc1(places(x).mean(2)))))
    return x * gates.view(*gates.shape, *[1] * (x.dim() - 2))


def statistics(x, weights):
    mean = (x * weights).sum(2, keepdim=True)
    return mean.squeeze(2), ((x - mean).square() * weights).sum(2).clamp(min=1e-12).sqrt()


def attentive_statistics(self, x):
    seen = x
    if self.o["global_context"]:
        even = torch.full((1, 1, 1), 1 / x.shape[2])
        context = torch.cat(statistics(x, even), 1).unsqueeze(2)
        seen = torch.cat([x, context.expand(-1, -1, x.shape[2])], 1)
    return torch.cat(statistics(x, self.conv(torch.tanh(self.tdnn(seen))).softmax(2)), 1)


def scales(self, x):
    given, last = [], None
    for i, share in enumerate(x.chunk(len(self.blocks.parts) + 1, 1)):
        if i:
            last = self.blocks.parts[i - 1](share if last is None else last + share)
        given.append(share if last is None else last)
    return torch.cat(given, 1)


def ecapa(self, x):
    h, given = self.first(x), []
    for block in self.blocks.parts:
        h = block(h)
        given.append(h)
    return self.embedding(self.pool(self.together(torch.cat(given, 1))))


def elu2(self, x):
    heard, state = self.gru1(self.front(x))
    return self.linear1(self.embedding(self.dropout(self.gru2(heard, state)[0])))


def beatnet(self, frames):
    batch, count, n = frames.shape
    heard = self.pool(torch.relu(self.conv1(frames.reshape(batch * count, 1, n)))).flatten(1)
    return self.linear(self.lstm(self.linear0(heard).view(batch, count, -1))[0]).softmax(2)


def silero(self, samples):
    batch, n = samples.shape[0], samples.shape[2]
    windows = F.pad(samples.squeeze(1), (64, -n % 512)).unfold(1, 576, 512)
    x = self.stft_conv(F.pad(windows.reshape(-1, 1, 576), (0, 64), mode="reflect"))
    x = (x[:, :129].square() + x[:, 129:].square()).sqrt()
    for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
        x = torch.relu(conv(x))
    x = self.lstm_cell(x.view(batch, -1, 128))[0]
    return torch.sigmoid(self.final_conv(torch.relu(x).transpose(1, 2))).squeeze(1)


def self_attention(self, samples):
    frames = self.front(samples)
    tokens = torch.cat([getattr(self, "class").expand(len(frames), -1, -1), frames], 1)
    return self.dense(self.dropout(self.embedding(self.pooler(self.encoder(self.places(tokens))[:, 0]))))


def vision(self, x):
    patches = self.conv_proj(x).flatten(2).transpose(1, 2)
    tokens = torch.cat([self.class_token.expand(len(x), -1, -1), patches], 1)
    return self.heads(self.embedding(self.encoder(tokens)[:, 0]))


def vit(self, x):
    tokens = self.patches(x).flatten(2).transpose(1, 2) + self.place
    return self.head(self.norm(self.body(tokens)[:, 0]))


def attention(self, x):
    return self.parts[0](x, x, x, need_weights=False)[0]


OWN = {
    # layers
    "AvgMaxPool2d": lambda self, x: torch.cat([places(x).mean(2), places(x).amax(2)], 1),
    "AttentiveStatisticsPool": attentive_statistics,
    "GlobalAvgPool": lambda self, x: places(x).mean(2),
    "GlobalMaxPool": lambda self, x: places(x).amax(2),
    "HarmonicFilters": harmonics,
    "LastFrame": lambda self, x: x[:, -1],
    "LearnedPositionalEncoding": lambda self, x: F.dropout(
        x + self.weight[: x.shape[1]], self.o["dropout"], self.training),
    "LogMel": lambda self, x: decibels(self.mel_basis @ power(self, x)),
    "MelSpectrogram": lambda self, x: self.mel_basis @ power(self, x),
    "Normalize": lambda self, x: F.normalize(x, dim=from_one(self.o["dim"])),
    "Parallel": parallel,
    "Permute": lambda self, x: x.permute([from_one(place) for place in self.o["dims"]]),
    "Residual": residual,
    "SqueezeExcite": opened,
    "StatisticsPool": lambda self, x: torch.cat(
        [places(x).mean(2), places(x).var(2, correction=0).clamp(min=1e-12).sqrt()], 1),
    # classes that are written in Lua
    "BeatNet": beatnet,
    "CNNSA": self_attention,
    "CRNN2D_elu2": elu2,
    "ECAPA": ecapa,
    "Encoder": lambda self, x: self.ln(self.layers(self.dropout(x + self.pos_embedding))),
    "ModuleList": None,
    "Scales": scales,
    "Silero": silero,
    "ViT": vit,
    "VisionTransformer": vision,
}


def from_one(place):
    """A dimension that was counted from 1."""
    return place - 1 if place > 0 else place


def theirs(name, given):
    """A layer of PyTorch's from options of ours, which have its names."""
    if name == "Flatten":
        return nn.Flatten(from_one(given["start_dim"]), from_one(given["end_dim"]))
    if name == "Unflatten":
        return nn.Unflatten(from_one(given["dim"]), given["unflattened_size"])
    kind = getattr(nn, name)
    known = inspect.signature(kind.__init__).parameters
    if "kwargs" in known:  # recurrent layers
        known = {**known, **inspect.signature(nn.RNNBase.__init__).parameters}
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items() if key in known}
    return kind(**options)


def tensors_below(path, arrays):
    begin = path + "." if path else ""
    return {key[len(begin) :]: value for key, value in arrays.items() if key.startswith(begin)}


def build(node, state, fixed):
    """The module of a node with its weights."""
    options = node["options"] = {key: value for key, value in node["options"].items() if value != "none"}
    name = options.get("class", node["name"])
    weights = tensors_below(node["path"], state)
    if name == "TransformerEncoder":
        layer = theirs("TransformerEncoderLayer", node["parts"][0]["parts"][0]["options"])
        module = nn.TransformerEncoder(layer, options["num_layers"], enable_nested_tensor=False)
    elif name == "Sequential" or name in OWN:
        parts = [build(part, state, fixed) for part in node["parts"]]
        module = Sequential(*parts) if name == "Sequential" else Own(OWN[name], node, parts)
        for key, value in weights.items():
            if "." not in key and name != "Sequential" and not hasattr(module, key):
                module.register_parameter(key, nn.Parameter(value))
        for key, value in tensors_below(node["path"], fixed).items():
            if "." not in key:
                module.register_buffer(key, value)
        return module
    else:
        module = theirs(name, options)
    module.load_state_dict(weights)
    if name == "MultiheadAttention":
        node = {"options": {}, "path": node["path"], "parts": []}
        return Own(attention, node, [module])
    return module


def read_arrays(path):
    """A safetensors file: the length of its header, the header as JSON, the numbers."""
    kinds = {"F32": torch.float32, "I64": torch.int64, "F64": torch.float64}
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        numbers = bytearray(file.read())
    header.pop("__metadata__", None)
    arrays = {}
    for name, array in header.items():
        first, last = array["data_offsets"]
        flat = torch.frombuffer(numbers, dtype=torch.uint8)[first:last].clone().view(kinds[array["dtype"]])
        arrays[name] = flat.reshape(array["shape"])
    return arrays


def tune(net, x):
    torch.set_flush_denormal(True)
    net = net.to(memory_format=torch.channels_last)
    return net, x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x


def draws(net):
    rates = [getattr(part, "p", 0) for part in net.modules() if isinstance(part, nn.modules.dropout._DropoutNd)]
    return any(rates)


def main():
    folder, steps, tuned = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["tuned"]
    if tuned:
        libc = ctypes.CDLL(None)
        libc.mallopt(-3, 1 << 30), libc.mallopt(-1, 2**31 - 1)  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
    arrays = read_arrays(folder + "/arrays.safetensors")
    with open(folder + "/network.json", encoding="utf-8") as file:
        net = build(json.load(file), tensors_below("state", arrays), tensors_below("fixed", arrays))
    x, y, wanted = arrays.pop("x"), arrays.pop("y", None), arrays.pop("answers")
    arrays.clear()
    if tuned:
        net, x = tune(net, x)
    with torch.inference_mode():
        away = (net.eval()(x) - wanted).abs().max() / wanted.abs().max()
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads\nanswers\t{away:.3g}", flush=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
    learns = not folder.endswith("-inference")

    def train():
        answers = net(x)
        loss = answers.square().mean() if y is None else F.cross_entropy(answers, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    def infer():
        with torch.inference_mode():
            return net(x).mean().item()

    net.train(learns)
    drawn = learns and draws(net)
    for _ in range(steps):
        wall, cpu = time.perf_counter(), time.process_time()
        loss = train() if learns else infer()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(f"step\t{1000 * cpu:.3f}\t{1000 * wall:.3f}\t{'drawn' if drawn else f'{loss:.9g}'}", flush=True)
    print(f"memory\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.1f}")


if __name__ == "__main__":
    main()
