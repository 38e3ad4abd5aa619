// How colours look to eyes without one kind of cones, and how far apart two of them then are.

#pragma once

#include "report/canvas.h"

namespace lumir::report {

enum class Vision { usual, protan, deutan, tritan };

/// Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency (2009), at
/// full severity.
Colour seen_by(Vision vision, const Colour& colour);

/// The distance of two colours in CIELAB under daylight D65 (CIE 1976): about 2 is just to be seen, 100 is from black to
/// white.
double difference(const Colour& a, const Colour& b);

}  // namespace lumir::report
