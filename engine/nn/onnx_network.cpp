// Finds out which axes can change, traces, writes.
//
// LibTorch is not asked for random numbers here: exporting must not change what is drawn next.

#include "nn/onnx_network.h"

#include <algorithm>
#include <functional>
#include <set>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>

#include "core/error.h"
#include "core/interrupt.h"
#include "data/tensor_rows.h"
#include "data/words.h"
#include "model/onnx_file.h"
#include "model/transform_step.h"
#include "nn/network.h"
#include "nn/onnx_call.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

using model::OnnxGraph;
using model::OnnxShape;

/// An axis of an input.
using Axis = std::pair<size_t, int64_t>;
/// Axes that are called alike and are always of one size.
struct Group {
  std::string name;
  std::vector<Axis> axes;
};
using Groups = std::vector<Group>;

/// How inputs enter a graph, and what becomes of what comes out.
struct Ends {
  std::function<std::string(OnnxGraph&, const NamedShape&, ElementType)> enter;
  std::function<void(OnnxGraph&, const std::vector<std::string>&, const std::vector<NamedShape>&,
                     const std::vector<ElementType>&)>
      leave;
};

ElementType element_of(const at::Tensor& tensor) {
  return tensor::to_array(tensor.flatten().narrow(0, 0, 0), "onnx").type();
}

std::vector<std::string> names_for(const std::vector<std::string>& given, size_t count, const std::string& kind,
                                   const std::string& who) {
  if (given.empty()) {
    std::vector<std::string> names;
    for (size_t i = 1; i <= count; ++i) names.push_back(count == 1 ? kind : kind + "_" + std::to_string(i));
    return names;
  }
  if (given.size() == count) return given;
  throw ArgumentError(who + ": '" + kind + "_names' are " + std::to_string(given.size()) + ", the network has " +
                      std::to_string(count) + " " + kind + (count == 1 ? "" : "s"));
}

class Exporter {
 public:
  Exporter(ModulePtr module, Tensors example, const OnnxOptions& options, Ends ends, std::string who)
      : module_(std::move(module)),
        example_(std::move(example)),
        options_(options),
        ends_(std::move(ends)),
        who_(std::move(who)),
        input_names_(names_for(options.input_names, example_.size(), "input", who_)) {}

  OnnxExport run(const std::map<std::string, std::string>& words) {
    check_sizes();
    check_names(options_.output_names);
    const Groups groups = options_.dynamic_axes ? asked_for() : found();
    build(groups);
    made_.bytes = model::onnx_bytes(graph_, words);
    return std::move(made_);
  }

 private:
  /// Throws ArgumentError for a weight that has no size yet.
  void check_sizes() const;
  /// Throws ArgumentError where two of what goes in, comes out and is a weight have one name, or one has none.
  void check_names(const std::vector<std::string>& output_names) const;
  Groups asked_for() const;
  Groups found();
  /// Whether the network can be written with these groups; notes why it cannot.
  bool can(const Groups& groups, const Axis& axis);
  void build(const Groups& groups);
  at::Tensor varied(size_t input, const Groups& groups, size_t run) const;
  OnnxShape named(const Wholes& shape, const Groups& groups, const std::string& of) const;
  int64_t size_of(const Axis& axis) const { return example_[axis.first].size(axis.second); }
  std::string default_name(const Axis& axis) const {
    return axis == Axis{0, 0} ? "batch" : input_names_[axis.first] + "_" + std::to_string(axis.second + 1);
  }

  ModulePtr module_;
  Tensors example_;
  const OnnxOptions& options_;
  Ends ends_;
  std::string who_;
  std::vector<std::string> input_names_;
  OnnxGraph graph_;
  OnnxExport made_;
};

/// The size of a group in a run: of a batch a few more, of other axes twice and three times as many. No two
/// groups change alike, so that each is known by its sizes.
int64_t size_in(int64_t size, bool batch, size_t group, size_t run) {
  const auto number = static_cast<int64_t>(group), step = static_cast<int64_t>(run);
  if (batch) return std::max<int64_t>(size, 2) + step * (number + 1) + (step == 2 ? 2 * number + 1 : 0);
  return size * (step + 1) + step * (number + 1) + (step == 2 ? number : 0);
}

