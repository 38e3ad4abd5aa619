// Rows as tensors: what networks take of a table, whatever its chain ends in.

#pragma once

#include <any>

#include <ATen/core/Tensor.h>

#include "core/step.h"
#include "data/table.h"

namespace lumir::data {

/// A row as a tensor on its own memory: of frames [rows, frames], of a clip [channels, samples], of a description
/// [columns], a tensor as it is. Throws ArgumentError for anything else.
at::Tensor to_tensor(const std::any& row, const std::string& who);

class TensorRows {
 public:
  /// The rows of a table.
  explicit TensorRows(Table table);
  /// The rows of a dataset. What its chain does before the first step that draws is described and stored; the rest is
  /// done anew in each epoch, whenever a row is asked for.
  explicit TensorRows(const Dataset& dataset);

  size_t size() const { return table_.rows(); }
  /// Labels, groups and names of the rows; their numbers are those that are stored.
  const Table& table() const { return table_; }
  bool draws() const { return rest_ != nullptr; }
  /// float32, 0-based. From any thread. Where a row comes several times in an epoch, `repeat` (from 0) tells apart what
  /// is drawn each time. Throws Error, begun by the recording's path, where it cannot be reckoned.
  at::Tensor at(size_t i, uint64_t epoch, uint64_t repeat = 0) const;

 private:
  Table table_;
  StepPtr rest_;
};

}  // namespace lumir::data
