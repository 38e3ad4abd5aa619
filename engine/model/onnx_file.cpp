// See onnx_file.h.

#include "model/onnx_file.h"

#include "core/error.h"

namespace lumir::model {
namespace {

std::map<std::string, OnnxForm>& forms() {
  static std::map<std::string, OnnxForm> all;
  return all;
}

/// How many columns the estimator takes: as many as are named, or any.
int64_t width_of(const Model& model) { return model.columns.empty() ? -1 : static_cast<int64_t>(model.columns.size()); }

std::string list_text(const std::vector<std::string>& words) { return to_json(List(words.begin(), words.end())); }

}  // namespace

OnnxAnswer add_estimator(OnnxGraph& graph, const Estimator& estimator, std::string rows, const std::string& who) {
  if (const EstimatorPtr best = estimator.chosen()) return add_estimator(graph, *best, std::move(rows), who);
  const auto stages = estimator.stages();
  for (size_t i = 0; i + 1 < stages.size(); ++i) {
    rows = add_estimator(graph, *stages[i], std::move(rows), who).rows;
    if (rows.empty()) throw ArgumentError(who + ": " + stages[i]->name() + " within a pipeline has no form in ONNX");
  }
  const Estimator& last = *stages.back();
  if (&last != &estimator) return add_estimator(graph, last, std::move(rows), who);
  const auto found = forms().find(last.entry().full_name());
  if (found != forms().end()) return found->second(graph, last, rows);
  std::string known;
  for (const auto& [name, form] : forms()) known += (known.empty() ? "" : ", ") + name.substr(name.find('.') + 1);
  throw ArgumentError(who + ": " + last.title() + " has no form in ONNX; these have: " + known);
}

RegisterOnnx::RegisterOnnx(std::initializer_list<const char*> estimators, OnnxForm form) {
  for (const char* name : estimators) forms()[name] = form;
}

std::string onnx_of(const Model& model, const std::string& who) {
  if (!model.estimator->fitted()) throw ArgumentError(who + ": " + model.estimator->name() + " is not fitted yet");
  OnnxGraph graph;
  const auto rows = graph.input("rows", ElementType::float64, {-1, width_of(model)});
  OnnxAnswer answer = add_estimator(graph, *model.estimator, rows, who);
  const auto n_classes = static_cast<int64_t>(model.classes.size());
  if (!model.estimator->is(Role::classifier)) {
    graph.output("transformed", answer.rows, ElementType::float64, {-1, -1});
  } else {
    if (answer.predicted.empty()) {
      answer.predicted = graph.add("ArgMax", {answer.scores}, {{"axis", 1}, {"keepdims", 0}});
    }
    graph.output("label", graph.add("Gather", {graph.constant(model.classes), answer.predicted}), std::nullopt, {-1});
    graph.output("scores", answer.scores, ElementType::float64, {-1, n_classes});
  }
  return onnx_bytes(graph, {{"classes", list_text(model.classes)},
                            {"columns", list_text(model.columns)},
                            {"label", model.label},
                            {"model", show_estimator(*model.estimator)}});
}

}  // namespace lumir::model
