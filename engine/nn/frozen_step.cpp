// Networks within chains: batches of rows of one shape, from any thread, one batch at a time.

#include "nn/frozen_step.h"

#include <chrono>
#include <map>
#include <mutex>
#include <set>

#include <ATen/core/grad_mode.h>

#include "core/cache.h"
#include "core/codec.h"
#include "core/hash.h"
#include "core/readable.h"
#include "core/step_words.h"
#include "data/batches.h"
#include "data/tensor_rows.h"
#include "feature/plan/frames.h"
#include "nn/classes.h"
#include "nn/description.h"
#include "nn/with_hook.h"
#include "tensor/convert.h"
#include "tensor/worked_on.h"

namespace lumir::nn {
namespace {

constexpr const char* kMethod = "step";

struct StepOptions : FrozenOptions {
  Value network;
  std::string weights, layer;
  static Schema schema() {
    using S = StepOptions;
    return extend(FrozenOptions::schema(), Option{"network", &S::network, "what answers", Kind{"table"}, kRequired},
                  Option{"weights", &S::weights, "sha256 of what it has learnt", kRequired},
                  Option{"layer", &S::layer, "the part whose output it is; '': the network's own"});
  }
};

/// Under their names with their types, shapes and numbers.
std::string hash_of(const State& state) {
  Sha256 hash;
  for (const auto& [name, array] : state) {
    std::string line = name + " " + std::to_string(static_cast<int>(array.type()));
    for (const int64_t size : array.shape()) line += " " + std::to_string(size);
    hash.add(line + "\n");
    hash.add(array.bytes());
  }
  return hash.finish();
}

void write_state(const State& state, Writer& to) {
  to.number<uint64_t>(state.size());
  for (const auto& [name, array] : state) {
    to.text(name);
    to.number(array.type());
    to.array(std::span(array.shape()));
    to.array(array.bytes());
  }
}

State read_state(Reader from) {
  State state;
  for (auto left = from.number<uint64_t>(); left > 0; --left) {
    const std::string name = from.text();
    const auto type = from.number<ElementType>();
    const auto shape = from.array<int64_t>();
    state.emplace(name, Array(type, {shape.begin(), shape.end()}, from.array<std::byte>(), from.owner()));
  }
  return state;
}

/// What the cache calls them.
std::string weights_key(const std::string& weights) { return "frozen weights " + weights; }

bool has_weights(const std::string& weights) {
  return cache().map(weights_key(weights), /*known_whole=*/true).has_value();
}

void write_weights(const std::string& weights, const State& state) {
  const auto entry = cache().start(weights_key(weights));
  if (!entry) return;
  write_state(state, *entry);
  if (entry->finish()) cache().flush();
}

/// The modules of a Sequential's description that come before the end of one at a path, that one with them. Of other
/// modules nothing can be left out: the part in it is listened to.
Value cut(const Value& network, const std::string& path, const std::string& layer) {
  const std::string* name = network["name"].text();
  if (path.empty() || !name || *name != "nn.Sequential") return network;
  Map whole = *network.map();
  Map options = *network["options"].map();
  const List modules = options["modules"].list() ? *options["modules"].list() : List{};
  const List names = options["names"].list() ? *options["names"].list() : List{};
  std::vector<std::string> known;
  for (size_t i = 0; i < modules.size(); ++i) {
    const std::string head = names.empty() ? std::to_string(i) : *names[i].text();
    known.push_back(head);
    if (head.empty() || (path != head && !path.starts_with(head + "."))) continue;
    List kept(modules.begin(), modules.begin() + static_cast<long>(i) + 1);
    kept.back() = cut(kept.back(), path == head ? "" : path.substr(head.size() + 1), layer);
    options["modules"] = kept;
    if (!names.empty()) options["names"] = List(names.begin(), names.begin() + static_cast<long>(i) + 1);
    whole["options"] = options;
    return whole;
  }
  throw ArgumentError(std::string(kMethod) + ": the network has no layer " + show(Value(layer)) +
                      did_you_mean(path, known));
}

void check_freezable(const ModulePtr& network) {
  for (const auto& part : all_of(network)) {
    if (part.module->name() == "Lambda") {
      throw ArgumentError(std::string(kMethod) +
                          ": a Lambda holds a function of this session, and steps run beside it; a class that is "
                          "written with nn.Module can be a step");
    }
    for (const auto& slot : part.module->slots()) {
      if (slot.tensor->defined()) continue;
      throw ArgumentError(std::string(kMethod) + ": '" + slot.name + "' of " + part.module->title() +
                          " has no size yet: no batch went through the network so far");
    }
  }
}

/// A network that several steps share. Its parts keep what they have worked out, so one batch is in it at a time,
/// whichever step it comes from.
struct Shared {
  Shared(ModulePtr made, std::string sha, std::string code)
      : network(std::move(made)), weights(std::move(sha)), sources(std::move(code)) {}
  const ModulePtr network;
  const std::string weights;  // their sha256
  const std::string sources;  // of its parts; those that run apart only one thread may ask
  std::mutex guard;
  std::chrono::steady_clock::time_point kept;  // when the cache had the weights last
};
using SharedPtr = std::shared_ptr<Shared>;

/// Sees to it that other processes find the weights in the cache, from which goes first what was used longest ago.
void keep_weights(Shared& shared) {
  shared.kept = std::chrono::steady_clock::now();
  if (has_weights(shared.weights)) return;
  const State state = shared.network->state();
  if (hash_of(state) == shared.weights) write_weights(shared.weights, state);  // Lua may have changed its buffers
}

/// Networks of this process by weights, device and description.
class Networks {
 public:
  SharedPtr find(const StepOptions& options) {
    const std::lock_guard lock(guard_);
    const auto known = known_.find(key_of(options));
    return known == known_.end() ? nullptr : known->second.lock();
  }
  void keep(const StepOptions& options, const SharedPtr& shared) {
    const std::lock_guard lock(guard_);
    std::erase_if(known_, [](const auto& one) { return one.second.expired(); });
    known_[key_of(options)] = shared;
  }

