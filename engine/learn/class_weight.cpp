// Weights of classes.

#include "learn/class_weight.h"

#include <algorithm>

#include "model/weights.h"

namespace lumir::learn {

std::vector<double> balanced_weights(const std::vector<double>& rows_of_class) {
  double rows = 0, classes = 0;
  for (const double count : rows_of_class) {
    rows += count;
    classes += count > 0;
  }
  std::vector<double> weights;
  for (const double count : rows_of_class) weights.push_back(count > 0 ? rows / (classes * count) : 0);
  return weights;
}

namespace {

std::vector<std::string> names_of_classes(const model::Training& training) {
  std::vector<std::string> names;
  for (int c = 0; c < training.n_classes; ++c) {
    names.push_back(training.classes ? (*training.classes)[static_cast<size_t>(c)] : std::to_string(c + 1));
  }
  return names;
}

/// Throws ArgumentError where the weight of a class, times that of one of its rows, is above kMostWeight.
void check_products(const std::string& who, const model::Training& training, const std::vector<double>& weights) {
  const auto is_one = [](double weight) { return weight == 1; };
  if (training.weights.empty() || std::all_of(weights.begin(), weights.end(), is_one)) return;  // each is checked alone
  for (size_t i = 0; i < training.y.size(); ++i) {
    const auto c = static_cast<size_t>(training.y[i]);
    if (weights[c] * training.weight(i) <= model::kMostWeight) continue;
    throw ArgumentError(who + ": 'class_weight' of '" + names_of_classes(training)[c] +
                        "' = " + show_number(weights[c]) + ", times the weight " + show_number(training.weight(i)) +
                        " of row " + std::to_string(i + 1) + ", is more than " + show_number(model::kMostWeight));
  }
}

/// One for each class, 1 for those that the table leaves out.
std::vector<double> weights_by_name(const std::string& who, const ClassWeight& option, const model::Training& training,
                                    size_t classes) {
  std::vector<double> weights(classes, 1);
  const std::vector<std::string> names = names_of_classes(training);
  for (const auto& [name, weight] : option.table) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) {
      throw ArgumentError(who + ": 'class_weight' names '" + name + "', which is no " + training.label +
                          did_you_mean(name, names));
    }
    weights[static_cast<size_t>(place - names.begin())] = weight;
  }
  return weights;
}

}  // namespace

std::vector<double> class_weights(const std::string& who, const ClassWeight& option, const model::Training& training,
                                  const std::vector<double>& rows_of_class) {
  const bool balanced = option.word.starts_with("balanced");
  std::vector<double> weights =
      balanced ? balanced_weights(rows_of_class) : weights_by_name(who, option, training, rows_of_class.size());
  check_products(who, training, weights);
  if (option.word == "balanced_subsample") weights.assign(weights.size(), 1);  // trees weigh the rows they have drawn
  return weights;
}

void check_class_weight(const std::string& who, const ClassWeight& option, const model::Training& training) {
  if (training.target == Target::numbers) return;
  std::vector<double> rows(static_cast<size_t>(training.n_classes));
  for (const int row : rows_that_count(training)) {
    ++rows[static_cast<size_t>(training.y[static_cast<size_t>(row)])];
  }
  class_weights(who, option, training, rows);
}

std::vector<int> rows_that_count(const model::Training& training) {
  std::vector<int> rows;
  for (size_t i = 0; i < training.x.rows; ++i) {
    if (training.weight(i) > 0) rows.push_back(static_cast<int>(i));
  }
  return rows;
}

void refuse_weights(const std::string& who, const model::Training& training) {
  if (!training.weights.empty()) throw ArgumentError(who + ": takes no weights of rows");
}

}  // namespace lumir::learn

namespace lumir::detail {

learn::ClassWeight Field<learn::ClassWeight>::read(const std::string& who, const Parameter& p, const Value& v) {
  learn::ClassWeight weight;
  if (const Map* table = v.map()) {
    weight.word = "";
    for (const auto& [name, number] : *table) {
      if (!number.number() || !(*number.number() > 0)) {
        throw ArgumentError(who + ": 'class_weight' of '" + name + "' must be a number above 0, got " + show(number));
      }
      if (*number.number() < model::kLeastClassWeight || *number.number() > model::kMostWeight) {
        throw ArgumentError(who + ": 'class_weight' of '" + name + "' = " + show(number) + " is out of range (" +
                            show_number(model::kLeastClassWeight) + " to " + show_number(model::kMostWeight) + ")");
      }
      weight.table[name] = *number.number();
    }
    return weight;
  }
  weight.word = Field<std::string>::read(who, p, v);
  return weight;
}

Value Field<learn::ClassWeight>::write(const learn::ClassWeight& v) {
  if (!v.word.empty()) return v.word;
  Map table;
  for (const auto& [name, weight] : v.table) table[name] = weight;
  return table;
}

}  // namespace lumir::detail
