// Copies: several versions of one clip, each changed by chance in its own way.

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct CopiesOptions {
  int n = 1;
  Value steps;
  std::optional<int> seed;

  static Schema schema() {
    return {Option{"n", &CopiesOptions::n, "how many", Unit{"copies"}, Range{1, 1 << 20}, kArgument},
            Option{"steps", &CopiesOptions::steps, "what makes each of them, in order", Kind{"steps"}, kArgument},
            seed_option<CopiesOptions>()};
  }
};

std::vector<StepPtr> steps_from(const Value& described) {
  std::vector<StepPtr> steps;
  if (described.map() && !described.map()->empty()) return steps_of(make_step(described));
  if (described.list()) {
    for (const auto& one : *described.list()) {
      for (const auto& step : steps_of(make_step(one))) steps.push_back(step);
    }
  }
  if (steps.empty()) throw ArgumentError("copies: 'steps' needs at least one step");
  return steps;
}

Map describe(const CopiesOptions& options, const std::vector<StepPtr>& steps) {
  Map map = write_options(options);
  List list;
  for (const auto& step : steps) list.push_back(step->description());
  map["steps"] = list;
  return map;
}

class CopiesStep final : public Step {
 public:
  CopiesStep(const Entry& entry, const CopiesOptions& options, std::vector<StepPtr> steps)
      : Step(entry, describe(options, steps)), options_(options), steps_(std::move(steps)) {}

  std::any apply(const std::any& input, const Context& context) const override {
    const Clip& clip = input_as<Clip>(input, "copies", "a clip");
    const Context drawn = drawing(input, context);
    Several copies;
    for (int k = 0; k < options_.n; ++k) {
      copies.push_back(change_by(steps_, clip, drawn.piece(static_cast<uint64_t>(k)), "copies"));
    }
    return copies;
  }
  std::vector<StepPtr> inner() const override { return steps_; }

 private:
  CopiesOptions options_;
  std::vector<StepPtr> steps_;
};

const bool registered = [] {
  const Entry& entry = register_entry(
      "augment", "copies",
      {.summary =
           "Several versions of a clip, each made by the steps with draws of its own; a chain goes on with each.",
       .returns = "a list of n Clips",
       .example = "augment.copies(2, { augment.crop { seconds = 1 }, augment.noise { snr = { 10, 30 } } })(clip)",
       .source = "Lumir's own"},
      schema_of<CopiesOptions>());
  register_step(entry, [&entry](const Map& given) -> StepPtr {
    const auto options = read_options<CopiesOptions>(given, entry.name);
    return std::make_shared<CopiesStep>(entry, options, steps_from(options.steps));
  });
  return true;
}();

}  // namespace
}  // namespace lumir::augment