/// The example with other sizes, and other numbers near those that it has: of the same sign, so that a
/// logarithm takes them, too.
at::Tensor Exporter::varied(size_t input, const Groups& groups, size_t run) const {
  at::Tensor x = example_[input].detach();
  for (size_t g = 0; g < groups.size(); ++g) {
    for (const auto& [of, axis] : groups[g].axes) {
      if (of != input) continue;
      const int64_t size = size_in(size_of(groups[g].axes.front()), groups[g].axes.front().second == 0, g, run);
      x = x.index_select(axis, at::arange(size, at::kLong).to(x.device()) % x.size(axis));
    }
  }
  if (!x.is_floating_point()) return x.contiguous();
  const at::Tensor counts = at::arange(x.numel(), at::kDouble) * 12.9898 + static_cast<double>(run) * 78.233;
  const at::Tensor drawn = (at::sin(counts) * 43758.5453).frac().abs().reshape(x.sizes()).to(x.options());
  return at::where(x == 0, drawn * 1e-3, x * (drawn * 0.1 + 0.95));
}

OnnxShape Exporter::named(const Wholes& shape, const Groups& groups, const std::string& of) const {
  OnnxShape sizes;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i].fixed()) {
      sizes.emplace_back(shape[i].seen[0]);
      continue;
    }
    std::string name = of + "_" + std::to_string(i + 1);
    for (size_t g = 0; g < groups.size(); ++g) {
      Whole size;
      const Axis& first = groups[g].axes.front();
      for (size_t run = 0; run < kTraceRuns; ++run) size.seen[run] = size_in(size_of(first), first.second == 0, g, run);
      if (size == shape[i]) name = groups[g].name;
    }
    sizes.emplace_back(name);
  }
  return sizes;
}

void Exporter::build(const Groups& groups) {
  std::array<Tensors, kTraceRuns> inputs;
  for (size_t run = 0; run < kTraceRuns; ++run) {
    for (size_t i = 0; i < example_.size(); ++i) inputs[run].push_back(varied(i, groups, run));
  }
  const OnnxTrace trace(module_, inputs, has_onnx_form, who_);
  graph_ = OnnxGraph();
  graph_.reserve(input_names_);
  graph_.reserve(options_.output_names);
  made_.inputs.clear();
  made_.outputs.clear();
  std::vector<std::string> values;
  for (size_t i = 0; i < example_.size(); ++i) {
    made_.inputs.push_back({input_names_[i], named(trace.shape(static_cast<int>(i)), groups, input_names_[i])});
    values.push_back(ends_.enter(graph_, made_.inputs.back(), element_of(example_[i])));
  }
  const auto outputs = OnnxWriter(graph_, trace, values, who_).write();
  const auto names = names_for(options_.output_names, outputs.size(), "output", who_);
  check_names(names);
  std::vector<ElementType> types;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const int value = trace.outputs()[i];
    made_.outputs.push_back({names[i], named(trace.shape(value), groups, names[i])});
    types.push_back(element_of(trace.tensor_of(value)));
  }
  ends_.leave(graph_, outputs, made_.outputs, types);
}

void Exporter::check_names(const std::vector<std::string>& output_names) const {
  std::vector<std::string> names = input_names_;
  names.insert(names.end(), output_names.begin(), output_names.end());
  for (const auto& name : names) {
    if (name.empty()) throw ArgumentError(who_ + ": a name of an input or an output is ''");
  }
  for (const auto& part : all_of(module_)) {
    for (const auto& slot : part.module->slots()) {
      names.push_back(part.name.empty() ? slot.name : part.name + "." + slot.name);
    }
  }
  const std::string twice = data::first_repeated(names);
  if (twice.empty()) return;
  throw ArgumentError(who_ + ": '" + twice + "' is the name of more than one input, output or weight");
}

void Exporter::check_sizes() const {
  for (const auto& part : all_of(module_)) {
    for (const auto& slot : part.module->slots()) {
      if (slot.tensor->defined()) continue;
      throw ArgumentError(who_ + ": '" + slot.name + "' of " + part.module->title() +
                          " has no size yet: no batch went through the network so far");
    }
  }
}

