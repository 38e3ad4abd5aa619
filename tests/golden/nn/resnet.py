"""The residual network of recipes/artist20/resnet.lua in PyTorch: losses of a training with given draws.

Weights come of torch.manual_seed(11), which draws the same for both; rows of torch.manual_seed(12). Dropout is 0, so that
nothing else is drawn. In float32 with channels_last the losses of PyTorch itself depend on the number of threads (step 6:
1.711 with one, 1.708 with two, 1.728 with four), so that is said: two.
"""

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


def train(dtype, epochs, lr, layout=torch.contiguous_format):
    torch.set_num_threads(2)
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
    return {
        "parameters": sum(p.numel() for p in network().parameters()),
        "float64": train(torch.float64, 3, 0.001),
        "float32": train(torch.float32, 5, 0.001),
        "channels_last": train(torch.float32, 5, 0.001, torch.channels_last),
    }
