// Networks as ONNX files.
//
//   const auto exported = nn::onnx_of(net, {x}, {});
//   write_file("net.onnx", exported.bytes);

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "model/onnx.h"
#include "nn/module.h"

namespace lumir::nn {

/// The axes, from 0, of an input whose sizes may change, and what they are called.
using DynamicAxes = std::map<std::string, std::map<int64_t, std::string>>;

/// Does something and answers why it could not be done; "" where it was. Networks of other languages have errors of
/// other kinds.
using Attempt = std::function<std::string(const std::function<void()>& something)>;

struct OnnxOptions {
  std::vector<std::string> input_names, output_names;  // empty: "input", "output"; "input_1" ... of several
  /// Of inputs by name. None: all axes along which the network runs at other sizes and takes the same steps.
  std::optional<DynamicAxes> dynamic_axes;
  Attempt attempt;
};

struct NamedShape {
  std::string name;
  model::OnnxShape shape;
};

struct OnnxExport {
  std::string bytes;
  std::vector<NamedShape> inputs, outputs;
  std::map<std::string, std::string> fixed;  // "input, axis 4": why it is fixed
};

/// The network as it judges, traced over the example inputs. What it knows of its data (classes, label) stands in the
/// file's metadata. Throws ArgumentError, begun by `who`, where a part of it has no form in ONNX: with its place.
OnnxExport onnx_of(const ModulePtr& module, const Tensors& example, const OnnxOptions& options, const std::string& who);

/// A network with the fitted transformers that end its chain: 'rows' goes in, what those take of one row each; 'label'
/// and 'scores' (which add up to 1) come out. The rows of the songs that it learnt from are the example; throws
/// ArgumentError where it knows none.
std::string onnx_of(const model::Model& model, const Attempt& attempt, const std::string& who);

}  // namespace lumir::nn
