// Networks that answer for rows of tables.

#include "nn/network.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/softmax.h>

#include "core/interrupt.h"
#include "data/batches.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct NetworkOptions {
  ModulePtr module;
  int n_classes = 0;
  int batch_size = 32;
  static Schema schema() {
    return {Option{"module", &NetworkOptions::module, "what answers", kRequired},
            Option{"n_classes", &NetworkOptions::n_classes, "that it tells apart", kNonNegative},
            Option{"batch_size", &NetworkOptions::batch_size, "rows that it answers for at once", Range{1}}};
  }
};

class Network final : public model::Described<model::Estimator, NetworkOptions> {
 public:
  using Described::Described;
  bool is(model::Role role) const override { return role == model::Role::classifier; }
  bool fitted() const override { return true; }
  State state() const override { return module().state(); }
  model::Predictions answer(const data::Table& table) const override;
  const ModulePtr& held() const { return option().module; }
  void set_classes() { n_classes_ = option().n_classes; }

 protected:
  void fit_rows(const model::Training&) override {
    throw ArgumentError("fit: a network is trained by nn.fit, or by a loop of its own");
  }
  void load_state(const State& state) override {
    module().load(state, name());
    set_classes();
  }
  model::Predictions answer_rows(const Matrix& x) const override {
    data::Table table;
    table.x = x;
    return answer(table);
  }
  bool is_finite(const std::string&) const override { return false; }

 private:
  Module& module() const { return *option().module; }
  void append(const at::Tensor& scores, model::Predictions& answers) const;
};

void Network::append(const at::Tensor& scores, model::Predictions& answers) const {
  if (scores.dim() != 2 || scores.size(1) != n_classes_) {
    throw ArgumentError(module().name() + ": gives " + tensor::show_shape(scores.sizes()) + " for a batch, where [rows, " +
                        std::to_string(n_classes_) + "] is one score for each class");
  }
  const Matrix rows = tensor::to_matrix(at::softmax(scores.to(at::kDouble), 1).cpu(), name());
  answers.scores.columns = rows.columns;
  answers.scores.rows += rows.rows;
  answers.scores.values.insert(answers.scores.values.end(), rows.values.begin(), rows.values.end());
}

model::Predictions Network::answer(const data::Table& table) const {
  const Judging judging(module());
  const auto slots = slots_of(module());
  const auto device = slots.empty() ? at::Device(at::kCPU) : slots.front().tensor->device();
  model::Predictions answers;
  const data::TensorRows rows(table);
  std::vector<at::Tensor> run;
  const auto flush = [&] {
    if (run.empty()) return;
    check_interrupt();
    append(module()(data::stack(run, 0).x.to(device)), answers);
    run.clear();
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    at::Tensor row = rows.at(i, 0);
    // no row is padded, so none is judged by what is not in it
    if (run.size() == static_cast<size_t>(option().batch_size) || (!run.empty() && run[0].sizes() != row.sizes())) {
      flush();
    }
    run.push_back(std::move(row));
  }
  flush();
  answers.predicted = model::highest(answers.scores);
  return answers;
}

const model::RegisterEstimator<Network> network{
    "nn",
    "Network",
    {.summary = "A network as a model: what evaluate, reports and model files take. Made by itself where one is given.",
     .returns = "a model",
     .example = "nn.Linear(2, 2)",
     .source = "Lumir's own"}};

void note_modes(const Module& module, std::vector<std::pair<ModulePtr, bool>>& modes) {
  for (const auto& child : module.children()) {
    modes.emplace_back(child.module, child.module->training());
    note_modes(*child.module, modes);
  }
}

}  // namespace

Judging::Judging(Module& module)
    : module_(module), mode_(module.training()), gradients_(at::GradMode::is_enabled()) {
  note_modes(module, modes_);
  module.train(false);
  at::GradMode::set_enabled(false);
}

Judging::~Judging() {
  at::GradMode::set_enabled(gradients_);
  module_.train(mode_);
  for (const auto& [child, mode] : modes_) child->train(mode);
}

model::Model model_of(const ModulePtr& module) {
  model::Model model = module->about();
  const auto held = std::make_shared<const std::any>(module);
  model.estimator = model::make_estimator(
      "nn.Network", {{"module", Value(held)}, {"n_classes", static_cast<int>(model.classes.size())}});
  static_cast<Network&>(*model.estimator).set_classes();
  return model;
}

void remember(Module& module, const data::Table& table) {
  model::Model& about = module.about();
  if (!about.classes.empty()) return;
  about.chain = table.chain;
  about.columns = table.columns;
  about.classes = table.classes;
  about.label = table.label;
  about.target = table.target;
  about.synthetic = table.synthetic;
  about.songs = table.songs;
}

ModulePtr module_of(const model::Model& model) {
  const auto* network = dynamic_cast<const Network*>(model.estimator.get());
  return network ? network->held() : nullptr;
}

}  // namespace lumir::nn
