// Networks that answer for rows of tables.

#include "nn/network.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>

#include "core/interrupt.h"
#include "core/readable.h"
#include "data/batches.h"
#include "nn/with_hook.h"
#include "tensor/convert.h"
#include "tensor/show.h"
#include "tensor/worked_on.h"

namespace lumir::nn {
namespace {

struct NetworkOptions {
  ModulePtr module;
  int n_classes = 0;
  std::string target = "classes";
  int batch_size = 32;
  static Schema schema() {
    return {
        Option{"module", &NetworkOptions::module, "what answers", kArgument},
        Option{"n_classes", &NetworkOptions::n_classes,
               "that it tells apart, or tags or numbers; those of its data unless given", kNonNegative},
        Option{"target", &NetworkOptions::target,
               "what its outputs are: softmax makes shares of classes of them, a sigmoid those of tags, numbers stay "
               "as they are",
               Choices{"classes", "tags", "numbers"}},
        Option{"batch_size", &NetworkOptions::batch_size, "rows that it answers for at once", Range{1}}};
  }
};

/// The numbers that a batch of rows gave, into a matrix of all rows; those of each row must be as many.
void place(const at::Tensor& numbers, const std::vector<int>& rows, size_t all, Matrix& matrix,
           const std::string& who) {
  const Matrix found = tensor::to_matrix(numbers.cpu(), "network");
  if (matrix.rows == 0) matrix = Matrix(all, found.columns);
  if (found.columns != matrix.columns) {
    throw ArgumentError(who + ": gives " + std::to_string(matrix.columns) + " numbers for one row and " +
                        std::to_string(found.columns) + " for another; rows of one length go together");
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(found.row(i).begin(), found.columns, matrix.row(static_cast<size_t>(rows[i])).begin());
  }
}

ModulePtr last_with_weights(const ModulePtr& module) {
  ModulePtr last;
  for (const auto& one : all_of(module)) {
    if (!one.module->slots().empty()) last = one.module;
  }
  return last;
}

class Network final : public model::Described<model::Estimator, NetworkOptions> {
 public:
  using Described::Described;
  bool is(model::Role role) const override {
    return role == (target() == Target::numbers ? model::Role::regressor : model::Role::classifier);
  }
  bool fitted() const override { return true; }
  std::string title() const override { return module().title(); }
  std::string settings() const override {
    const auto count = static_cast<long>(count_parameters(module()));
    return count > 0 ? show_count(count) + " parameters" : "";  // of what only looks on nothing is to be said
  }
  State state() const override { return module().state(); }
  using Estimator::answer;
  using Estimator::seen;
  model::Predictions answer(const data::Table& table) const override;
  /// What the last module with weights gets: the embedding.
  Matrix seen(const data::Table& table) const override;
  /// What a part of it gives.
  Matrix given_by(Module& part, const data::Table& table) const;
  const ModulePtr& held() const { return option().module; }
  void set_classes() { n_classes_ = option().n_classes; }

 protected:
  void fit_rows(const model::Training&) override {
    throw ArgumentError("fit: a network is trained by nn.fit, or by a loop of its own");
  }
  void load_state(const State& state) override {
    module().load_state(state, name());
    set_classes();
  }
  model::Predictions answer_rows(const Matrix& x) const override {
    data::Table table;
    table.x = x;
    return answer(table);
  }

