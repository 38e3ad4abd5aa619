// Effects as steps: fixed in audio, drawn from ranges in augment.

#include "augment/effect.h"

#include "core/hash.h"
#include "core/interrupt.h"

namespace lumir::augment {
namespace {

std::string hashes_of(const std::vector<std::string>& files) {
  std::string hashes;
  for (const auto& path : files) hashes += " " + sha256_of_file(path);
  return hashes;
}

/// audio.<name>: every option a number.
class FixedStep final : public Step {
 public:
  FixedStep(const Entry& entry, Map options, const detail::Effect& effect)
      : Step(entry, std::move(options)), effect_(effect) {}
  std::any apply(const std::any& input, const Context&) const override {
    Random unused(0);
    return effect_.run(input_as<Clip>(input, entry().name, "a clip"), options(), unused);
  }
  std::string key() const override { return Step::key() + hashes_of(effect_.files(options())); }

 private:
  detail::Effect effect_;
};

bool can_vary(const Parameter& parameter) { return parameter.type == "number" || parameter.type == "integer"; }

/// Options of a drawn step: those of the effect by name (a number, { low, high } or whatever else it takes), and ours.
struct Varied {
  Map values;
  double probability = 1;
  std::optional<int> seed;
};

/// A number, or two of which the second is not smaller.
void check_varied(const std::string& who, const Parameter& parameter, const Value& value) {
  if (value.number()) return;
  const List* pair = value.list();
  const bool numbers = pair && pair->size() == 2 && (*pair)[0].number() && (*pair)[1].number();
  if (!numbers) lumir::detail::wrong_type(who, parameter, value);
  if (*(*pair)[0].number() > *(*pair)[1].number()) {
    throw ArgumentError(who + ": '" + parameter.name + "' = " + show(value) + " must be { low, high }");
  }
}

Parameter varied_parameter(Parameter plain) {
  Parameter parameter = std::move(plain);
  const std::string name = parameter.name;
  const bool varies = can_vary(parameter);
  if (varies) parameter.type += " or { low, high }";
  const Parameter self = parameter;
  parameter.set = [name, varies, self](void* options, const Value& value, const std::string& who) {
    if (varies) check_varied(who, self, value);
    static_cast<Varied*>(options)->values[name] = value;
  };
  parameter.get = [name](const void* options) { return static_cast<const Varied*>(options)->values.at(name); };
  return parameter;
}

Schema varied_schema(const detail::Effect& effect) {
  Schema schema;
  for (const auto& parameter : effect.schema) schema.push_back(varied_parameter(parameter));
  Option probability{"probability", &Varied::probability, "share of the clips that are changed; the others stay",
                     Range{0, 1}};
  Option seed = seed_option<Varied>();
  probability.default_value = 1;
  seed.default_value = "none";
  return extend(std::move(schema), std::move(probability), std::move(seed));
}

/// The effect's options with one end of every range.
Map one_end(const Map& values, size_t end) {
  Map plain;
  for (const auto& [name, value] : values) {
    const List* pair = value.list();
    const bool range = pair && pair->size() == 2 && (*pair)[0].number();
    plain[name] = range ? (*pair)[end] : value;
  }
  return plain;
}

/// Evenly between both, whole for an integer.
Value drawn(const Parameter& parameter, const Value& value, Random& random) {
  const List* pair = value.list();
  if (!can_vary(parameter) || !pair) return value;
  const double low = *(*pair)[0].number(), high = *(*pair)[1].number();
  if (parameter.type == "number") return random.uniform(low, high);
  return low + random.below(static_cast<uint32_t>(high - low) + 1);
}

/// augment.<name>: ranges are drawn for each clip.
class DrawnStep final : public RandomStep {
 public:
  DrawnStep(const Entry& entry, Map options, const detail::Effect& effect)
      : RandomStep(entry, std::move(options)), effect_(effect) {}
  Clip work(const Clip& clip, const Context& context) const override {
    Random random = context.random();
    if (random.uniform() >= *options().at("probability").number()) return clip;
    Map plain;
    for (const auto& parameter : effect_.schema) {
      plain[parameter.name] = drawn(parameter, options().at(parameter.name), random);
    }
    return effect_.run(clip, plain, random);
  }
  std::string key() const override { return Step::key() + hashes_of(effect_.files(plain())); }

 private:
  Map plain() const {
    Map low = one_end(options(), 0);
    low.erase("probability");
    low.erase("seed");
    return low;
  }
  detail::Effect effect_;
};

Map read_varied(const detail::Effect& effect, const Entry& entry, const Map& given) {
  Varied varied;
  varied.values = effect.complete({});
  read_options(&varied, entry.parameters, given, entry.name);
  for (const size_t end : {0, 1}) effect.complete(one_end(varied.values, end));
  return write_options(&varied, entry.parameters);
}

}  // namespace

std::any RandomStep::apply(const std::any& input, const Context& context) const {
  return work(input_as<Clip>(input, entry().name, "a clip"), drawing(input, context));
}

Clip change_by(const std::vector<StepPtr>& steps, const Clip& clip, const Context& context, const std::string& who) {
  Clip changed = clip;
  for (size_t i = 0; i < steps.size(); ++i) {
    check_interrupt();
    std::any result = steps[i]->apply(static_cast<const Clip*>(&changed), context.piece(i));
    Clip* next = std::any_cast<Clip>(&result);
    if (!next) throw ArgumentError(who + ": " + steps[i]->name() + " gives " + kind_of(result) + ", a clip is needed");
    changed = std::move(*next);
  }
  return changed;
}

namespace detail {

void add_audio_step(const Effect& effect, const EffectWords& words, std::source_location where) {
  const Entry& entry = register_entry("audio", effect.name,
                                      {.summary = words.summary,
                                       .returns = words.returns,
                                       .example = "audio." + effect.name + "(clip, " + words.options + ")",
                                       .source = words.source,
                                       .input = "clip",
                                       .version = words.version},
                                      effect.schema, where);
  register_step(entry, [&entry, effect](const Map& given) -> StepPtr {
    return std::make_shared<FixedStep>(entry, effect.complete(given), effect);
  });
}

void add_augment_step(const Effect& effect, const EffectWords& words, std::source_location where) {
  const Entry& entry = register_entry("augment", effect.name,
                                      {.summary = words.summary,
                                       .returns = words.returns,
                                       .example = "augment." + effect.name + "(clip, " + words.varied + ")",
                                       .source = words.source,
                                       .input = "clip",
                                       .version = words.version},
                                      varied_schema(effect), where);
  register_step(entry, [&entry, effect](const Map& given) -> StepPtr {
    return std::make_shared<DrawnStep>(entry, read_varied(effect, entry, given), effect);
  });
}

}  // namespace detail
}  // namespace lumir::augment
