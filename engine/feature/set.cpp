// feature.set { a, b, ... }: several features in one pass over one spectrogram, as rows with names.
// feature.set 'name': one of the published tables of named_set.h, as numbers with names.

#include "feature/named_set.h"
#include "feature/plan/plan.h"

namespace lumir::feature {
namespace {

struct SetOptions {
  Value features;
  static Schema schema() {
    return {Option{"features", &SetOptions::features,
                   "features, whose rows stand in this order; or the name of a published table", Kind{"steps or name"},
                   kListed}};
  }
};

std::vector<StepPtr> steps_from(const Map& options) {
  const auto read = read_options<SetOptions>(options, "set");
  std::vector<StepPtr> steps;
  if (read.features.list()) {
    for (const auto& description : *read.features.list()) steps.push_back(make_step(description));
  }
  return steps;
}

Map describe(const std::vector<StepPtr>& steps) {
  List list;
  for (const auto& step : steps) list.push_back(step->description());
  return {{"features", list}};
}

class SetStep final : public Step {
 public:
  SetStep(const Entry& entry, std::vector<StepPtr> steps)
      : Step(entry, describe(steps)), steps_(std::move(steps)), plan_(plan_of(steps_)) {}
  std::any apply(const std::any& input, const Context&) const override {
    return extract(input_as<audio::Clip>(input, "set", "a clip"), plan_);
  }
  std::vector<StepPtr> inner() const override { return steps_; }

 private:
  std::vector<StepPtr> steps_;
  Plan plan_;
};

const bool registered = [] {
  const Entry& entry = register_entry(
      "feature", "set",
      {.summary =
           "Several features of a clip, worked out together: what they share is done once. Or a named set, such as "
           "'fma' and 'gtzan': the numbers of a published table.",
       .returns =
           "[rows, frames], rows named as mfcc_03 and rms; numbers for the whole clip (tempo) stand beside them. "
           "A named set gives a Description: named numbers",
       .example = "feature.set { feature.melspectrogram(), feature.mfcc { n_mfcc = 13 } }",
       .source = "Lumir's own"},
      schema_of<SetOptions>());
  register_step(entry, [&entry](const Map& options) -> StepPtr {
    const auto given = options.find("features");
    const std::string* name = given == options.end() ? nullptr : given->second.text();
    if (name && options.size() == 1) return make_named_set(entry, *name);
    return std::make_shared<SetStep>(entry, steps_from(options));
  });
  return true;
}();

}  // namespace
}  // namespace lumir::feature
