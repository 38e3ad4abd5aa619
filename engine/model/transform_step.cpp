// The step, and states as plain values.

#include "model/transform_step.h"

#include <cmath>

#include <ATen/core/Tensor.h>

#include "feature/plan/frames.h"
#include "tensor/convert.h"

namespace lumir::model {
namespace {

struct TransformOptions {
  Value estimator;
  Value state;
  static Schema schema() {
    return {Option{"estimator", &TransformOptions::estimator, "the transformer", kRequired},
            Option{"state", &TransformOptions::state, "what it has learnt", kRequired}};
  }
};

Value to_value(const State& state) {
  Map arrays;
  for (const auto& [name, array] : state) {
    const auto numbers = array.doubles();
    arrays[name] = Map{{"shape", List(array.shape().begin(), array.shape().end())},
                       {"values", List(numbers.begin(), numbers.end())}};
  }
  return arrays;
}

[[noreturn]] void refuse_state(const std::string& array, const std::string& why) {
  throw Error("transform: the state's array '" + array + "' " + why);
}

std::vector<double> numbers_in(const Value& map, const char* list_name, const std::string& array) {
  const List* list = map[list_name].list();
  if (!list && !(map[list_name].map() && map[list_name].map()->empty())) {
    refuse_state(array, std::string("has no list '") + list_name + "'");
  }
  std::vector<double> numbers;
  for (const auto& number : list ? *list : List{}) {
    if (!number.number()) refuse_state(array, "holds " + show(number) + ", which is no number");
    numbers.push_back(*number.number());
  }
  return numbers;
}

Array array_of(const Value& value, const std::string& name) {
  std::vector<int64_t> shape;
  double count = 1;
  for (const double size : numbers_in(value, "shape", name)) {
    if (size < 0 || size != std::floor(size) || (count *= size) > 1e9) refuse_state(name, "has no shape");
    shape.push_back(static_cast<int64_t>(size));
  }
  std::vector<double> numbers = numbers_in(value, "values", name);
  if (static_cast<double>(numbers.size()) != count) {
    refuse_state(name, "holds " + std::to_string(numbers.size()) + " numbers, its shape " + show_number(count));
  }
  return Array(shape, std::move(numbers));
}

State to_state(const Value& value) {
  if (!value.map()) throw Error("transform: the state must be arrays by name, got " + show(value));
  State state;
  for (const auto& [name, array] : *value.map()) state[name] = array_of(array, name);
  return state;
}

class TransformStep final : public Step {
 public:
  TransformStep(const Entry& entry, const TransformOptions& options)
      : Step(entry, write_options(options)), estimator_(make_estimator(options.estimator)) {
    estimator_->load(to_state(options.state));
  }

  std::any apply(const std::any& input, const Context&) const override {
    if (const auto* row = held_as<feature::Description>(input)) {
      Matrix x(1, row->values.size());
      x.values = row->values;
      return feature::Description{estimator_->columns_out(row->names), estimator_->transform(x).values};
    }
    const auto& tensor = input_as<at::Tensor>(input, estimator_->name(), "a row of numbers or a tensor");
    if (tensor.dim() < 1) throw ArgumentError(estimator_->name() + ": takes tensors of [..., columns], got a number");
    const Matrix x = tensor::to_matrix(tensor.reshape({-1, tensor.size(-1)}), estimator_->name());
    const at::Tensor changed = tensor::from_matrix(estimator_->transform(x)).to(at::kFloat);
    std::vector<int64_t> shape = tensor.sizes().vec();
    shape.back() = changed.size(1);
    return changed.reshape(shape);
  }
  const EstimatorPtr& estimator() const { return estimator_; }

 private:
  EstimatorPtr estimator_;
};

const Entry& entry_of_step() {
  static const Entry& entry = register_entry(
      "learn", "transform",
      {.summary =
           "What a fitted transformer makes of rows of numbers, or of each frame of a tensor of [time, features].",
       .returns = "the same with other numbers",
       .example = "songs:map(learn.StandardScaler():fit(table))",
       .source = "Lumir's own",
       .input = "row"},
      schema_of<TransformOptions>());
  return entry;
}

const bool registered = [] {
  register_step(entry_of_step(), [](const Map& options) -> StepPtr {
    const auto read = read_options<TransformOptions>(options, entry_of_step().name);
    return std::make_shared<TransformStep>(entry_of_step(), read);
  });
  return true;
}();

}  // namespace

EstimatorPtr transformer_of(const Step& step) {
  const auto* held = dynamic_cast<const TransformStep*>(&step);
  return held ? held->estimator() : nullptr;
}

StepPtr transform_step(const Model& model) {
  const Estimator& estimator = *model.estimator;
  if (!estimator.is(Role::transformer)) throw ArgumentError("map: " + estimator.name() + " is no transformer");
  if (!estimator.fitted()) throw ArgumentError("map: " + estimator.name() + " is not fitted yet");
  return make_step(
      Map{{"name", "learn.transform"},
          {"options", Map{{"estimator", estimator.description()}, {"state", to_value(estimator.state())}}}});
}

}  // namespace lumir::model
