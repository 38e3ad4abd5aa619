// Estimators by name, what all of them do alike, and how they print.

#include "model/estimator.h"

#include <algorithm>
#include <cmath>

#include "data/table.h"
#include "model/checks.h"

namespace lumir::model {
namespace {

std::map<std::string, EstimatorClass, std::less<>>& classes() {
  static std::map<std::string, EstimatorClass, std::less<>> all;
  return all;
}

/// The registered name that is meant: as it stands, or with the module before it.
std::string full_name_of(const std::string& name) {
  if (classes().contains(name)) return name;
  for (const auto& [full, how] : classes()) {
    if (full.substr(full.rfind('.') + 1) == name) return full;
  }
  return "";
}

[[noreturn]] void no_role(const Estimator& estimator, const char* role) {
  throw ArgumentError(estimator.name() + ": is no " + role);
}

void check_fitted(const Estimator& estimator) {
  if (!estimator.fitted()) throw ArgumentError(estimator.name() + ": is not fitted yet; call fit first");
}

/// Numbers that came out; `what` they are.
void check_results(const std::string& who, const char* what, const Matrix& x) {
  const auto at = first_not_finite(x);
  if (!at) return;
  throw ArgumentError(who + ": the " + what + " of row " + std::to_string(*at / x.columns + 1) + " are " +
                      (std::isnan(x.values[*at]) ? "no numbers" : "infinite") +
                      "; the columns' numbers are too large for it");
}

std::string show_option(const Value& value) { return is_estimator(value) ? show_estimator(value) : show(value); }

/// The elements of a list of estimators: "RobustScaler(), SVC { C = 10 }".
std::string show_steps(const List& steps) {
  std::string out;
  for (const auto& step : steps) out += (out.empty() ? "" : ", ") + show_option(step);
  return out;
}

}  // namespace

void Estimator::take_over(Estimator& fresh) { classes().at(entry_->full_name()).replace(*this, fresh); }

EstimatorPtr Estimator::unfitted() const { return make_estimator(description()); }

void Estimator::fit(const Training& training) {
  const EstimatorPtr fresh = unfitted();
  fresh->fit_rows(training);
  fresh->check_fit();
  take_over(*fresh);
}

void Estimator::load(const State& state) {
  const EstimatorPtr fresh = unfitted();
  if (children().empty()) {  // what it holds looks at its own part
    for (const auto& [array_name, array] : state) {
      if (!is_finite(array_name) || array.first_not_finite() == array.count()) continue;
      throw Error(name() + ": '" + array_name + "' of the model holds NaN or an infinite number");
    }
  }
  fresh->load_state(state);
  take_over(*fresh);
}

void Estimator::check_fit() const {
  for (const auto& [array_name, array] : state()) {
    const size_t bad = array.first_not_finite();
    if (bad == array.count() || !is_finite(array_name)) continue;
    const size_t column = array.shape().empty() ? 0 : bad % static_cast<size_t>(array.shape().back());
    refuse_fit(name(), array_name, column);
  }
}

Predictions Estimator::answer(const Matrix& x) const {
  if (!is(Role::classifier) && !is(Role::regressor)) no_role(*this, "classifier");
  check_fitted(*this);
  check_finite(name(), x, takes_missing());
  Predictions answers = answer_rows(x);
  check_results(name(), "scores", answers.scores);
  return answers;
}

Predictions Estimator::answer(const data::Table& table) const {
  data::need_numbers(table, name());
  return answer(table.x);
}

Matrix Estimator::transform(const Matrix& x) const {
  if (!is(Role::transformer)) no_role(*this, "transformer");
  check_fitted(*this);
  check_finite(name(), x, takes_missing());
  Matrix out = transform_rows(x);
  check_results(name(), "numbers", out);
  return out;
}

Matrix Estimator::fit_transform(const Training& training) {
  if (!is(Role::transformer)) no_role(*this, "transformer");
  const EstimatorPtr fresh = unfitted();
  Matrix out = fresh->fit_transform_rows(training);
  fresh->check_fit();
  check_results(name(), "numbers", out);
  take_over(*fresh);
  return out;
}

Predictions Estimator::answer_rows(const Matrix&) const { no_role(*this, "classifier"); }
Matrix Estimator::transform_rows(const Matrix&) const { no_role(*this, "transformer"); }

Matrix Estimator::fit_transform_rows(const Training& training) {
  fit_rows(training);
  return transform_rows(training.x);
}

Matrix Estimator::seen(const Matrix& x) const {
  const EstimatorPtr best = chosen();
  return best ? best->seen(x) : x;
}

Matrix Estimator::seen(const data::Table& table) const {
  data::need_numbers(table, name());
  return seen(table.x);
}

std::vector<Trial> Estimator::try_settings(const std::vector<Map>& settings, const Training& training,
                                           const Matrix& test, const std::function<void()>& done) const {
  std::vector<Trial> trials(settings.size());
  for (size_t s = 0; s < settings.size(); ++s) {
    Map merged = settings[s];
    merged.insert(options().begin(), options().end());
    try {
      const auto learner = make_estimator(entry().full_name(), merged);
      learner->fit(training);
      trials[s].answers = learner->answer(test);
    } catch (const ArgumentError& problem) {
      trials[s].reason = problem.what();
    }
    done();
  }
  return trials;
}

void register_estimator(const Entry& entry, EstimatorClass how) { classes()[entry.full_name()] = how; }

EstimatorPtr make_estimator(const std::string& name, const Map& options) {
  const std::string full = full_name_of(name);
  if (!full.empty()) return classes().at(full).make(*find_entry(full), options);
  const std::string plain = name.substr(name.rfind('.') + 1);
  std::vector<std::string> names;
  for (const auto& [known, how] : classes()) names.push_back(known.substr(known.rfind('.') + 1));
  throw ArgumentError("no estimator is called '" + name + "'" + did_you_mean(plain, names));
}

EstimatorPtr make_estimator(const Value& description) {
  const std::string* name = description["name"].text();
  if (!name) throw ArgumentError("an estimator is expected, got " + show(description));
  const Map* options = description["options"].map();
  return make_estimator(*name, options ? *options : Map{});
}

bool is_estimator(const Value& description) {
  const std::string* name = description["name"].text();
  return name && classes().contains(*name);
}

bool is_estimator(const Entry& entry) { return classes().contains(entry.full_name()); }

std::string show_estimator(const Value& description) {
  const std::string* name = description["name"].text();
  const Entry* entry = name ? find_entry(full_name_of(*name)) : nullptr;
  if (!entry) return show(description);
  const Value& options = description["options"];
  std::string arguments, rest;
  for (const auto& parameter : entry->parameters) {
    const Value& value = options[parameter.name];
    if (value.is_nil() || value == parameter.default_value) continue;
    const bool steps = parameter.place.listed && value.list();
    const bool argument = !steps && parameter.place.positional;
    std::string& part = argument ? arguments : rest;
    if (!part.empty()) part += ", ";
    if (!steps && !argument) part += parameter.name + " = ";
    part += steps ? show_steps(*value.list()) : show_option(value);
  }
  if (!arguments.empty()) return entry->name + "(" + arguments + (rest.empty() ? "" : ", { " + rest + " }") + ")";
  return rest.empty() ? entry->name + "()" : entry->name + " { " + rest + " }";
}

std::string show_setting(const Map& setting) {
  std::string out;
  for (const auto& [key, value] : setting) {
    out += (out.empty() ? "" : ", ") + key + " = " + (value.text() ? *value.text() : show(value));
  }
  return out;
}

std::string Estimator::settings() const {
  if (const Searched* found = searched()) return show_setting(found->best_candidate().setting);
  if (!children().empty()) return show_estimator(*this);
  Map changed;
  for (const auto& parameter : entry().parameters) {
    const Value& value = options().at(parameter.name);
    if (!(value == parameter.default_value)) changed[parameter.name] = value;
  }
  return show_setting(changed);
}

std::vector<Child> listed_children(const std::vector<EstimatorPtr>& estimators, const std::string& option) {
  std::vector<Child> children;
  for (size_t i = 0; i < estimators.size(); ++i) {
    const std::string& name = estimators[i]->name();
    const auto alike = [&name](const EstimatorPtr& other) { return other->name() == name; };
    const auto before = std::count_if(estimators.begin(), estimators.begin() + static_cast<ptrdiff_t>(i), alike);
    const bool single = std::count_if(estimators.begin(), estimators.end(), alike) == 1;
    children.push_back(
        {single ? name : name + "-" + std::to_string(before + 1), estimators[i], option, static_cast<int>(i)});
  }
  return children;
}

std::vector<const Estimator*> all_of(const Estimator& estimator) {
  std::vector<const Estimator*> all{&estimator};
  for (const auto& child : estimator.children()) {
    const auto inner = all_of(*child.estimator);
    all.insert(all.end(), inner.begin(), inner.end());
  }
  return all;
}

}  // namespace lumir::model
