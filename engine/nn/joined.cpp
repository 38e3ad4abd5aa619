// Which layers go together.

#include "nn/joined.h"

#include <c10/util/Exception.h>

#include "core/error.h"
#include "nn/batch_norm.h"
#include "nn/calls.h"
#include "tensor/anomaly.h"
#include "tensor/messages.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

/// Layers from a place on, as far as they are of these kinds.
class Behind {
 public:
  Behind(const std::vector<ModulePtr>& layers, size_t place) : layers_(layers), place_(place) {}
  /// The next one where it is of a kind and nobody looks at it; then it is taken.
  template <class Kind>
  Kind* take() {
    Kind* found = next<Kind>();
    if (found) ++taken_;
    return found;
  }
  /// Those of a pooling that has some; then it is taken.
  std::optional<Blocks> take_blocks() {
    const auto* pools = next<Pools>();
    const auto blocks = pools ? pools->blocks() : std::nullopt;
    if (blocks) ++taken_;
    return blocks;
  }
  size_t taken() const { return taken_; }

 private:
  template <class Kind>
  Kind* next() const {
    if (place_ + taken_ >= layers_.size()) return nullptr;
    Module& layer = *layers_[place_ + taken_];
    return layer.is_watched() ? nullptr : dynamic_cast<Kind*>(&layer);
  }
  const std::vector<ModulePtr>& layers_;
  const size_t place_;
  size_t taken_ = 0;
};

/// Whether somebody looks at every layer, or at every operator.
bool is_looked_at() {
  return tensor::watches_anomalies() || tensor::records_operators() || CallWatch::current() != nullptr;
}

/// What some layers that go together raise, by the names of the first and the last of them.
[[noreturn]] void refuse(const c10::Error& problem, const std::vector<ModulePtr>& layers, size_t place, size_t count) {
  const std::string last = count > 1 ? " to " + layers[place + count - 1]->show() : "";
  throw ArgumentError(layers[place]->show() + last + ": " + tensor::in_words(problem.what_without_backtrace()));
}

}  // namespace

size_t Joined::run(const std::vector<ModulePtr>& layers, size_t place, Flow& flow) {
  const bool plain = flow.tensors.size() == 1 && flow.named.empty() && !is_looked_at();
  Behind behind(layers, place);
  const auto* multiplies = plain ? behind.take<Multiplies>() : nullptr;
  auto* norm = plain ? behind.take<BatchNorm>() : nullptr;
  const auto* bends = plain && behind.taken() > 0 ? behind.take<Bends>() : nullptr;
  const Bending bending = bends ? bends->bending() : Bending();
  const auto blocks = plain && behind.taken() > 0 ? behind.take_blocks() : std::nullopt;
  if (multiplies) {
    const Product product{multiplies, norm, bending, blocks};
    if (Folded::can(product, flow.tensors[0])) {
      try {
        flow.tensors[0] = folded_[place].run(product, flow.tensors[0]);
      } catch (const c10::Error& problem) {
        refuse(problem, layers, place, behind.taken());
      }
      return behind.taken();
    }
    folded_.erase(place);
  } else if (norm && (bends || blocks)) {
    try {
      flow.tensors[0] = norm->bent(flow.tensors[0], bending, blocks);
    } catch (const c10::Error& problem) {
      refuse(problem, layers, place, behind.taken());
    }
    return behind.taken();
  }
  flow = (*layers[place])(flow);
  return 1;
}

}  // namespace lumir::nn