 private:
  /// Which of the tensors that pass through a part counts.
  using Chosen = std::function<at::Tensor(const Flow& input, const Flow& output)>;
  Matrix passing(Module& part, const data::Table& table, const std::string& fault, const Chosen& chosen) const;
  Target target() const {
    if (option().target == name_of(Target::tags)) return Target::tags;
    return option().target == name_of(Target::numbers) ? Target::numbers : Target::classes;
  }
  /// [rows, n_classes] in float64: shares, or numbers.
  at::Tensor answers_from(at::Tensor outputs) const;
  Module& module() const { return *option().module; }
  template <class Use>
  void each_batch(const data::Table& table, Use use) const {
    each_answer(module(), data::TensorRows(table), option().batch_size, use);
  }
};

at::Tensor Network::answers_from(at::Tensor outputs) const {
  if (n_classes_ == 0) {
    throw ArgumentError(title() + ": what its classes are called is not known: evaluate it on data with labels first");
  }
  if (target() == Target::numbers && n_classes_ == 1 && outputs.dim() == 1) outputs = outputs.unsqueeze(1);
  if (outputs.dim() != 2 || outputs.size(1) != n_classes_) {
    constexpr const char* each[] = {"", "one score for each class", "one score for each tag", "its numbers"};
    throw ArgumentError(title() + ": gives " + tensor::show_shape(outputs.sizes()) + " for a batch, where [rows, " +
                        std::to_string(n_classes_) + "] is " + each[static_cast<int>(target())]);
  }
  at::Tensor answers = outputs.to(at::kDouble);
  if (target() == Target::classes) answers = at::softmax(answers, 1);
  if (target() == Target::tags) answers = at::sigmoid(answers);
  if (answers.isnan().any().item<bool>()) {
    throw ArgumentError(title() + ": gives scores that are no numbers; its weights or the data hold NaN or infinity");
  }
  return answers;
}

model::Predictions Network::answer(const data::Table& table) const {
  model::Predictions answers;
  each_batch(table, [&](const data::Batch& batch, const at::Tensor& outputs) {
    place(answers_from(outputs), batch.rows, table.rows(), answers.scores, title());
  });
  if (target() == Target::classes) answers.predicted = model::highest(answers.scores);
  if (target() == Target::numbers) answers.kind = ScoreKind::decisions;
  return answers;
}

Matrix Network::seen(const data::Table& table) const {
  const ModulePtr last = last_with_weights(option().module);
  if (!last) throw ArgumentError(title() + ": has no weights");
  return passing(*last, table, "its last module with weights, " + last->show() + ", does not get",
                 [](const Flow& input, const Flow&) { return input.tensors.at(0); });
}

Matrix Network::given_by(Module& part, const data::Table& table) const {
  return passing(part, table, part.show() + " does not give",
                 [](const Flow&, const Flow& output) { return output.tensors.at(0); });
}

Matrix Network::passing(Module& part, const data::Table& table, const std::string& fault, const Chosen& chosen) const {
  Matrix rows;
  at::Tensor seen;  // of a batch: where the module is called several times, what passed last
  const WithHook watching(part, [&](Module&, const Flow& input, const Flow& output) { seen = chosen(input, output); });
  each_batch(table, [&](const data::Batch& batch, const at::Tensor& scores) {
    if (!seen.defined() || seen.dim() == 0 || seen.size(0) != scores.size(0)) {
      throw ArgumentError(title() + ": " + fault + " a row for each row of a batch");
    }
    place(seen.flatten(1).to(at::kDouble), batch.rows, table.rows(), rows, title() + ": " + part.show());
    seen = at::Tensor();
  });
  return rows;
}

const model::RegisterEstimator<Network> network{
    "nn",
    "Network",
    {.summary =
         "A network as an Estimator, with predict, scores and save: the same weights, not a copy. What evaluate and "
         "reports take; they make it by themselves where a network is given.",
     .returns = "an Estimator",
     .example = "nn.Network(nn.Linear(2, 2))",
     .source = "Lumir's own"}};

void note_modes(const Module& module, std::vector<std::pair<ModulePtr, bool>>& modes) {
  for (const auto& child : module.children()) {
    modes.emplace_back(child.module, child.module->training());
    note_modes(*child.module, modes);
  }
}

/// What a network that was trained or judged on a table knows of its data.
model::Model knowledge_of(const data::Table& table) {
  model::Model about;
  about.chain = table.chain;
  about.columns = table.columns;
  about.classes = table.classes;
  about.label = table.label;
  about.target = table.target;
  about.synthetic = table.synthetic;
  about.songs = table.songs;
  return about;
}

}  // namespace

Judging::Judging(Module& module) : module_(module), mode_(module.training()), gradients_(at::GradMode::is_enabled()) {
  note_modes(module, modes_);
  module.train(false);
  at::GradMode::set_enabled(false);
}

Judging::~Judging() {
  at::GradMode::set_enabled(gradients_);
  module_.train(mode_);
  for (const auto& [child, mode] : modes_) child->train(mode);
}

void each_answer(Module& module, const data::TensorRows& rows, int batch_size,
                 const std::function<void(const data::Batch&, const at::Tensor&)>& use) {
  const Judging judging(module);
  const auto slots = slots_of(module);
  for (const auto& slot : slots) {
    if (slot.tensor->defined()) continue;
    throw ArgumentError(module.title() + ": '" + slot.name +
                        "' has no size yet: no batch went through the network so far");
  }
  const auto device = slots.empty() ? at::Device(at::kCPU) : slots.front().tensor->device();
  data::each_even_batch(rows, batch_size, [&](const data::Batch& batch) {
    const bool flat = batch.x.dim() == 2;
    const auto answer = [&] {
      const tensor::WorkingOn scope({.flat_rows = flat ? batch.x.size(0) : 0});
      return module(batch.x.to(device));
    };
    use(batch, answer());
  });
}

ModulePtr find_part(const ModulePtr& network, const std::string& path, const std::string& who) {
  std::vector<std::string> paths;
  for (const auto& one : all_of(network)) {
    if (one.name == path) return one.module;
    if (!one.name.empty()) paths.push_back(one.name);
  }
  throw ArgumentError(who + ": " + network->title() + " has no layer " + show(Value(path)) + did_you_mean(path, paths) +
                      "; net:named_modules() has all");
}

Matrix outputs_of(const model::Model& model, const std::string& path, const data::Table& table,
                  const std::string& who) {
  const auto* network = dynamic_cast<const Network*>(model.estimator.get());
  if (!network) throw ArgumentError(who + ": 'layer' = '" + path + "' is one of a network, and the model is none");
  return network->given_by(*find_part(network->held(), path, who), table);
}

model::Model model_of(const ModulePtr& module, const data::Table* table, Map options) {
  model::Model model = module->about() ? *module->about() : model::Model{};
  if (table && !knows_data(*module)) {
    model = knowledge_of(*table);
    model.fit_seconds = fit_seconds(*module);
  }
  options["module"] = Value(std::make_shared<const std::any>(module));
  options.emplace("n_classes", static_cast<int>(model.classes.size()));
  options.emplace("target", name_of(model.target));
  model.estimator = model::make_estimator("nn.Network", options);
  static_cast<Network&>(*model.estimator).set_classes();
  return model;
}

bool knows_data(const Module& module) {
  const auto& about = module.about();
  return about && (about->songs || about->chain || !about->columns.empty() || !about->classes.empty());
}

double fit_seconds(const Module& module) { return module.about() ? module.about()->fit_seconds : 0; }

void set_fit_seconds(Module& module, double seconds) {
  model::Model about = module.about() ? *module.about() : model::Model{};
  about.fit_seconds = seconds;
  module.set_about(std::make_shared<const model::Model>(std::move(about)));
}

void remember(Module& module, const data::Table& table) {
  model::Model about = knowledge_of(table);
  about.fit_seconds = fit_seconds(module);
  module.set_about(std::make_shared<const model::Model>(std::move(about)));
}

void remember_judged(Module& module, const data::Table& table) {
  if (!knows_data(module)) return remember(module, table);
  const model::Model& known = *module.about();
  if (!known.chain || !table.chain || !model::draws(known.chain) || model::draws(table.chain)) return;
  if (!model::chain_difference(known, table.chain).empty()) return;
  model::Model about = known;
  about.chain = table.chain;
  module.set_about(std::make_shared<const model::Model>(std::move(about)));
}

void remember(Module& module, const data::Dataset& dataset) {
  data::Table table;
  table.chain = dataset.chain();
  table.classes = dataset.classes();
  table.label = dataset.label();
  if (dataset.target() != Target::none) table.target = dataset.target();
  table.synthetic = dataset.synthetic();
  table.songs = std::make_shared<const data::Dataset>(dataset);
  remember(module, table);
}

void set_thresholds(Module& module, const std::vector<double>& thresholds) {
  model::Model about = module.about() ? *module.about() : model::Model{};
  about.thresholds = thresholds;
  module.set_about(std::make_shared<const model::Model>(std::move(about)));
}

ModulePtr module_of(const model::Model& model) {
  const auto* network = dynamic_cast<const Network*>(model.estimator.get());
  return network ? network->held() : nullptr;
}

}  // namespace lumir::nn
