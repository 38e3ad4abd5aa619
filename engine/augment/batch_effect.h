// What changes a whole batch while a network is trained: mixup, boxes of others, masks.
//
// An effect is two functions: one draws (how much, who with whom, where), one does what was drawn. What was drawn is a
// described struct of plain numbers, positions from 1, so that a recipe may look at it, or give it in place of a draw.
//
//   struct FlipOptions { double p = 0.5; std::optional<int> seed; static Schema schema(); };
//   struct Flips { std::vector<int> which; static Schema schema(); };
//   Flips draw_flips(const Batch& batch, const FlipOptions& options, Random& random) { ... }
//   Batch flip(const Batch& batch, const FlipOptions& options, const Flips& drawn) { ... }
//   const RegisterBatchEffect<FlipOptions, Flips, draw_flips, flip> flip_effect{"Flip", {.summary = ..., ...}};
//
// A draw depends on the seed (the option `seed`, else lumir.seed's) and on where the context says that the batch stands:
// its number among all of the training, or among direct calls.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/context.h"
#include "core/makers.h"
#include "core/registry.h"

namespace lumir::augment {

struct Batch {
  at::Tensor x;             // [batch, ...]
  at::Tensor y = {};        // int64 [batch], classes from 0; or shares of [batch, n_classes]; undefined: not known
  at::Tensor lengths = {};  // int64 [batch] of padded sequences: how much of each is true; undefined: all of it
  int64_t n_classes = 0;    // 0: not known
};

class BatchEffect {
 public:
  virtual ~BatchEffect() = default;
  BatchEffect(const BatchEffect&) = delete;
  BatchEffect& operator=(const BatchEffect&) = delete;

  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  virtual Map options() const = 0;
  /// { name = "augment.Mixup", options = {...} }: enough for make_batch_effect.
  Value description() const { return Map{{"name", entry_->full_name()}, {"options", options()}}; }
  /// "Mixup { alpha = 0.2 }": options that are no defaults only.
  std::string show() const { return show_made(*entry_, options()); }

  /// Draws and does it. Throws ArgumentError where the batch does not fit. Nothing of the batch is changed in place.
  Batch operator()(const Batch& batch, const Context& context) const { return work(batch, draw(batch, context)); }
  /// What would be drawn there.
  Map draw(const Batch& batch, const Context& context) const;
  /// Does what was drawn.
  virtual Batch work(const Batch& batch, const Map& drawn) const = 0;

 protected:
  explicit BatchEffect(const Entry& entry) : entry_(&entry) {}
  virtual Map draw(const Batch& batch, Random& random) const = 0;
  virtual std::optional<int> seed() const = 0;

 private:
  const Entry* entry_;
};
using BatchEffectPtr = std::shared_ptr<const BatchEffect>;

/// By registered name, "Mixup" or "augment.Mixup". Throws ArgumentError with the nearest name.
BatchEffectPtr make_batch_effect(const std::string& name, const Map& options);
/// From a description; throws ArgumentError where it is none.
BatchEffectPtr make_batch_effect(const Value& description);
/// True for the entry of one.
bool is_batch_effect(const Entry& entry);

/// Beta-distributed, in [0, 1]: of two gamma draws (Marsaglia and Tsang, A Simple Method for Generating Gamma Variables,
/// 2000), each kept as a logarithm, the share of the first. Both parameters are above 0.
double draw_beta(Random& random, double a, double b);
/// Who meets whom: 1 .. n in random order.
std::vector<int> draw_order(Random& random, const Batch& batch);

/// What Mixup and CutMix do besides changing x: targets as shares of both, and the longer one's length. `order` names
/// each one's partner, from 1; `share` is how much stays its own. Throws ArgumentError, begun by `who`.
void mix_targets(Batch& batch, const std::vector<int>& order, double share, int n_classes, const std::string& who);
/// The partners' rows of a tensor.
at::Tensor partners_of(const at::Tensor& rows, const std::vector<int>& order, const std::string& who);

/// An effect of two functions: see the top of this file.
template <class Options, class Drawn>
class BatchEffectOf final : public BatchEffect {
 public:
  using Draw = Drawn (*)(const Batch&, const Options&, Random&);
  using Work = Batch (*)(const Batch&, const Options&, const Drawn&);
  BatchEffectOf(const Entry& entry, const Map& given, Draw drawing, Work working)
      : BatchEffect(entry), options_(read_options<Options>(given, entry.name)), draw_(drawing), work_(working) {}
  Map options() const override { return write_options(options_); }
  Batch work(const Batch& batch, const Map& drawn) const override {
    return work_(batch, options_, read_options<Drawn>(drawn, name()));
  }

 protected:
  Map draw(const Batch& batch, Random& random) const override { return write_options(draw_(batch, options_, random)); }
  std::optional<int> seed() const override { return options_.seed; }

 private:
  Options options_;
  Draw draw_;
  Work work_;
};

template <class Options, class Drawn, Drawn (*draw)(const Batch&, const Options&, Random&),
          Batch (*work)(const Batch&, const Options&, const Drawn&)>
struct RegisterBatchEffect {
  RegisterBatchEffect(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry("augment", name, std::move(words), schema_of<Options>(), where);
    Makers<const BatchEffect>::add(entry, [](const Entry& found, const Map& options) -> BatchEffectPtr {
      return std::make_shared<BatchEffectOf<Options, Drawn>>(found, options, draw, work);
    });
  }
};

}  // namespace lumir::augment

namespace lumir::detail {

/// One as an option (of nn.fit): the very object that was given; in a description, its description.
template <>
struct Field<augment::BatchEffectPtr> {
  static std::string type(const Parameter&) { return "BatchEffect"; }
  static augment::BatchEffectPtr read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const augment::BatchEffectPtr& held) { return held ? held->description() : Value(); }
};

}  // namespace lumir::detail
