// Colours are told apart by any colour vision, and text on them can be read.

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "report/colour_vision.h"
#include "report/colours.h"

using namespace lumir;
using namespace lumir::report;

namespace {

constexpr Vision kVisions[] = {Vision::usual, Vision::protan, Vision::deutan, Vision::tritan};

double least_difference(Vision vision, const std::vector<Colour>& colours) {
  double least = 1000;
  for (size_t i = 0; i < colours.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      least = std::min(least, difference(seen_by(vision, colours[i]), seen_by(vision, colours[k])));
    }
  }
  return least;
}

/// The least difference of two of the first n hues of classes.
double least_difference(Vision vision, size_t n) {
  std::vector<Colour> hues;
  for (size_t i = 0; i < n; ++i) hues.push_back(class_look(i).colour);
  return least_difference(vision, hues);
}

}  // namespace

TEST_CASE("differences and simulated colours are those of scikit-image and colorspacious") {
  // tests/golden/report/colours.py: scikit-image 0.26.0, colorspacious 1.1.2
  CHECK(difference(Colour::hex(0x3f90da), Colour::hex(0xffa90e)) == Approx(126.14686).epsilon(1e-3));
  const struct {
    Vision vision;
    Colour seen;
  } seen[] = {{Vision::protan, {0.33513, 0.29144, 0.0}},
              {Vision::deutan, {0.48301, 0.42591, 0.0}},
              {Vision::tritan, {0.81973, 0.0, 0.11192}}};
  for (const auto& [vision, colour] : seen) {
    const Colour ours = seen_by(vision, Colour::hex(0xbd1f01));
    CHECK(ours.red == Approx(colour.red).margin(1e-3));
    CHECK(ours.green == Approx(colour.green).margin(1e-3));
    CHECK(ours.blue == Approx(colour.blue).margin(1e-3));
  }
}

TEST_CASE("the ten hues of classes stay apart for each colour vision") {
  // the smallest differences in CIELAB, of all pairs
  CHECK(least_difference(Vision::usual, 10) == Approx(19.29).margin(0.1));
  CHECK(least_difference(Vision::protan, 10) == Approx(18.48).margin(0.1));
  CHECK(least_difference(Vision::deutan, 10) == Approx(17.63).margin(0.1));
  CHECK(least_difference(Vision::tritan, 10) == Approx(17.29).margin(0.1));
  for (const Vision vision : kVisions) CHECK(least_difference(vision, 10) > 15);
}

TEST_CASE("what lies over a picture, bars and the ends of a diverging map stay apart for each colour vision") {
  std::vector<Colour> over;
  for (size_t i = 0; i < 5; ++i) over.push_back(over_colour(i));
  for (const Vision vision : kVisions) {
    INFO(static_cast<int>(vision));
    CHECK(least_difference(vision, over) > 40);
    CHECK(least_difference(vision, {kBar, Colour::hex(0xb8c4d4)}) > 35);  // validation and training
    const Colour middle = diverging(0.5);
    CHECK(least_difference(vision, {diverging(0), middle, diverging(1)}) > 40);
    CHECK(least_difference(vision, {diverging(0.25), middle, diverging(0.75)}) > 15);
  }
}

TEST_CASE("on a dark page hues stay apart, and none sinks into it") {
  std::vector<Colour> hues;
  for (size_t i = 0; i < 10; ++i) hues.push_back(dark_hue(class_look(i).colour));
  for (const Vision vision : kVisions) CHECK(least_difference(vision, hues) > 15);
  for (const Colour& hue : hues) CHECK(contrast(hue, Colour::hex(0x16181d)) >= 3);
}

TEST_CASE("a colour map goes one way in lightness for each colour vision") {
  for (const char* name : {"viridis", "magma", "cividis", "grey", "blues"}) {
    for (const Vision vision : kVisions) {
      INFO(name << " " << static_cast<int>(vision));
      const auto map = colour_map(name);
      const Colour black = Colour::hex(0);
      double before = contrast(black, seen_by(vision, map(0)));
      const bool rises = contrast(black, seen_by(vision, map(1))) > before;
      for (int i = 1; i <= 32; ++i) {
        const double now = contrast(black, seen_by(vision, map(i / 32.0)));
        CHECK((rises ? now - before : before - now) > -0.05);
        before = now;
      }
    }
  }
  CHECK_THROWS_WITH(colour_map("jet"), Catch::Contains("'colours' = 'jet' is none of the colour maps"));
}

TEST_CASE("text on any colour of a map has a contrast of at least 4.5") {
  for (const char* name : {"viridis", "magma", "cividis", "grey", "blues", "diverging"}) {
    double least = 21;
    for (int i = 0; i <= 1000; ++i) {
      const Colour colour = colour_map(name)(i / 1000.0);
      least = std::min(least, contrast(ink_on(colour), colour));
    }
    INFO(name);
    CHECK(least >= 4.5);
  }
}
