"""The tables of optimisers and schedules: what PyTorch's do in ten steps and more.

Parameters and gradients are sines, so that the tests reckon them for themselves: `start` and `gradient` below. The tensor
"late.weight" has no gradient in the first three steps. Options are Lumir's: a group is { match = pattern, ... }. Of
float64, parameters are kept after steps 1, 4 and 10; of float32 after 10; of each tensor the first five numbers.
"""

import math

import torch
from torch.optim import lr_scheduler as S
from torch.optim import swa_utils

SHAPES = {"0.weight": [5, 7], "0.bias": [7], "1.scale": [], "2.weight": [2, 1, 3, 3], "late.weight": [3]}
STEPS = 10


def filled(shape, f):
    return torch.tensor([f(i) for i in range(math.prod(shape))], dtype=torch.float64).reshape(shape)


def start(k, shape, dtype):
    return filled(shape, lambda i: math.sin(0.7 * i + k)).to(dtype)


def gradient(k, shape, step, dtype):
    return filled(shape, lambda i: (1 + 0.1 * step) * math.sin(1.3 * i + 2 * k + 0.9 * step)).to(dtype)


def numbers(tensors):
    """The first five of each."""
    return [v for t in tensors for v in t.detach().double().flatten()[:5].tolist()]


def groups(parameters, options):
    """PyTorch's groups for Lumir's: the bias alone, the rest."""
    given = options.get("groups")
    if not given:
        return list(parameters.values())
    first = {k: v for k, v in given[0].items() if k != "match"}
    return [{"params": [p for n, p in parameters.items() if n.endswith(".bias")], **first},
            {"params": [p for n, p in parameters.items() if not n.endswith(".bias")]}]


class Lion(torch.optim.Optimizer):
    """Chen et al. (2023), algorithm 2."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                c = first * m + (1 - first) * g
                p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(c.sign(), alpha=group["lr"])
                self.state[p]["m"] = second * m + (1 - second) * g


class Lamb(torch.optim.Optimizer):
    """You et al. (2020), algorithm 2, phi being the identity."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g = -p.grad if group["maximize"] else p.grad
                state = self.state[p]
                state["t"] = state.get("t", 0) + 1
                state["m"] = first * state.get("m", 0) + (1 - first) * g
                state["v"] = second * state.get("v", 0) + (1 - second) * g * g
                m, v = state["m"] / (1 - first ** state["t"]), state["v"] / (1 - second ** state["t"])
                way = m / (v.sqrt() + group["eps"]) + group["weight_decay"] * p
                trust = p.norm() / way.norm() if p.norm() > 0 and way.norm() > 0 else 1
                p -= group["lr"] * trust * way


OWN = {"Lion": Lion, "Lamb": Lamb}


def run(name, options, dtype):
    make = OWN.get(name) or getattr(torch.optim, name)
    parameters = {n: start(k, s, dtype).requires_grad_() for k, (n, s) in enumerate(SHAPES.items())}
    plain = {k: v for k, v in options.items() if k != "groups"}
    optimizer = make(groups(parameters, options), **plain)
    after = []
    for step in range(STEPS):
        for k, (n, p) in enumerate(parameters.items()):
            p.grad = None if n == "late.weight" and step < 3 else gradient(k, SHAPES[n], step, dtype)
        optimizer.step()
        if step in (0, 3, STEPS - 1):
            after.append(numbers(parameters.values()))
    return after if dtype == torch.float64 else [[float(f"{v:.9g}") for v in after[-1]]]


