// A network's steps as operators, recorded three times over inputs of different sizes and numbers.
//
// Networks are written in Lua with a forward of any kind, so what they do is not read but watched: LibTorch tells of each
// operator that runs (tensor/operator_record.h). One run knows sizes only as numbers: whether a 6 is twice the batch or
// the heads of an attention it does not say. Three runs over inputs of other sizes do: what stays is a constant, what
// changes is found again among the sizes of the tensors that are there already. The same three runs tell what a graph
// cannot hold, each in one line: steps that are others at another size (Lua's `if` or `for` over a length), numbers that
// are read out of the input (x:max():item(), on which Lua could branch), and tensors that are made behind LibTorch's
// back, which differ from run to run since the inputs' numbers do. A branch on what neither size nor numbers change (an
// option, train or eval) is taken as it is taken now: the graph is the network as it judges.

#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nn/module.h"
#include "tensor/operator_record.h"

namespace lumir::nn {

constexpr size_t kTraceRuns = 3;

/// A whole number as each run had it.
struct Whole {
  std::array<int64_t, kTraceRuns> seen{};
  Whole() = default;
  Whole(int64_t same) { seen.fill(same); }  // NOLINT(google-explicit-constructor): numbers are mostly the same
  bool fixed() const { return seen[0] == seen[1] && seen[0] == seen[2]; }
  bool operator==(const Whole&) const = default;
};
using Wholes = std::vector<Whole>;

class OnnxTrace {
 public:
  /// Runs the module, which judges, over each of the inputs. `known` are operators that have a form in ONNX. Throws
  /// ArgumentError, begun by `who`, where the runs took different steps or the record does not hold all of them.
  OnnxTrace(const ModulePtr& module, const std::array<Tensors, kTraceRuns>& inputs,
            std::function<bool(const std::string&)> known, const std::string& who);

  /// Calls and values of the first run; all have as many of the same.
  const tensor::OperatorRecord& first() const { return runs_[0]; }
  const tensor::OperatorRecord& run(size_t i) const { return runs_.at(i); }
  const std::vector<int>& outputs() const { return outputs_; }

  const at::Tensor& tensor_of(int value) const { return runs_[0].values[static_cast<size_t>(value)].tensor; }
  /// The sizes of a value.
  Wholes shape(int value) const;
  /// Whether it has the same numbers in each run and depends on no input.
  bool constant(int value) const { return constant_[static_cast<size_t>(value)]; }
  /// A parameter's or buffer's name where it is one; else empty.
  std::string name_of(int value) const;
  /// The calls that the outputs follow from, in order.
  std::vector<size_t> needed() const;

 private:
  void run_once(const ModulePtr& module, size_t run, const Tensors& inputs,
                const tensor::OperatorWatch::Questions& ask);
  void compare(size_t run) const;
  void find_constants();
  bool same_numbers(int value) const;

  std::string who_;
  std::array<tensor::OperatorRecord, kTraceRuns> runs_;
  std::vector<int> outputs_;
  std::vector<bool> constant_;
  std::vector<Slot> slots_;
};

}  // namespace lumir::nn
