// What a network is made of and what it costs: layers, shapes, parameters, multiplications, memory.
//
// The figures are torchinfo's (github.com/TylerYep/torchinfo): multiplications and additions of the whole batch, biases
// counted; the outputs of layers with weights take memory twice, for themselves and for their gradients; 10^6 bytes are
// a megabyte.

#pragma once

#include <string>
#include <vector>

#include "nn/module_line.h"

namespace lumir::nn {

/// One module of a network as it was called.
struct SummaryRow : ModuleLine {
  std::vector<int64_t> output;  // shape of the first tensor that came out; empty where it was not called
  bool called = false;
  int64_t parameters = 0;  // of its own
  int64_t trainable = 0;
  int64_t mult_adds = 0;     // of all calls
  int64_t output_bytes = 0;  // of all calls; 0 without weights
  int64_t parameter_bytes = 0;
};

struct Summary {
  std::vector<SummaryRow> rows;  // outermost first
  int64_t input_bytes = 0;

  int64_t parameters() const;
  int64_t trainable() const;
  int64_t mult_adds() const;
  /// Of outputs and their gradients.
  int64_t output_bytes() const;
  int64_t parameter_bytes() const;
  int64_t total_bytes() const { return input_bytes + output_bytes() + parameter_bytes(); }
};

/// Sends the input through the network once, in eval and without gradients; the mode is as before afterwards.
Summary summarise(const ModulePtr& network, const Flow& input);
/// The same with zeros of a shape.
Summary summarise(const ModulePtr& network, const std::vector<int64_t>& shape);
/// Zeros of a shape, of the type and on the device of the network's first parameter.
at::Tensor zeros_for(Module& network, const std::vector<int64_t>& shape);
/// As a table, with totals below it.
std::string show(const Summary& summary);

}  // namespace lumir::nn
