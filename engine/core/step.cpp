// Steps by name, and chains of them.

#include "core/step.h"

#include <algorithm>
#include <iterator>

#include "core/codec.h"
#include "core/interrupt.h"
#include "core/step_words.h"

namespace lumir {
namespace {

std::map<std::string, StepFactory, std::less<>>& factories() {
  static std::map<std::string, StepFactory, std::less<>> all;
  return all;
}

std::map<std::string, StepWords, std::less<>>& words_of_steps() {
  static std::map<std::string, StepWords, std::less<>> all;
  return all;
}

const KindName<Several> several_word{"several things"};

struct ChainOptions {
  Value steps;
  static Schema schema() {
    return {Option{"steps", &ChainOptions::steps, "what to do, in order", Kind{"steps"}, kListed}};
  }
};

/// One thing on its way through a chain.
struct Thing {
  size_t input = 0;  // which one it was made of
  std::any value;
  Context context;
};

/// Things through one step, in batches as it wants them. What it makes several of stands for itself in the answer, and
/// `several` notes the inputs.
std::vector<Thing> through(const Step& step, uint64_t place, std::vector<Thing> things, std::vector<bool>& several) {
  std::vector<Thing> out;
  for (size_t first = 0; first < things.size(); first += step.batch_size()) {
    check_interrupt();
    const size_t n = std::min(step.batch_size(), things.size() - first);
    std::vector<std::any> values;
    std::vector<Context> contexts;
    for (size_t i = first; i < first + n; ++i) {
      values.push_back(std::move(things[i].value));
      contexts.push_back(things[i].context.step(place));
    }
    std::vector<std::any> answers = step.apply_batch(values, contexts);
    for (size_t i = 0; i < n; ++i) {
      Thing& thing = things[first + i];
      auto* more = std::any_cast<Several>(&answers[i]);
      if (!more) {
        out.push_back({thing.input, std::move(answers[i]), std::move(thing.context)});
        continue;
      }
      several[thing.input] = true;
      for (size_t k = 0; k < more->size(); ++k) {
        out.push_back({thing.input, std::move((*more)[k]), thing.context.copy(k)});
      }
    }
  }
  return out;
}

class Chain final : public Step {
 public:
  Chain(const Entry& entry, std::vector<StepPtr> steps) : Step(entry, describe(steps)), steps_(std::move(steps)) {
    uint64_t n_drawing = 0;
    for (const auto& step : steps_) places_.push_back(step->draws() ? n_drawing++ : 0);
  }

  std::any apply(const std::any& input, const Context& context) const override {
    return std::move(apply_batch({&input, 1}, {&context, 1})[0]);
  }

  std::vector<std::any> apply_batch(std::span<const std::any> inputs,
                                    std::span<const Context> contexts) const override {
    std::vector<Several> results(inputs.size());
    const auto several =
        run(inputs, contexts, [&](size_t input, std::any result) { results[input].push_back(std::move(result)); });
    std::vector<std::any> answers;
    for (size_t i = 0; i < inputs.size(); ++i) {
      answers.push_back(several[i] ? std::any(std::move(results[i])) : std::move(results[i][0]));
    }
    return answers;
  }

  void apply_each(std::span<const std::any> inputs, std::span<const Context> contexts,
                  const Emit& emit) const override {
    run(inputs, contexts, emit);
  }

  size_t batch_size() const override {
    size_t most = 1;
    for (const auto& step : steps_) most = std::max(most, step->batch_size());
    return most;
  }

  std::vector<StepPtr> inner() const override { return steps_; }

  std::string key() const override {
    std::string key;
    for (const auto& step : steps_) key += step->key() + "\n";
    return key;
  }

 private:
  static Map describe(const std::vector<StepPtr>& steps) {
    List list;
    for (const auto& step : steps) list.push_back(step->description());
    return {{"steps", list}};
  }

  /// Which inputs several things were made of.
  std::vector<bool> run(std::span<const std::any> inputs, std::span<const Context> contexts, const Emit& emit) const {
    std::vector<Thing> things;
    for (size_t i = 0; i < inputs.size(); ++i) things.push_back({i, inputs[i], contexts[i]});
    std::vector<bool> several(inputs.size());
    run_from(0, std::move(things), several, emit);
    return several;
  }

