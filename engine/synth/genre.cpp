// The table of genres, and drawing from it.

#include "synth/genre.h"

#include <algorithm>
#include <stdexcept>

namespace lumir::synth {
namespace {

const std::vector<Genre>& genres() {
  static const std::vector<Genre> table{
      {.name = "blues",
       .tempo = {72, 108},
       .swing = {0.24, 0.33},
       .grooves = {{"x.....x.x.....x.", "....x.......x...", "x...x.x.x...x.x."},
                   {"x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x."}},
       .bass = {"1...3...5...3...", "1...1.5.8...5..."},
       .chords = {"x...x...x...x...", "....x.......x..."},
       .progressions = {{0, 0, 0, 0, 3, 3, 0, 0, 4, 3, 0, 4}, {0, 3, 0, 0, 3, 3, 0, 0, 4, 4, 0, 0}},
       .bars = {1, 1},
       .modes = {Mode::blues, Mode::mixolydian},
       .stack = Stack::sevenths,
       .harmony = {Voice::piano, Voice::organ, Voice::plucked},
       .lead = {Voice::plucked, Voice::distorted},
       .low = {Low::round, Low::plucked},
       .brightness = {0.3, 0.6},
       .drive = {0, 0.3},
       .drums_db = {-7, -2},
       .notes = 1.6},
      {.name = "classical",
       .tempo = {60, 132},
       .swing = {0, 0},
       .grooves = {{"", "", ""}},
       .bass = {"1...............", "1.......5.......", "1..........."},
       .chords = {"1.5.3.5.1.5.3.5.", "x.......x.......", "1...3...5..."},
       .progressions = {{0, 3, 4, 0}, {0, 5, 1, 4}, {0, 4, 5, 2, 3, 0, 3, 4}},
       .bars = {0.5, 1},
       .modes = {Mode::major, Mode::minor},
       .stack = Stack::triads,
       .harmony = {Voice::bowed, Voice::piano, Voice::bowed},
       .lead = {Voice::bowed, Voice::piano, Voice::brass},
       .low = {Low::deep, Low::round},
       .brightness = {0.1, 0.5},
       .drive = {0, 0},
       .drums_db = {-60, -60},
       .notes = 1.8},
      {.name = "country",
       .tempo = {96, 140},
       .swing = {0, 0.12},
       .grooves = {{"x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x."},
                   {"x.......x.....x.", "..x.x.x...x.x.x.", "................"}},
       .bass = {"1.......5.......", "1...5...1...5..."},
       .chords = {"....x.......x...", "1...x...5...x...", "1.3.5.3.1.3.5.3."},
       .progressions = {{0, 3, 4, 0}, {0, 0, 3, 0, 0, 4, 0, 4}, {0, 4, 3, 0}},
       .bars = {1, 2},
       .modes = {Mode::major, Mode::mixolydian},
       .stack = Stack::triads,
       .harmony = {Voice::plucked, Voice::plucked, Voice::piano},
       .lead = {Voice::plucked, Voice::bowed},
       .low = {Low::plucked, Low::round},
       .brightness = {0.5, 0.9},
       .drive = {0, 0.1},
       .drums_db = {-12, -6},
       .notes = 1.7},
      {.name = "disco",
       .tempo = {112, 128},
       .swing = {0, 0},
       .grooves = {{"x...x...x...x...", "....x.......x...", "..x...x...x...x."},
                   {"x...x...x...x...", "....x.......x..o", "x.x.x.x.x.x.x.x."}},
       .bass = {"1.8.1.8.1.8.1.8.", "1..81.8.5..85.8."},
       .chords = {"..x...x...x...x.", "x..x..x...x.x..."},
       .progressions = {{0, 5, 3, 4}, {1, 4, 0, 5}, {0, 6, 5, 4}},
       .bars = {1, 2},
       .modes = {Mode::minor, Mode::dorian},
       .stack = Stack::sevenths,
       .harmony = {Voice::pad, Voice::plucked, Voice::bowed},
       .lead = {Voice::brass, Voice::bowed},
       .low = {Low::plucked, Low::round},
       .brightness = {0.6, 1},
       .drive = {0, 0.1},
       .drums_db = {-1, 4},
       .notes = 1.2},
      {.name = "hiphop",
       .tempo = {80, 104},
       .swing = {0.04, 0.18},
       .grooves = {{"x......x..x.....", "....x.......x...", "x.x.x.x.x.x.x.x."},
                   {"x..x......x..x..", "....x.......x..o", "xxx.xxx.xxx.xxox"}},
       .bass = {"1......1..1.....", "1..........5....", "1.....1...3....."},
       .chords = {"x...............", "x.......5.......", "1..5..3.1......."},
       .progressions = {{0, 0, 5, 5}, {0, 3}, {0, 1, 0, 1}},
       .bars = {2, 4},
       .modes = {Mode::minor, Mode::phrygian},
       .stack = Stack::sevenths,
       .harmony = {Voice::pad, Voice::piano, Voice::bells},
       .lead = {Voice::square, Voice::bells},
       .low = {Low::deep, Low::deep, Low::round},
       .brightness = {0.1, 0.6},
       .drive = {0, 0.15},
       .drums_db = {2, 7},
       .notes = 0.6},
      {.name = "jazz",
       .tempo = {100, 200},
       .swing = {0.2, 0.33},
       .grooves = {{"o...............", "......o.......o.", "x...x.x.x...x.x."},
                   {"o.......o.......", "..........o.....", "x...x..xx...x..x"}},
       .bass = {"1...3...5...3...", "1...5...8...5...", "1...3...5...8..."},
       .chords = {"x.....x.........", "......x.......x.", "x..x............"},
       .progressions = {{1, 4, 0, 5}, {1, 4, 2, 5}, {0, 5, 1, 4, 2, 5, 1, 4}},
       .bars = {0.5, 1},
       .modes = {Mode::major, Mode::dorian},
       .stack = Stack::sevenths,
       .harmony = {Voice::piano, Voice::piano, Voice::plucked},
       .lead = {Voice::brass, Voice::piano, Voice::brass},
       .low = {Low::plucked, Low::round},
       .brightness = {0.2, 0.55},
       .drive = {0, 0.05},
       .drums_db = {-10, -4},
       .notes = 2.2},
      {.name = "metal",
       .tempo = {120, 190},
       .swing = {0, 0},
       .grooves = {{"x.xxx.xxx.xxx.xx", "....x.......x...", "x...x...x...x..."},
                   {"xxxxxxxxxxxxxxxx", "....x.......x...", "x.x.x.x.x.x.x.x."},
                   {"x..x..x.x..x..x.", "....x.......x...", "x...x...x...x..."}},
       .bass = {"1.111.111.111.11", "1.1.1.1.1.1.1.1."},
       .chords = {"x.xxx.xxx.xxx.xx", "x..x..x.x..x..x.", "xxxxxxxx........"},
       .progressions = {{0, 1, 0, 6}, {0, 5, 6, 0}, {0, 0, 1, 3}},
       .bars = {1, 2},
       .modes = {Mode::phrygian, Mode::minor},
       .stack = Stack::fifths,
       .harmony = {Voice::distorted},
       .lead = {Voice::distorted},
       .low = {Low::buzzing, Low::plucked},
       .brightness = {0.6, 1},
       .drive = {0.6, 1},
       .drums_db = {-2, 3},
       .notes = 2.4},
      {.name = "pop",
       .tempo = {96, 128},
       .swing = {0, 0.05},
       .grooves = {{"x.......x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x."},
                   {"x...x...x...x...", "....x.......x...", "x.x.x.x.x.x.x.x."}},
       .bass = {"1.1.1.1.1.1.1.1.", "1.......1.1.....", "1..1..1.1..1..1."},
       .chords = {"x...............", "x..x..x.x..x..x.", "1.3.5.8.5.3.5.3."},
       .progressions = {{0, 4, 5, 3}, {5, 3, 0, 4}, {0, 5, 3, 4}},
       .bars = {1, 1},
       .modes = {Mode::major, Mode::major, Mode::minor},
       .stack = Stack::triads,
       .harmony = {Voice::pad, Voice::piano, Voice::plucked},
       .lead = {Voice::square, Voice::bells, Voice::pad},
       .low = {Low::round, Low::buzzing},
       .brightness = {0.5, 0.9},
       .drive = {0, 0.1},
       .drums_db = {-2, 3},
       .notes = 1.3},
      {.name = "reggae",
       .tempo = {66, 88},
       .swing = {0.05, 0.22},
       .grooves = {{"........x.......", "........x.......", "..x...x...x...x."},
                   {"x.......x.......", "........x.....o.", "..x...x...x...x."}},
       .bass = {"1...1.3.5.......", "--1.1...3.5.....", "1.....1.--3.5..."},
       .chords = {"....x.......x...", "..x...x...x...x."},
       .progressions = {{0, 3, 0, 3}, {0, 4, 3, 3}, {0, 1}},
       .bars = {1, 2},
       .modes = {Mode::major, Mode::dorian, Mode::minor},
       .stack = Stack::triads,
       .harmony = {Voice::organ, Voice::plucked, Voice::organ},
       .lead = {Voice::brass, Voice::organ},
       .low = {Low::deep, Low::deep, Low::round},
       .brightness = {0.25, 0.6},
       .drive = {0, 0.05},
       .drums_db = {-4, 1},
       .notes = 0.8},
      {.name = "rock",
       .tempo = {104, 152},
       .swing = {0, 0.05},
       .grooves = {{"x.......x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x."},
                   {"x.....x.x.x.....", "....x.......x..o", "x...x...x...x..."}},
       .bass = {"1.1.1.1.1.1.1.1.", "1...1.1.5...5.5."},
       .chords = {"x...x.x.x...x.x.", "x.x.x.x.x.x.x.x.", "x......x........"},
       .progressions = {{0, 6, 3, 0}, {0, 3, 4, 3}, {0, 5, 6, 0}},
       .bars = {1, 2},
       .modes = {Mode::mixolydian, Mode::minor, Mode::blues},
       .stack = Stack::fifths,
       .harmony = {Voice::distorted, Voice::distorted, Voice::plucked},
       .lead = {Voice::distorted, Voice::plucked},
       .low = {Low::plucked, Low::buzzing},
       .brightness = {0.45, 0.85},
       .drive = {0.2, 0.6},
       .drums_db = {-2, 3},
       .notes = 1.4},
      {.name = "electronic",
       .tempo = {122, 142},
       .swing = {0, 0},
       .grooves = {{"x...x...x...x...", "................", "..x...x...x...x."},
                   {"x...x...x...x...", "....x.......x...", "xxxxxxxxxxxxxxxx"}},
       .bass = {"..1...1...1...1.", "1.111.1.1.111.1."},
       .chords = {"x..x..x...x..x..", "1358135813581358", "x..............."},
       .progressions = {{0}, {0, 5}, {0, 0, 6, 5}},
       .bars = {2, 4},
       .modes = {Mode::minor, Mode::phrygian},
       .stack = Stack::triads,
       .harmony = {Voice::square, Voice::pad},
       .lead = {Voice::square, Voice::pad},
       .low = {Low::buzzing, Low::deep},
       .brightness = {0.6, 1},
       .drive = {0, 0.3},
       .drums_db = {2, 7},
       .notes = 2},
      {.name = "experimental",
       .tempo = {40, 90},
       .swing = {0, 0.33},
       .grooves = {{"x............x..", ".....o......o...", "..........o....."},
                   {"", "", "...o.......o...."},
                   {"", "", ""}},
       .bass = {"1...............", "1.........3.....", "----1..........."},
       .chords = {"x...............", "......x.........", "8....3.....5...."},
       .progressions = {{0, 2, 1, 4, 3}, {0, 3, 5, 1}},
       .bars = {0.5, 3},
       .modes = {Mode::whole_tone, Mode::phrygian},
       .stack = Stack::sevenths,
       .harmony = {Voice::bells, Voice::pad, Voice::distorted},
       .lead = {Voice::bells, Voice::bowed, Voice::square},
       .low = {Low::deep, Low::buzzing},
       .brightness = {0, 1},
       .drive = {0, 0.7},
       .drums_db = {-12, 2},
       .notes = 0.7},
      {.name = "folk",
       .tempo = {84, 126},
       .swing = {0, 0.1},
       .grooves = {{"", "", ""}, {"o.......o.......", "", "................"}},
       .bass = {"1.......5.......", "1...........", "1......."},
       .chords = {"1.5.3.5.1.5.3.5.", "1.3.5.3.5.3.", "x...x.x.x...x.x."},
       .progressions = {{0, 3, 0, 4}, {0, 4, 5, 3}, {0, 6, 3, 0}},
       .bars = {1, 2},
       .modes = {Mode::major, Mode::dorian, Mode::mixolydian},
       .stack = Stack::triads,
       .harmony = {Voice::plucked},
       .lead = {Voice::plucked, Voice::bowed},
       .low = {Low::plucked},
       .brightness = {0.3, 0.8},
       .drive = {0, 0},
       .drums_db = {-20, -12},
       .notes = 1.4},
      {.name = "instrumental",
       .tempo = {60, 100},
       .swing = {0, 0.05},
       .grooves = {{"", "", ""}, {"x.......x.......", "........o.......", "..o...o...o...o."}},
       .bass = {"1...............", "1.......1......."},
       .chords = {"x...............", "1...3...5...8...", "1.3.5.8.5.3.1.3."},
       .progressions = {{0, 5, 3, 4}, {0, 3}, {0, 2, 5, 3}},
       .bars = {1, 4},
       .modes = {Mode::major, Mode::minor, Mode::dorian},
       .stack = Stack::sevenths,
       .harmony = {Voice::pad, Voice::piano, Voice::bowed},
       .lead = {Voice::piano, Voice::bells, Voice::bowed},
       .low = {Low::deep, Low::round},
       .brightness = {0.1, 0.6},
       .drive = {0, 0.05},
       .drums_db = {-14, -6},
       .notes = 1},
      {.name = "international",
       .tempo = {92, 132},
       .swing = {0, 0.1},
       .grooves = {{"x..x..x...x.x...", "o.o.oxo.o.o.oxo.", "x.xxx.xxx.xxx.xx"},
                   {"x..x....x..x....", "...o..x....o..x.", "x..x..x...x.x..."},
                   {"x.....x.....", "...x.o...x.o", "x..x..x..x.."}},
       .bass = {"1..5..8.1..5..8.", "1.....5.8...5...", "1.....5....."},
       .chords = {"x..x..x...x.x...", "..x.x...x.x...x.", "1..3..5..8.."},
       .progressions = {{0, 1, 0, 6}, {0, 4, 4, 0}, {0, 3, 4, 4}},
       .bars = {1, 1},
       .modes = {Mode::phrygian, Mode::minor, Mode::major},
       .stack = Stack::triads,
       .harmony = {Voice::plucked, Voice::brass, Voice::plucked},
       .lead = {Voice::brass, Voice::bowed, Voice::bells},
       .low = {Low::plucked, Low::round},
       .brightness = {0.4, 0.9},
       .drive = {0, 0.1},
       .drums_db = {-1, 5},
       .notes = 1.8},
  };
  return table;
}

template <class T>
const T& one_of(const std::vector<T>& choices, Random& random) {
  return choices[random.below(static_cast<uint32_t>(choices.size()))];
}

/// A bass line for bars of so many sixteenths; the root held where the genre knows none.
std::string bass_for(size_t sixteenths, const Figures& choices, Random& random) {
  Figures fitting;
  for (const auto& line : choices) {
    if (line.size() == sixteenths) fitting.push_back(line);
  }
  return fitting.empty() ? "1" + std::string(sixteenths - 1, '.') : one_of(fitting, random);
}

/// A groove for such bars; none where the genre knows none.
Groove groove_for(size_t sixteenths, const std::vector<Groove>& choices, Random& random) {
  std::vector<Groove> fitting;
  for (const auto& groove : choices) {
    const size_t length = std::max({groove.kick.size(), groove.snare.size(), groove.cymbal.size()});
    if (length == 0 || length == sixteenths) fitting.push_back(groove);
  }
  return fitting.empty() ? Groove{} : one_of(fitting, random);
}

}  // namespace

const Genre& genre_called(std::string_view name) {
  const auto found = std::find_if(genres().begin(), genres().end(), [&](const Genre& one) { return one.name == name; });
  if (found == genres().end()) throw std::logic_error("no genre is called " + std::string(name));
  return *found;
}

Style make_style(const Genre& genre, std::span<const std::string> others, const Likeness& likeness, Random& random) {
  // whose trait the next one is
  const auto of = [&]() -> const Genre& {
    const bool borrows = random.uniform() < likeness.borrowing;
    const auto other = random.below(static_cast<uint32_t>(others.size()));  // drawn anyway: no trait moves the next
    return borrows ? genre_called(others[other]) : genre;
  };
  Style style;
  style.tempo = of().tempo.draw(random);
  style.chords = one_of(of().chords, random);
  const size_t bar = style.chords.size();
  style.bass = bass_for(bar, of().bass, random);
  const Genre& rhythm = of();
  style.swing = rhythm.swing.draw(random);
  style.groove = groove_for(bar, rhythm.grooves, random);
  style.drums_db = rhythm.drums_db.draw(random);
  const Genre& harmony = of();
  style.progressions = harmony.progressions;
  style.bars = harmony.bars.draw(random);
  style.mode = one_of(harmony.modes, random);
  style.stack = harmony.stack;
  const Genre& sound = of();
  style.harmony = one_of(sound.harmony, random);
  style.drive = sound.drive.draw(random);
  style.brightness = of().brightness.draw(random);
  style.lead = one_of(of().lead, random);
  style.low = one_of(of().low, random);
  style.notes = of().notes;
  style.harmony_db = random.uniform(-3, 3);
  style.lead_db = random.uniform(-5, 2);
  style.low_db = random.uniform(-4, 3);
  style.kick_pitch = random.uniform(42, 70);
  style.snare_pitch = random.uniform(150, 260);
  style.cymbal_pitch = random.uniform(4500, 7200);
  style.cymbal_decay = random.uniform(0.02, 0.09);
  style.studio = make_studio(random, likeness.studio_spread);
  return style;
}

}  // namespace lumir::synth
