"""What looking into networks gives with PyPI's captum (0.9.0) and PyTorch (2.15.0): writes inspection.json.

    python3 inspection.py

Grad-CAM is captum's LayerGradCam with relu_attributions, of the layer "3" and the classes 2 and 3 (from 1). Attention is
what MultiheadAttention gives with need_weights, of each head and averaged, and of an encoder layer what its self_attn
sees. Ascent is ten steps of the update that nn.maximize_activation describes, from noise that torch.manual_seed(1) draws.
Everything is in float64 and given whole; weights are those after a seed.
"""

import json
import pathlib

import captum
import torch
from captum.attr import LayerGradCam
from torch import nn


def convolutions():
    torch.manual_seed(21)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3)).double().eval()


def grad_cam():
    net = convolutions()
    torch.manual_seed(22)
    x = torch.randn(2, 1, 8, 12).double()
    cam = LayerGradCam(net, net[3])
    return {"relu": cam.attribute(x, target=torch.tensor([1, 1]), relu_attributions=True).squeeze(1).tolist(),
            "signed": cam.attribute(x, target=torch.tensor([2, 2]), relu_attributions=False).squeeze(1).tolist()}


def attention():
    torch.manual_seed(23)
    layer = nn.MultiheadAttention(8, 2, batch_first=True).double().eval()
    torch.manual_seed(24)
    x = torch.randn(2, 5, 8).double()
    mask = torch.tensor([[False] * 5, [False] * 3 + [True] * 2])
    torch.manual_seed(25)
    encoder = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True).double().eval()
    with torch.no_grad():
        heads = layer(x, x, x, average_attn_weights=False)[1]
        averaged = layer(x, x, x)[1]
        masked = layer(x, x, x, key_padding_mask=mask, average_attn_weights=False)[1]
        inside = encoder.self_attn(x, x, x, average_attn_weights=False)[1]
    return {name: value.tolist() for name, value in
            {"heads": heads, "averaged": averaged, "masked": masked, "encoder": inside}.items()}


def ascent(steps=10, lr=0.05, l2=1e-4, tv=1e-3):
    net, units = convolutions(), [1, 2]
    torch.manual_seed(1)
    x = 0.1 * torch.randn(2, 1, 8, 12)
    x = x.double()
    for _ in range(steps):
        x = x.detach().requires_grad_(True)
        activity = sum(net[:4](x)[row, unit].mean() for row, unit in enumerate(units))
        cost = l2 * x.pow(2).sum() + tv * (x.diff(dim=2).pow(2).sum() + x.diff(dim=3).pow(2).sum())
        gradient, = torch.autograd.grad(activity - cost, x)
        size = gradient.flatten(1).pow(2).mean(1).sqrt().view(-1, 1, 1, 1)
        x = x + lr * gradient / (size + 1e-12)
    return x.detach().tolist()


golden = {"made by": "tests/golden/nn/inspection.py", "captum": captum.__version__, "torch": torch.__version__,
          "grad_cam": grad_cam(), "attention": attention(), "ascent": ascent()}
path = pathlib.Path(__file__).parent / "inspection.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
