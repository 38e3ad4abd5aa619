// Steps by name, and chains of them.

#include "core/step.h"

namespace lumir {
namespace {

std::map<std::string, StepFactory, std::less<>>& factories() {
  static std::map<std::string, StepFactory, std::less<>> all;
  return all;
}

const KindName<Several> several_word{"several things"};

struct ChainOptions {
  Value steps;
  static Schema schema() {
    return {Option{"steps", &ChainOptions::steps, "what to do, in order", Kind{"steps"}, kListed}};
  }
};

/// The step's answer; for several things those for each, several of several in one row.
std::any apply_to_each(const Step& step, const std::any& value) {
  const auto* several = std::any_cast<Several>(&value);
  if (!several) return step.apply(value);
  Several answers;
  for (const auto& one : *several) {
    std::any answer = step.apply(one);
    if (auto* more = std::any_cast<Several>(&answer)) {
      answers.insert(answers.end(), more->begin(), more->end());
    } else {
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

class Chain final : public Step {
 public:
  Chain(const Entry& entry, std::vector<StepPtr> steps) : Step(entry, describe(steps)), steps_(std::move(steps)) {}
  std::any apply(const std::any& input) const override {
    std::any value = input;
    for (const auto& step : steps_) value = apply_to_each(*step, value);
    return value;
  }
  std::string key() const override {
    std::string key;
    for (const auto& step : steps_) key += step->key() + "\n";
    return key;
  }
  const std::vector<StepPtr>& steps() const { return steps_; }

 private:
  static Map describe(const std::vector<StepPtr>& steps) {
    List list;
    for (const auto& step : steps) list.push_back(step->description());
    return {{"steps", list}};
  }
  std::vector<StepPtr> steps_;
};

const Entry& chain_entry() {
  static const Entry& entry = register_entry(
      "lumir", "chain",
      {.summary = "Joins steps: the output of each is the input of the next.",
       .returns = "a step",
       .example = "lumir.chain { audio.load { rate = 16000 }, feature.mfcc() }",
       .source = "Lumir's own; scikit-learn's Pipeline is its model"},
      schema_of<ChainOptions>());
  return entry;
}

StepPtr chain_from(const Map& options) {
  std::vector<StepPtr> steps;
  const auto read = read_options<ChainOptions>(options, "chain");
  if (read.steps.list()) {
    for (const auto& description : *read.steps.list()) steps.push_back(make_step(description));
  }
  return make_chain(std::move(steps));
}

const bool chain_registered = [] {
  register_step(chain_entry(), chain_from);
  return true;
}();

}  // namespace

Value Step::description() const { return Map{{"name", entry_->full_name()}, {"options", options_}}; }

std::string Step::key() const {
  return to_json(description()) + " v" + std::to_string(entry_->words.version) + " " + source_hash(entry_->file);
}

void register_step(const Entry& entry, StepFactory factory) { factories()[entry.full_name()] = std::move(factory); }

bool is_step(std::string_view full_name) { return factories().contains(full_name); }

StepPtr make_step(std::string_view full_name, const Map& options) {
  const auto found = factories().find(full_name);
  if (found != factories().end()) return found->second(options);
  std::vector<std::string> names;
  for (const auto& [name, factory] : factories()) names.push_back(name);
  throw ArgumentError("no step is called '" + std::string(full_name) + "'" +
                      did_you_mean(full_name, names));
}

StepPtr make_step(const Value& description) {
  const std::string* name = description["name"].text();
  if (!name) throw ArgumentError("a step is expected, got " + show(description));
  const Map* options = description["options"].map();
  return make_step(*name, options ? *options : Map{});
}

StepPtr make_chain(std::vector<StepPtr> steps) {
  if (steps.empty()) throw ArgumentError("chain: needs at least one step");
  std::vector<StepPtr> flat;
  for (const auto& step : steps) {
    for (const auto& inner : steps_of(step)) flat.push_back(inner);
  }
  return std::make_shared<Chain>(chain_entry(), std::move(flat));
}

std::vector<StepPtr> steps_of(const StepPtr& step) {
  if (const auto* chain = dynamic_cast<const Chain*>(step.get())) return chain->steps();
  return {step};
}

namespace {

/// One option as a recipe writes it; nested steps as steps.
std::string show_option(const Parameter& parameter, const Value& value) {
  if (!parameter.type.starts_with("steps") || !value.list()) return show(value);
  std::string inner;
  for (const auto& description : *value.list()) inner += (inner.empty() ? "" : ", ") + show_step(make_step(description));
  return "{ " + inner + " }";
}

/// " { n_mfcc = 13 }", " { 'mean', 'std' }" or nothing: what differs from the defaults; the array part stands without a
/// name.
std::string show_options(const Step& step) {
  const Schema& schema = step.entry().parameters;
  std::string set;
  for (const auto& parameter : schema) {
    const Value& value = step.options().at(parameter.name);
    if (value == parameter.default_value) continue;
    const bool name = value.text() && parameter.type == "steps or name";
    const bool bare = parameter.place.listed && (value.list() || name);
    std::string text = show_option(parameter, value);
    if (bare && schema.size() == 1) return " " + text;
    if (bare) text = text.substr(2, text.size() - 4);
    set += (set.empty() ? "" : ", ") + (bare ? text : parameter.name + " = " + text);
  }
  return set.empty() ? "" : " { " + set + " }";
}

}  // namespace

std::string show_step(const StepPtr& step) {
  std::string out;
  for (const auto& inner : steps_of(step)) {
    out += (out.empty() ? "" : " -> ") + inner->name() + show_options(*inner);
  }
  return out;
}

void wrong_input(const std::string& who, const char* wanted, const std::any& input) {
  throw ArgumentError(who + ": takes " + wanted + ", got " + kind_of(input));
}

}  // namespace lumir