BIAS = [{"match": "*.bias", "weight_decay": 0, "lr": 0.03}]
OPTIMIZERS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.2, "groups": BIAS}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1, "groups": BIAS}),
    ("Adam", {"lr": 0.1, "amsgrad": True, "maximize": True}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.5, "groups": BIAS}),
    ("AdamW", {"lr": 0.05, "betas": [0.7, 0.9], "amsgrad": True, "weight_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"alpha": 0.8, "momentum": 0.5, "centered": True, "weight_decay": 0.1, "groups": BIAS}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.1, "betas": [0.8, 0.95], "weight_decay": 0.1, "momentum_decay": 0.1, "groups": BIAS}),
    ("NAdam", {"lr": 0.05, "weight_decay": 0.2, "decoupled_weight_decay": True, "maximize": True, "eps": 1e-3}),
    ("RAdam", {}),
    ("RAdam", {"lr": 0.1, "betas": [0.8, 0.95], "weight_decay": 0.1, "groups": BIAS}),
    ("RAdam", {"lr": 0.05, "betas": [0.5, 0.7], "weight_decay": 0.2, "decoupled_weight_decay": True, "maximize": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.2, "weight_decay": 0.1, "initial_accumulator_value": 0.3, "eps": 1e-3,
                 "groups": BIAS}),
    ("Adagrad", {"lr": 0.1, "maximize": True}),
    ("Lamb", {}),
    ("Lamb", {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.2, "groups": BIAS}),
    ("Lamb", {"lr": 0.05, "weight_decay": 0, "maximize": True}),
    ("Lion", {}),
    ("Lion", {"lr": 0.01, "betas": [0.7, 0.9], "weight_decay": 0.2, "groups": BIAS}),
    ("Lion", {"lr": 0.01, "maximize": True}),
]


def rates(optimizer):
    return [g["lr"] for g in optimizer.param_groups]


def two_groups(momentum=0.5):
    a, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    return torch.optim.SGD([{"params": [a], "lr": 0.02}, {"params": [b]}], lr=0.1, momentum=momentum)


def schedule(build, steps, metrics=None):
    optimizer = two_groups()
    parts = build(optimizer)
    seen, momenta = [rates(optimizer)], [optimizer.param_groups[0]["momentum"]]
    for step in range(steps):
        optimizer.step()
        for part in parts:
            part.step(*([] if metrics is None else [metrics[step]]))
        seen.append(rates(optimizer))
        momenta.append(optimizer.param_groups[0]["momentum"])
    return {"rates": seen, "momenta": momenta}


def warm(optimizer, steps):
    return S.LinearLR(optimizer, start_factor=1 / (steps + 1), total_iters=steps)


def warm_cosine(optimizer, total, steps, eta_min):
    both = [warm(optimizer, steps), S.CosineAnnealingLR(optimizer, total - steps, eta_min)]
    return [S.SequentialLR(optimizer, both, milestones=[steps])]


FALLING = [1.0, 0.9, 0.91, 0.9, 0.92, 0.9, 0.89999, 0.5, 0.6, 0.7, 0.55, 0.52, 0.51, 0.6, 0.6, 0.6]
SCHEDULES = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}, 10, lambda o: [S.StepLR(o, 3, 0.5)]),
    ("StepLR", {"step_size": 4, "warmup": 3}, 10, lambda o: [warm(o, 3), S.StepLR(o, 4)]),
    ("MultiStepLR", {"milestones": [6, 2, 6], "gamma": 0.3}, 10, lambda o: [S.MultiStepLR(o, [6, 2, 6], 0.3)]),
    ("ExponentialLR", {"gamma": 0.9}, 10, lambda o: [S.ExponentialLR(o, 0.9)]),
    ("LinearLR", {}, 10, lambda o: [S.LinearLR(o)]),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 7}, 10,
     lambda o: [S.LinearLR(o, 1.0, 0.1, 7)]),
    ("CosineAnnealingLR", {"T_max": 10}, 10, lambda o: [S.CosineAnnealingLR(o, 10)]),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.005}, 18, lambda o: [S.CosineAnnealingLR(o, 7, 0.005)]),
    ("CosineAnnealingLR", {"T_max": 12, "warmup": 4, "eta_min": 0.001}, 12, lambda o: warm_cosine(o, 12, 4, 0.001)),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}, 14, lambda o: [S.CosineAnnealingWarmRestarts(o, 4)]),
    ("CosineAnnealingWarmRestarts", {"T_0": 2, "T_mult": 3, "eta_min": 0.005}, 22,
     lambda o: [S.CosineAnnealingWarmRestarts(o, 2, 3, 0.005)]),
    ("SWALR", {"swa_lr": 0.05}, 13, lambda o: [swa_utils.SWALR(o, 0.05)]),
    ("SWALR", {"swa_lr": 0.3, "anneal_epochs": 4, "anneal_strategy": "linear"}, 7,
     lambda o: [swa_utils.SWALR(o, 0.3, 4, "linear")]),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 12}, 11, lambda o: [S.OneCycleLR(o, 0.5, 12)]),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": 13, "pct_start": 0.4, "anneal_strategy": "linear",
                    "div_factor": 10.0, "final_div_factor": 100.0, "three_phase": True, "base_momentum": 0.7}, 12,
     lambda o: [S.OneCycleLR(o, 0.5, 13, pct_start=0.4, anneal_strategy="linear", div_factor=10.0,
                             final_div_factor=100.0, three_phase=True, base_momentum=0.7)]),
    ("ReduceLROnPlateau", {"patience": 2}, 16, lambda o: [S.ReduceLROnPlateau(o, patience=2)]),
    ("ReduceLROnPlateau", {"mode": "max", "factor": 0.5, "patience": 1, "threshold": 0.05, "threshold_mode": "abs",
                           "cooldown": 2, "min_lr": 0.01}, 16,
     lambda o: [S.ReduceLROnPlateau(o, mode="max", factor=0.5, patience=1, threshold=0.05, threshold_mode="abs",
                                    cooldown=2, min_lr=0.01)]),
]