Groups Exporter::asked_for() const {
  Groups groups;
  for (const auto& [input, axes] : *options_.dynamic_axes) {
    const auto found = std::find(input_names_.begin(), input_names_.end(), input);
    if (found == input_names_.end()) {
      if (std::find(options_.output_names.begin(), options_.output_names.end(), input) != options_.output_names.end()) {
        continue;  // what comes out follows
      }
      throw ArgumentError(who_ + ": 'dynamic_axes' names no input '" + input + "'");
    }
    const auto place = static_cast<size_t>(found - input_names_.begin());
    for (const auto& [axis, given] : axes) {
      if (axis < 0 || axis >= example_[place].dim()) {
        throw ArgumentError(who_ + ": 'dynamic_axes' of '" + input + "': there is no axis " + std::to_string(axis + 1) +
                            " in " + tensor::show_shape(example_[place].sizes()));
      }
      const Axis one{place, axis};
      const std::string usual = axis == 0 ? "batch" : default_name(one);
      const std::string name = given.empty() ? usual : given;
      const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& all) { return all.name == name; });
      if (same == groups.end()) {
        groups.push_back({name, {one}});
      } else {
        same->axes.push_back(one);
      }
    }
  }
  return groups;
}

bool Exporter::can(const Groups& groups, const Axis& axis) {
  const std::string why = options_.attempt([&] { build(groups); });
  if (!why.empty()) made_.fixed[input_names_[axis.first] + ", axis " + std::to_string(axis.second + 1)] = why;
  return why.empty();
}

/// One axis after the other, alone or with axes of other inputs that are of the same size.
Groups Exporter::found() {
  build({});
  Groups groups;
  std::set<Axis> taken;
  for (size_t input = 0; input < example_.size(); ++input) {
    for (int64_t axis = 0; axis < example_[input].dim(); ++axis) {
      const Axis one{input, axis};
      if (taken.contains(one) || size_of(one) == 0) continue;
      Group alone{default_name(one), {one}}, tied = alone;
      for (size_t other = input + 1; other < example_.size(); ++other) {
        for (int64_t place = 0; place < example_[other].dim(); ++place) {
          if (size_of({other, place}) == size_of(one)) tied.axes.emplace_back(other, place);
        }
      }
      for (const Group& group : {alone, tied}) {
        Groups tried = groups;
        tried.push_back(group);
        check_interrupt();
        if (!can(tried, one)) continue;
        groups = tried;
        for (const Axis& now : group.axes) {
          taken.insert(now);
          made_.fixed.erase(input_names_[now.first] + ", axis " + std::to_string(now.second + 1));
        }
        break;
      }
    }
  }
  return groups;
}

std::string list_text(const std::vector<std::string>& words) { return to_json(List(words.begin(), words.end())); }

/// What is said of a network in a file's metadata.
std::map<std::string, std::string> words_of(const ModulePtr& module) {
  std::map<std::string, std::string> words{{"model", module->title()}};
  if (!knows_data(*module)) return words;
  const model::Model& about = *module->about();
  words["classes"] = list_text(about.classes);
  words["label"] = about.label;
  if (!about.columns.empty()) words["columns"] = list_text(about.columns);
  if (about.chain) words["chain"] = show_step(about.chain);
  return words;
}

std::string enter_as_it_is(OnnxGraph& graph, const NamedShape& input, ElementType type) {
  return graph.input(input.name, type, input.shape);
}

void leave_as_it_is(OnnxGraph& graph, const std::vector<std::string>& values, const std::vector<NamedShape>& outputs,
                    const std::vector<ElementType>& types) {
  for (size_t i = 0; i < values.size(); ++i) graph.output(outputs[i].name, values[i], types[i], outputs[i].shape);
}

}  // namespace

OnnxExport onnx_of(const ModulePtr& module, const Tensors& example, const OnnxOptions& options,
                   const std::string& who) {
  return Exporter(module, example, options, {enter_as_it_is, leave_as_it_is}, who).run(words_of(module));
}

