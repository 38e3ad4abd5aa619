// Checkpoint: memory for time. What its body works out on the way is not kept but worked out again on the way back.

#include <ATen/Context.h>
#include <ATen/core/Generator.h>
#include <ATen/core/grad_mode.h>

#include "nn/module.h"
#include "tensor/autocast.h"
#include "tensor/differentiable.h"

namespace lumir::nn {
namespace {

/// What random numbers of a device are drawn from, put back for as long as it lives to where it stood.
class DrawnAgain {
 public:
  DrawnAgain(const at::Device& device, const at::Tensor& state)
      : generator_(at::globalContext().defaultGenerator(device)), now_(generator_.get_state()) {
    generator_.set_state(state);
  }
  ~DrawnAgain() { generator_.set_state(now_); }
  DrawnAgain(const DrawnAgain&) = delete;
  DrawnAgain& operator=(const DrawnAgain&) = delete;

 private:
  at::Generator generator_;
  const at::Tensor now_;
};

/// Buffers (running means) stay as they are: as long as it lives, copies stand in for them.
class BuffersAsTheyAre {
 public:
  explicit BuffersAsTheyAre(Module& module) {
    for (const auto& slot : slots_of(module)) {
      if (slot.trained || !slot.tensor->defined()) continue;
      kept_.emplace_back(slot.tensor, std::exchange(*slot.tensor, slot.tensor->clone()));
    }
  }
  ~BuffersAsTheyAre() {
    for (auto& [place, buffer] : kept_) *place = buffer;
  }
  BuffersAsTheyAre(const BuffersAsTheyAre&) = delete;
  BuffersAsTheyAre& operator=(const BuffersAsTheyAre&) = delete;

 private:
  std::vector<std::pair<at::Tensor*, at::Tensor>> kept_;
};

/// How operators reckon, but that casts of weights are not kept: those of the first pass would have no derivatives.
tensor::Precision precision_of_passes(const at::Device& device) {
  tensor::Precision precision = tensor::precision_now(device.type());
  precision.keeps_casts = false;
  return precision;
}

/// The body as a function of the tensors that flow in, those by name behind the others, and of its parameters.
class Again final : public tensor::Differentiable {
 public:
  Again(ModulePtr body, const Flow& input)
      : body_(std::move(body)),
        count_(static_cast<ptrdiff_t>(input.tensors.size())),
        device_(input.tensors[0].device()),
        precision_(precision_of_passes(device_)),
        drawn_(at::globalContext().defaultGenerator(device_).get_state()) {
    for (const auto& [name, tensor] : input.named) names_.push_back(name);
  }

  Made forward(const Tensors& inputs, bool) override {
    Flow output = pass(inputs);
    named_after_ = output.named;
    return {output.tensors, {}};
  }
  Tensors backward(const Known& known, const Tensors& gradients) override {
    const BuffersAsTheyAre buffers(*body_);
    const DrawnAgain again(device_, drawn_);
    const at::AutoGradMode recorded(true);
    Tensors inputs = known.inputs;  // parameters as they are, the others without what they were made of
    const auto flowing = count_ + static_cast<ptrdiff_t>(names_.size());
    for (auto input = inputs.begin(); input != inputs.begin() + flowing; ++input) {
      *input = input->detach().requires_grad_(input->requires_grad());
    }
    return through_graph(pass(inputs).tensors, inputs, known.wanted, gradients, /*create_graph=*/false);
  }
  Tensors by_operators(const Tensors& inputs) override {
    const BuffersAsTheyAre buffers(*body_);
    const DrawnAgain again(device_, drawn_);
    return pass(inputs).tensors;
  }

  /// What flows out by name.
  const std::map<std::string, at::Tensor>& named_after() const { return named_after_; }

 private:
  Flow pass(const Tensors& inputs) {
    auto next = inputs.begin() + count_;
    Flow input{{inputs.begin(), next}};
    for (const auto& name : names_) input.named[name] = *next++;
    const tensor::Autocast as_first(device_.type(), precision_);
    return (*body_)(input);
  }

  const ModulePtr body_;
  const ptrdiff_t count_;
  std::vector<std::string> names_;
  const at::Device device_;
  const tensor::Precision precision_;
  const at::Tensor drawn_;  // the state of its random numbers
  std::map<std::string, at::Tensor> named_after_;
};

struct CheckpointOptions {
  ModulePtr body;
  static Schema schema() {
    return {Option{"body", &CheckpointOptions::body, "what is worked out again on the way back", kArgument}};
  }
};

class Checkpoint final : public Described<Module, CheckpointOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { add_child("body", option().body); }
  Flow flow(const Flow& input) override {
    if (input.tensors.empty()) return (*option().body)(input);  // which says what it takes
    Tensors inputs = input.tensors;
    for (const auto& [name, tensor] : input.named) inputs.push_back(tensor);
    for (const auto& slot : slots_of(*option().body)) {
      if (!slot.trained) continue;
      if (!slot.tensor->defined()) return (*option().body)(input);  // takes its sizes from this first pass
      inputs.push_back(*slot.tensor);
    }
    const auto again = std::make_shared<Again>(option().body, input);
    Flow output{tensor::apply(again, inputs), {}};
    output.named = again->named_after();
    return output;
  }
};

LUMIR_MODULE(Checkpoint,
             {.summary = "Keeps nothing of what its body works out on the way, and works it out again on the way back: "
                         "less memory, a third more time. Dropout draws the same again, and running means move once.",
              .returns = "what the body gives",
              .example = "nn.Checkpoint(nn.Sequential { nn.Linear(64, 64), nn.ReLU() })(torch.randn(8, 64))",
              .source = "torch.utils.checkpoint; Chen et al., Training Deep Nets with Sublinear Memory Cost (2016)"});

}  // namespace
}  // namespace lumir::nn
