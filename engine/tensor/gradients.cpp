// LibTorch's engine of derivatives, its errors in words, its own watch for NaN, and what is
// left of a graph behind it.

#include "tensor/gradients.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <regex>

#include <ATen/record_function.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "tensor/anomaly.h"
#include "tensor/messages.h"

namespace lumir::tensor {
namespace {

/// Which nodes of a graph were worked on last, by name: LibTorch's error has the name only.
class LastNodes {
 public:
  void note(const std::string& name, int64_t number) {
    const std::lock_guard lock(guard_);
    numbers_[name] = static_cast<uint64_t>(number);
  }
  uint64_t number(const std::string& name) {
    const std::lock_guard lock(guard_);
    return numbers_[name];
  }

 private:
  std::mutex guard_;  // another device's nodes are worked on in another thread
  std::map<std::string, uint64_t> numbers_;
};
LastNodes& last_nodes() {
  static LastNodes nodes;
  return nodes;
}

std::unique_ptr<at::ObserverContext> note_node(const at::RecordFunction& node) {
  last_nodes().note(node.name(), node.seqNr());
  return nullptr;
}

/// Has LibTorch look for NaN behind each node, for one backward pass: during a forward pass its mode would note a
/// backtrace for each call.
class NodeWatch {
 public:
  NodeWatch()
      : callback_(at::addThreadLocalCallback(
            at::RecordFunctionCallback(note_node).scopes({at::RecordScope::BACKWARD_FUNCTION}))) {}
  ~NodeWatch() { at::removeCallback(callback_); }
  NodeWatch(const NodeWatch&) = delete;
  NodeWatch& operator=(const NodeWatch&) = delete;

 private:
  at::CallbackHandle callback_;
  torch::autograd::DetectAnomalyGuard guard_;
};

/// "OwnGradient" of "torch::autograd::CppNode<lumir::tensor::OwnGradient>"; LibTorch's own have plain names.
std::string plain(std::string node) {
  if (node.ends_with('>')) node.pop_back();
  return node.substr(node.rfind(':') + 1);
}

std::string in_words_of_gradients(const std::string& message) {
  static const std::regex pattern("Function '([^']+)' returned nan values in its (\\d+)th output");
  std::smatch match;
  if (std::regex_search(message, match, pattern)) {
    return "the gradient of " + gradient_in_words(plain(match[1].str()), last_nodes().number(match[1].str()));
  }
  if (message.find("appears to not have been used in the graph") != std::string::npos) {
    return "one of the inputs was not used; { allow_unused = true } gives nil for it";
  }
  return in_words(message);
}

struct Freed : Error {
  Freed() : Error("an earlier backward has freed this graph; it needs { retain_graph = true } there") {}
};

/// LibTorch frees the tensors that a graph has kept and leaves the nodes, some kilobytes a loss, to
/// whoever holds the result. Here it becomes a tensor on its own, which refuses to be gone through again,
/// as the used up graph would.
void let_go(at::Tensor result) {
  if (result.is_leaf() || result.is_view()) return;
  result.detach_();
  result.requires_grad_(true);
  result.register_hook([](const at::Tensor&) { throw Freed(); });
}

void run(const std::string& who, const std::function<void()>& pass) {
  std::optional<NodeWatch> watch;
  if (watches_anomalies()) watch.emplace();
  try {
    pass();
  } catch (const Freed& problem) {
    throw ArgumentError(who + ": " + problem.what());
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& problem) {
    throw ArgumentError(who + ": " + in_words_of_gradients(problem.what_without_backtrace()));
  } catch (const std::runtime_error& problem) {
    if (!watch) throw;
    throw ArgumentError(who + ": " + in_words_of_gradients(problem.what()));
  }
}

}  // namespace

bool is_of_anomalies(const std::string& warning) {
  return warning.starts_with("Error detected in ") || warning.starts_with("This mode should be enabled only for debug");
}

void backward(const at::Tensor& of, const at::Tensor& weights, const BackwardOptions& options, const std::string& who) {
  const bool retain = options.retain_graph || options.create_graph;
  run(who, [&] { of.backward(weights, retain, options.create_graph); });
  if (!retain) let_go(of);
}

std::vector<at::Tensor> derivatives(const std::vector<at::Tensor>& outputs, const std::vector<at::Tensor>& inputs,
                                    const std::vector<at::Tensor>& weights, const BackwardOptions& options,
                                    bool allow_unused, const std::string& who) {
  std::vector<at::Tensor> found;
  run(who, [&] {
    found = torch::autograd::grad(outputs, inputs, weights, options.retain_graph || options.create_graph,
                                  options.create_graph, allow_unused);
  });
  return found;
}

}  // namespace lumir::tensor
