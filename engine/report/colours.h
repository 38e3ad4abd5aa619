// Colours and what they mean: the same class has the same look in every figure of a run.
//
// Ten hues that readers with any colour vision tell apart (Petroff, Accessible Color Sequences for Data Visualization,
// arXiv:2107.02270); the eleventh class takes the first hue again with another marker. Amounts use viridis (Smith and
// van der Walt, 2015), which gets evenly lighter.

#pragma once

#include <cstddef>
#include <string>

#include "report/canvas.h"

namespace lumir::report {

inline const Colour kInk = Colour::hex(0x1f2430);
inline const Colour kQuiet = Colour::hex(0x5c6472);
inline const Colour kRule = Colour::hex(0xd5d9e0);
inline const Colour kShade = Colour::hex(0xf3f5f8);
inline const Colour kAccent = Colour::hex(0x1f4e8c);
inline const Colour kBar = Colour::hex(0x1f6fb2);  // scores, and the wave of a sound
inline const Colour kWarning = Colour::hex(0xb3261e);
inline const Colour kPaper = Colour::hex(0xffffff);

/// How a class looks; `index` from 0 in the run's list of classes.
struct ClassLook {
  Colour colour;
  Marker marker;
};
ClassLook class_look(size_t index);
/// The same hue on a dark page, as far apart from the others as it is on white.
Colour dark_hue(const Colour& hue);
/// Of lines and moments over a picture of any colours: five hues, then the first again.
Colour over_colour(size_t index);

/// 0 (dark) to 1 (light); outside is clamped, NaN is grey.
Colour viridis(double share);
/// The same from black over purple to light yellow (Smith and van der Walt, 2015), and from blue to yellow, alike to all
/// colour vision (Nunez, Anderton and Renslow, 2018).
Colour magma(double share);
Colour cividis(double share);
/// White to near black, for print.
Colour greys(double share);
/// By its name: viridis, magma, cividis, grey, blues, diverging; throws ArgumentError for another one.
Colour (*colour_map(const std::string& name))(double);
/// Blue, white in the middle, red: what lies below and above zero.
Colour diverging(double share);
/// Grey from dark to light by `base`, under a glow of orange as strong as `heat`; both from 0 to 1.
Colour glow(double heat, double base);
/// White to deep blue, for counts under dark and light text.
Colour blues(double share);
/// Black or white, whichever reads better on this colour (contrast by WCAG 2.1).
Colour ink_on(const Colour& background);
/// How far two colours are apart in lightness for reading, 1 to 21 (WCAG 2.1).
double contrast(const Colour& a, const Colour& b);

}  // namespace lumir::report
