"""Weights that both sides can make: each array of a state, in the order of its names, drawn after one seed.

Nothing is kept of them. Convolutions and dense layers keep the size of what passes through; norms stand near 1.
"""

import torch



def drawn(name, array):
    if array.dim() > 1:
        fan_in = array[0].numel()
        return torch.randn(array.shape) * (1.5 / fan_in) ** 0.5
    if name.endswith("running_var") or name.endswith("weight"):
        return torch.rand(array.shape) * 0.5 + 0.75
    return torch.randn(array.shape) * 0.1


def fill(module, seed, left_out=()):
    """Names that begin with one of `left_out` stay: what Lumir reckons and does not keep."""
    torch.manual_seed(seed)
    state = module.state_dict()
    for name in sorted(state):
        if state[name].is_floating_point() and not name.startswith(tuple(left_out)):
            state[name].copy_(drawn(name, state[name]))
    module.load_state_dict(state)
    return module