  /// Where one thing became more than a batch, each batch goes to the end before the next begins.
  void run_from(size_t at, std::vector<Thing> things, std::vector<bool>& several, const Emit& emit) const {
    const size_t batch = std::max(batch_size(), things.size());
    for (; at < steps_.size() && things.size() <= batch; ++at) {
      things = through(*steps_[at], places_[at], std::move(things), several);
    }
    if (things.size() <= batch) {
      for (auto& thing : things) emit(thing.input, std::move(thing.value));
      return;
    }
    for (size_t first = 0; first < things.size(); first += batch) {
      const auto begin = std::make_move_iterator(things.begin() + static_cast<long>(first));
      const auto n = static_cast<long>(std::min(batch, things.size() - first));
      run_from(at, {begin, begin + n}, several, emit);
    }
  }

  std::vector<StepPtr> steps_;
  std::vector<uint64_t> places_;  // of those that draw, among each other
};

const Entry& chain_entry() {
  static const Entry& entry = register_entry("lumir", "chain",
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
  std::string key =
      to_json(description()) + " v" + std::to_string(entry_->words.version) + " " + source_hash(entry_->file);
  const auto seed = options_.find("seed");
  if (seed != options_.end()) {
    const double* own = seed->second.number();
    key += " seed " + (own ? show_number(*own) : std::to_string(global_seed()));
  }
  for (const auto& step : inner()) key += "\n" + step->key();
  return key;
}

std::vector<std::any> Step::apply_batch(std::span<const std::any> inputs, std::span<const Context> contexts) const {
  std::vector<std::any> results;
  for (size_t i = 0; i < inputs.size(); ++i) results.push_back(apply(inputs[i], contexts[i]));
  return results;
}

void Step::apply_each(std::span<const std::any> inputs, std::span<const Context> contexts, const Emit& emit) const {
  std::vector<std::any> results = apply_batch(inputs, contexts);
  for (size_t i = 0; i < results.size(); ++i) {
    auto* several = std::any_cast<Several>(&results[i]);
    if (!several) {
      emit(i, std::move(results[i]));
      continue;
    }
    for (auto& one : *several) emit(i, std::move(one));
  }
}

bool Step::draws() const {
  const auto steps = inner();
  return std::any_of(steps.begin(), steps.end(), [](const StepPtr& step) { return step->draws(); });
}

Context Step::drawing(const std::any& input, const Context& context) const {
  Context drawn = context;
  if (const double* own = options_.at("seed").number()) drawn.seed = static_cast<uint64_t>(*own);
  if (!drawn.row) drawn.row = content_of(input);
  return drawn;
}

void register_step(const Entry& entry, StepFactory factory) { factories()[entry.full_name()] = std::move(factory); }

void register_step_words(const Entry& entry, StepWords words) {
  words_of_steps()[entry.full_name()] = std::move(words);
}

bool is_step(std::string_view full_name) { return factories().contains(full_name); }

StepPtr make_step(std::string_view full_name, const Map& options) {
  const auto found = factories().find(full_name);
  if (found != factories().end()) return found->second(options);
  std::vector<std::string> names;
  for (const auto& [name, factory] : factories()) names.push_back(name);
  throw ArgumentError("no step is called '" + std::string(full_name) + "'" + did_you_mean(full_name, names));
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
  if (const auto* chain = dynamic_cast<const Chain*>(step.get())) return chain->inner();
  return {step};
}

std::vector<StepPtr> all_steps(const StepPtr& step) {
  std::vector<StepPtr> all;
  for (const auto& outer : steps_of(step)) {
    all.push_back(outer);
    for (const auto& inside : outer->inner()) {
      for (const auto& one : all_steps(inside)) all.push_back(one);
    }
  }
  return all;
}

std::any call_step(const Step& step, const std::any& input) {
  Context context;
  if (step.draws()) context.epoch = next_direct_call();
  return step.apply(input, context);
}

namespace {

/// One option as a recipe writes it; nested steps as steps.
std::string show_option(const Parameter& parameter, const Value& value) {
  if (!parameter.type.starts_with("steps") || !value.list()) return show(value);
  std::string inner;
  for (const auto& description : *value.list())
    inner += (inner.empty() ? "" : ", ") + show_step(make_step(description));
  return "{ " + inner + " }";
}

/// " { n_mfcc = 13 }", " { 'mean', 'std' }" or nothing: what differs from the defaults; the array part stands without a
/// name.
std::string show_options(const Step& step) {
  const Schema& schema = step.entry().parameters;
  const auto words = words_of_steps().find(step.entry().full_name());
  if (words != words_of_steps().end()) return " { " + words->second(step) + " }";
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
