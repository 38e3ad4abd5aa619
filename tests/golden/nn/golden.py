"""How goldens of layers and losses are made: what a module gives, and how its gradients run.

Nothing but a seed stands for weights and inputs: torch.manual_seed(seed), then the module is built; manual_seed(seed +
1000), then the inputs are drawn; manual_seed(seed + 2000) before forward (dropout); manual_seed(seed + 3000), then the
weights of the outputs, whose weighted sum is differentiated. The seed is a number for the title.

Of a tensor of more than 8 numbers 6 are kept, evenly spaced, its norm, and its product with cos(0), cos(1) ... , so that
every number counts. `module` is the description in Lumir, where dimensions, classes and rows count from 1.
"""

import zlib

import torch
from torch import nn

import references

torch.set_num_threads(2)  # the last digits of sums depend on it, and float32 trainings on those
KEPT = 6


def rounded(value, digits):
    return float(f"{value:.{digits}g}")


def described(tensor, digits=7):
    """Of weights after a seed 9 digits: they are the same float."""
    flat = tensor.detach().flatten()
    whole = flat.dtype in (torch.int64, torch.bool)
    entry = {"shape": list(tensor.shape)}
    if len(flat) > 8:
        numbers = torch.nan_to_num(flat.double(), 0.0, 0.0, 0.0)
        entry["norm"] = rounded(numbers.norm().item(), digits)
        entry["dot"] = rounded((numbers * torch.arange(len(flat), dtype=torch.float64).cos()).sum().item(), digits)
        flat = flat[[i * len(flat) // KEPT for i in range(KEPT)]]
    entry["values"] = [int(v) if whole else rounded(v, digits) for v in flat.tolist()]
    return entry


def whole(tensor):
    kind = "int64" if tensor.dtype == torch.int64 else "bool" if tensor.dtype == torch.bool else "float32"
    values = [int(v) if kind != "float32" else rounded(v, 9) for v in tensor.flatten().tolist()]
    return {"shape": list(tensor.shape), "values": values, "type": kind}


def layer(name, **options):
    """The description of a module within another one."""
    return {"name": "nn." + name, "options": options}


def plain(value):
    """An option of Lumir as PyTorch has it."""
    if isinstance(value, dict):
        return built(value["name"][3:], value["options"])
    if isinstance(value, list):
        return tuple(plain(one) for one in value)
    return None if value == "none" else value


def built(name, options):
    """The reference's module of that name, else PyTorch's, with the same options by name."""
    words = ("merge", "reduction")  # whose 'none' is a word of PyTorch's, too
    given = {key: value if key in words else plain(value) for key, value in options.items()}
    kind = getattr(references, name, None) or getattr(nn, name)
    return kind(*given.pop("modules"), **given) if name == "Sequential" else kind(**given)


def flat(result):
    if isinstance(result, torch.Tensor):
        return [result]
    return [tensor for part in result if part is not None for tensor in flat(part)]


class Cases:
    """Rows of a table: a name, its options, what goes in."""

    def __init__(self):
        self.all = []

    def __call__(self, name, options, *inputs, build=None, training=True, named=None, forward=None, lazy=False,
                 positive=False):
        """`build` makes PyTorch's module where its options are not the same by name; `forward` calls it where that needs
        more than the inputs; a lazy one has no state before; `positive` inputs are drawn above 0."""
        shapes = [list(given if isinstance(given, tuple) else given.shape) for given in inputs]
        title = " ".join(str(part) for part in (name, options, *shapes, "" if training else "eval", sorted(named or []))
                         if part not in ("", []))
        seed = zlib.crc32(title.encode()) % 100000
        assert all(one["title"] != title for one in self.all), title
        torch.manual_seed(seed)
        module = build() if build else built(name, options)
        module.train(training)
        weights = lambda: {key: described(value, 9) for key, value in module.state_dict().items()}
        state = {} if lazy else weights()
        torch.manual_seed(seed + 1000)
        draw = torch.rand if positive else torch.randn
        tensors = [draw(given).requires_grad_() if isinstance(given, tuple) else given for given in inputs]
        named = named or {}
        torch.manual_seed(seed + 2000)
        outputs = flat((forward or (lambda m, *xs, **beside: m(*xs, **beside)))(module, *tensors, **named))
        if lazy:
            state = weights()
        torch.manual_seed(seed + 3000)
        total = sum((output * torch.randn(output.shape)).sum() for output in outputs if output.requires_grad)
        gradients = {}
        if isinstance(total, torch.Tensor):
            total.backward()
            gradients = {f"input {i}": described(x.grad) for i, x in enumerate(tensors) if x.grad is not None}
            for key, value in module.named_parameters():
                gradients[key] = described(value.grad if value.grad is not None else torch.zeros(value.shape))
        kind = "positive" if positive else "drawn"
        self.all.append({
            "title": title,
            "seed": seed,
            "module": {"name": "nn." + name, "options": options},
            "training": training,
            "lazy": lazy,
            "inputs": [{"shape": list(given), "type": kind} if isinstance(given, tuple) else whole(given)
                       for given in inputs],
            "named": {key: whole(value) for key, value in named.items()},
            "state": state,
            "outputs": [described(output) for output in outputs],
            "gradients": gradients,
            "buffers": {key: described(value) for key, value in module.named_buffers() if key in module.state_dict()},
        })
