// The singers of artist20 by sex, for the analysis of what a system gets wrong.
//
// 'mixed' is an act of whose songs women sing some and men others. The corpus (Ellis, Classifying Music Audio with
// Timbral and Chroma Features, 2007) has no such column: these are the lead singers of the twenty acts as their
// Wikipedia articles name them, written down from memory and not looked up song by song. Names are its folders'.

#include "data/artist20_singers.h"

#include <algorithm>
#include <filesystem>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"

namespace lumir::data {
namespace {

const std::map<std::string, std::string>& sexes() {
  static const std::map<std::string, std::string> known = {
      {"aerosmith", "male"},                     // Steven Tyler
      {"beatles", "male"},                       // John Lennon, Paul McCartney, George Harrison, Ringo Starr
      {"creedence_clearwater_revival", "male"},  // John Fogerty
      {"cure", "male"},                          // Robert Smith
      {"dave_matthews_band", "male"},            // Dave Matthews
      {"depeche_mode", "male"},                  // Dave Gahan, Martin Gore
      {"fleetwood_mac", "mixed"},                // Stevie Nicks, Christine McVie, Lindsey Buckingham
      {"garth_brooks", "male"},
      {"green_day", "male"},     // Billie Joe Armstrong
      {"led_zeppelin", "male"},  // Robert Plant
      {"madonna", "female"},
      {"metallica", "male"},  // James Hetfield
      {"prince", "male"},
      {"queen", "male"},       // Freddie Mercury
      {"radiohead", "male"},   // Thom Yorke
      {"roxette", "mixed"},    // Marie Fredriksson, Per Gessle
      {"steely_dan", "male"},  // Donald Fagen
      {"suzanne_vega", "female"},
      {"tori_amos", "female"},
      {"u2", "male"},  // Bono
  };
  return known;
}

void check_heads(const std::string& list, std::vector<std::string> columns) {
  if (columns.front() != "artist") {
    throw Error(list + ": must begin with 'artist' and the names of further columns");
  }
  std::sort(columns.begin(), columns.end());
  const auto twice = std::adjacent_find(columns.begin(), columns.end());
  if (twice != columns.end()) throw Error(list + ": has two columns '" + *twice + "'");
}

}  // namespace

KnownOfMakers known_of_singers(const std::string& list) {
  if (!std::filesystem::exists(list)) return {{"sex", sexes()}};
  KnownOfMakers known;
  const auto rows = read_csv(read_file(list));
  if (rows.empty()) throw Error(list + ": is empty");
  const auto& columns = rows.front().fields;
  check_heads(list, columns);
  for (size_t i = 1; i < rows.size(); ++i) {
    const auto& fields = rows[i].fields;
    if (fields.size() != columns.size()) {
      throw Error(list + ":" + std::to_string(rows[i].line) + ": " + std::to_string(fields.size()) + " fields, not " +
                  std::to_string(columns.size()));
    }
    for (size_t column = 1; column < fields.size(); ++column) known[columns[column]][fields.front()] = fields[column];
  }
  return known;
}

}  // namespace lumir::data
