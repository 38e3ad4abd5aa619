// Averages of weights.

#include "optim/averaged_model.h"

#include <ATen/core/grad_mode.h>

#include "optim/schedule.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::optim {
namespace {

std::string key_of(const NamedTensor& parameter) { return "average." + parameter.name; }

}  // namespace

Schema AverageOptions::schema() {
  using S = AverageOptions;
  return {Option{"decay", &S::decay,
                 "how much of the average stays at each update (exponential); 'none': the plain mean of all updates",
                 Range{0, 1}},
          Option{"use_buffers", &S::use_buffers, "averages what batch norms count as well"},
          Option{"start", &S::start, "the first epoch that nn.fit takes in", Range{1}}};
}

AveragedModelPtr AveragedModel::bind(std::vector<NamedTensor> parameters) const {
  if (parameters.empty()) throw ArgumentError("AveragedModel: there is no parameter to average");
  auto made = std::make_shared<AveragedModel>(options_);
  made->parameters_ = std::move(parameters);
  for (const auto& parameter : made->parameters_) {
    if (!parameter.tensor.defined()) {
      throw ArgumentError("AveragedModel: parameter '" + parameter.name +
                          "' has no size yet: the network must see a batch first");
    }
    made->averages_.push_back(parameter.tensor.detach().clone());
  }
  return made;
}

void AveragedModel::require_bound(const char* method) const {
  if (bound()) return;
  throw ArgumentError(std::string(method) +
                      ": this AveragedModel has no weights yet; averaged:bind(net) gives it some");
}

void AveragedModel::update() {
  require_bound("update");
  if (swapped_) throw ArgumentError("update: the averages stand in the network; swap them back first");
  const at::NoGradGuard guard;
  const double taken = options_.decay ? 1 - *options_.decay : 1 / static_cast<double>(updates_ + 1);
  for (size_t i = 0; i < averages_.size(); ++i) {
    const at::Tensor now = parameters_[i].tensor.detach();
    averages_[i] = averages_[i].to(now.options());
    if (updates_ == 0) {
      averages_[i].copy_(now);
    } else {
      averages_[i].lerp_(now, taken);
    }
  }
  ++updates_;
}

void AveragedModel::swap() {
  require_bound("swap");
  if (updates_ == 0) throw ArgumentError("swap: nothing was averaged yet");
  const at::NoGradGuard guard;
  for (size_t i = 0; i < averages_.size(); ++i) {
    at::Tensor& weight = parameters_[i].tensor;
    const at::Tensor before = weight.detach().clone();
    weight.detach().copy_(averages_[i]);
    averages_[i] = before;
  }
  swapped_ = !swapped_;
}

State AveragedModel::state() const {
  require_bound("state_dict");
  State state{{"n_averaged", {static_cast<double>(updates_)}}, {"swapped", {swapped_ ? 1.0 : 0.0}}};
  for (size_t i = 0; i < averages_.size(); ++i) {
    state[key_of(parameters_[i])] = tensor::to_array(averages_[i].cpu().clone(), "AveragedModel");
  }
  return state;
}

void AveragedModel::load_state(const State& state, const std::string& who) {
  require_bound("load_state_dict");
  const int updates = count_in(state, "n_averaged", who), swapped = count_in(state, "swapped", who);
  std::vector<at::Tensor> averages;
  for (const auto& parameter : parameters_) {
    const auto found = state.find(key_of(parameter));
    if (found == state.end()) throw Error(who + ": has no array '" + key_of(parameter) + "' of AveragedModel");
    averages.push_back(tensor::from_array(found->second).to(parameter.tensor.options()));
    if (averages.back().sizes() != parameter.tensor.sizes()) {
      throw Error(who + ": '" + key_of(parameter) + "' is " + tensor::show_shape(averages.back().sizes()) +
                  ", AveragedModel takes " + tensor::show_shape(parameter.tensor.sizes()));
    }
  }
  if (state.size() != averages.size() + 2) throw Error(who + ": holds more than an AveragedModel of these weights");
  averages_ = std::move(averages);
  updates_ = updates;
  swapped_ = swapped != 0;
}

}  // namespace lumir::optim
