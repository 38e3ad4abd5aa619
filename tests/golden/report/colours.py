"""Numbers of tests/engine/report/test_colours.cpp and test_time_figures.cpp.

python colours.py     # numpy, scipy, scikit-image, colorspacious; prints their versions
"""
import colorspacious
import numpy as np
import scipy
import skimage
from scipy.stats import gaussian_kde
from skimage.color import deltaE_cie76, rgb2lab

print("numpy", np.__version__, "scipy", scipy.__version__, "scikit-image", skimage.__version__,
      "colorspacious", colorspacious.__version__)
HUES = [0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6, 0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd]


def rgb(number):
    return np.array([number >> 16 & 255, number >> 8 & 255, number & 255]) / 255


def seen(vision, colour):
    if vision == "usual":
        return colour
    space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
    return np.clip(colorspacious.cspace_convert(colour, space, "sRGB1"), 0, 1)


def difference(a, b):
    return float(deltaE_cie76(rgb2lab(a), rgb2lab(b)))


print("difference", difference(rgb(HUES[0]), rgb(HUES[1])))
for vision in ["usual", "protanomaly", "deuteranomaly", "tritanomaly"]:
    print(vision, seen(vision, rgb(0xbd1f01)).round(5).tolist(), "least",
          min(difference(seen(vision, rgb(a)), seen(vision, rgb(b))) for a in HUES for b in HUES if a < b))
print("density", gaussian_kde([1, 2, 4, 7])([0, 2, 5]))
