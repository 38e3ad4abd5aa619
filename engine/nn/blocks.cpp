// Blocks from the calls of one pass.

#include "nn/blocks.h"

#include <algorithm>

#include "nn/attention.h"
#include "nn/calls.h"
#include "nn/network.h"

namespace lumir::nn {
namespace {

/// What stands between the parentheses of how a module prints.
std::string options_of(const Module& module) {
  if (!module.children().empty()) return "";
  const std::string shown = module.show();
  const size_t open = module.title().size() + 1;
  return shown.size() > open ? shown.substr(open, shown.size() - open - 1) : "";
}

/// Normalisations, activations, dropouts: they go by the side of what they follow.
bool is_small(const Module& module) {
  const auto is_vector = [](const Slot& slot) { return !slot.trained || slot.tensor->dim() <= 1; };
  return module.children().empty() && std::all_of(module.slots().begin(), module.slots().end(), is_vector);
}

class BlockWatch final : public CallWatch {
 public:
  explicit BlockWatch(int depth) : depth_(depth) {}

  void before(Module& module, const Flow&) override {
    if (within_ == 0 && level_ < depth_ && is_whole(module)) within_ = level_ + 1;
    ++level_;
  }

  void after(Module& module, const Flow&, const Flow& output) override {
    const int level = --level_;  // 0 for the network itself
    const bool last = within_ > 0 ? level == within_ - 1 : level == depth_;
    if (within_ == level + 1) within_ = 0;
    if (last && !output.tensors.empty()) add(module, output.tensors[0].sizes().vec());
  }

  std::vector<Block> blocks;

 private:
  /// What holds nothing, or holds what only it can call.
  static bool is_whole(const Module& module) {
    return module.children().empty() || dynamic_cast<const Attending*>(&module);
  }

  void add(Module& module, std::vector<int64_t> shape) {
    const int64_t parameters = count_parameters(module);
    if (!blocks.empty() && blocks.back().output == shape && is_small(module)) {
      blocks.back().with.push_back(module.title());
      blocks.back().parameters += parameters;
      return;
    }
    blocks.push_back({module.title(), options_of(module), {}, std::move(shape), parameters});
  }

  int depth_;
  int level_ = 0;
  int within_ = 0;  // 1 + the level of a module that is told whole, while it runs; 0 outside of them
};

/// The same thing several times becomes one block, unless it changes the shape.
std::vector<Block> together(const std::vector<Block>& blocks) {
  std::vector<Block> all;
  for (const auto& block : blocks) {
    Block before = all.empty() ? Block{} : all.back();
    before.times = 1;
    if (before == block) {
      ++all.back().times;
    } else {
      all.push_back(block);
    }
  }
  return all;
}

}  // namespace

std::vector<Block> blocks_of(const ModulePtr& network, const Flow& input, int depth) {
  const Judging judging(*network);
  BlockWatch watch(depth);
  (*network)(input);
  return together(watch.blocks);
}

}  // namespace lumir::nn
