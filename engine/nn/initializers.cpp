// Initialisers: PyTorch's nn.init under its names, drawn in its order.

#include "nn/initializers.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/diag.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/where.h>

#include "core/registry.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct Uniform {
  double a = 0, b = 1;
  static Schema schema() {
    return {Option{"a", &Uniform::a, "the smallest", kPlace}, Option{"b", &Uniform::b, "the largest", kPlace}};
  }
};
struct Normal {
  double mean = 0, std = 1;
  static Schema schema() {
    return {Option{"mean", &Normal::mean, "the mean", kPlace},
            Option{"std", &Normal::std, "the deviation", kNonNegative, kPlace}};
  }
};
struct TruncatedNormal : Normal {
  double a = -2, b = 2;
  static Schema schema() {
    return extend(Normal::schema(), Option{"a", &TruncatedNormal::a, "the smallest", kPlace},
                  Option{"b", &TruncatedNormal::b, "the largest", kPlace});
  }
};
struct Constant {
  double val = 0;
  static Schema schema() { return {Option{"val", &Constant::val, "what every number becomes", kArgument}}; }
};
struct Gain {
  double gain = 1;
  static Schema schema() { return {Option{"gain", &Gain::gain, "what the numbers are multiplied by", kPlace}}; }
};
struct Kaiming {
  double a = 0;
  std::string mode = "fan_in";
  std::string nonlinearity = "leaky_relu";
  static Schema schema() {
    return {Option{"a", &Kaiming::a, "slope of leaky_relu below zero"},
            Option{"mode", &Kaiming::mode, "keeps the deviation of what goes forward, or of what comes back",
                   Choices{"fan_in", "fan_out"}},
            Option{"nonlinearity", &Kaiming::nonlinearity, "what follows",
                   Choices{"leaky_relu", "relu", "linear", "conv1d", "conv2d", "sigmoid", "tanh", "selu"}}};
  }
};

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

void uniform(at::Tensor tensor, const Uniform& how) { tensor.uniform_(how.a, how.b); }

void normal(at::Tensor tensor, const Normal& how) { tensor.normal_(how.mean, how.std); }

void trunc_normal(at::Tensor tensor, const TruncatedNormal& how) {
  if (!(how.a < how.b) || how.std <= 0) {
    throw ArgumentError("trunc_normal_: 'a' must be below 'b', and 'std' above 0");
  }
  if (tensor.numel() == 0) return;
  const auto standard = [&](double bound) { return (bound - how.mean) / how.std; };
  const double share = normal_share_below(standard(how.b)) - normal_share_below(standard(how.a));
  constexpr double kMany = 0.3;
  share > kMany ? draw_within(tensor, how) : reject_between(tensor, how);
}

void constant(at::Tensor tensor, const Constant& how) { tensor.fill_(how.val); }
void ones(at::Tensor tensor, const NoOptions&) { constant(std::move(tensor), {1}); }
void zeros(at::Tensor tensor, const NoOptions&) { constant(std::move(tensor), {0}); }

void eye(at::Tensor tensor, const NoOptions&) {
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

/// By the names without "nn.init.".
std::map<std::string, std::function<void(const at::Tensor&, const Map&)>>& fills() {
  static std::map<std::string, std::function<void(const at::Tensor&, const Map&)>> map;
  return map;
}

template <class S>
struct Registered {
  /// `behind` is what the example says behind the tensor.
  Registered(const std::string& name, void (*fill)(at::Tensor, const S&), const std::string& summary,
             const std::string& behind = "", std::source_location where = std::source_location::current()) {
    const Words words{
        .summary = summary,
        .returns = "the tensor",
        .example = "nn.init." + name + "(torch.empty(20, 64)" + (behind.empty() ? "" : ", " + behind) + ")",
        .source = "torch.nn.init." + name};
    const Argument tensor("tensor", "Tensor", "what is filled in place");
    register_entry("nn.init", name, words, with_arguments({tensor}, schema_of<S>()), where);
    fills()[name] = [fill, name](const at::Tensor& filled, const Map& options) {
      fill(filled, read_options<S>(options, name));
    };
  }
};

const Registered<Uniform> uniform_("uniform_", uniform, "Numbers from a to b, all as likely.", "-0.1, 0.1");
const Registered<Normal> normal_("normal_", normal, "Normal numbers.", "0, 0.02");
const Registered<TruncatedNormal> trunc_normal_("trunc_normal_", trunc_normal,
                                                "Normal numbers between a and b; others are drawn again.",
                                                "{ std = 0.02 }");
const Registered<Constant> constant_("constant_", constant, "One number everywhere.", "0.1");
const Registered<NoOptions> ones_("ones_", ones, "Ones.");
const Registered<NoOptions> zeros_("zeros_", zeros, "Zeros.");
const Registered<NoOptions> eye_("eye_", eye, "Ones on the diagonal, zeros elsewhere.");
const Registered<Gain> xavier_uniform_(
    "xavier_uniform_", xavier_uniform,
    "Even numbers as wide as keeps the deviation forward and back (Glorot and Bengio, 2010).");
const Registered<Gain> xavier_normal_(
    "xavier_normal_", xavier_normal,
    "Normal numbers as wide as keeps the deviation forward and back (Glorot and Bengio, 2010).");
const Registered<Kaiming> kaiming_uniform_(
    "kaiming_uniform_", kaiming_uniform, "Even numbers as wide as keeps the deviation before a ReLU (He et al., 2015).",
    "{ nonlinearity = 'relu' }");
const Registered<Kaiming> kaiming_normal_(
    "kaiming_normal_", kaiming_normal, "Normal numbers as wide as keeps the deviation before a ReLU (He et al., 2015).",
    "{ mode = 'fan_out', nonlinearity = 'relu' }");
const Registered<Gain> orthogonal_("orthogonal_", orthogonal,
                                   "Rows that stand at right angles to each other (Saxe et al., 2013).");

}  // namespace

void initialise(const std::string& name, const at::Tensor& tensor, const Map& options) {
  const auto fill = fills().find(name);
  if (fill == fills().end()) {
    std::vector<std::string> names;
    for (const auto& [known, unused] : fills()) names.push_back(known);
    throw ArgumentError("there is no initialiser '" + name + "'" + did_you_mean(name, names));
  }
  if (!tensor.is_floating_point()) throw ArgumentError(name + ": takes a tensor of floating-point numbers");
  const at::NoGradGuard guard;
  fill->second(tensor, options);
}

}  // namespace lumir::nn
