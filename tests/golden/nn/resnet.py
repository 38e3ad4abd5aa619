"""The residual network of recipes/artist20/resnet.lua in PyTorch: losses of a training with given draws.

Weights come of torch.manual_seed(11), which draws the same for both; rows of torch.manual_seed(12). Dropout is 0, so that
nothing else is drawn. In float32 the losses of PyTorch itself depend on the processor, the layout and the number of
threads (step 3 with channels_last: 2.436 with one, 2.437 with two, 2.463 or 2.434 with four): Adam's first steps go by
signs, and what is nearly 0 has the sign of its rounding. So the losses are kept for each kind of processor that this has
run on, and how far the runs of one come from float64.
"""

import json
import pathlib

import torch
from torch import nn

from references import AvgMaxPool2d, Residual


def block(start, end, stride):
    shortcut = None
    if stride != 1 or start != end:
        shortcut = nn.Sequential(nn.Conv2d(start, end, 1, stride=stride, bias=False), nn.BatchNorm2d(end))
    body = nn.Sequential(
        nn.Conv2d(start, end, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(end), nn.ReLU(),
        nn.Conv2d(end, end, 3, padding=1, bias=False), nn.BatchNorm2d(end))
    return Residual(body, shortcut, nn.ReLU())


def network():
    return nn.Sequential(
        nn.Conv2d(1, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        block(64, 64, 1), block(64, 64, 1), block(64, 128, 2), block(128, 128, 1),
        block(128, 256, 2), block(256, 256, 1), AvgMaxPool2d(),
        nn.Linear(512, 256), nn.BatchNorm1d(256), nn.ReLU(), nn.Linear(256, 20))


def train(dtype, epochs, lr, layout=torch.contiguous_format, threads=2):
    torch.set_num_threads(threads)
    torch.manual_seed(11)
    net = network().to(dtype).to(memory_format=layout)
    torch.manual_seed(12)
    x = torch.randn(8, 1, 32, 24).to(dtype)
    y = torch.tensor([0, 3, 7, 19, 2, 2, 11, 5])
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)
    losses = []
    for epoch in range(epochs):
        for first in (0, 4):
            rows, classes = x[first:first + 4], nn.functional.one_hot(y[first:first + 4], 20).to(dtype)
            share = 0.7 if first == 0 else 0.9  # of mixup; partners in the reverse order
            mixed = (share * rows + (1 - share) * rows.flip(0)).to(memory_format=layout)
            target = share * classes + (1 - share) * classes.flip(0)
            optimizer.zero_grad()
            value = loss(net(mixed), target)
            value.backward()
            optimizer.step()
            losses.append(value.item())
        schedule.step()
    return losses


def golden():
    kept = json.loads((pathlib.Path(__file__).parent / "resnet.json").read_text())
    whole = train(torch.float64, 5, 0.001)
    runs = {(layout, threads): train(torch.float32, 5, 0.001, layout, threads)
            for layout in (torch.contiguous_format, torch.channels_last) for threads in (1, 2, 4)}
    processor = torch.backends.cpu.get_cpu_capability()
    return {
        "parameters": sum(p.numel() for p in network().parameters()),
        "float64": whole,
        "float32": kept["float32"] | {processor: runs[torch.contiguous_format, 2]},
        "off": kept["off"] | {processor: [max(abs(run[step] / loss - 1) for run in runs.values())
                                          for step, loss in enumerate(whole)]},
    }
