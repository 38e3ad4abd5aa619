// Names with options in them, taken apart by the schemas.

#include "metric/scorer.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/error.h"
#include "metric/table.h"

namespace lumir::metric {
namespace {

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_number(const Parameter& option) { return option.type == "integer" || option.type == "number"; }

/// "top" of the metric "top_k" with a number k, and that number.
const Parameter* numbered(const Registered& metric, std::string_view* stem) {
  const std::string_view name = metric.entry->name;
  for (const auto& option : metric.entry->parameters) {
    if (!is_number(option) || !name.ends_with("_" + option.name)) continue;
    *stem = name.substr(0, name.size() - option.name.size() - 1);
    return &option;
  }
  return nullptr;
}

/// The options that `name` says behind the name of this metric; nothing where it does not mean it.
std::optional<Map> options_in(const std::string& name, const Registered& metric) {
  const std::string& own = metric.entry->name;
  for (const auto& option : metric.entry->parameters) {
    for (const auto& word : option.choices) {
      if (name == own + "_" + word) return Map{{option.name, word}};
    }
  }
  std::string_view stem;
  const Parameter* option = numbered(metric, &stem);
  if (!option || !name.starts_with(std::string(stem) + "_")) return std::nullopt;
  const auto number = number_in(std::string_view(name).substr(stem.size() + 1));
  return number ? std::optional<Map>(Map{{option->name, *number}}) : std::nullopt;
}

/// Every name that needs no number.
std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const auto& [name, metric] : table()) {
    names.push_back(name);
    for (const auto& option : metric.entry->parameters) {
      for (const auto& word : option.choices) names.push_back(name + "_" + word);
    }
  }
  return names;
}

struct Meant {
  const Registered* metric;
  Map options;
};

std::optional<Meant> find_meant(const std::string& name) {
  if (const auto plain = table().find(name); plain != table().end()) return Meant{&plain->second, {}};
  for (const auto& [own, metric] : table()) {
    if (auto options = options_in(name, metric)) return Meant{&metric, std::move(*options)};
  }
  return std::nullopt;
}

Meant meant_by(const std::string& name, const std::string& who) {
  if (auto meant = find_meant(name)) return std::move(*meant);
  throw ArgumentError(who + ": there is no metric '" + name + "'" + did_you_mean(name, known_names()));
}

std::string with_spaces(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

Scorer::Scorer(const std::string& name, const std::string& who) : name_(without_module(name)) {
  const auto [metric, options] = meant_by(name_, who);
  entry_ = metric->entry;
  traits_ = &metric->traits;
  options_ = options;
  metric_ = metric->configure(options);
}

std::string Scorer::written(bool whole) const {
  const Registered& metric = find(entry_->name);
  std::string_view stem;
  const Parameter* number = numbered(metric, &stem);
  std::string title = traits_->title.empty() ? with_spaces(number ? std::string(stem) : entry_->name) : traits_->title;
  for (const auto& option : entry_->parameters) {
    const auto given = options_.find(option.name);
    const Value& value = given == options_.end() ? option.default_value : given->second;
    if (&option == number) title += "-" + show(value);
    if (!option.choices.empty() && (whole || value != option.default_value)) title = *value.text() + " " + title;
  }
  return title;
}

Measurer Scorer::measurer(const Answers& answers) const {
  check_answers(name_, answers, *traits_);
  Measurer measurer = metric_(answers);
  single_number(name_, measurer());
  return measurer;
}

double Scorer::score(const Answers& answers) const {
  check_answers(name_, answers, *traits_);
  return single_number(name_, metric_(answers)());
}

bool greater_is_better(const std::string& name) {
  if (const auto meant = find_meant(name)) return meant->metric->traits.greater_is_better;
  return name.find("loss") == std::string::npos && name.find("error") == std::string::npos;
}

std::string usual_metric(Target target) {
  switch (target) {
    case Target::tags: return "average_precision";
    case Target::numbers: return "r2";
    default: return "accuracy";
  }
}

double single_number(const std::string& who, const Value& value) {
  if (const double* number = value.number()) return *number;
  throw ArgumentError(who + ": gives no single number with these options");
}

}  // namespace lumir::metric
