// Summaries: a hook on every module sees what comes out.

#include "nn/summary.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>

#include "core/text.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

constexpr double kMega = 1e6, kGiga = 1e9, kTera = 1e12;

int64_t product(at::IntArrayRef sizes, size_t first, size_t last) {
  int64_t all = 1;
  for (size_t i = first; i < std::min(last, sizes.size()); ++i) all *= sizes[i];
  return all;
}

/// Multiplications of one parameter on the way to an output: a kernel's at every place, a recurrent weight's at every
/// frame, any other's for every row of the batch.
int64_t mult_adds_of(const std::string& layer, const Slot& slot, at::IntArrayRef output) {
  const int64_t numbers = slot.tensor->numel();
  if (output.empty()) return numbers;
  if (slot.name == "weight" || slot.name == "bias") {
    const bool kernel = layer.find("Conv") != std::string::npos;
    return numbers * output[0] * (kernel ? product(output, 2, output.size()) : 1);
  }
  const bool counts = slot.name.find("weight") != std::string::npos || slot.name.find("bias") != std::string::npos;
  return counts ? numbers * product(output, 0, 2) : 0;
}

void add_call(SummaryRow& row, const Module& module, const at::Tensor& output) {
  row.called = true;
  row.output.assign(output.sizes().begin(), output.sizes().end());
  bool weights = false;
  for (const auto& slot : module.slots()) {
    if (!slot.trained || !slot.tensor->defined()) continue;
    weights = true;
    row.mult_adds += mult_adds_of(module.name(), slot, output.sizes());
  }
  if (weights) row.output_bytes += 2 * output.numel() * static_cast<int64_t>(output.element_size());
}

/// Those that no row has counted yet: what stands in two places is there once.
void add_parameters(SummaryRow& row, const Module& module, std::set<const void*>& counted) {
  for (const auto& slot : module.slots()) {
    if (!slot.trained || !slot.tensor->defined()) continue;
    if (!counted.insert(slot.tensor->unsafeGetTensorImpl()).second) continue;
    row.parameters += slot.tensor->numel();
    row.trainable += slot.tensor->requires_grad() ? slot.tensor->numel() : 0;
    row.parameter_bytes += slot.tensor->numel() * static_cast<int64_t>(slot.tensor->element_size());
  }
}

/// Modes and hooks as they were, whatever happens meanwhile.
class Watch {
 public:
  explicit Watch(const std::vector<NamedModule>& modules) : modules_(modules) {
    for (const auto& one : modules_) modes_.push_back(one.module->training());
    modules_[0].module->train(false);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    for (size_t i = 0; i < hooks_.size(); ++i) modules_[i].module->remove_hook(hooks_[i]);
    for (size_t i = 0; i < modules_.size(); ++i) modules_[i].module->train(modes_[i]);  // outermost first
  }
  void add(Module::Hook hook) { hooks_.push_back(modules_[hooks_.size()].module->add_hook(std::move(hook))); }

 private:
  const std::vector<NamedModule>& modules_;
  std::vector<bool> modes_;
  std::vector<int> hooks_;
};

int64_t sum(const std::vector<SummaryRow>& rows, int64_t SummaryRow::*member) {
  int64_t all = 0;
  for (const auto& row : rows) all += row.*member;
  return all;
}

/// 52,868,624
std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

/// 1.43 G; below a million every one counts.
std::string with_unit(int64_t count) {
  const auto number = static_cast<double>(count);
  if (number < kMega) return grouped(count);
  char text[40];
  const char* unit = number >= kTera ? " T" : number >= kGiga ? " G" : " M";
  std::snprintf(text, sizeof(text), "%.2f", number / (number >= kTera ? kTera : number >= kGiga ? kGiga : kMega));
  return std::string(text) + unit;
}

std::string megabytes(int64_t bytes) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.2f MB", static_cast<double>(bytes) / kMega);
  return text;
}

}  // namespace

int64_t Summary::parameters() const { return sum(rows, &SummaryRow::parameters); }
int64_t Summary::trainable() const { return sum(rows, &SummaryRow::trainable); }
int64_t Summary::mult_adds() const { return sum(rows, &SummaryRow::mult_adds); }
int64_t Summary::output_bytes() const { return sum(rows, &SummaryRow::output_bytes); }
int64_t Summary::parameter_bytes() const { return sum(rows, &SummaryRow::parameter_bytes); }

Summary summarise(const ModulePtr& network, const Flow& input) {
  const at::NoGradGuard guard;
  const auto modules = all_of(network);
  Summary summary;
  summary.rows.resize(modules.size());
  for (const auto& tensor : input.tensors) {
    summary.input_bytes += tensor.numel() * static_cast<int64_t>(tensor.element_size());
  }
  {
    Watch watch(modules);
    for (auto& row : summary.rows) {
      watch.add([&row](Module& module, const Flow&, const Flow& output) {
        if (!output.tensors.empty()) add_call(row, module, output.tensors[0]);
      });
    }
    (*network)(input);
  }
  std::set<const void*> counted;
  for (size_t i = 0; i < modules.size(); ++i) {  // by now every size is known
    SummaryRow& row = summary.rows[i];
    const Module& module = *modules[i].module;
    static_cast<ModuleLine&>(row) = ModuleLine(modules[i]);
    add_parameters(row, module, counted);
  }
  return summary;
}

Summary summarise(const ModulePtr& network, const std::vector<int64_t>& shape) {
  return summarise(network, Flow{{zeros_for(*network, shape)}});
}

at::Tensor zeros_for(Module& network, const std::vector<int64_t>& shape) {
  at::TensorOptions options = at::kFloat;
  for (const auto& slot : slots_of(network)) {
    if (slot.trained && slot.tensor->defined()) {
      options = slot.tensor->options();
      break;
    }
  }
  return at::zeros(shape, options);
}

std::string show(const Summary& summary) {
  constexpr size_t kLayer = 44;  // the table is no wider than 100 then
  std::vector<std::vector<std::string>> rows{{"Layer", "Depth", "Output shape", "Parameters", "Mult-adds"}};
  for (const auto& row : summary.rows) {
    rows.push_back({row.text(kLayer), std::to_string(row.depth), row.called ? tensor::show_shape(row.output) : "--",
                    row.parameters ? grouped(row.parameters) : "--", row.mult_adds ? grouped(row.mult_adds) : "--"});
  }
  const std::vector<std::vector<std::string>> totals{{"Parameters", grouped(summary.parameters())},
                                                     {"  trainable", grouped(summary.trainable())},
                                                     {"  frozen", grouped(summary.parameters() - summary.trainable())},
                                                     {"Mult-adds", with_unit(summary.mult_adds())},
                                                     {"Input", megabytes(summary.input_bytes)},
                                                     {"Forward and backward", megabytes(summary.output_bytes())},
                                                     {"Weights", megabytes(summary.parameter_bytes())},
                                                     {"Together", megabytes(summary.total_bytes())}};
  std::string text = text_table(rows, {1, 3, 4}) + "\n" + text_table(totals, {1});
  text.pop_back();
  return text;
}

}  // namespace lumir::nn
