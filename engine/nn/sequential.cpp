// Sequential: modules one after the other.
//
// Between two of them goes one tensor, the first, and what is known of it by name: a recurrent layer's states stay
// behind. The last one's results come out whole.
//
// On the CPU convolutions read pictures with the channels of a place beside each other faster (channels_last), and what
// is given one so gives one so. PyTorch's users say it of network and batch by hand. Here the outermost Sequential lays
// out what comes in, and puts what goes out back, so that nobody else need know. Step of one thread, AMD EPYC (Zen 4),
// CPU ms: CRNN 321 -> 244, ResNet of recipes/artist20 110 -> 96, seven convolutions 190 -> 170.

#include <algorithm>

#include <ATen/core/Tensor.h>

#include "nn/joined.h"
#include "nn/module.h"
#include "nn/named_parts.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

struct SequentialOptions {
  std::vector<ModulePtr> modules;
  std::vector<std::string> names;
  static Schema schema() {
    return {Option{"modules", &SequentialOptions::modules, "what to do, in order", kListed},
            names_option<SequentialOptions>()};
  }
};

/// The layout of pictures within a Sequential, unless one around it has laid them out.
class Layout {
 public:
  Layout(Flow& flow, Module& parts) : lays_out_(!within && fits(flow, parts)) {
    if (!lays_out_) return;
    within = true;
    at::Tensor& x = flow.tensors[0];
    x = x.contiguous(at::MemoryFormat::ChannelsLast);
    if (x.size(1) > 1) return;
    // one channel lies both ways, and what the strides say counts
    const int64_t rows = x.size(2), columns = x.size(3);
    x = x.as_strided(x.sizes(), {rows * columns, 1, columns, 1});
  }
  ~Layout() {
    if (lays_out_) within = false;
  }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;

  void leave(Flow& flow) const {
    for (auto& tensor : flow.tensors) {
      const bool laid_out = lays_out_ && tensor.dim() == 4 && tensor.is_contiguous(at::MemoryFormat::ChannelsLast);
      if (laid_out) tensor = tensor.contiguous();
    }
  }

 private:
  static bool is_convolution(const NamedModule& part) { return part.module->name() == "Conv2d"; }
  /// What is written in Lua, and hooks, may look at how a tensor lies.
  static bool is_watched(const NamedModule& part) {
    return part.module->is_watched() || !is_module(part.module->entry());
  }

  static bool fits(const Flow& flow, Module& parts) {
    if (flow.tensors.empty() || !tensor::fused_kernels() || tensor::records_operators()) return false;
    const at::Tensor& x = flow.tensors[0];
    if (x.dim() != 4 || !x.is_cpu() || x.scalar_type() != at::kFloat) return false;
    const auto all = all_of(parts.shared_from_this());
    // hooks of the outermost itself see what comes in and what goes out
    return std::any_of(all.begin(), all.end(), is_convolution) && std::none_of(all.begin() + 1, all.end(), is_watched);
  }

  static inline thread_local bool within = false;
  const bool lays_out_;
};

class Sequential final : public Described<Module, SequentialOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    for (const auto& part : named_parts(option().modules, option().names, name())) add_child(part.name, part.module);
  }
  Flow flow(const Flow& input) override {
    Flow current = input;
    const Layout layout(current, *this);
    for (size_t place = 0; place < option().modules.size();) {
      if (current.tensors.size() > 1 && place > 0) current.tensors.resize(1);
      place += joined_.run(option().modules, place, current);
    }
    layout.leave(current);
    return current;
  }

 private:
  Joined joined_;
};

LUMIR_MODULE(Sequential, {.summary = "Modules one after the other; each takes what the one before gives.",
                          .returns = "what the last one gives",
                          .example = "nn.Sequential { nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 20) }",
                          .source = "torch.nn.Sequential"});

}  // namespace
}  // namespace lumir::nn
