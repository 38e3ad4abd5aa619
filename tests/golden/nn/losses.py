"""The table of losses: of each, several sets of options. Classes are Lumir's, from 1, in options only."""

import torch
from torch import nn

from golden import Cases

case = Cases()
CLASSES = torch.tensor([2, 0, 1, 2])
SHARES = torch.tensor([[0.1, 0.2, 0.7], [1.0, 0, 0], [0.5, 0.25, 0.25], [0, 0.9, 0.1]])
FRAMES = torch.tensor([[0, 2, 1, 1], [2, 2, -100, 0]])
WEIGHT = {"weight": [1.0, 2.0, 0.5]}
REDUCTIONS = ("mean", "sum", "none")


def weighted(kind, **options):
    """PyTorch's, whose weights are tensors."""
    return lambda: kind(**{key: torch.tensor(v) if "weight" in key else v for key, v in options.items()})


# of class numbers
case("CrossEntropyLoss", {}, (4, 3), CLASSES)
case("CrossEntropyLoss", WEIGHT | {"label_smoothing": 0.1, "ignore_index": 1, "reduction": "sum"}, (4, 3), CLASSES,
     build=weighted(nn.CrossEntropyLoss, **WEIGHT, label_smoothing=0.1, ignore_index=0, reduction="sum"))
case("CrossEntropyLoss", WEIGHT | {"label_smoothing": 0.1}, (4, 3), SHARES,
     build=weighted(nn.CrossEntropyLoss, **WEIGHT, label_smoothing=0.1))
case("CrossEntropyLoss", {"reduction": "none"}, (2, 3, 4), FRAMES)
case("NLLLoss", {}, (4, 3), CLASSES)
case("NLLLoss", {"reduction": "none"}, (2, 3, 4), FRAMES)
case("NLLLoss", WEIGHT | {"ignore_index": 2}, (4, 3), CLASSES, build=weighted(nn.NLLLoss, **WEIGHT, ignore_index=1))
for reduction in REDUCTIONS:
    case("FocalLoss", WEIGHT | {"gamma": 1.5, "ignore_index": 2, "reduction": reduction}, (4, 3), CLASSES)
case("FocalLoss", {}, (4, 3), CLASSES)

# of each number
for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "SigmoidFocalLoss", "BCEWithLogitsLoss"):
    for reduction in REDUCTIONS:
        case(name, {"reduction": reduction}, (4, 3), SHARES)
case("SmoothL1Loss", {"beta": 0.3}, (4, 3), SHARES)
case("HuberLoss", {"delta": 0.3}, (4, 3), SHARES)
case("SigmoidFocalLoss", {"alpha": "none", "gamma": 0.5}, (4, 3), SHARES.round())
BCE = {"weight": [1.0, 0.5, 2.0], "pos_weight": [2.0, 1.0, 3.0], "reduction": "none"}
case("BCEWithLogitsLoss", BCE, (4, 3), SHARES, build=weighted(nn.BCEWithLogitsLoss, **BCE))
for reduction in ("batchmean", *REDUCTIONS):
    case("KLDivLoss", {"reduction": reduction}, (4, 3), SHARES)
case("KLDivLoss", {"log_target": True, "reduction": "sum"}, (4, 3), SHARES.clamp(min=0.05).log())

# of several examples
for options in ({}, {"margin": 0.5, "p": 1, "swap": True, "reduction": "none"}, {"eps": 0.1, "reduction": "sum"}):
    case("TripletMarginLoss", options, (4, 6), (4, 6), (4, 6))
case("NTXentLoss", {}, (4, 6), (4, 6))
case("NTXentLoss", {"temperature": 0.1, "reduction": "none"}, (4, 6), (4, 6))
case("VICRegLoss", {}, (6, 4), (6, 4))
case("VICRegLoss", {"sim_coeff": 1, "std_coeff": 2, "cov_coeff": 3, "eps": 0.1}, (6, 4), (6, 4))
case("CenterLoss", {"num_classes": 3, "feat_dim": 5}, (4, 5), CLASSES)
case("CenterLoss", {"num_classes": 3, "feat_dim": 5, "reduction": "none"}, (4, 5), CLASSES)
for name in ("ArcFaceLoss", "AAMSoftmaxLoss"):
    case(name, {"num_classes": 3, "embedding_size": 5}, (4, 5), CLASSES)
    case(name, {"num_classes": 3, "embedding_size": 5, "margin": 0.7, "scale": 8, "easy_margin": True,
                "reduction": "none"}, (4, 5), CLASSES)
    case(name, {"num_classes": 3, "embedding_size": 5, "margin": 2.5, "scale": 8, "reduction": "sum"}, (4, 5), CLASSES)
LABELS = torch.tensor([[1, 3, 3], [2, 1, 1]])
ENDS = torch.tensor([9, 6]), torch.tensor([3, 2])
case("CTCLoss", {}, (9, 2, 5), LABELS, *ENDS)
case("CTCLoss", {"blank": 3, "reduction": "sum"}, (9, 2, 5), LABELS.clamp(max=1), *ENDS,
     build=lambda: nn.CTCLoss(blank=2, reduction="sum"))
case("CTCLoss", {"reduction": "none", "zero_infinity": True}, (9, 2, 5), torch.tensor([1, 3, 3, 2, 1]),
     torch.tensor([3, 6]), torch.tensor([3, 2]))
