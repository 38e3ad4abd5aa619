// Models as ONNX files: what each kind of estimator becomes in a graph is registered by its name, in files beside the
// learners (learn/onnx_*.cpp).

#pragma once

#include <initializer_list>
#include <string>

#include "model/model.h"
#include "model/onnx.h"

namespace lumir::model {

/// What stands for an estimator in a graph; names of values.
struct OnnxAnswer {
  std::string rows;       // of a transformer: [rows, columns]
  std::string scores;     // of a classifier: [rows, n_classes]
  std::string predicted;  // int64 [rows], places of classes; empty: those of the highest scores
};

/// Adds a fitted estimator that sees `rows`, [rows, columns] of float64, to a graph. Throws ArgumentError where its
/// options have no form in ONNX.
using OnnxForm = OnnxAnswer (*)(OnnxGraph& graph, const Estimator& estimator, const std::string& rows);

struct RegisterOnnx {
  /// Under full names: "learn.SVC".
  RegisterOnnx(std::initializer_list<const char*> estimators, OnnxForm form);
};

/// Adds a fitted estimator; pipelines and searches are what they come to. Throws ArgumentError, begun by `who`, where a
/// part of it has no form in ONNX.
OnnxAnswer add_estimator(OnnxGraph& graph, const Estimator& estimator, std::string rows, const std::string& who);

/// The file's bytes: `rows` goes in, [n, columns] of float64; `label` (text) and `scores` come out, of a transformer
/// `transformed`. Throws ArgumentError, begun by `who`, where the model is not fitted or a part of it has no form in ONNX.
std::string onnx_of(const Model& model, const std::string& who);

}  // namespace lumir::model