# Two schedules of one optimiser, stepped in this order; after the fourth step of those that say so, somebody sets the
# rates of both groups. The function of LambdaLR is 0.9 ** t.
CHAINS = [
    ([("ExponentialLR", {"gamma": 0.9}), ("StepLR", {"step_size": 3, "gamma": 0.5})], False,
     lambda o: [S.ExponentialLR(o, 0.9), S.StepLR(o, 3, 0.5)]),
    ([("LinearLR", {"start_factor": 0.25, "total_iters": 4}), ("CosineAnnealingLR", {"T_max": 9, "eta_min": 0.003})],
     False, lambda o: [S.LinearLR(o, 0.25, total_iters=4), S.CosineAnnealingLR(o, 9, 0.003)]),
    ([("CosineAnnealingLR", {"T_max": 5}), ("MultiStepLR", {"milestones": [2, 7], "gamma": 0.3})], False,
     lambda o: [S.CosineAnnealingLR(o, 5), S.MultiStepLR(o, [2, 7], 0.3)]),
    ([("LambdaLR", {}), ("StepLR", {"step_size": 2, "gamma": 0.1})], False,
     lambda o: [S.LambdaLR(o, lambda t: 0.9 ** t), S.StepLR(o, 2, 0.1)]),
    ([("StepLR", {"step_size": 2, "gamma": 0.5}), ("LambdaLR", {})], False,
     lambda o: [S.StepLR(o, 2, 0.5), S.LambdaLR(o, lambda t: 0.9 ** t)]),
    ([("LambdaLR", {})], True, lambda o: [S.LambdaLR(o, lambda t: 0.9 ** t)]),
    ([("CosineAnnealingLR", {"T_max": 10, "eta_min": 0.001})], True, lambda o: [S.CosineAnnealingLR(o, 10, 0.001)]),
    ([("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2})], True,
     lambda o: [S.CosineAnnealingWarmRestarts(o, 3, 2)]),
    ([("SWALR", {"swa_lr": 0.01, "anneal_epochs": 7})], True, lambda o: [swa_utils.SWALR(o, 0.01, 7)]),
    ([("LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 8})], True,
     lambda o: [S.LinearLR(o, 1.0, 0.1, 8)]),
]


def chain(described, sets, build):
    optimizer = two_groups()
    parts = build(optimizer)
    seen = [rates(optimizer)]
    for step in range(12):
        optimizer.step()
        for part in parts:
            part.step()
        if sets and step == 3:
            for group in optimizer.param_groups:
                group["lr"] = 0.07
        seen.append(rates(optimizer))
    return {"parts": [{"name": n, "options": o} for n, o in described], "sets": sets, "rates": seen}


def accumulated(accumulate, batches, epochs):
    """The loop as it is written by hand: a step every so many batches, and one at the end of the pass."""
    parameters = [start(k, s, torch.float64).requires_grad_() for k, s in enumerate(SHAPES.values())]
    optimizer = torch.optim.SGD(parameters, lr=0.05, momentum=0.9)
    after = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        for batch in range(batches):
            loss = sum((p * p).sum() for p in parameters) * (1 + 0.1 * batch)
            (loss / accumulate).backward()
            if (batch + 1) % accumulate == 0 or batch + 1 == batches:
                torch.nn.utils.clip_grad_norm_(parameters, 2.0)
                optimizer.step()
                optimizer.zero_grad()
        after.append(numbers(parameters))
    return {"accumulate": accumulate, "batches": batches, "epochs": epochs, "after": after}


def clipped(norm_type):
    parameters = [start(k, s, torch.float64).requires_grad_() for k, s in enumerate(SHAPES.values())]
    for k, (p, shape) in enumerate(zip(parameters, SHAPES.values())):
        p.grad = gradient(k, shape, 0, torch.float64)
    norm = torch.nn.utils.clip_grad_norm_(parameters, 0.7, norm_type=norm_type)
    by_norm = numbers(p.grad for p in parameters)
    torch.nn.utils.clip_grad_value_(parameters, 0.05)
    return {"norm_type": norm_type, "norm": norm.item(), "by_norm": by_norm,
            "by_value": numbers(p.grad for p in parameters)}


def averaged(decay):
    """Averages of the weights after each of six steps."""
    parameters = [start(k, s, torch.float64).requires_grad_() for k, s in enumerate(SHAPES.values())]
    model = torch.nn.ParameterList(parameters)
    average = swa_utils.AveragedModel(model, multi_avg_fn=decay and swa_utils.get_ema_multi_avg_fn(decay))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    after = []
    for step in range(6):
        for k, (p, shape) in enumerate(zip(model, SHAPES.values())):
            p.grad = gradient(k, shape, step, torch.float64)
        optimizer.step()
        average.update_parameters(model)
        after.append(numbers(average.module))
    return {"decay": decay or "none", "after": after}


def cases():
    plateau = lambda name: name == "ReduceLROnPlateau"
    return {
        "optimizers": [{"name": n, "options": o, "float64": run(n, o, torch.float64),
                        "float32": run(n, o, torch.float32)} for n, o in OPTIMIZERS],
        "schedules": [{"name": n, "options": o, "metrics": FALLING if plateau(n) else [],
                       **schedule(build, steps, FALLING if plateau(n) else None)} for n, o, steps, build in SCHEDULES],
        "chains": [chain(*one) for one in CHAINS],
        "accumulation": [accumulated(4, 10, 2), accumulated(3, 2, 3)],
        "clipping": [clipped(2.0), clipped(1.0)],
        "averages": [averaged(None), averaged(0.9)],
    }
