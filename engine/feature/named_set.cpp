// Named sets as steps, and the table of them.

#include "feature/named_set.h"

#include <map>

#include "feature/plan/plan.h"

namespace lumir::feature {
namespace {

struct Known {
  const Entry* entry;
  NamedSet (*make)();
};

std::map<std::string, Known>& known_sets() {
  static std::map<std::string, Known> sets;
  return sets;
}

const Known& known_set(const std::string& name) {
  const auto found = known_sets().find(name);
  if (found != known_sets().end()) return found->second;
  std::string list;
  std::vector<std::string> names;
  for (const auto& [known, set] : known_sets()) {
    list += (list.empty() ? "'" : ", '") + known + "'";
    names.push_back(known);
  }
  throw ArgumentError("set: no set is called '" + name + "'; there are " + list + did_you_mean(name, names));
}

std::vector<Feature> features_of(const NamedSet& set) {
  std::vector<Feature> features;
  for (const auto& one : set.members) {
    Feature feature = feature_of(one.step, "set");
    feature.name = one.name;
    feature.rate = one.rate;
    features.push_back(std::move(feature));
  }
  return features;
}

class NamedSetStep final : public Step {
 public:
  NamedSetStep(const Entry& entry, const std::string& name, const Known& known)
      : Step(entry, {{"features", name}}), own_(*known.entry), set_(known.make()), plan_("set", features_of(set_)) {}
  std::any apply(const std::any& input, const Context&) const override {
    return set_.describe(extract(input_as<audio::Clip>(input, "set", "a clip"), plan_));
  }
  std::vector<StepPtr> inner() const override {
    std::vector<StepPtr> steps;
    for (const auto& one : set_.members) steps.push_back(one.step);
    return steps;
  }
  std::string key() const override {
    return Step::key() + " v" + std::to_string(own_.words.version) + " " + source_hash(own_.file);
  }

 private:
  const Entry& own_;
  NamedSet set_;
  Plan plan_;
};

}  // namespace

Member member(std::string name, const std::string& feature, const Map& options, int rate) {
  return {std::move(name), make_step(feature, options), rate};
}

RegisterSet::RegisterSet(const char* name, NamedSet (*make)(), Words words, std::source_location where) {
  known_sets()[name] = {&register_entry("feature.set", name, std::move(words), {}, where), make};
}

StepPtr make_named_set(const Entry& entry, const std::string& name) {
  return std::make_shared<NamedSetStep>(entry, name, known_set(name));
}

}  // namespace lumir::feature
