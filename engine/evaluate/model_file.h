// Model files: everything that is needed to classify a folder of recordings, in one safetensors file.
//
// The arrays are what the estimator learnt; the metadata say how to build it, which chain fed it, what its classes are
// called and which versions made it. It is data: loading one runs no code. Equal contents give equal bytes.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/step.h"
#include "learn/estimator.h"

namespace lumir::evaluate {

/// A fitted classifier with what it needs to be of use.
struct Model {
  std::shared_ptr<learn::Classifier> classifier;
  StepPtr chain;                     // from a path to the row that the classifier takes; null: none is known
  std::vector<std::string> columns;  // of that row
  std::vector<std::string> classes;
  std::string label;       // "artist"
  bool synthetic = false;  // learnt from the sample corpus
};

/// Throws ArgumentError where the model is not fitted, Error where the file cannot be written.
void save_model(const std::string& path, const Model& model);
/// Throws Error with the path where the file is no model of ours, is damaged, or needs a newer Lumir.
Model load_model(const std::string& path);

}  // namespace lumir::evaluate
