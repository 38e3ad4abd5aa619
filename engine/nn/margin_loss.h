// What losses share that ask for an angle between classes: the true one's is made larger by a margin.

#pragma once

#include "nn/loss.h"

namespace lumir::nn {

struct MarginOptions {
  int num_classes = 1, embedding_size = 1;
  double margin = 0.5, scale = 64;
  bool easy_margin = false;
  std::string reduction = "mean";
};
template <class S>
Schema margin_schema() {
  return {Option{"num_classes", &S::num_classes, "classes", Range{1}, kArgument},
          Option{"embedding_size", &S::embedding_size, "numbers of an example", Range{1}, kArgument},
          Option{"margin", &S::margin, "added to the angle of the true class", Unit{"radians"}, Range{0, 3.14159265}},
          Option{"scale", &S::scale, "what cosines are multiplied by", Range{above(0), 1e6}},
          Option{"easy_margin", &S::easy_margin, "only where the angle is below 90 degrees"},
          reduction_option<S>()};
}

/// Cross-entropy of cosines to a learnt direction of each class, the true one's angle being larger by a margin.
class AngularMargin : public Loss {
 public:
  std::vector<size_t> positions() const override { return {1}; }

 protected:
  using Loss::Loss;
  void make(const MarginOptions& how);
  at::Tensor loss(const at::Tensor& x, const at::Tensor& target) const;

 private:
  MarginOptions how_;
  at::Tensor weight_;
};

/// Which differ in their defaults only.
template <class HowOptions>
class MarginLoss final : public Described<AngularMargin, HowOptions> {
 public:
  using Described<AngularMargin, HowOptions>::Described;

 protected:
  void build() override { this->make(this->option()); }
  at::Tensor forward(const at::Tensor& x, const at::Tensor& target) override { return this->loss(x, target); }
};

}  // namespace lumir::nn
