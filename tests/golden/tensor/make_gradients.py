"""Writes ../gradients.lua: what PyTorch (2.15.0) gives for gradients, gradients of gradients, and what they pass over.

    python3 make_gradients.py > ../gradients.lua

Each case says in Lua, where positions count from 1, what Python does beside it. `leaf` makes a copy that wants a gradient.
"""

import torch
import torch.nn.functional as F
from torch.autograd import grad

X = torch.tensor([[0.3, 0.9, -0.1, 0.7], [0.5, -0.4, 0.6, 0.2], [0.8, 0.5, -0.25, 0.15]], dtype=torch.float64)
V = torch.tensor([0.3, -0.9, 0.1, 0.7, 0.5], dtype=torch.float64)
C = torch.arange(1.0, 33.0, dtype=torch.float64).reshape(1, 2, 4, 4).sin()
W = torch.arange(1.0, 37.0, dtype=torch.float64).reshape(2, 2, 3, 3).cos()
L = torch.tensor([0, 2, 1])


def leaf(x):
    return x.clone().requires_grad_()


def powers():
    w = leaf(V)
    first = grad((w**3 * w.sin()).sum(), w, create_graph=True)[0]
    second = grad(first.sum(), w, create_graph=True)[0]
    third = grad(second.pow(2).sum(), w)[0]
    return first, second, third


def penalty():
    w, x = leaf(X), leaf(V[:4])
    slope = grad(w.matmul(x).tanh().sum(), x, create_graph=True)[0]
    (slope.norm() - 1).pow(2).backward()
    return slope, w.grad, x.grad


def convolution():
    x, w = leaf(C), leaf(W)
    loss = F.conv2d(x, w, padding=1).sigmoid().pow(2).mean()
    dx, dw = grad(loss, (x, w), create_graph=True)
    return grad(dx.pow(2).sum() + dw.pow(2).sum(), (x, w))


def norms():
    x = leaf(X)
    scores = F.layer_norm(x, (4,)).log_softmax(1)
    first = grad(F.nll_loss(scores, L), x, create_graph=True)[0]
    return first, grad(first.abs().sum(), x)[0]


def kept():
    w = leaf(V)
    w.exp().sum().backward(create_graph=True)
    first = w.grad
    return first, grad((first * V).sum(), w)[0]


def weighted():
    a, b = leaf(V), leaf(V.flip(0))
    return grad((a * b, a.sin()), (a, b), (V, V.exp()))


def padding():
    w = leaf(X)
    F.embedding(torch.tensor([[0, 2], [1, 2]]), w, padding_idx=2).pow(2).sum().backward()
    return (w.grad,)


def ignored():
    x = leaf(X)
    F.cross_entropy(x, L, ignore_index=2).backward()
    return (x.grad,)


def soft():
    x = leaf(X)
    F.cross_entropy(x, F.one_hot(L, 4).double()).backward()
    return (x.grad,)


def places():
    x = leaf(X)
    largest, where = x.topk(2, 1)
    (largest[:, 0].sum() + x.max(0).values.pow(2).sum() + x.gather(1, where[:, 1:]).exp().sum()).backward()
    return (x.grad,)


def blank():
    x = leaf(X.unsqueeze(1))
    F.ctc_loss(x.log_softmax(2), torch.tensor([[1, 0]]), [3], [2], blank=3).backward()
    return (x.grad,)


CASES = [
    ("""
    local w = leaf(V)
    local first = grad((w ^ 3 * w:sin()):sum(), w, { create_graph = true })
    local second = grad(first:sum(), w, { create_graph = true })
    return first, second, grad(second:pow(2):sum(), w)""", powers),
    ("""
    local w, x = leaf(X), leaf(V['1:4'])
    local slope = grad(w:matmul(x):tanh():sum(), x, { create_graph = true })
    ;((slope:norm() - 1) ^ 2):backward()
    return slope, w.grad, x.grad""", penalty),
    ("""
    local x, w = leaf(C), leaf(W)
    local loss = torch.conv2d(x, w, { padding = 1 }):sigmoid():pow(2):mean()
    local dx, dw = grad(loss, { x, w }, { create_graph = true })
    return grad(dx:pow(2):sum() + dw:pow(2):sum(), { x, w })""", convolution),
    ("""
    local x = leaf(X)
    local scores = torch.layer_norm(x, 4):log_softmax(2)
    local first = grad(torch.nll_loss(scores, K), x, { create_graph = true })
    return first, grad(first:abs():sum(), x)""", norms),
    ("""
    local w = leaf(V)
    w:exp():sum():backward { create_graph = true }
    local first = w.grad
    w.grad = nil    -- whose graph leads back to w: nothing would ever free the two
    return first, grad((first * V):sum(), w)""", kept),
    ("""
    local a, b = leaf(V), leaf(V:flip(1))
    return grad({ a * b, a:sin() }, { a, b }, { V, V:exp() })""", weighted),
    ("""
    local w = leaf(X)
    torch.embedding(w, torch.tensor { { 1, 3 }, { 2, 3 } }, { padding_idx = 3 }):pow(2):sum():backward()
    return w.grad""", padding),
    ("""
    local words = nn.Embedding(3, 4, { padding_idx = 3 }):to 'float64'
    torch.no_grad(function() words.weight:copy_(X) end)
    words(torch.tensor { { 1, 3 }, { 2, 3 } }):pow(2):sum():backward()
    return words.weight.grad""", padding),
    ("""
    local x = leaf(X)
    torch.cross_entropy(x, K, { ignore_index = 3 }):backward()
    return x.grad""", ignored),
    ("""
    local x = leaf(X)
    nn.CrossEntropyLoss { ignore_index = 3 }(x, K):backward()
    return x.grad""", ignored),
    ("""
    local x = leaf(X)
    nn.CrossEntropyLoss()(x, torch.one_hot(K, 4)):backward()
    return x.grad""", soft),
    ("""
    local x = leaf(X)
    local largest, where = x:topk(2, 2)
    local highest = x:max(1)
    local second = x:gather(2, where[':, 2:2'])
    ;(largest[':, 1']:sum() + highest:pow(2):sum() + second:exp():sum()):backward()
    return x.grad""", places),
    ("""
    local x = leaf(X:unsqueeze(2))
    torch.ctc_loss(x:log_softmax(3), torch.tensor { { 2, 1 } }, { 3 }, { 2 }, { blank = 4 }):backward()
    return x.grad""", blank),
]


def text(value):
    if isinstance(value, list):
        return "{ " + ", ".join(text(element) for element in value) + " }" if value else "{}"
    return format(value, ".15g")


print("-- What PyTorch %s gives; written by golden/tensor/make_gradients.py.\nreturn {" % torch.__version__.split("+")[0])
for lua, python in CASES:
    print("  { [[%s]], { %s } }," % (lua, ", ".join(text(result.tolist()) for result in python())))
print("}")
