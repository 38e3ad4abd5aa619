"""Writes ../tensor.lua: what PyTorch (2.15.0) gives for one call of each operator with positions in it, and others.

    python3 make.py > ../tensor.lua

Each case says the call in Lua, where positions count from 1, and in Python, where they count from 0. `places` names the
results (from 1) that are positions; they are written as Lua sees them.
"""

import torch
import torch.nn.functional as F

X = torch.tensor([[3.0, 9.0, 1.0, 7.0], [5.0, 4.0, 6.0, 2.0], [8.0, 0.5, 2.5, 1.5]])
V = torch.tensor([3.0, 9.0, 1.0, 7.0, 5.0])
C = torch.arange(1.0, 33.0).reshape(1, 2, 4, 4).sin()
W = torch.arange(1.0, 37.0).reshape(2, 2, 3, 3).cos()
I = torch.tensor([[1, 0], [3, 2], [0, 0]])
L = torch.tensor([0, 2, 1])

CASES = [
    # dimensions
    ("X:sum(1)", lambda: X.sum(0), []),
    ("X:mean(-1)", lambda: X.mean(-1), []),
    ("X:std(2)", lambda: X.std(1), []),
    ("X:var { dim = 1, correction = 0 }", lambda: X.var(dim=0, correction=0), []),
    ("X:cumsum(2)", lambda: X.cumsum(1), []),
    ("X:prod(1)", lambda: X.prod(0), []),
    ("X:logsumexp(2)", lambda: X.logsumexp(1), []),
    ("X:softmax(1)", lambda: X.softmax(0), []),
    ("X:log_softmax(2)", lambda: X.log_softmax(1), []),
    ("X:norm(2, 1)", lambda: X.norm(2, 0), []),
    ("X:amax { 1, 2 }", lambda: X.amax((0, 1)), []),
    ("X:flip(1)", lambda: X.flip(0), []),
    ("X:roll(1, 2)", lambda: X.roll(1, 1), []),
    ("X:rot90(1, { 1, 2 })", lambda: X.rot90(1, (0, 1)), []),
    ("X:transpose(1, 2)", lambda: X.transpose(0, 1), []),
    ("X:unflatten(2, { 2, 2 }):permute(3, 1, 2)", lambda: X.unflatten(1, (2, 2)).permute(2, 0, 1), []),
    ("X:unsqueeze(1):squeeze(1)", lambda: X, []),
    ("X:diff { dim = 1 }", lambda: X.diff(dim=0), []),
    ("torch.stack({ V, V }, 2)", lambda: torch.stack([V, V], 1), []),
    ("torch.cat({ X, X }, 2)", lambda: torch.cat([X, X], 1), []),
    ("torch.tensordot(X, X, { 2 }, { 2 })", lambda: torch.tensordot(X, X, ([1], [1])), []),
    ("torch.cross(X['1:3, 1:3'], X['1:3, 2:4'], { dim = 1 })", lambda: torch.cross(X[:, :3], X[:, 1:], dim=0), []),
    ("X:diagonal { offset = 1, dim1 = 2, dim2 = 1 }", lambda: X.diagonal(offset=1, dim1=1, dim2=0), []),
    ("X:unfold(2, 2, 1)", lambda: X.unfold(1, 2, 1), []),
    ("X:quantile(0.3, 1)", lambda: X.quantile(0.3, 0), []),
    ("torch.fft_rfft(V):abs()", lambda: torch.fft.rfft(V).abs(), []),
    ("torch.linalg_vector_norm(X, 2, { 1 })", lambda: torch.linalg.vector_norm(X, 2, (0,)), []),
    # positions given
    ("X:select(2, 3)", lambda: X.select(1, 2), []),
    ("X:narrow(2, 2, 3)", lambda: X.narrow(1, 1, 3), []),
    ("X:slice(2, 2, 3)", lambda: X[:, 1:3], []),
    ("X:slice(2, -3, -2)", lambda: X[:, 1:3], []),
    ("X:slice(2, 1, 4, 2)", lambda: X[:, 0:4:2], []),
    ("V:slice_scatter(torch.zeros(2), 1, 2, 3)", lambda: V.slice_scatter(torch.zeros(2), 0, 1, 3), []),
    ("X:select_scatter(torch.zeros(3), 2, 4)", lambda: X.select_scatter(torch.zeros(3), 1, 3), []),
    ("X:index_select(1, { 3, 1 })", lambda: X.index_select(0, torch.tensor([2, 0])), []),
    ("X:gather(2, I)", lambda: X.gather(1, I), []),
    ("X:take { 12, 1 }", lambda: X.take(torch.tensor([11, 0])), []),
    ("X:take_along_dim(X:argsort(1), 1)", lambda: X.sort(0).values, []),
    ("X:put({ 1, 6 }, torch.tensor { -1, -2 })", lambda: X.put(torch.tensor([0, 5]), torch.tensor([-1.0, -2.0])), []),
    ("X:scatter(2, I, 0)", lambda: X.scatter(1, I, 0), []),
    ("X:scatter_add(2, I, X)", lambda: X.scatter_add(1, I, X), []),
    ("X:scatter_reduce(2, I, X, 'amax')", lambda: X.scatter_reduce(1, I, X, "amax"), []),
    ("X:index_add(1, { 1, 1 }, X['2:3'])", lambda: X.index_add(0, torch.tensor([0, 0]), X[1:3]), []),
    ("X:index_copy(1, { 3 }, X['1:1'])", lambda: X.index_copy(0, torch.tensor([2]), X[:1]), []),
    ("X:index_fill(2, { 2, 4 }, -1)", lambda: X.index_fill(1, torch.tensor([1, 3]), -1), []),
    ("X:index_reduce(1, { 2, 2 }, X['1:2'], 'prod')",
     lambda: X.index_reduce(0, torch.tensor([1, 1]), X[:2], "prod"), []),
    ("V:tensor_split { 3, 5 }[2]", lambda: V.tensor_split((2, 4))[1], []),
    ("torch.hsplit(X, { 2 })[1]", lambda: torch.hsplit(X, [1])[0], []),
    ("torch.one_hot(K)", lambda: F.one_hot(L), []),
    ("torch.bincount(K)", lambda: torch.bincount(L), []),
    ("torch.embedding(X, K)", lambda: F.embedding(L, X), []),
    ("torch.embedding_bag(X, K, torch.tensor { 1, 3 }, { mode = 'sum' })",
     lambda: F.embedding_bag(L, X, torch.tensor([0, 2]), mode="sum"), []),
    # classes
    ("torch.cross_entropy(X, K)", lambda: F.cross_entropy(X, L), []),
    ("torch.cross_entropy(X, K, { ignore_index = 3, reduction = 'sum' })",
     lambda: F.cross_entropy(X, L, ignore_index=2, reduction="sum"), []),
    ("torch.cross_entropy(X, X:softmax(2))", lambda: F.cross_entropy(X, X.softmax(1)), []),
    ("torch.cross_entropy(X, K, { label_smoothing = 0.1 })", lambda: F.cross_entropy(X, L, label_smoothing=0.1), []),
    ("torch.cross_entropy(X, torch.tensor { 2, -100, 1 })", lambda: F.cross_entropy(X, torch.tensor([1, -100, 0])), []),
    ("torch.cross_entropy(X, K, { weight = torch.tensor { 1, 2, 3, 4 }, ignore_index = 1 })",
     lambda: F.cross_entropy(X, L, weight=torch.tensor([1.0, 2.0, 3.0, 4.0]), ignore_index=0), []),
    ("torch.cross_entropy(X, torch.one_hot(K, 4):float())",
     lambda: F.cross_entropy(X, F.one_hot(L, 4).float()), []),
    ("torch.cross_entropy(V, V:softmax(1))", lambda: F.cross_entropy(V, V.softmax(0)), []),
    ("torch.cross_entropy(V, torch.ones(1, { dtype = 'int64' }):sum())", lambda: F.cross_entropy(V, torch.tensor(0)), []),
    ("torch.cross_entropy(C, C:gt(0):long():sum(2) + 1 - C:gt(0):long():amin(2))",
     lambda: F.cross_entropy(C, (C > 0).long().sum(1) - (C > 0).long().amin(1)), []),
    ("torch.cross_entropy(C, C:softmax(2))", lambda: F.cross_entropy(C, C.softmax(1)), []),
    ("torch.nll_loss(X:log_softmax(2), K, { ignore_index = 2, reduction = 'none' })",
     lambda: F.nll_loss(X.log_softmax(1), L, ignore_index=1, reduction="none"), []),
    ("torch.embedding_bag(X, K, torch.tensor { 1, 3 }, { mode = 'sum', padding_idx = 3, "
     "scale_grad_by_freq = false, sparse = false, per_sample_weights = 'none', include_last_offset = false })",
     lambda: F.embedding_bag(L, X, torch.tensor([0, 2]), mode="sum", padding_idx=2), []),
    ("torch.nll_loss(X:log_softmax(2), K, { reduction = 'none' })",
     lambda: F.nll_loss(X.log_softmax(1), L, reduction="none"), []),
    ("torch.multi_margin_loss(X, K)", lambda: F.multi_margin_loss(X, L), []),
    ("torch.multilabel_margin_loss(V, torch.tensor { 2, 4, -1, 1, 1 })",
     lambda: F.multilabel_margin_loss(V, torch.tensor([1, 3, -1, 0, 0])), []),
    ("torch.ctc_loss(X:unsqueeze(2):log_softmax(3), torch.tensor { { 2 } }, { 3 }, { 1 }, { blank = 1 })",
     lambda: F.ctc_loss(X.unsqueeze(1).log_softmax(2), torch.tensor([[1]]), [3], [1], blank=0), []),
    ("torch.ctc_loss(X:unsqueeze(2):log_softmax(3), torch.tensor { { 2, 1 } }, { 3 }, { 2 }, { blank = 4 })",
     lambda: F.ctc_loss(X.unsqueeze(1).log_softmax(2), torch.tensor([[1, 0]]), [3], [2], blank=3), []),
    ("torch.ctc_loss(X:unsqueeze(2):log_softmax(3), torch.tensor { { 2, 3 } }, { 3 }, { 2 })",
     lambda: F.ctc_loss(X.unsqueeze(1).log_softmax(2), torch.tensor([[1, 2]]), [3], [2]), []),
    # positions found
    ("X:argmax()", lambda: X.argmax(), [1]),
    ("X:argmax(2, true)", lambda: X.argmax(1, True), [1]),
    ("X:topk(2, 2, false)", lambda: X.topk(2, 1, False), [2]),
    ("X:max(1, true)", lambda: X.max(0, True), [2]),
    ("X:argmax(2)", lambda: X.argmax(1), [1]),
    ("X:argmin()", lambda: X.argmin(), [1]),
    ("X:argsort(2)", lambda: X.argsort(1), [1]),
    ("X:max(2)", lambda: X.max(1), [2]),
    ("X:min(1)", lambda: X.min(0), [2]),
    ("X:median(2)", lambda: X.median(1), [2]),
    ("X:nanmedian(2)", lambda: X.nanmedian(1), [2]),
    ("X:mode(2)", lambda: X.mode(1), [2]),
    ("X:sort(2, true)", lambda: X.sort(1, True), [2]),
    ("X:topk(2, 1)", lambda: X.topk(2, 0), [2]),
    ("V:kthvalue(2)", lambda: V.kthvalue(2), [2]),
    ("X:cummax(2)", lambda: X.cummax(1), [2]),
    ("X:cummin(1)", lambda: X.cummin(0), [2]),
    ("X:gt(4):nonzero()", lambda: (X > 4).nonzero(), [1]),
    ("torch.argwhere(X:gt(6))", lambda: torch.argwhere(X > 6), [1]),
    ("torch.searchsorted(torch.tensor { 1, 3, 5 }, V)", lambda: torch.searchsorted(torch.tensor([1.0, 3.0, 5.0]), V), [1]),
    ("torch.bucketize(V, torch.tensor { 1, 3, 5 }, { right = true })",
     lambda: torch.bucketize(V, torch.tensor([1.0, 3.0, 5.0]), right=True), [1]),
    ("torch.tril_indices(3, 2)", lambda: torch.tril_indices(3, 2), [1]),
    ("torch.triu_indices(2, 3, 1)", lambda: torch.triu_indices(2, 3, 1), [1]),
    ("torch.repeat_interleave(torch.tensor({ 1, 0, 2 }, { dtype = 'int64' }))",
     lambda: torch.repeat_interleave(torch.tensor([1, 0, 2])), [1]),
    ("torch.unique(torch.tensor { 5, 2, 5 }, { return_inverse = true, return_counts = true })",
     lambda: torch.unique(torch.tensor([5.0, 2.0, 5.0]), return_inverse=True, return_counts=True), [2]),
    ("torch.unique_consecutive(torch.tensor { 5, 5, 2 }, { return_inverse = true, return_counts = true })",
     lambda: torch.unique_consecutive(torch.tensor([5.0, 5.0, 2.0]), return_inverse=True, return_counts=True), [2]),
    ("torch.max_pool2d_with_indices(C, 2)", lambda: F.max_pool2d(C, 2, return_indices=True), [2]),
    ("torch.adaptive_max_pool2d(C, 2)", lambda: F.adaptive_max_pool2d(C, 2, return_indices=True), [2]),
    ("torch.max_unpool2d(select(1, torch.max_pool2d_with_indices(C, 2)), "
     "select(2, torch.max_pool2d_with_indices(C, 2)), { 4, 4 })",
     lambda: torch.ops.aten.max_unpool2d(*F.max_pool2d(C, 2, return_indices=True), (4, 4)), []),
    # amounts and choices
    ("torch.conv2d(C, W, { padding = 1, stride = 2 })", lambda: F.conv2d(C, W, padding=1, stride=2), []),
    ("torch.avg_pool2d(C, 2)", lambda: F.avg_pool2d(C, 2), []),
    ("torch.layer_norm(X, 4)", lambda: F.layer_norm(X, (4,)), []),
    ("torch.group_norm(C, 2)", lambda: F.group_norm(C, 2), []),
    ("torch.pad(V, { 1, 2 })", lambda: F.pad(V, (1, 2)), []),
    ("V:repeat_interleave(2)", lambda: V.repeat_interleave(2), []),
    ("torch.smooth_l1_loss(X, X * 2, { reduction = 'sum' })", lambda: F.smooth_l1_loss(X, X * 2, reduction="sum"), []),
    ("torch.kl_div(X:log_softmax(2), X:flip(2):softmax(2), { reduction = 'mean' })",
     lambda: F.kl_div(X.log_softmax(1), X.flip(1).softmax(1), reduction="mean"), []),
    ("torch.gelu(V, { approximate = 'tanh' })", lambda: F.gelu(V, approximate="tanh"), []),
    ("torch.linspace(0, 1, 5)", lambda: torch.linspace(0, 1, 5), []),
    ("torch.einsum('ij,ik->jk', { X, X })", lambda: torch.einsum("ij,ik->jk", X, X), []),
    ("torch.hann_window(6)", lambda: torch.hann_window(6), []),
    ("torch.matmul(X, X.T):inverse()", lambda: torch.matmul(X, X.T).inverse(), []),
]


def text(value):
    if isinstance(value, list):
        return "{ " + ", ".join(text(element) for element in value) + " }" if value else "{}"
    return format(value, ".9g") if isinstance(value, float) else str(value)


print("-- What PyTorch %s gives; written by golden/tensor/make.py.\nreturn {" % torch.__version__.split("+")[0])
for lua, python, places in CASES:
    results = python()
    results = list(results) if isinstance(results, tuple) else [results]
    shown = [text((r + 1 if n in places else r).tolist()) for n, r in enumerate(results, 1)]
    print('  { "%s", { %s } },' % (lua, ", ".join(shown)))
print("}")
