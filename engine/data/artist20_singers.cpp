// The singers of artist20 by sex, for the analysis of what a system gets wrong.
//
// 'mixed' is an act of whose songs women sing some and men others. The corpus (Ellis, Classifying Music Audio with
// Timbral and Chroma Features, 2007) has no such column: these are the acts' lead singers, each by the page that
// stands above it; looked up act by act, not song by song. Names are its folders'.

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
      // Steven Tyler: holinessreeducation.com/2006/07/12/greatest-lead-singers-in-rock-history
      {"aerosmith", "male"},
      // John Lennon, Paul McCartney: hellomusictheory.com/learn/famous-lead-singers
      {"beatles", "male"},
      // John Fogerty: rockhall.com/inductees/creedence-clearwater-revival/bio
      {"creedence_clearwater_revival", "male"},
      // Robert Smith: happymag.tv/artists/the-cure
      {"cure", "male"},
      // Dave Matthews: rockintown.com/bios/davematthewsband.html
      {"dave_matthews_band", "male"},
      // Dave Gahan: ultimateclassicrock.com/depeche-mode-rock-roll-hall-of-fame
      {"depeche_mode", "male"},
      // Stevie Nicks, Christine McVie, Lindsey Buckingham: 70srockbands.com/wp3/best-70s-rock-bands/fleetwood-mac
      {"fleetwood_mac", "mixed"},
      // tasteofcountry.com/tags/garth-brooks
      {"garth_brooks", "male"},
      // Billie Joe Armstrong: ourbiography.com/billie-joe-armstrong
      {"green_day", "male"},
      // Robert Plant: thetoptens.com/bands-with-lead-singer
      {"led_zeppelin", "male"},
      // rockhall.com/inductees/madonna
      {"madonna", "female"},
      // James Hetfield: kids.britannica.com/comptons/article-9606601/Metallica
      {"metallica", "male"},
      // rockhall.com/inductees/prince
      {"prince", "male"},
      // Freddie Mercury: thetoptens.com/bands-with-lead-singer
      {"queen", "male"},
      // Thom Yorke: nme.com/artists/RADIOHEAD
      {"radiohead", "male"},
      // Marie Fredriksson, Per Gessle: scandi.co.uk/personalities/roxette
      {"roxette", "mixed"},
      // Donald Fagen: roughtrade.com/en-gb/artist/donald-fagen
      {"steely_dan", "male"},
      // newyorkmusicmap.com/artist/suzanne-vega
      {"suzanne_vega", "female"},
      // wfpk.org/2017/tuesday-featured-artist-tori-amos
      {"tori_amos", "female"},
      // Bono: rollingstone.com/music/artists/u2
      {"u2", "male"},
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
