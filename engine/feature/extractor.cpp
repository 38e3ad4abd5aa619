// Features in the registry, and as steps from a clip to frames.

#include "feature/extractor.h"

#include <algorithm>

#include "feature/plan/plan.h"

namespace lumir::feature {
namespace {

const KindName<Frames> frames_word{"frames"};
const KindName<Description> description_word{"a description"};

class FeatureStep final : public Step {
 public:
  FeatureStep(const Entry& entry, Map options, Feature feature)
      : Step(entry, std::move(options)), feature_(feature), plan_(entry.name, {std::move(feature)}) {}
  std::any apply(const std::any& input, const Context&) const override {
    return extract(input_as<audio::Clip>(input, entry().name, "a clip"), plan_);
  }
  const Feature& feature() const { return feature_; }

 private:
  Feature feature_;
  Plan plan_;
};

/// What the options say, under the feature's name; of a single row, that name is what the numbers are.
std::function<Axes(int)> called_axes(const Entry& entry, std::function<Axes(int)> declared, int rows) {
  if (!declared && rows > 1) return nullptr;
  return [&entry, declared = std::move(declared)](int rate) {
    Axes axes = declared ? declared(rate) : Axes{};
    axes.of = entry.name;
    if (axes.unit == "dB" && axes.measure == Measure::plain) axes.measure = Measure::decibels;
    if (!axes.values.empty() || !axes.rows.empty()) return axes;
    axes.values = entry.name;
    std::replace(axes.values.begin(), axes.values.end(), '_', ' ');
    return axes;
  };
}

}  // namespace

void register_feature(const char* name, Words words, const Schema& schema, FeatureMaker maker,
                      std::source_location where) {
  const Entry& entry = register_entry("feature", name, std::move(words), schema, where);
  register_step(entry, [&entry, maker](const Map& options) -> StepPtr {
    Map complete;
    Feature feature = maker(entry, options, complete);
    feature.axes = called_axes(entry, std::move(feature.axes), feature.rows);
    return std::make_shared<FeatureStep>(entry, std::move(complete), std::move(feature));
  });
}

const Feature& feature_of(const StepPtr& step, const std::string& who) {
  if (const auto* held = dynamic_cast<const FeatureStep*>(step.get())) return held->feature();
  throw ArgumentError(who + ": takes features, got " + step->name());
}

Plan plan_of(const std::vector<StepPtr>& steps) {
  std::vector<Feature> features;
  for (const auto& step : steps) features.push_back(feature_of(step, "set"));
  return Plan("set", std::move(features));
}

std::string numbered(const std::string& name, int row, int rows) {
  if (rows == 1) return name;
  const size_t width = std::max<size_t>(2, std::to_string(rows).size());
  std::string number = std::to_string(row + 1);
  number = std::string(width - number.size(), '0') + number;
  return name + "_" + number;
}

namespace detail {

void check_frames(const std::string& who, long frames, int least) {
  if (frames >= least) return;
  throw ArgumentError(who + ": needs at least " + std::to_string(least) + " frames for differences in time, got " +
                      std::to_string(frames) + "; take a longer clip or a smaller hop_length");
}

}  // namespace detail
}  // namespace lumir::feature
