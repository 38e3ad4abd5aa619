// HalvingGridSearch: all settings with little, the better ones with more, the best few with all there is.
//
// Rounds, rows and settings kept are counted as scikit-learn counts them. What grows from round to round is
// the number of rows of both sides of every fold, each class by its share, or an option of the estimator, such
// as the trees of a forest.

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/random.h"
#include "data/shares.h"
#include "learn/grid_search.h"
#include "learn/settings.h"
#include "model/path.h"

namespace lumir::learn {
namespace {

struct HalvingGridSearchOptions : SearchOptions {
  Value grid;
  double factor = 3;
  std::string resource = "n_samples";
  std::variant<int, std::string> max_resources = "auto";
  std::variant<int, std::string> min_resources = "exhaust";
  bool aggressive_elimination = false;
  std::optional<int> seed;
  static Schema schema() {
    using S = HalvingGridSearchOptions;
    return search_schema<S>(
        grid_option<S>(),
        Option{"factor", &S::factor, "the share of settings that go on is 1 / factor, and each gets so much more",
               Range{above(1), 1e6}},
        Option{"resource", &S::resource, "what grows: 'n_samples' for rows, or an option, 'RandomForest.n_estimators'"},
        Option{"max_resources", &S::max_resources, "the most of it; 'auto' for all rows", Choices{"auto"}, Range{1}},
        Option{"min_resources", &S::min_resources,
               "what all settings begin with: 'smallest' for two rows of each class in each fold; 'exhaust' for so "
               "much that the last round has the most",
               Choices{"exhaust", "smallest"}, Range{1}},
        Option{"aggressive_elimination", &S::aggressive_elimination,
               "repeat the first round until few enough are left for the last one"},
        Option{"seed", &S::seed, "of the rows drawn; 'none' takes that of lumir.seed"});
  }
};

/// So many rows of a side, of each class its share, and one at least where there is room: where scikit-learn
/// draws without regard to classes, a small part may have one class only.
std::vector<int> drawn_by_class(const std::vector<int>& side, const std::vector<int>& y, size_t count, Random& random) {
  std::map<int, std::vector<int>> members;
  for (const int place : random.permutation(static_cast<int>(side.size()))) {
    const int row = side[static_cast<size_t>(place)];
    members[y.empty() ? 0 : y[static_cast<size_t>(row)]].push_back(row);
  }
  std::vector<size_t> sizes;
  for (const auto& [label, rows] : members) sizes.push_back(rows.size());
  auto counts = data::share_out(sizes, count);
  for (size_t& few : counts) {
    if (few > 0 || count < counts.size()) continue;
    few = 1;
    --*std::max_element(counts.begin(), counts.end());
  }
  std::vector<int> drawn;
  size_t c = 0;
  for (const auto& [label, rows] : members) {
    drawn.insert(drawn.end(), rows.begin(), rows.begin() + static_cast<ptrdiff_t>(counts[c++]));
  }
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

class HalvingGridSearch final : public SearchLearner<HalvingGridSearchOptions> {
 public:
  HalvingGridSearch(const Entry& entry, const Map& options) : SearchLearner(entry, options) {
    begin();
    grid_ = settings_of_grid(name(), option().grid);
    for (const Map& setting : grid_) {
      if (setting.contains(option().resource)) refuse("'" + option().resource + "' grows, and cannot be in 'grid'");
      add_candidate(setting);
    }
    if (of_rows()) return;
    model::find_option(root(), option().resource, name());
    if (!std::get_if<int>(&option().max_resources)) {
      refuse("'max_resources' must be a number where 'resource' = '" + option().resource + "'");
    }
  }

  /// With "candidate" (place in the grid), "iteration" and "resources" of each row of the scores.
  State state() const override {
    State state = Search::state();
    if (!fitted()) return state;
    std::vector<double> candidate, iteration, resources;
    for (const Row& row : rows_) {
      candidate.push_back(static_cast<double>(row.setting));
      iteration.push_back(row.iteration);
      resources.push_back(static_cast<double>(row.resources));
    }
    state["candidate"] = candidate;
    state["iteration"] = iteration;
    state["resources"] = resources;
    return state;
  }

 protected:
  void run(const Training& training) override {
    const Rounds rounds = rounds_for(training);
    std::vector<size_t> going(grid_.size());
    std::iota(going.begin(), going.end(), size_t{0});
    rows_.clear();
    drop_candidates();
    for (int round = 0; round < rounds.count; ++round) {
      const int power = option().aggressive_elimination ? std::max(0, round - rounds.wanted + rounds.possible) : round;
      const auto grown = static_cast<size_t>(std::pow(option().factor, power) * static_cast<double>(rounds.least));
      const size_t resources = std::min(grown, rounds.most), begin = rows_.size();
      for (const size_t setting : going) add_row({setting, round, resources});
      try_candidates(begin, rows_.size(), folds_with(resources, round, training), training);
      going = best_of(begin, static_cast<size_t>(std::ceil(static_cast<double>(going.size()) / option().factor)));
    }
  }

  void load_state(const State& state) override {
    const auto candidate = state_numbers(name(), state, "candidate"), round = state_numbers(name(), state, "iteration"),
               resources = state_numbers(name(), state, "resources");
    if (candidate.empty() || round.size() != candidate.size() || resources.size() != candidate.size()) {
      refuse_state(name());
    }
    rows_.clear();
    drop_candidates();
    for (size_t r = 0; r < candidate.size(); ++r) {
      const int setting = state_whole(name(), candidate[r], 0, static_cast<double>(grid_.size()) - 1);
      add_row({static_cast<size_t>(setting), state_whole(name(), round[r], 0, 1e6),
               static_cast<size_t>(state_whole(name(), resources[r], 1, 2e9))});
    }
    Search::load_state(state);
  }

 private:
  /// One setting in one round.
  struct Row {
    size_t setting;
    int iteration;
    size_t resources;
  };
  struct Rounds {
    size_t least, most;  // of what grows
    int wanted, possible, count;
  };

  bool of_rows() const { return option().resource == "n_samples"; }

  void add_row(const Row& row) {
    Map setting = grid_[row.setting];
    if (!of_rows()) setting[option().resource] = row.resources;
    add_candidate(setting);
    rows_.push_back(row);
  }

  Rounds rounds_for(const Training& training) const {
    const int* most = std::get_if<int>(&option().max_resources);
    const int* least = std::get_if<int>(&option().min_resources);
    Rounds rounds;
    rounds.most = most ? static_cast<size_t>(*most) : training.x.rows;
    if (of_rows() && rounds.most > training.x.rows) {
      refuse("'max_resources' = " + std::to_string(rounds.most) + " is more than the " +
             std::to_string(training.x.rows) + " rows");
    }
    const auto power_of = [&](double number) {
      return static_cast<int>(std::floor(std::log(number) / std::log(option().factor) + 1e-12));
    };
    rounds.wanted = 1 + power_of(static_cast<double>(grid_.size()));
    const auto kinds = training.y.empty() ? size_t{1} : static_cast<size_t>(training.n_classes);
    const size_t smallest = of_rows() ? folds().size() * 2 * kinds : 1;
    rounds.least = least ? static_cast<size_t>(*least) : smallest;
    if (!least && std::get<std::string>(option().min_resources) == "exhaust") {
      const double last = std::pow(option().factor, rounds.wanted - 1);
      rounds.least = std::max(rounds.least, static_cast<size_t>(static_cast<double>(rounds.most) / last));
    }
    if (rounds.least > rounds.most) {
      refuse("begins with " + std::to_string(rounds.least) + " of '" + option().resource +
             "', which is more than the " + std::to_string(rounds.most) + " there are");
    }
    rounds.possible = 1 + power_of(static_cast<double>(rounds.most / rounds.least));
    rounds.count = option().aggressive_elimination ? rounds.wanted : std::min(rounds.possible, rounds.wanted);
    return rounds;
  }

  /// The folds with as large a share of both sides as the resources are of all rows.
  std::vector<data::Fold> folds_with(size_t resources, int round, const Training& training) const {
    if (!of_rows() || resources >= training.x.rows) return folds();
    const double share = static_cast<double>(resources) / static_cast<double>(training.x.rows);
    std::vector<data::Fold> some = folds();
    for (size_t f = 0; f < some.size(); ++f) {
      Random random(seed_or_global(option().seed),
                    "rows of fold " + std::to_string(f) + " in round " + std::to_string(round));
      for (auto* side : {&some[f].train, &some[f].valid}) {
        const auto kept = std::max<size_t>(1, static_cast<size_t>(share * static_cast<double>(side->size())));
        *side = drawn_by_class(*side, training.y, kept, random);
      }
    }
    return some;
  }

  /// Of the rows from `begin` on, the settings of so many: those of best rank first, of equal ones the first.
  std::vector<size_t> best_of(size_t begin, size_t count) const {
    std::vector<size_t> order(rows_.size() - begin);
    std::iota(order.begin(), order.end(), begin);
    const auto place = [&](size_t row) {
      const int rank = candidates()[row].rank;
      return rank == 0 ? static_cast<int>(rows_.size()) + 1 : rank;
    };
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return place(a) < place(b); });
    order.resize(std::min(count, order.size()));
    std::sort(order.begin(), order.end());
    for (size_t& row : order) row = rows_[row].setting;
    return order;
  }

  std::vector<Map> grid_;
  std::vector<Row> rows_;
};

LUMIR_ESTIMATOR(
    HalvingGridSearch,
    {
        .summary =
            "Tries every setting of a grid with few rows (or trees), the better ones again with more, and so on; "
            "the best of the last round is fitted on all rows.",
        .returns = "a classifier or a regressor: the best setting, refitted",
        .example = "learn.HalvingGridSearch(learn.SVC(), { C = { 0.1, 1, 10 } }, { folds = 2, factor = 2 })",
        .source = "scikit-learn's HalvingGridSearchCV; Jamieson and Talwalkar, Non-stochastic best arm identification "
                  "(2016)",
    });

}  // namespace
}  // namespace lumir::learn
