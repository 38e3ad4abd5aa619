// Initialisers, drawn in PyTorch's order.

#include "nn/initializers.h"

#include <algorithm>
#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/diag.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/where.h>

#include "core/error.h"
#include "tensor/show.h"

namespace lumir::nn::init {
namespace {

/// How many numbers one that comes out is made of, and how many one that comes in goes into.
struct Fans {
  double in, out;
};

Fans fans_of(const at::Tensor& tensor, const std::string& who) {
  if (tensor.dim() < 2) {
    throw ArgumentError(who + ": takes two dimensions and more, got " + tensor::show_shape(tensor.sizes()));
  }
  const auto field = static_cast<double>(tensor[0][0].numel());  // places that a kernel covers
  return {static_cast<double>(tensor.size(1)) * field, static_cast<double>(tensor.size(0)) * field};
}

double xavier_deviation(const at::Tensor& tensor, double gain, const std::string& who) {
  const Fans fans = fans_of(tensor, who);
  return gain * std::sqrt(2.0 / (fans.in + fans.out));
}

/// How much wider numbers must be for what follows them to keep its deviation.
double gain_of(const Kaiming& how) {
  if (how.nonlinearity == "relu") return std::sqrt(2.0);
  if (how.nonlinearity == "leaky_relu") return std::sqrt(2.0 / (1 + how.a * how.a));
  if (how.nonlinearity == "tanh") return 5.0 / 3;
  return how.nonlinearity == "selu" ? 3.0 / 4 : 1.0;
}

double kaiming_deviation(const at::Tensor& tensor, const Kaiming& how, const std::string& who) {
  const Fans fans = fans_of(tensor, who);
  return gain_of(how) / std::sqrt(how.mode == "fan_in" ? fans.in : fans.out);
}

double normal_share_below(double x) { return (1 + std::erf(x / std::sqrt(2.0))) / 2; }

/// Most numbers lie between the bounds: those that do not are drawn again.
void draw_within(at::Tensor& tensor, const TruncatedNormal& how) {
  const auto rounded = [&](double bound) { return at::empty_like(tensor[0].flatten()[0]).fill_(bound).item<double>(); };
  const double low = rounded(how.a), high = rounded(how.b);
  at::Tensor result = tensor.normal_(how.mean, how.std);
  while (true) {
    const at::Tensor outside = at::lt(result, low) | at::gt(result, high);
    if (!outside.any().item<bool>()) break;
    result = at::where(outside, at::empty_like(result).normal_(how.mean, how.std), result);
  }
  tensor.copy_(result);
}

/// Few do: numbers between the bounds are taken with the likelihood that a normal one has there.
void reject_between(at::Tensor& tensor, const TruncatedNormal& how) {
  const double mode = std::max(how.a, std::min(how.mean, how.b));
  const double peak = -0.5 * std::pow((mode - how.mean) / how.std, 2);
  const auto refused = [&](const at::Tensor& candidates) {
    const at::Tensor likelihood = candidates.sub(how.mean).div_(how.std).pow_(2).mul_(-0.5).sub_(peak);
    return at::gt(at::empty_like(tensor).uniform_().log_(), likelihood);
  };
  tensor.uniform_(how.a, how.b);
  at::Tensor result = tensor, pending = refused(tensor);
  while (pending.any().item<bool>()) {
    const at::Tensor candidates = at::empty_like(tensor).uniform_(how.a, how.b);
    result = at::where(pending, candidates, result);
    pending = at::where(pending, refused(candidates), pending);
  }
  tensor.copy_(result);
}

}  // namespace

Schema Uniform::schema() {
  return {Option{"a", &Uniform::a, "the smallest", kPlace}, Option{"b", &Uniform::b, "the largest", kPlace}};
}
Schema Normal::schema() {
  return {Option{"mean", &Normal::mean, "the mean", kPlace},
          Option{"std", &Normal::std, "the deviation", kNonNegative, kPlace}};
}
Schema TruncatedNormal::schema() {
  return extend(Normal::schema(), Option{"a", &TruncatedNormal::a, "the smallest", kPlace},
                Option{"b", &TruncatedNormal::b, "the largest", kPlace});
}
Schema Constant::schema() { return {Option{"val", &Constant::val, "what every number becomes", kArgument}}; }
Schema Gain::schema() { return {Option{"gain", &Gain::gain, "what the numbers are multiplied by", kPlace}}; }
Schema Kaiming::schema() {
  return {Option{"a", &Kaiming::a, "slope of leaky_relu below zero"},
          Option{"mode", &Kaiming::mode, "keeps the deviation of what goes forward, or of what comes back",
                 Choices{"fan_in", "fan_out"}},
          Option{"nonlinearity", &Kaiming::nonlinearity, "what follows",
                 Choices{"leaky_relu", "relu", "linear", "conv1d", "conv2d", "sigmoid", "tanh", "selu"}}};
}

void uniform(at::Tensor tensor, const Uniform& how) {
  const at::NoGradGuard guard;
  tensor.uniform_(how.a, how.b);
}

void normal(at::Tensor tensor, const Normal& how) {
  const at::NoGradGuard guard;
  tensor.normal_(how.mean, how.std);
}

void trunc_normal(at::Tensor tensor, const TruncatedNormal& how) {
  const at::NoGradGuard guard;
  if (!(how.a < how.b) || how.std <= 0) {
    throw ArgumentError("trunc_normal_: 'a' must be below 'b', and 'std' above 0");
  }
  if (tensor.numel() == 0) return;
  const auto standard = [&](double bound) { return (bound - how.mean) / how.std; };
  const double share = normal_share_below(standard(how.b)) - normal_share_below(standard(how.a));
  constexpr double kMany = 0.3;
  share > kMany ? draw_within(tensor, how) : reject_between(tensor, how);
}

void constant(at::Tensor tensor, const Constant& how) {
  const at::NoGradGuard guard;
  tensor.fill_(how.val);
}
void ones(at::Tensor tensor, const NoOptions&) { constant(std::move(tensor), {1}); }
void zeros(at::Tensor tensor, const NoOptions&) { constant(std::move(tensor), {0}); }

void eye(at::Tensor tensor, const NoOptions&) {
  const at::NoGradGuard guard;
  if (tensor.dim() != 2) {
    throw ArgumentError("eye_: takes [rows, columns], got " + tensor::show_shape(tensor.sizes()));
  }
  tensor.copy_(at::eye(tensor.size(0), tensor.size(1), tensor.options()));
}

void xavier_uniform(at::Tensor tensor, const Gain& how) {
  const double bound = std::sqrt(3.0) * xavier_deviation(tensor, how.gain, "xavier_uniform_");
  uniform(std::move(tensor), {-bound, bound});
}
void xavier_normal(at::Tensor tensor, const Gain& how) {
  const double deviation = xavier_deviation(tensor, how.gain, "xavier_normal_");
  normal(std::move(tensor), {0, deviation});
}
void kaiming_uniform(at::Tensor tensor, const Kaiming& how) {
  const double bound = std::sqrt(3.0) * kaiming_deviation(tensor, how, "kaiming_uniform_");
  uniform(std::move(tensor), {-bound, bound});
}
void kaiming_normal(at::Tensor tensor, const Kaiming& how) {
  const double deviation = kaiming_deviation(tensor, how, "kaiming_normal_");
  normal(std::move(tensor), {0, deviation});
}

void orthogonal(at::Tensor tensor, const Gain& how) {
  const at::NoGradGuard guard;
  fans_of(tensor, "orthogonal_");  // two dimensions
  if (tensor.numel() == 0) return;
  const int64_t rows = tensor.size(0), columns = tensor.numel() / rows;
  at::Tensor drawn = tensor.new_empty({rows, columns}).normal_(0, 1);
  if (rows < columns) drawn = drawn.t();
  auto [q, r] = at::linalg_qr(drawn);
  q = q * at::diag(r, 0).sign();  // else not every rotation is as likely as any other
  if (rows < columns) q = q.t();
  tensor.copy_(q.reshape(tensor.sizes()));
  tensor.mul_(how.gain);
}

}  // namespace lumir::nn::init
