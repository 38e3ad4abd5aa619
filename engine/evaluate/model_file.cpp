// Saving and loading models.

#include "evaluate/model_file.h"

#include "core/error.h"
#include "tensor/safetensors.h"

namespace lumir::evaluate {
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

const std::string& word_of(const Value& map, const char* name) {
  const std::string* text = map.at(name).text();
  if (!text) throw Error(std::string("its '") + name + "' is no text");
  return *text;
}

/// The versions of a chain's steps, in order: a model is described by the code that it was fitted with.
List versions_of(const StepPtr& chain) {
  List versions;
  for (const auto& step : steps_of(chain)) {
    versions.push_back(Map{{"name", step->entry().full_name()}, {"version", step->entry().words.version}});
  }
  return versions;
}

void check_versions(const Value& saved, const std::string& path) {
  if (!saved.list()) return;
  for (const auto& step : *saved.list()) {
    const std::string& name = word_of(step, "name");
    const Entry* entry = find_entry(name);
    if (!entry) throw Error(path + ": needs the step '" + name + "', which this Lumir has not");
    const Value& version = step.at("version");
    if (version != Value(entry->words.version)) {
      throw Error(path + ": was made with version " + show(version) + " of " + name + ", this Lumir has version " +
                  std::to_string(entry->words.version));
    }
  }
}

}  // namespace

void save_model(const std::string& path, const Model& model) {
  if (!model.classifier || !model.classifier->fitted()) throw ArgumentError("save: the model is not fitted yet");
  tensor::SafeTensors file;
  file.arrays = model.classifier->state();
  file.metadata = {{"lumir", kFormat},
                   {"estimator", model.classifier->description()},
                   {"classes", to_list(model.classes)},
                   {"columns", to_list(model.columns)},
                   {"label", model.label},
                   {"synthetic", model.synthetic}};
  if (model.chain) {
    file.metadata["chain"] = model.chain->description();
    file.metadata["versions"] = versions_of(model.chain);
  }
  tensor::save_safetensors(path, file);
}

Model load_model(const std::string& path) {
  const tensor::SafeTensors file = tensor::load_safetensors(path);
  const Value metadata = file.metadata;
  const double* format = metadata["lumir"].number();
  if (!format) throw Error(path + ": holds arrays, but is no model of Lumir");
  if (*format > kFormat) throw Error(path + ": was made by a newer Lumir");
  Model model;
  try {
    check_versions(metadata["versions"], path);
    auto estimator = learn::make_estimator(metadata.at("estimator"));
    estimator->load(file.arrays);
    model.classifier = std::dynamic_pointer_cast<learn::Classifier>(estimator);
    if (!model.classifier) throw Error("holds no classifier");
    if (!metadata["chain"].is_nil()) model.chain = make_step(metadata["chain"]);
  } catch (const Error& problem) {
    const std::string text = problem.what();
    throw Error(text.starts_with(path) ? text : path + ": " + text);
  }
  model.classes = to_words(metadata["classes"]);
  if (model.classes.size() != static_cast<size_t>(model.classifier->n_classes())) {
    throw Error(path + ": names " + std::to_string(model.classes.size()) + " classes, its classifier knows " +
                std::to_string(model.classifier->n_classes()));
  }
  model.columns = to_words(metadata["columns"]);
  if (const auto* label = metadata["label"].text()) model.label = *label;
  if (const auto* synthetic = metadata["synthetic"].boolean()) model.synthetic = *synthetic;
  return model;
}

}  // namespace lumir::evaluate
