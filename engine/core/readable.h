// Numbers as people read them, rounded: terminal, figures, slides, page and tests all take the words from here, so that
// no two of them round the same number differently.

#pragma once

#include <string>

namespace lumir {

/// Three digits: 0.651. A dash for NaN.
std::string show_score(double score);
/// Limits of a score's interval: 0.55-0.74, three digits where two would leave the score outside (0.998-1.000), and with
/// a word between them where one is below 0, whose sign would look like the dash.
std::string show_limits(double score, double low, double high);
/// With its sign, three digits: +0.109, -0.020.
std::string show_gain(double gain);
/// Seconds as a table shows them: 0.04, 1.3, 128.
std::string show_seconds(double seconds);
/// A length of time in words: "1 h 52 min", "4 min 05 s", "24 s".
std::string show_duration(double seconds);
/// Thousands apart: 16,000.
std::string show_count(long count);

}  // namespace lumir
