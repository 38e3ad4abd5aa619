// Dummy: answers without a look at the columns: what any classifier must beat.

#include <algorithm>

#include "core/random.h"
#include "learn/present_classes.h"

namespace lumir::learn {
namespace {

struct DummyOptions {
  std::string strategy = "prior";
  std::string constant;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"strategy", &DummyOptions::strategy,
                   "always the most frequent class ('prior', 'most_frequent') or the one named by 'constant'; or one "
                   "drawn as often as it occurs ('stratified') or evenly ('uniform')",
                   Choices{"prior", "most_frequent", "stratified", "uniform", "constant"}},
            Option{"constant", &DummyOptions::constant, "the class that strategy 'constant' answers with"},
            Option{"seed", &DummyOptions::seed, "of what is drawn; 'none' takes that of lumir.seed"}};
  }
};

class Dummy final : public Described<PresentClassifier, DummyOptions> {
 public:
  using Described::Described;

 protected:
  void fit_present(const PresentRows& rows) override {
    prior_ = rows.class_sums();
    double all = 0;
    for (const double sum : prior_) all += sum;
    for (double& share : prior_) share /= all;
    if (option().strategy == "uniform")
      std::fill(prior_.begin(), prior_.end(), 1.0 / static_cast<double>(prior_.size()));
    if (option().strategy == "most_frequent") answer_always(static_cast<size_t>(first_largest(prior_)));
    if (option().strategy == "constant") answer_always(place_of_constant(rows));
    seed_ = seed_or_global(option().seed) & 0x7FFFFFFF;  // as a file keeps it
  }

  Matrix score_present(const Matrix& x) const override {
    const bool draws = option().strategy == "stratified" || option().strategy == "uniform";
    Random random(seed_, "dummy");
    Matrix out(x.rows, prior_.size());
    for (size_t i = 0; i < x.rows; ++i) {
      if (!draws) {
        std::copy(prior_.begin(), prior_.end(), out.row(i).begin());
        continue;
      }
      double left = random.uniform();
      size_t c = 0;
      while (c + 1 < prior_.size() && left >= prior_[c]) left -= prior_[c++];
      out(i, c) = 1;
    }
    return out;
  }

  State state_present() const override {
    return {{"class_prior", prior_},
            {"n_features", {static_cast<double>(columns())}},
            {"seed", {static_cast<double>(seed_)}}};
  }

  size_t load_present(const State& state) override {
    prior_ = state_numbers(name(), state, "class_prior");
    const auto width = state_numbers(name(), state, "n_features"), seed = state_numbers(name(), state, "seed");
    if (prior_.size() != classes().count() || width.size() != 1 || seed.size() != 1) refuse_state(name());
    seed_ = static_cast<uint64_t>(state_whole(name(), seed[0], 0, 2147483647));
    return static_cast<size_t>(state_whole(name(), width[0], 1, 1e9));
  }

 private:
  void answer_always(size_t place) {
    std::fill(prior_.begin(), prior_.end(), 0);
    prior_[place] = 1;
  }

  size_t place_of_constant(const PresentRows& rows) const {
    std::vector<std::string> names;
    for (const int label : rows.classes.labels) {
      const auto* classes = rows.training().classes;
      names.push_back(classes ? (*classes)[static_cast<size_t>(label)] : std::to_string(label + 1));
    }
    const auto found = std::find(names.begin(), names.end(), option().constant);
    if (found != names.end()) return static_cast<size_t>(found - names.begin());
    throw ArgumentError("Dummy: 'constant' names '" + option().constant + "', which is no " + rows.training().label +
                        did_you_mean(option().constant, names));
  }

  std::vector<double> prior_;
  uint64_t seed_ = 0;
};

LUMIR_ESTIMATOR(Dummy, {
                           .summary = "Answers without a look at the columns: what any classifier must beat.",
                           .returns = "a classifier; scores are shares of the classes",
                           .example = "learn.Dummy { strategy = 'stratified' }",
                           .source = "agrees with scikit-learn's DummyClassifier",
                       });

}  // namespace
}  // namespace lumir::learn
