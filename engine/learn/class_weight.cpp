// Weights of classes.

#include "learn/class_weight.h"

#include <algorithm>

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

void check_class_weight(const std::string& who, const ClassWeight& option, const model::Training& training) {
  class_weights(who, option, training, std::vector<double>(static_cast<size_t>(training.n_classes), 1));
}

std::vector<double> class_weights(const std::string& who, const ClassWeight& option, const model::Training& training,
                                  const std::vector<double>& rows_of_class) {
  if (option.word == "balanced") return balanced_weights(rows_of_class);
  std::vector<double> weights(rows_of_class.size(), 1);
  std::vector<std::string> names;
  for (int c = 0; c < training.n_classes; ++c) {
    names.push_back(training.classes ? (*training.classes)[static_cast<size_t>(c)] : std::to_string(c + 1));
  }
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
