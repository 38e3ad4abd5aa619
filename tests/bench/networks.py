"""A network's steps in PyTorch, timed: what `lumir bench nn` runs beside tests/bench/networks.lua.

    python networks.py NETWORK STEPS [tuned]

Weights and batches come of torch.manual_seed, which draws the same in both. Prints the versions, then for each step its
CPU and wall time in milliseconds and its loss (of an inference the mean of what comes out), then the memory in MB.
`tuned` is what a careful user sets by hand: denormals flushed to zero, freed memory kept by malloc, channels_last for
convolutions.
"""

import ctypes
import resource
import sys
import time

import torch
from torch import nn


class Recurrent(nn.Module):
    """The last frame of a recurrent layer through a dense one."""

    def __init__(self, layer, width):
        super().__init__()
        self.layer, self.dense = layer, nn.Linear(width, 10)

    def forward(self, x):
        return self.dense(self.layer(x)[0][:, -1])


def conv_block(start, end, pool):
    return nn.Sequential(nn.Conv2d(start, end, 3, padding=1), nn.BatchNorm2d(end), nn.ELU(), nn.MaxPool2d(pool))


class Crnn(nn.Module):
    """Choi et al., Convolutional Recurrent Neural Networks for Music Classification (2017)."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(
            conv_block(1, 64, (2, 2)), conv_block(64, 128, (3, 3)), conv_block(128, 128, (4, 4)),
            conv_block(128, 128, (4, 4)))
        self.layer, self.dense = nn.GRU(128, 32, num_layers=2, batch_first=True), nn.Linear(32, 10)

    def forward(self, x):
        return self.dense(self.layer(self.blocks(x).squeeze(2).transpose(1, 2))[0][:, -1])


def fma():
    """Seven convolutions and two dense layers, 48 million parameters."""
    widths = [1, 16, 32, 64, 128, 256, 512, 1024]
    pools = [(2, 2)] * 5 + [(2, 1)] * 2
    blocks = [conv_block(a, b, pool) for a, b, pool in zip(widths, widths[1:], pools)]
    return nn.Sequential(*blocks, nn.Flatten(), nn.Linear(1024 * 40, 1024), nn.ReLU(), nn.Linear(1024, 8))


class Residual(nn.Module):
    def __init__(self, start, end, stride):
        super().__init__()
        self.shortcut = None
        if stride != 1 or start != end:
            self.shortcut = nn.Sequential(nn.Conv2d(start, end, 1, stride=stride, bias=False), nn.BatchNorm2d(end))
        self.body = nn.Sequential(
            nn.Conv2d(start, end, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(end), nn.ReLU(),
            nn.Conv2d(end, end, 3, padding=1, bias=False), nn.BatchNorm2d(end))

    def forward(self, x):
        return torch.relu(self.body(x) + (x if self.shortcut is None else self.shortcut(x)))


class AvgMax(nn.Module):
    def forward(self, x):
        return torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)


def resnet():
    """recipes/artist20/resnet.lua without its dropout."""
    return nn.Sequential(
        nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        Residual(64, 64, 1), Residual(64, 64, 1), Residual(64, 128, 2), Residual(128, 128, 1),
        Residual(128, 256, 2), Residual(256, 256, 1), AvgMax(),
        nn.Linear(512, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 20))


class ViT(nn.Module):
    """recipes/fma/vit.lua without its dropout."""

    def __init__(self, width, heads):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 16, stride=16)
        self.place = nn.Parameter(torch.randn(1, 256, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, heads, dim_feedforward=4 * width, dropout=0, activation="gelu", norm_first=True, batch_first=True)
        self.body = nn.TransformerEncoder(layer, 12, enable_nested_tensor=False)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 8)

    def forward(self, x):
        tokens = self.patches(x).flatten(2).transpose(1, 2) + self.place
        return self.head(self.norm(self.body(tokens)[:, 0]))


def cnn14():
    """The convolutions of Kong et al., PANNs (2020): 80 million parameters."""
    widths = [1, 64, 128, 256, 512, 1024, 2048]
    layers = []
    for a, b in zip(widths, widths[1:]):
        for start in (a, b):
            layers += [nn.Conv2d(start, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU()]
        layers += [nn.AvgPool2d(2 if b < 2048 else 1)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 2048), nn.ReLU(),
                         nn.Linear(2048, 527))


def recurrent(kind, **options):
    layer = getattr(nn, kind)(13, 64, num_layers=2, batch_first=True, **options)
    return Recurrent(layer, 128 if layer.bidirectional else 64)


# network, shape of a batch, classes (0: an inference)
NETWORKS = {
    "lstm": (lambda: recurrent("LSTM"), (32, 1300, 13), 10),
    "gru": (lambda: recurrent("GRU"), (32, 1300, 13), 10),
    "rnn": (lambda: recurrent("RNN"), (32, 1300, 13), 10),
    "bilstm": (lambda: recurrent("LSTM", bidirectional=True), (32, 1300, 13), 10),
    "crnn": (Crnn, (16, 1, 96, 1366), 10),
    "fma": (fma, (16, 1, 128, 1290), 8),
    "resnet": (resnet, (16, 1, 64, 938), 20),
    "vit192": (lambda: ViT(192, 3), (8, 1, 128, 512), 8),
    "vit384": (lambda: ViT(384, 6), (8, 1, 128, 512), 8),
    "cnn14-inference": (cnn14, (1, 1, 1000, 64), 0),
    "crnn-inference": (Crnn, (1, 1, 96, 1366), 0),
    "resnet-inference": (resnet, (1, 1, 64, 938), 0),
}


def tune(net, x):
    torch.set_flush_denormal(True)
    if x.dim() != 4:
        return net, x
    return net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)


def main():
    name, steps, tuned = sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["tuned"]
    if tuned:
        libc = ctypes.CDLL(None)
        libc.mallopt(-3, 1 << 30), libc.mallopt(-1, 2**31 - 1)  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
    make, shape, classes = NETWORKS[name]
    torch.manual_seed(1)
    net = make()
    torch.manual_seed(2)
    x, y = torch.randn(shape), torch.randint(0, max(classes, 1), (shape[0],))
    if tuned:
        net, x = tune(net, x)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)

    def train():
        loss = nn.functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    def infer():
        with torch.inference_mode():
            return net(x).mean().item()

    net.train(classes > 0)
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", flush=True)
    for _ in range(steps):
        wall, cpu = time.perf_counter(), time.process_time()
        loss = train() if classes else infer()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(f"step\t{1000 * cpu:.3f}\t{1000 * wall:.3f}\t{loss:.9g}", flush=True)
    print(f"memory\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.1f}")


if __name__ == "__main__":
    main()
