// Embedding: a learnt row of numbers for each of so many words.

#include <ATen/ops/embedding.h>

#include "nn/init.h"
#include "nn/module.h"
#include "nn/sizes.h"
#include "tensor/unrecorded.h"

namespace lumir::nn {
namespace {

struct EmbeddingOptions {
  int num_embeddings = 1, embedding_dim = 1;
  std::optional<Position> padding_idx;
  static Schema schema() {
    using S = EmbeddingOptions;
    return {Option{"num_embeddings", &S::num_embeddings, "how many words there are", Range{1}, kArgument},
            Option{"embedding_dim", &S::embedding_dim, "numbers of each", Range{1}, kArgument},
            Option{"padding_idx", &S::padding_idx, "the word, from 1, that stays zeros: the padding"}};
  }
};

class Embedding final : public Described<Layer, EmbeddingOptions> {
 public:
  using Described::Described;
  std::vector<size_t> positions() const override { return {0}; }

 protected:
  void build() override {
    const int64_t words = option().num_embeddings;
    if (option().padding_idx) padding_ = row_of_padding(option().padding_idx->number, words);
    add_parameter("weight", weight_, draw_normal({words, option().embedding_dim}, 1));
    if (padding_ >= 0) weight_.detach()[padding_].zero_();
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.is_cpu() && x.numel() > 0) check(x);  // on a device it would wait for what is under way
    return at::embedding(weight_, x, padding_);
  }

 private:
  int64_t row_of_padding(int64_t number, int64_t words) const {
    const int64_t row = number < 0 ? number + words : number;
    if (row >= 0 && row < words) return row;
    throw ArgumentError(name() + ": 'padding_idx' is none of the " + std::to_string(words) + " words");
  }

  void check(const at::Tensor& x) const {
    const tensor::Unrecorded scope;
    const auto low = x.min().item<int64_t>(), high = x.max().item<int64_t>();
    if (low >= 0 && high < option().num_embeddings) return;
    throw ArgumentError(name() + ": words are 1 to " + std::to_string(option().num_embeddings) + ", got " +
                        std::to_string(low < 0 ? low : high + 1));
  }

  at::Tensor weight_;
  int64_t padding_ = -1;
};

LUMIR_MODULE(Embedding, {.summary = "A learnt row of numbers for each word; words are whole numbers from 1.",
                         .returns = "[..., embedding_dim]",
                         .example = "nn.Embedding(10, 4)(torch.tensor { { 1, 2, 10 } })",
                         .source = "torch.nn.Embedding"});

}  // namespace
}  // namespace lumir::nn