namespace {

/// A chain up to the fitted transformers that end it, and those.
struct Split {
  StepPtr head;
  std::vector<StepPtr> transformers;
};
Split split(const StepPtr& chain) {
  Split parts;
  auto steps = chain ? steps_of(chain) : std::vector<StepPtr>{};
  while (!steps.empty() && model::transformer_of(*steps.back())) {
    parts.transformers.insert(parts.transformers.begin(), steps.back());
    steps.pop_back();
  }
  if (!steps.empty()) parts.head = make_chain(steps);
  return parts;
}

/// What the head of a chain makes of the first song, or as many numbers as there are columns.
at::Tensor example_row(const model::Model& model, const StepPtr& head, const std::string& who) {
  if (head && model.songs && model.songs->has_sound() && model.songs->size() > 0) {
    std::any row = call_step(*head, model.songs->column("path").front());
    if (const auto* several = std::any_cast<Several>(&row)) row = std::any(several->at(0));
    return data::to_tensor(row, who).to(at::kFloat);
  }
  if (!model.columns.empty()) return at::ones({static_cast<int64_t>(model.columns.size())}, at::kFloat);
  throw ArgumentError(who + ": what rows this network takes is not known without the songs that it learnt from; " +
                      "torch.onnx.export(net, x, path) takes an example");
}

/// Rows of numbers, of any axes but the last, through the transformers.
std::string transformed(OnnxGraph& graph, const std::string& rows, int64_t columns, const Split& parts,
                        const std::string& who) {
  const auto list = [&](const std::vector<int64_t>& numbers) {
    return graph.constant(numbers, {static_cast<int64_t>(numbers.size())});
  };
  std::string flat = graph.to_double(graph.add("Reshape", {rows, list({-1, columns})}));
  for (const auto& step : parts.transformers) {
    flat = model::add_estimator(graph, *model::transformer_of(*step), flat, who).rows;
  }
  const std::string others = graph.add("Slice", {graph.add("Shape", {rows}), list({0}), list({-1})});
  const std::string shape = graph.add("Concat", {others, list({-1})}, {{"axis", 0}});
  return graph.cast(graph.add("Reshape", {flat, shape}), ElementType::float32);
}

/// The largest share's class, and the shares.
void leave_as_labels(OnnxGraph& graph, const std::string& value, const model::Model& model) {
  const std::string shares = graph.add("Softmax", {graph.to_double(value)}, {{"axis", 1}});
  const std::string place = graph.add("ArgMax", {shares}, {{"axis", 1}, {"keepdims", 0}});
  graph.output("label", graph.add("Gather", {graph.constant(model.classes), place}), std::nullopt,
               {std::string("batch")});
  graph.output("scores", shares, ElementType::float64,
               {std::string("batch"), static_cast<int64_t>(model.classes.size())});
}

}  // namespace

std::string onnx_of(const model::Model& model, const Attempt& attempt, const std::string& who) {
  const ModulePtr module = module_of(model);
  const auto n_classes = static_cast<int64_t>(model.classes.size());
  if (model.target != Target::classes || n_classes == 0) {
    throw ArgumentError(who + ": only a network that tells classes apart becomes a file of labels; " +
                        "torch.onnx.export(net, x, path) writes what any network gives");
  }
  const Split parts = split(model.chain);
  const at::Tensor row = example_row(model, parts.head, who);
  at::Tensor seen = row;
  for (const auto& step : parts.transformers) seen = std::any_cast<at::Tensor>(step->apply(std::any(seen)));
  const Ends ends{[&](OnnxGraph& graph, const NamedShape& input, ElementType type) {
                    if (parts.transformers.empty()) return graph.input(input.name, type, input.shape);
                    OnnxShape shape = input.shape;
                    shape.back() = row.size(-1);
                    const std::string rows = graph.input(input.name, ElementType::float32, shape);
                    return transformed(graph, rows, row.size(-1), parts, who);
                  },
                  [&](OnnxGraph& graph, const std::vector<std::string>& values, const std::vector<NamedShape>& outputs,
                      const std::vector<ElementType>&) {
                    const OnnxShape& shape = outputs.at(0).shape;
                    if (shape.size() != 2 || shape[1].number != n_classes) {
                      throw ArgumentError(who + ": " + module->title() + " does not give one score for each of its " +
                                          std::to_string(n_classes) + " classes");
                    }
                    leave_as_labels(graph, values.at(0), model);
                  }};
  OnnxOptions options;
  options.input_names = {"rows"};
  options.attempt = attempt;
  return Exporter(module, {seen.unsqueeze(0)}, options, ends, who).run(words_of(module)).bytes;
}

}  // namespace lumir::nn
