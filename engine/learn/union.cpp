// Union: what several transformers make of the same rows, side by side.

#include <algorithm>

#include "learn/side_by_side.h"

namespace lumir::learn {
namespace {

struct UnionOptions {
  Value transformers;
  static Schema schema() {
    return {Option{"transformers", &UnionOptions::transformers, "the transformers", Kind{"steps"}, kListed}};
  }
};

class Union final : public Described<Transformer, UnionOptions> {
 public:
  Union(const Entry& entry, const Map& options)
      : Described(entry, options), members_(transformers_from("Union", option().transformers)) {}

  bool fitted() const override { return members_.back()->fitted(); }
  bool takes_missing() const override { return all_take_missing(members_); }
  std::vector<Child> children() const override { return model::listed_children(members_, "transformers"); }

  State state() const override {
    State state;
    add_members(state, members_);
    return state;
  }

  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override {
    std::vector<std::string> names;
    for (const auto& member : members_) {
      for (const auto& column : member->columns_out(columns)) names.push_back(member->name() + "_" + column);
    }
    return names;
  }

 protected:
  void fit_rows(const Training& training) override {
    for (const auto& member : members_) member->fit(training);
  }

  void load_state(const State& state) override { load_members(state, members_); }

  Matrix transform_rows(const Matrix& x) const override {
    Matrix out;
    for (const auto& member : members_) append_columns(out, member->transform(x));
    return out;
  }

  /// Its members have looked at theirs.
  void check_fit() const override {}

 private:
  std::vector<EstimatorPtr> members_;
};

LUMIR_ESTIMATOR(Union, {
                           .summary = "What several transformers make of the same rows, side by side.",
                           .returns = "a transformer; the columns of all of them come out",
                           .example = "learn.Union { learn.PCA { n_components = 1 }, learn.StandardScaler() }",
                           .source = "scikit-learn's FeatureUnion",
                       });

}  // namespace
}  // namespace lumir::learn
