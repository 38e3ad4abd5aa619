// RandomizedSearch: settings drawn at random, as many as there is time for.
//
// A list means alternatives, as in a grid; { low = 1e-3, high = 1e3, log = true } means any number between
// the two. As in scikit-learn, settings of lists alone are drawn without putting them back, others
// independently of each other.

#include <algorithm>
#include <cmath>
#include <set>

#include "core/observer.h"
#include "core/random.h"
#include "learn/search.h"
#include "learn/settings.h"

namespace lumir::learn {
namespace {

struct RandomizedSearchOptions : SearchOptions {
  Value distributions;
  int n_iter = 10;
  std::optional<int> seed;
  static Schema schema() {
    using S = RandomizedSearchOptions;
    return search_schema<S>(
        Option{
            "distributions", &S::distributions,
            "options to draw: lists are alternatives, { low = 0.001, high = 1000, log = true, whole = false } is any "
            "number between; one table or a list of them",
            Kind{"grid"}, kArgument},
        Option{"n_iter", &S::n_iter, "settings to draw", Range{1, 1e6}},
        Option{"seed", &S::seed, "of what is drawn; 'none' takes that of lumir.seed"});
  }
};

/// Any number from `low` to `high`.
struct NumberRange {
  double low = 0;
  double high = 1;
  bool log = false;
  bool whole = false;
  static Schema schema() {
    return {Option{"low", &NumberRange::low, "the least", kRequired},
            Option{"high", &NumberRange::high, "the most", kRequired},
            Option{"log", &NumberRange::log, "by its logarithm: each power of ten is as likely"},
            Option{"whole", &NumberRange::whole, "whole numbers only"}};
  }

  double draw(Random& random) const {
    const double least = whole ? std::ceil(low) : low, most = whole ? std::floor(high) : high;
    const double above = whole ? most + 1 : most;  // the most is as likely as the others
    const double drawn =
        log ? std::exp(random.uniform(std::log(least), std::log(above))) : random.uniform(least, above);
    return std::clamp(whole ? std::floor(drawn) : drawn, least, most);
  }
};

class RandomizedSearch final : public SearchLearner<RandomizedSearchOptions> {
 public:
  RandomizedSearch(const Entry& entry, const Map& options) : SearchLearner(entry, options) {
    begin();
    seed_ = seed_or_global(option().seed);
    draw_candidates();
  }

  /// With the seed, so that a loaded search has drawn the same.
  State state() const override {
    State state = Search::state();
    if (fitted()) state["seed"] = {static_cast<double>(seed_)};
    return state;
  }

 protected:
  void load_state(const State& state) override {
    const auto seed = state_numbers(name(), state, "seed");
    if (seed.size() != 1 || !(seed[0] >= 0 && seed[0] < 9007199254740992.0)) refuse_state(name());
    seed_ = static_cast<uint64_t>(seed[0]);
    drop_candidates();
    draw_candidates();
    Search::load_state(state);
  }

 private:
  void draw_candidates() {
    const std::vector<Map> sub = sub_grids(name(), "distributions", option().distributions);
    double settings = 0;
    bool endless = false;
    for (const Map& one : sub) {
      double product = 1;
      for (const auto& [key, value] : one) {
        endless |= value.map() && !value.map()->empty();
        product *= static_cast<double>(alternatives_of(name(), key, value).size());
      }
      settings += product;
    }
    if (endless) {
      draw_anything(sub);
    } else if (settings <= option().n_iter) {
      if (settings < option().n_iter) {
        observer().warn(name() + ": there are " + show_number(settings) +
                        " settings only, fewer than 'n_iter' = " + std::to_string(option().n_iter) + "; all are tried");
      }
      for (const Map& setting : settings_of_grid(name(), option().distributions)) add_candidate(setting);
    } else {
      draw_different(sub);
    }
  }

  Map drawn_from(const Map& grid, Random& random) const {
    Map setting;
    for (const auto& [key, value] : grid) {
      if (value.map() && !value.map()->empty()) {
        const auto range = read_options<NumberRange>(*value.map(), name() + ": '" + key + "'");
        if (range.low > range.high || (range.log && range.low <= 0)) {
          refuse("'" + key + "': 'low' = " + show_number(range.low) +
                 (range.log ? " must be above 0 and at most 'high'" : " is above 'high'"));
        }
        if (range.whole && std::ceil(range.low) > std::floor(range.high)) {
          refuse("'" + key + "': there is no whole number from " + show_number(range.low) + " to " +
                 show_number(range.high));
        }
        setting[key] = range.draw(random);
      } else {
        const List list = alternatives_of(name(), key, value);
        setting[key] = list[random.below(static_cast<uint32_t>(list.size()))];
      }
    }
    return setting;
  }

  void draw_anything(const std::vector<Map>& sub) {
    for (int i = 0; i < option().n_iter; ++i) {
      Random random(seed_, "setting " + std::to_string(i));
      add_candidate(drawn_from(sub[random.below(static_cast<uint32_t>(sub.size()))], random));
    }
  }

  /// Places in the whole grid, none of them twice.
  void draw_different(const std::vector<Map>& sub) {
    std::vector<double> sizes;
    for (const Map& one : sub) {
      double product = 1;
      for (const auto& [key, value] : one) product *= static_cast<double>(alternatives_of(name(), key, value).size());
      sizes.push_back(product);
    }
    Random random(seed_, "settings");
    std::set<double> seen;
    while (seen.size() < static_cast<size_t>(option().n_iter)) {
      double all = 0;
      for (const double size : sizes) all += size;
      double place = std::floor(random.uniform() * all);
      if (!seen.insert(place).second) continue;
      size_t s = 0;
      while (s + 1 < sizes.size() && place >= sizes[s]) place -= sizes[s++];
      add_candidate(setting_at(sub[s], place));
    }
  }

  /// As in a grid the last key changes fastest.
  Map setting_at(const Map& grid, double place) const {
    Map setting;
    for (auto at = grid.rbegin(); at != grid.rend(); ++at) {
      const List list = alternatives_of(name(), at->first, at->second);
      const double size = static_cast<double>(list.size());
      setting[at->first] = list[static_cast<size_t>(std::fmod(place, size))];
      place = std::floor(place / size);
    }
    return setting;
  }

  uint64_t seed_ = 0;
};

LUMIR_ESTIMATOR(
    RandomizedSearch,
    {
        .summary = "Tries settings drawn at random by cross-validation and fits the best on all rows.",
        .returns = "a classifier or a regressor: the best setting, refitted",
        .example = "learn.RandomizedSearch(learn.SVC(), { C = { low = 0.1, high = 100, log = true } }, { n_iter = 5 })",
        .source = "scikit-learn's RandomizedSearchCV; Bergstra and Bengio, Random search for hyper-parameter "
                  "optimization (2012)",
    });

}  // namespace
}  // namespace lumir::learn