 private:
  static std::string key_of(const StepOptions& options) {
    return options.weights + options.device + to_json(options.network);
  }
  std::mutex guard_;
  std::map<std::string, std::weak_ptr<Shared>> known_;
};

Networks& networks() {
  static Networks all;
  return all;
}

std::string sources_of(const ModulePtr& network) {
  std::set<std::string> sources;
  for (const auto& part : all_of(network)) {
    const Module& module = *part.module;
    sources.insert(module.title() + " " + std::to_string(module.entry().words.version) + " " + module.source());
  }
  std::string all;
  for (const auto& source : sources) all += "\n" + source;
  return all;
}

/// The part at a path within a network, where what lies behind it could not be cut off; null where the network ends
/// with it.
ModulePtr part_within(const ModulePtr& network, const std::string& layer) {
  ModulePtr last = network;
  std::string path;
  while (path != layer && last->name() == "Sequential" && !last->children().empty()) {
    const NamedModule end = last->children().back();
    path += (path.empty() || end.name.empty() ? "" : ".") + end.name;
    last = end.module;
  }
  if (path == layer) return nullptr;
  std::vector<std::string> known;
  for (const auto& part : all_of(network)) {
    if (part.name == layer) return part.module;
    known.push_back(part.name);
  }
  throw ArgumentError(std::string(kMethod) + ": the network has no layer " + show(Value(layer)) +
                      did_you_mean(layer, known));
}

/// One of the same code that steps have already; else this one, for answers only, where it is asked for.
SharedPtr settled(const ModulePtr& network, const StepOptions& options) {
  const std::string sources = sources_of(network);
  if (auto known = networks().find(options); known && known->sources == sources) return known;
  network->train(false);
  network->freeze(true);
  network->to(tensor::device_of(options.device, kMethod), std::nullopt);
  const auto shared = std::make_shared<Shared>(network, options.weights, sources);
  networks().keep(options, shared);
  return shared;
}

SharedPtr network_of(const StepOptions& options) {
  if (auto known = networks().find(options)) return known;
  const std::string who = "frozen: weights of sha256 " + options.weights;
  const auto entry = cache().map(weights_key(options.weights));
  if (!entry) {
    throw Error(who + " are not in the cache (" + cache().folder() +
                "); net:step of the network that has them puts them there");
  }
  const ApartScope scope;
  const UndrawnScope undrawn;
  const ModulePtr network = make_module(options.network);
  network->load_state(read_state(Reader(*entry)), who);
  if (hash_of(network->state()) != options.weights) {
    throw Error(who + " are others in a " + network->title() + " that is made here");
  }
  return settled(network, options);
}

class FrozenStep final : public Step {
 public:
  FrozenStep(const Entry& entry, const StepOptions& options, SharedPtr shared)
      : Step(entry, write_options(options)),
        options_(options),
        shared_(std::move(shared)),
        part_(part_within(shared_->network, options.layer)) {
    const std::lock_guard lock(shared_->guard);
    keep_weights(*shared_);
  }

