// Estimators by name, how they print, and the checks that all of them make.

#include "learn/estimator.h"

#include <algorithm>
#include <cmath>

namespace lumir::learn {
namespace {

std::map<std::string, EstimatorFactory, std::less<>>& factories() {
  static std::map<std::string, EstimatorFactory, std::less<>> all;
  return all;
}

std::string full_name_of(const std::string& name) { return name.starts_with("learn.") ? name : "learn." + name; }

std::string show_option(const Value& value) {
  if (is_estimator(value)) return show_estimator(value);
  return show(value);
}

/// The elements of a list of estimators: "RobustScaler(), SVC { C = 10 }".
std::string show_steps(const List& steps) {
  std::string out;
  for (const auto& step : steps) out += (out.empty() ? "" : ", ") + show_option(step);
  return out;
}

}  // namespace

std::string Training::class_name(int number) const {
  const auto at = static_cast<size_t>(number);
  return classes && at < classes->size() ? "'" + (*classes)[at] + "'" : "class " + std::to_string(number + 1);
}

Matrix Transformer::fit_transform(const Training& training) {
  fit(training);
  return transform(training.x);
}

std::vector<int> Classifier::predict(const Matrix& x) const {
  const Matrix all = scores(x);
  std::vector<int> best(all.rows);
  for (size_t i = 0; i < all.rows; ++i) {
    const auto row = all.row(i);
    best[i] = static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
  }
  return best;
}

std::vector<Trial> Classifier::try_settings(const std::vector<Map>& settings, const Training& training,
                                            const Matrix& test, const std::function<void()>& done) const {
  std::vector<Trial> trials(settings.size());
  for (size_t s = 0; s < settings.size(); ++s) {
    Map merged = settings[s];
    merged.insert(options().begin(), options().end());
    try {
      const auto made = make_estimator(entry().full_name(), merged);
      auto& learner = dynamic_cast<Classifier&>(*made);
      learner.fit(training);
      trials[s].predicted = learner.predict(test);
    } catch (const ArgumentError& problem) {
      trials[s].reason = problem.what();
    }
    done();
  }
  return trials;
}

EstimatorPtr make_estimator(const std::string& name, const Map& options) {
  const std::string full = full_name_of(name);
  const auto found = factories().find(full);
  if (found != factories().end()) return found->second(*find_entry(full), options);
  std::vector<std::string> names;
  for (const auto& [known, factory] : factories()) names.push_back(known.substr(6));
  throw ArgumentError("no estimator is called '" + name + "'" + did_you_mean(full.substr(6), names));
}

EstimatorPtr make_estimator(const Value& description) {
  const std::string* name = description["name"].text();
  if (!name) throw ArgumentError("an estimator is expected, got " + show(description));
  const Map* options = description["options"].map();
  return make_estimator(*name, options ? *options : Map{});
}

bool is_estimator(const Value& description) {
  const std::string* name = description["name"].text();
  return name && factories().contains(*name);
}

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

void check_finite(const std::string& who, const Matrix& x) {
  const auto bad = std::find_if_not(x.values.begin(), x.values.end(), [](double v) { return std::isfinite(v); });
  if (bad == x.values.end()) return;
  const size_t at = static_cast<size_t>(bad - x.values.begin());
  throw ArgumentError(who + ": column " + std::to_string(at % x.columns + 1) + " holds " +
                      (std::isnan(*bad) ? "NaN" : "an infinite number") + " in row " +
                      std::to_string(at / x.columns + 1));
}

std::vector<int> check_classes(const std::string& who, const Training& training) {
  if (training.y.size() != training.x.rows) {
    throw ArgumentError(who + ": " + std::to_string(training.x.rows) + " rows but " +
                        std::to_string(training.y.size()) + " labels");
  }
  if (training.x.rows == 0) throw ArgumentError(who + ": needs at least one row, got none");
  if (training.x.columns == 0) throw ArgumentError(who + ": needs at least one column, got none");
  std::vector<int> counts(static_cast<size_t>(std::max(0, training.n_classes)));
  for (const int label : training.y) {
    if (label < 0 || label >= training.n_classes) {
      throw ArgumentError(who + ": label " + std::to_string(label + 1) + " is none of the " +
                          std::to_string(training.n_classes) + " classes");
    }
    ++counts[static_cast<size_t>(label)];
  }
  check_finite(who, training.x);
  const auto present = std::count_if(counts.begin(), counts.end(), [](int n) { return n > 0; });
  if (present < 2) {
    throw ArgumentError(who + ": needs at least two classes, got one (" + training.class_name(training.y[0]) + ")");
  }
  return counts;
}

void check_columns(const std::string& who, const Matrix& x, size_t fitted_columns) {
  if (fitted_columns == 0) throw ArgumentError(who + ": is not fitted yet; call fit first");
  if (x.columns != fitted_columns) {
    throw ArgumentError(who + ": was fitted on " + std::to_string(fitted_columns) + " columns, got " +
                        std::to_string(x.columns));
  }
  check_finite(who, x);
}

const Array& state_array(const std::string& who, const State& state, const std::string& name, size_t dimensions) {
  const auto found = state.find(name);
  if (found == state.end()) throw Error(who + ": the model has no '" + name + "'");
  const Array& array = found->second;
  size_t values = 1;
  for (const int64_t side : array.shape) values *= static_cast<size_t>(side);
  if (array.shape.size() != dimensions || values != array.values.size()) {
    throw Error(who + ": '" + name + "' of the model must have " + std::to_string(dimensions) + " dimensions");
  }
  return array;
}

Array to_array(const Matrix& matrix) {
  return {{static_cast<int64_t>(matrix.rows), static_cast<int64_t>(matrix.columns)}, matrix.values};
}

Array to_array(const std::vector<double>& values) { return {{static_cast<int64_t>(values.size())}, values}; }

Matrix to_matrix(const Array& array) {
  Matrix matrix;
  matrix.rows = static_cast<size_t>(array.shape.at(0));
  matrix.columns = static_cast<size_t>(array.shape.at(1));
  matrix.values = array.values;
  return matrix;
}

void register_estimator(const Entry& entry, EstimatorFactory factory) { factories()[entry.full_name()] = factory; }

}  // namespace lumir::learn
