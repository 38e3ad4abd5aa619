// Draws and targets of effects on batches.

#include "augment/batch_effect.h"

#include <algorithm>
#include <cmath>

#include <ATen/ops/maximum.h>
#include <ATen/ops/one_hot.h>

#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::augment {
namespace {

const MadeKind kEffects{"augment", "effect on batches"};

/// A number for a word, so that effects of one name have streams of their own (Fowler, Noll and Vo).
uint64_t number_of(const std::string& word) {
  uint64_t number = 0xcbf29ce484222325u;
  for (const char c : word) number = (number ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return number;
}

/// The logarithm of a gamma draw of scale 1. Below shape 1 it is one of shape a + 1 times u^(1/a), which is 0 as a
/// plain number where a is small.
double draw_log_gamma(Random& random, double shape) {
  if (shape < 1) return draw_log_gamma(random, shape + 1) + std::log(1 - random.uniform()) / shape;
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = random.normal();
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(1 - random.uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return std::log(d) + std::log(v);
  }
}

/// Shares of classes from numbers of classes.
at::Tensor shares_of(const Batch& batch, int n_classes, const std::string& who) {
  const at::Tensor& y = batch.y;
  if (y.is_floating_point()) return y;
  const int64_t classes = n_classes > 0 ? n_classes : batch.n_classes;
  if (classes == 0) {
    throw ArgumentError(who + ": how many classes there are is not known: " + who + " { n_classes = ... }");
  }
  if (y.dim() != 1) throw ArgumentError(who + ": targets are classes of [batch], got " + tensor::show_shape(y.sizes()));
  const auto lowest = y.min().item<int64_t>(), highest = y.max().item<int64_t>();
  if (lowest < 0 || highest >= classes) {
    throw ArgumentError(who + ": a target is no class of " + std::to_string(classes) + ": " +
                        std::to_string(lowest < 0 ? lowest : highest + 1));
  }
  const auto type = batch.x.is_floating_point() ? batch.x.scalar_type() : at::kFloat;
  return at::one_hot(y.to(at::kLong), classes).to(type);
}

}  // namespace

Map BatchEffect::draw(const Batch& batch, const Context& context) const {
  if (!batch.x.defined() || batch.x.dim() < 1 || batch.x.size(0) == 0) {
    throw ArgumentError(name() + ": takes a batch of [batch, ...], got none");
  }
  Context here = context;
  if (const auto own = seed()) here.seed = static_cast<uint64_t>(*own);
  here.row = number_of(name());
  Random random = here.random();
  return draw(batch, random);
}

BatchEffectPtr make_batch_effect(const std::string& name, const Map& options) {
  return Makers<const BatchEffect>::make(name, options, kEffects);
}

BatchEffectPtr make_batch_effect(const Value& description) {
  const auto [name, options] = named_options(description, kEffects);
  return make_batch_effect(name, options);
}

bool is_batch_effect(const Entry& entry) { return Makers<const BatchEffect>::has(entry); }

double draw_beta(Random& random, double a, double b) {
  const double first = draw_log_gamma(random, a), second = draw_log_gamma(random, b);
  return 1 / (1 + std::exp(second - first));
}

std::vector<int> draw_order(Random& random, const Batch& batch) {
  std::vector<int> order = random.permutation(static_cast<int>(batch.x.size(0)));
  for (int& place : order) ++place;
  return order;
}

at::Tensor partners_of(const at::Tensor& rows, const std::vector<int>& order, const std::string& who) {
  const int64_t count = rows.size(0);
  const bool inside = std::all_of(order.begin(), order.end(), [&](int place) { return place >= 1 && place <= count; });
  if (!inside || static_cast<int64_t>(order.size()) != count) {
    throw ArgumentError(who + ": 'order' must be " + std::to_string(count) + " positions of the batch");
  }
  const std::vector<double> places(order.begin(), order.end());
  const at::Tensor index = tensor::from_doubles(places, {count}).sub(1).to(at::kLong);
  return rows.index_select(0, index.to(rows.device()));
}

void mix_targets(Batch& batch, const std::vector<int>& order, double share, int n_classes, const std::string& who) {
  if (batch.y.defined()) {
    const at::Tensor own = shares_of(batch, n_classes, who);
    batch.y = own.mul(share).add(partners_of(own, order, who).mul(1 - share));
  }
  if (batch.lengths.defined()) batch.lengths = at::maximum(batch.lengths, partners_of(batch.lengths, order, who));
}

}  // namespace lumir::augment

namespace lumir::detail {

augment::BatchEffectPtr Field<augment::BatchEffectPtr>::read(const std::string& who, const Parameter& parameter,
                                                             const Value& value) {
  return read_made<augment::BatchEffectPtr>(who, parameter, value, augment::make_batch_effect);
}

}  // namespace lumir::detail
