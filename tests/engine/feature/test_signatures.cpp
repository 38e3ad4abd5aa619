// Names of options and their defaults against librosa's, function by function: what differs has a reason.
//
// tests/golden/signatures/librosa.json has librosa's parameters, by make.py there; differences.json the reasons.

#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/registry.h"
#include "core/value.h"
#include "tree.h"

using namespace lumir;

namespace {

Value read(const std::string& name) {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/signatures/" + name;
  return from_json(read_file(path), path);
}

const Parameter* find_parameter(const Entry& entry, const std::string& name) {
  for (const Parameter& parameter : entry.parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

/// Python's None is the word 'none'.
Value in_our_words(const Value& value) { return value.is_nil() ? Value("none") : value; }

/// "feature.mfcc: no 'sr'", "feature.stft: 'hop_length' is 512, librosa's 'none'".
std::vector<std::pair<std::string, std::string>> differences() {
  std::vector<std::pair<std::string, std::string>> found;
  const Value golden = read("librosa.json");
  for (const auto& [name, function] : *golden.at("functions").map()) {
    const Entry* entry = find_entry(name);
    if (!entry) continue;  // methods and functions that are no steps have no options of theirs
    for (const auto& [parameter, theirs] : *function.at("parameters").map()) {
      const Parameter* ours = find_parameter(*entry, parameter);
      const std::string place = name + "." + parameter;
      if (!ours) {
        found.emplace_back(place, "is missing");
      } else if (!(theirs.map() && theirs.map()->contains("required"))) {
        const std::string here = to_json(ours->default_value), there = to_json(in_our_words(theirs));
        if (here != there) found.emplace_back(place, here + " here, " + there + " there");
      }
    }
  }
  return found;
}

}  // namespace

TEST_CASE("every option that librosa has is here under its name and with its default, or a reason is given") {
  const Value reasons = read("differences.json");
  const Map &of_places = *reasons.at("places").map(), &of_names = *reasons.at("missing").map();
  std::set<std::string> used;
  for (const auto& [place, words] : differences()) {
    const std::string name = place.substr(place.rfind('.') + 1);
    const bool missing = words == "is missing";
    if (of_places.contains(place)) {
      used.insert(place);
    } else if (missing && of_names.contains(name)) {
      used.insert(name);
    } else {
      FAIL_CHECK(place << " " << words);
    }
  }
  for (const Map* listed : {&of_places, &of_names}) {
    for (const auto& [key, reason] : *listed) {
      INFO(key);
      CHECK(used.contains(key));
      CHECK(!reason.text()->empty());
    }
  }
}
