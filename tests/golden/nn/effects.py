"""The table of effects on batches: what torchvision and torch make of a batch by given draws.

The batch is drawn after torch.manual_seed(seed); draws are Lumir's, positions from 1.
"""

import torch
import torchvision.transforms.v2.functional as V

from golden import described


def each(x, function, *draws):
    return torch.stack([function(example, *drawn) for example, *drawn in zip(x, *draws)])


def affine(x, angle, right, down, scale, fill=0.0):
    """With a fill of its own torchvision weighs what comes in at the edges twice."""
    return fill + each(x - fill, lambda picture, *how: V.affine(picture, how[0], [how[1], how[2]], how[3], [0.0, 0.0],
                                                                V.InterpolationMode.BILINEAR, None),
                       angle, right, down, scale)


def erase(x, boxes, value=0.0):
    def one(picture, box):
        if not box:
            return picture
        top, bottom, left, right = box
        return V.erase(picture, top - 1, left - 1, bottom - top + 1, right - left + 1, torch.tensor(value))
    return each(x, one, boxes)


def flip(x, horizontal, vertical):
    def one(picture, across, down):
        picture = V.horizontal_flip(picture) if across else picture
        return V.vertical_flip(picture) if down else picture
    return each(x, one, horizontal, vertical)


def shift(axis):
    def all_of(x, shifts, rollover=True):
        def one(picture, by):
            moved = picture.roll(by, axis)
            if not rollover and by:
                size = picture.shape[axis]
                moved.narrow(axis, 0 if by > 0 else size - min(-by, size), min(abs(by), size)).fill_(picture.min())
            return moved
        return each(x, one, shifts)
    return all_of


def brighten(x, shares):
    return each(x, lambda picture, share: picture + share * (picture.max() - picture.min()), shares)


SHAPE = (3, 1, 12, 17)
MOVES = {"angle": [0, 20, -35], "right": [0, 3, -4], "down": [0, -2, 5], "scale": [1, 1.2, 0.8]}
BOXES = {"boxes": [[2, 5, 3, 10], [], [1, 12, 17, 17]]}
FLIPS = {"horizontal": [True, False, True], "vertical": [False, True, True]}
SHIFTS = {"shifts": [3, 0, -5]}
# name, options, draws, shape of the batch, what it is
ROWS = [
    ("RandomAffine", {}, MOVES, SHAPE, affine),
    ("RandomAffine", {"fill": -2}, MOVES, (3, 12, 17), lambda x, **how: affine(x[:, None], fill=-2.0, **how)[:, 0]),
    ("RandomErasing", {}, BOXES, SHAPE, erase),
    ("RandomErasing", {"value": 0.5}, BOXES, (3, 2, 12, 17), lambda x, boxes: erase(x, boxes, 0.5)),
    ("RandomFlip", {}, FLIPS, SHAPE, flip),
    ("TimeShift", {}, SHIFTS, SHAPE, shift(-1)),
    ("TimeShift", {"rollover": False}, SHIFTS, (3, 9, 4), lambda x, shifts: shift(-2)(x, shifts, False)),
    ("FrequencyShift", {}, SHIFTS, SHAPE, shift(-2)),
    ("FrequencyShift", {"rollover": False, "time_dim": 4}, SHIFTS, SHAPE, lambda x, shifts: shift(-2)(x, shifts, False)),
    ("RandomBrightness", {}, {"shares": [0.2, 0, -0.1]}, SHAPE, brighten),
]


def cases():
    all_cases = []
    for seed, (name, options, drawn, shape, function) in enumerate(ROWS):
        torch.manual_seed(seed)
        x = torch.randn(shape)
        all_cases.append({"name": name, "options": options, "drawn": drawn, "seed": seed, "shape": list(shape),
                          "output": described(function(x, **drawn))})
    return all_cases
