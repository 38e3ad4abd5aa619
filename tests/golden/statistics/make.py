"""Statistics of rows by numpy and scipy: python make.py > statistics.json

Rows are float32, as frames are; statistics are worked out in double.
"""

import json

import numpy as np
import scipy
from scipy import stats

QUANTILES = (0, 10, 25, 50, 75, 97.5, 100)


def noise(count, state):
    """Uniform in -0.5 to 0.5 from a linear congruential generator (Numerical Recipes)."""
    out = np.empty(count)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = state / 2**32 - 0.5
    return out


def rows():
    yield "lopsided", np.round(noise(37, 1) ** 3 * 100, 3)
    yield "far from zero", 1e4 + np.round(noise(21, 2), 2)
    yield "one outlier", np.r_[np.full(18, 0.1), 7.0]
    yield "outlier first", np.r_[-1e4, np.round(noise(20, 3), 3)]
    yield "two", np.array([1.0, 4.0])


def main():
    cases = []
    for name, row in rows():
        row = row.astype(np.float32)
        x = row.astype(float)
        expected = {
            "mean": x.mean(), "std": x.std(), "var": x.var(), "max": x.max(), "min": x.min(), "median": np.median(x),
            "skew": stats.skew(x), "kurtosis": stats.kurtosis(x),
        }
        expected |= {f"q{q}": np.quantile(x, q / 100) for q in QUANTILES}
        cases.append({"name": name, "row": [float(v) for v in row],
                      "expected": {key: float(value) for key, value in expected.items()}})
    versions = {"numpy": np.__version__, "scipy": scipy.__version__}
    print('{"made_by": "tests/golden/statistics/make.py", "versions": %s, "rows": [' % json.dumps(versions))
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")


if __name__ == "__main__":
    main()
