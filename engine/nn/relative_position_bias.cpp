// RelativePositionBias: how much a place looks at another, by how far away that is.

#include <algorithm>
#include <cmath>

#include "nn/init.h"
#include "nn/module.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct RelativeOptions {
  int num_heads = 1;
  int num_buckets = 32, max_distance = 128;
  bool bidirectional = true;
  bool batch_first = true;
  static Schema schema() {
    using S = RelativeOptions;
    return {
        Option{"num_heads", &S::num_heads, "of the attention", Range{1}, kArgument},
        Option{"num_buckets", &S::num_buckets, "learnt numbers of each head", Range{4}},
        Option{"max_distance", &S::max_distance, "places farther away are all alike", Range{2}},
        Option{"bidirectional", &S::bidirectional, "what comes later has numbers of its own; else it counts as here"},
        Option{"batch_first", &S::batch_first, "takes [batch, time, ...]; false: [time, batch, ...]"}};
  }
};

class RelativePositionBias final : public Described<Layer, RelativeOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    if (option().max_distance <= near()) {
      throw ArgumentError(name() + ": 'max_distance' = " + std::to_string(option().max_distance) + " must be above " +
                          std::to_string(near()) + ", the distances that have a bucket each");
    }
    add_parameter("weight", weight_, draw_normal({option().num_buckets, option().num_heads}, 0.02));
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() != 3) {
      throw ArgumentError(name() + ": takes " + (option().batch_first ? "[batch, time, " : "[time, batch, ") +
                          "numbers], got " + tensor::show_shape(x.sizes()));
    }
    const int64_t time = x.size(option().batch_first ? 1 : 0), batch = x.size(option().batch_first ? 0 : 1);
    std::vector<double> buckets;
    for (int64_t away = 1 - time; away < time; ++away) buckets.push_back(bucket(away));
    const at::Tensor rows = tensor::from_doubles(buckets, {2 * time - 1}).to(weight_.device(), at::kLong);
    const at::Tensor by_distance = weight_.index_select(0, rows).t();   // [heads, 2 time - 1]
    const at::Tensor pairs = by_distance.unfold(1, time, 1).flip({1});  // [heads, queries, keys]
    return pairs.unsqueeze(0).expand({batch, -1, -1, -1}).reshape({batch * option().num_heads, time, time});
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  /// The buckets of one direction, and how many of them are of one distance each.
  int half() const { return option().bidirectional ? option().num_buckets / 2 : option().num_buckets; }
  int near() const { return half() / 2; }
  /// Near places have a bucket each; farther ones share them, evenly by the logarithm of the distance.
  int bucket(int64_t away) const {
    const int half = this->half(), near = this->near();
    const int first = option().bidirectional && away > 0 ? half : 0;
    const int64_t distance = option().bidirectional ? std::abs(away) : std::max<int64_t>(-away, 0);
    if (distance < near) return first + static_cast<int>(distance);
    const double octaves =
        std::log(static_cast<double>(distance) / near) / std::log(static_cast<double>(option().max_distance) / near);
    return first + std::min(half - 1, near + static_cast<int>(octaves * (half - near)));
  }

  at::Tensor weight_;
};

LUMIR_MODULE(RelativePositionBias,
             {.summary = "Learnt numbers for the distance of each pair of places, of each head: what goes beside x as "
                         "attn_mask (src_mask) of an attention, alone or added to a mask.",
              .returns = "[batch * num_heads, time, time]",
              .example = "local x = torch.randn(2, 10, 16); nn.MultiheadAttention(16, 4, { batch_first = true })(x, { "
                         "attn_mask = nn.RelativePositionBias(4)(x) })",
              .source = "Raffel et al., T5 (2020), after Shaw et al. (2018)"});

}  // namespace
}  // namespace lumir::nn