  std::any apply(const std::any& input, const Context& context) const override {
    return std::move(apply_batch({&input, 1}, {&context, 1})[0]);
  }
  std::vector<std::any> apply_batch(std::span<const std::any> inputs, std::span<const Context>) const override;
  size_t batch_size() const override { return static_cast<size_t>(options_.batch_size); }
  /// Neither how many go at once nor where changes what it is; who made it, what it has learnt and the layer, by which
  /// numbers are called, do.
  std::string key() const override;
  /// What tells one network from another, and not all that it is made of.
  std::string words() const;

 private:
  at::Tensor answer(const at::Tensor& batch) const;
  at::Tensor heard(const at::Tensor& batch) const;
  std::any result(const at::Tensor& row) const;
  StepOptions options_;
  SharedPtr shared_;
  ModulePtr part_;  // what is listened to; null: the network itself
};

std::string FrozenStep::key() const {
  return name() + " " + options_.weights + " " + to_json(options_.network) + " " + options_.layer + " " +
         source_hash(entry().file) + shared_->sources;
}

std::string FrozenStep::words() const {
  std::string words = options_.layer.empty() ? "" : "layer '" + options_.layer + "', ";
  const auto count = static_cast<long>(count_parameters(*shared_->network));
  return words + show_count(count) + " parameters, sha " + options_.weights.substr(0, 8);
}

/// Of the part that is listened to what it gave last.
at::Tensor FrozenStep::heard(const at::Tensor& batch) const {
  if (!part_) return (*shared_->network)(batch);
  at::Tensor given;
  const WithHook listening(*part_,
                           [&given](Module&, const Flow&, const Flow& output) { given = output.tensors.at(0); });
  (*shared_->network)(batch);
  if (given.defined()) return given;
  throw ArgumentError("frozen: '" + options_.layer + "' is no part of what " + shared_->network->title() + " does");
}

at::Tensor FrozenStep::answer(const at::Tensor& batch) const {
  const std::lock_guard lock(shared_->guard);  // the network's own threads share the work
  if (std::chrono::steady_clock::now() - shared_->kept > std::chrono::minutes(1)) keep_weights(*shared_);
  const at::NoGradGuard no_gradients;
  const tensor::WorkingOn scope({.flat_rows = batch.dim() == 2 ? batch.size(0) : 0});
  const at::Tensor answers = heard(batch.to(tensor::device_of(options_.device, kMethod))).cpu();
  if (answers.dim() > 0 && answers.size(0) == batch.size(0)) return answers;
  throw ArgumentError("frozen: " + shared_->network->title() + " gives no row for each row of a batch");
}

/// A list of numbers is a row for learners and networks alike.
std::any FrozenStep::result(const at::Tensor& row) const {
  if (row.dim() != 1) return row.clone();
  feature::Description description;
  const at::Tensor numbers = row.to(at::kDouble).contiguous();
  const double* const first = numbers.const_data_ptr<double>();
  description.values.assign(first, first + numbers.numel());
  const std::string called = options_.layer.empty() ? "output" : options_.layer;
  const size_t width = std::to_string(numbers.numel()).size();
  for (int64_t i = 1; i <= numbers.numel(); ++i) {
    const std::string number = std::to_string(i);
    description.names.push_back(called + "_" + std::string(width - number.size(), '0') + number);
  }
  return description;
}

std::vector<std::any> FrozenStep::apply_batch(std::span<const std::any> inputs, std::span<const Context>) const {
  std::map<std::vector<int64_t>, std::vector<size_t>> alike;  // rows of one shape: none is padded
  std::vector<at::Tensor> rows;
  for (size_t i = 0; i < inputs.size(); ++i) {
    rows.push_back(data::to_tensor(inputs[i], "frozen").to(at::kFloat));
    alike[rows[i].sizes().vec()].push_back(i);
  }
  std::vector<std::any> results(inputs.size());
  for (const auto& [shape, places] : alike) {
    for (size_t first = 0; first < places.size(); first += batch_size()) {
      const size_t n = std::min(batch_size(), places.size() - first);
      std::vector<at::Tensor> together;
      for (size_t i = first; i < first + n; ++i) together.push_back(rows[places[i]]);
      const at::Tensor answers = answer(data::stack(together, 0).x);
      for (size_t i = 0; i < n; ++i) {
        results[places[first + i]] = result(answers.select(0, static_cast<int64_t>(i)));
      }
    }
  }
  return results;
}

/// A copy of as much of a network as is described, as other processes will make it: in float32.
ModulePtr trunk_of(Module& network, const Value& description) {
  const UndrawnScope undrawn;
  const ModulePtr trunk = make_module(description);
  check_as_made(kMethod, network, *trunk);
  std::set<std::string> names;
  for (const auto& slot : named_slots_of(*trunk)) names.insert(slot.name);
  State state = network.state();
  std::erase_if(state, [&](const auto& array) { return !names.contains(array.first); });
  trunk->load_state(state, kMethod);
  return trunk;
}

const Entry& entry_of_step() {
  static const Entry& entry =
      register_entry("nn", "frozen",
                     {.summary = "What a part of a network that learns no more gives for each row: net:step makes it.",
                      .returns = "a row of numbers where the part gives one, else a Tensor",
                      .example = "nn.Sequential { nn.Linear(2, 2) }:step()",
                      .source = "Lumir's own",
                      .input = "row"},
                     schema_of<StepOptions>());
  return entry;
}

const bool registered = [] {
  register_step(entry_of_step(), [](const Map& options) -> StepPtr {
    const auto read = read_options<StepOptions>(options, entry_of_step().name);
    return std::make_shared<FrozenStep>(entry_of_step(), read, network_of(read));
  });
  register_step_words(entry_of_step(), [](const Step& step) { return static_cast<const FrozenStep&>(step).words(); });
  return true;
}();

}  // namespace

Schema FrozenOptions::schema() {
  using S = FrozenOptions;
  return {Option{"batch_size", &S::batch_size, "rows of one shape that go through the network at once", Range{1}},
          Option{"device", &S::device, "where it works: 'cpu', 'cuda' or 'auto'"}};
}

StepPtr frozen_step(const ModulePtr& network, const std::string& layer, const FrozenOptions& options) {
  check_freezable(network);
  const ApartScope scope;
  StepOptions all;
  static_cast<FrozenOptions&>(all) = options;
  all.layer = layer;
  all.network = cut(network->description(), layer, layer);
  const ModulePtr trunk = trunk_of(*network, all.network);
  const State state = trunk->state();
  all.weights = hash_of(state);
  if (!has_weights(all.weights)) write_weights(all.weights, state);
  return std::make_shared<FrozenStep>(entry_of_step(), all, settled(trunk, all));
}

}  // namespace lumir::nn
