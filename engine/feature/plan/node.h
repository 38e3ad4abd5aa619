// Nodes: what a plan works out, each once, however many features ask for it.
//
// A node is a pure description (a spectrogram of these settings, mel bands over it, a feature's rows) with a key; nodes
// of equal keys are one. While a clip goes through, a node's numbers stand in Values. Two kinds of work:
//   block    kLanes frames at a time, from blocks of the inputs
//   finish   once, when all frames are there: what must know the whole clip (a maximum, differences, a tempo)
// Who reads a node that has a finish step waits for the end of the pass; a later pass then runs blocks again, and
// spectra, too large to keep, are made again for it.

#pragma once

#include <any>
#include <memory>
#include <string>
#include <vector>

#include "feature/plan/frames.h"
#include "feature/plan/terms.h"
#include "signal/aligned.h"
#include "signal/blocks.h"
#include "signal/framing.h"

namespace lumir::feature {

class Node;
using NodePtr = std::shared_ptr<const Node>;

/// How much a node keeps of what it worked out.
enum class Keeping {
  block,   // [rows, lanes]: the block at hand
  blocks,  // one such after the other, for another pass
  rows,    // [rows, frames]: what a track needs
};

/// What one node holds while one clip goes through.
struct Values {
  int rows = 0;
  long frames = 0;
  Keeping keeping = Keeping::block;
  size_t lanes = 0;
  size_t stride = 0;  // from one row to the next
  AlignedFloats numbers;
  float hertz_per_row = 0;
  double frame_rate = 0;
  double scalar = 0;
  std::vector<double> scalars;  // where a node gives several
  Times times;
  std::any own;  // what else a node keeps from block to block

  FrameBlock block(long first_frame) const {
    return {numbers.data() + offset(first_frame), stride, rows, hertz_per_row};
  }
  Rows rows_at(long first_frame) { return {numbers.data() + offset(first_frame), stride, rows}; }
  /// Of rows that are kept.
  Track track() const;

 private:
  size_t offset(long first_frame) const;
};

/// One node at work on one clip.
struct Work {
  const Signal& signal;
  const std::string& who;  // begins error texts
  Values& out;
  std::vector<const Values*> inputs;
};

class Node {
 public:
  virtual ~Node() = default;
  const std::string& key() const { return key_; }
  const std::vector<NodePtr>& inputs() const { return inputs_; }
  const Framing& framing() const { return framing_; }
  /// Rows that it writes; those that a reader sees are the first ones.
  int rows() const { return rows_; }
  /// True where finish() must run before anyone reads.
  bool finishes() const { return finishes_; }
  /// True where block() does the work; false where finish() does all.
  bool blockwise() const { return blockwise_; }
  float hertz_per_row() const { return hertz_per_row_; }

  virtual void begin(Work&) const {}
  virtual void block(Work&, long /*first_frame*/) const {}
  virtual void finish(Work&) const {}

 protected:
  Node(std::string key, Framing framing, int rows, std::vector<NodePtr> inputs)
      : key_(std::move(key)), framing_(framing), rows_(rows), inputs_(std::move(inputs)) {}
  std::string key_;
  Framing framing_;
  int rows_;
  std::vector<NodePtr> inputs_;
  bool finishes_ = false;
  bool blockwise_ = true;
  float hertz_per_row_ = 0;
};

}  // namespace lumir::feature
