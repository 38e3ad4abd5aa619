"""Tables that the engine's tests make too, number by number."""
import numpy


class Lcg:
    """Knuth's MMIX generator: the same numbers here and in tests/engine/learn/blobs.h."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) * 2.0**-53

    def normal(self):
        total = 0.0
        for _ in range(12):
            total += self.uniform()
        return total - 6


def blobs(rows, columns, classes, spread, seed):
    """Clouds around one centre for each class; later classes have fewer rows, every fifth column is noise."""
    random = Lcg(seed)
    centres = [[random.normal() for _ in range(columns)] for _ in range(classes)]
    x, y = numpy.zeros((rows, columns)), numpy.zeros(rows, int)
    for i in range(rows):
        y[i] = int(classes * random.uniform() * random.uniform()) if i >= classes else i
        for j in range(columns):
            centre = 0.0 if j % 5 == 4 else centres[y[i]][j]
            x[i, j] = (centre + spread * random.normal()) * (1 + j % 3) + j
    return x, y
