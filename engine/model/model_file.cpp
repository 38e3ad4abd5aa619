// Saving and loading models.

#include "model/model_file.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

#include "core/error.h"
#include "core/hash.h"
#include "tensor/safetensors.h"

namespace lumir::model {
namespace {

constexpr int kFormat = 1;  // raised when an older Lumir could no longer read what a newer one writes

List to_list(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

std::vector<std::string> to_words(const Value& value) {
  std::vector<std::string> words;
  if (const List* list = value.list()) {
    for (const auto& word : *list) words.push_back(word.text() ? *word.text() : "");
  }
  return words;
}

/// A finite number for each tag, or none at all.
std::vector<double> to_numbers(const std::string& path, const Value& value, size_t count) {
  std::vector<double> numbers;
  const List* list = value.list();
  if (!list) return numbers;
  for (const auto& number : *list) {
    if (number.number() && std::isfinite(*number.number())) numbers.push_back(*number.number());
  }
  if (numbers.size() == list->size() && numbers.size() == count) return numbers;
  throw Error(path + ": its thresholds are not " + std::to_string(count) + " numbers");
}

const std::string& word_of(const Value& map, const char* name) {
  const std::string* text = map.at(name).text();
  if (!text) throw Error(std::string("its '") + name + "' is no text");
  return *text;
}

Value version_of(const Entry& entry) { return Map{{"name", entry.full_name()}, {"version", entry.words.version}}; }

/// The versions of all that made the model, in order: steps, then estimators. A model is used by the code that it was
/// fitted with.
List versions_of(const Model& model) {
  List versions;
  if (model.chain) {
    for (const auto& step : all_steps(model.chain)) versions.push_back(version_of(step->entry()));
  }
  for (const Estimator* estimator : all_of(*model.estimator)) versions.push_back(version_of(estimator->entry()));
  return versions;
}

void check_versions(const Value& saved, const std::string& path) {
  if (!saved.list()) return;
  for (const auto& part : *saved.list()) {
    const std::string& name = word_of(part, "name");
    const Entry* entry = find_entry(name);
    if (!entry) {
      const std::string module = name.substr(0, name.find('.'));
      const char* what = module == "learn" || module == "nn" ? "estimator" : "step";
      throw Error(path + ": needs the " + what + " '" + name + "', which this Lumir has not");
    }
    const Value& version = part.at("version");
    if (version != Value(entry->words.version)) {
      throw Error(path + ": was made with version " + show(version) + " of " + name + ", this Lumir has version " +
                  std::to_string(entry->words.version));
    }
  }
}

Target target_of(const std::string& word) {
  for (const Target target : {Target::none, Target::classes, Target::tags, Target::numbers}) {
    if (word == name_of(target)) return target;
  }
  throw Error("its target '" + word + "' is not known here");
}

/// Classes are told apart by their names.
void check_names(const std::string& path, std::vector<std::string> classes) {
  std::sort(classes.begin(), classes.end());
  const auto twice = std::adjacent_find(classes.begin(), classes.end());
  if (twice != classes.end()) throw Error(path + ": names the class '" + *twice + "' twice");
  if (!classes.empty() && classes.front().empty()) throw Error(path + ": has a class without a name");
}

/// As many columns are named as the estimator takes: asked by letting it answer for a row.
void check_columns_taken(const std::string& path, const Model& model) {
  if (model.columns.empty() || !(model.estimator->is(Role::classifier) || model.estimator->is(Role::regressor))) return;
  try {
    model.estimator->answer(Matrix(1, model.columns.size()));
  } catch (const ArgumentError& problem) {
    throw Error(path + ": names " + std::to_string(model.columns.size()) + " columns, but " + problem.what());
  }
}

/// Of all that the file says but for the checksum itself: a bit that a disk or a line has turned is seen.
std::string checksum_of(const tensor::SafeTensors& file) {
  Checksum sum;
  Map said = file.metadata;
  said.erase("checksum");
  const auto add = [&](const std::string& text) { sum.add(std::as_bytes(std::span(text))); };
  add(to_json(said));
  for (const auto& [name, array] : file.arrays) {
    add(name);
    sum.add(array.bytes());
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(sum.finish()));
  return text;
}

/// Files of older versions have none.
void check_checksum(const std::string& path, const tensor::SafeTensors& file) {
  const auto found = file.metadata.find("checksum");
  if (found == file.metadata.end() || found->second == Value(checksum_of(file))) return;
  throw Error(path + ": is damaged: its contents are not those that were written");
}

}  // namespace

void save_model(const std::string& path, const Model& model) {
  if (!model.estimator->fitted()) throw ArgumentError("save: " + model.estimator->name() + " is not fitted yet");
  tensor::SafeTensors file;
  file.arrays = model.estimator->state();
  file.metadata = {{"lumir", kFormat},
                   {"estimator", model.estimator->description()},
                   {"classes", to_list(model.classes)},
                   {"columns", to_list(model.columns)},
                   {"label", model.label},
                   {"synthetic", model.synthetic},
                   {"target", name_of(model.target)},
                   {"versions", versions_of(model)}};
  if (!model.level.empty()) file.metadata["level"] = model.level;
  if (!model.thresholds.empty()) {
    file.metadata["thresholds"] = List(model.thresholds.begin(), model.thresholds.end());
  }
  if (model.chain) file.metadata["chain"] = model.chain->description();
  file.metadata["checksum"] = checksum_of(file);
  tensor::save_safetensors(path, file);
}

Model load_model(const std::string& path) {
  const tensor::SafeTensors file = tensor::load_safetensors(path);
  const Value metadata = file.metadata;
  const double* format = metadata["lumir"].number();
  if (!format) throw Error(path + ": holds arrays, but is no model of Lumir");
  if (*format < 1 || *format != std::floor(*format)) {
    throw Error(path + ": its format " + show_number(*format) + " is none of Lumir's");
  }
  if (*format > kFormat) throw Error(path + ": was made by a newer Lumir");
  check_checksum(path, file);
  Model model;
  try {
    check_versions(metadata["versions"], path);
    model.estimator = make_estimator(metadata.at("estimator"));
    model.estimator->load(file.arrays);
    if (!metadata["chain"].is_nil()) model.chain = make_step(metadata["chain"]);
    if (const auto* target = metadata["target"].text()) model.target = target_of(*target);
  } catch (const Error& problem) {
    const std::string text = problem.what();
    throw Error(text.starts_with(path) ? text : path + ": " + text);
  }
  model.classes = to_words(metadata["classes"]);
  if (model.estimator->is(Role::classifier) &&
      model.classes.size() != static_cast<size_t>(model.estimator->n_classes())) {
    throw Error(path + ": names " + std::to_string(model.classes.size()) + " classes, its classifier knows " +
                std::to_string(model.estimator->n_classes()));
  }
  check_names(path, model.classes);
  model.columns = to_words(metadata["columns"]);
  check_columns_taken(path, model);
  model.thresholds = to_numbers(path, metadata["thresholds"], model.classes.size());
  if (const auto* label = metadata["label"].text()) model.label = *label;
  if (const auto* level = metadata["level"].text()) model.level = *level;
  if (const auto* synthetic = metadata["synthetic"].boolean()) model.synthetic = *synthetic;
  return model;
}

}  // namespace lumir::model
