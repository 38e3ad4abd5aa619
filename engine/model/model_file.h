// Model files: everything that is needed to classify a folder of recordings, in one safetensors file.
//
// The arrays are what the estimator learnt; the metadata say how to build it, which chain fed it, what its classes are
// called and which versions made it. It is data: loading one runs no code. Equal contents give equal bytes.

#pragma once

#include <string>

#include "model/model.h"

namespace lumir::model {

/// Throws ArgumentError where the model is not fitted, Error where the file cannot be written.
void save_model(const std::string& path, const Model& model);
/// Throws Error with the path where the file is no model of ours, is damaged, or was made with other versions of
/// its steps or estimators.
Model load_model(const std::string& path);

}  // namespace lumir::model
