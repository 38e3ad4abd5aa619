// See operator_record.h. Exceptions must not leave LibTorch's callbacks: it would only log them.

// LibTorch's libraries are built with NDEBUG, and a RecordFunction of theirs has no member that tells whether its inputs
// may be read.
#ifndef NDEBUG
#define NDEBUG
#endif

#include "tensor/operator_record.h"

#include <algorithm>
#include <utility>

#include <ATen/core/dispatch/Dispatcher.h>

#include "tensor/unrecorded.h"

namespace lumir::tensor {
namespace {

thread_local OperatorWatch* current = nullptr;

/// What makes a number or a truth of a tensor's numbers.
bool reads_numbers(const std::string& name) {
  return name == "aten::item" || name == "aten::equal" || name == "aten::allclose";
}

/// Memory that someone fills by other means than operators.
bool gives_memory(const std::string& name) { return name.starts_with("aten::empty") || name == "aten::new_empty"; }

std::vector<at::Tensor> tensors_of(const std::vector<c10::IValue>& values) {
  std::vector<at::Tensor> all;
  for (const auto& value : values) {
    for (const auto& tensor : tensors_in(value)) all.push_back(tensor);
  }
  return all;
}

/// What stands on the same memory.
const void* memory_of(const at::Tensor& tensor) {
  return tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
}

}  // namespace

std::vector<at::Tensor> tensors_in(const c10::IValue& value) {
  if (value.isTensor()) return {value.toTensor()};
  if (value.isTensorList()) return value.toTensorVector();
  std::vector<at::Tensor> all;
  if (!value.isList()) return all;
  for (const c10::IValue& one : value.toListRef()) {
    if (one.isTensor()) all.push_back(one.toTensor());
    if (one.isNone()) all.emplace_back();
  }
  return all;
}

bool records_operators() { return current != nullptr; }

Unrecorded::Unrecorded() : watch_(std::exchange(current, nullptr)) {}
Unrecorded::~Unrecorded() { current = watch_; }

OperatorWatch::OperatorWatch(const std::vector<at::Tensor>& inputs, Questions questions)
    : questions_(std::move(questions)), outer_(current) {
  for (const auto& input : inputs) add(input, -1, true);
  current = this;
  callback_ = at::addThreadLocalCallback(
      at::RecordFunctionCallback(begin, end).needsInputs(true).needsOutputs(true).scopes({at::RecordScope::FUNCTION}));
}

OperatorWatch::~OperatorWatch() {
  at::removeCallback(callback_);
  current = outer_;
}

std::unique_ptr<at::ObserverContext> OperatorWatch::begin(const at::RecordFunction& function) {
  if (current) current->begin_call(function);
  return nullptr;
}

void OperatorWatch::end(const at::RecordFunction& function, at::ObserverContext*) {
  if (current) current->end_call(function);
}

int OperatorWatch::add(const at::Tensor& tensor, int maker, bool follows) {
  const auto place = static_cast<int>(record_.values.size());
  record_.values.push_back({tensor, maker, follows});
  now_[tensor.unsafeGetTensorImpl()] = place;
  if (const void* memory = memory_of(tensor)) sharing_[memory].push_back(place);
  return place;
}

int OperatorWatch::value_of(const at::Tensor& tensor) {
  if (!tensor.defined()) return -1;
  const auto found = now_.find(tensor.unsafeGetTensorImpl());
  return found != now_.end() ? found->second : add(tensor, -1, false);
}

void OperatorWatch::begin_call(const at::RecordFunction& function) {
  const auto name = function.operator_name();
  const auto handle = name ? c10::Dispatcher::singleton().findSchema(*name) : std::nullopt;
  Open open{{handle ? &handle->schema() : nullptr, {}, {}, {}, "", false}, false};
  if (handle && wholes_ == 0) {
    open.call.known = questions_.known(name->name);
    open.whole = open.call.known || !handle->hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
    const auto inputs = function.inputs();
    open.call.arguments.assign(inputs.begin(), inputs.end());
    open.call.place = questions_.place();
    for (const auto& tensor : tensors_of(open.call.arguments)) open.call.read.push_back(value_of(tensor));
    for (const int one : open.call.read) {
      if (one < 0 || !value(one).stale) continue;
      note_problem(open.call, "reads what was written into by way of another tensor on the same memory");
    }
  }
  wholes_ += open.whole;
  open_.push_back(std::move(open));
}

/// What the call has written into is another value now, and what else stands on that memory is not what it was.
void OperatorWatch::write_into(const RecordedCall& call) {
  const auto& arguments = call.schema->arguments();
  for (size_t i = 0; i < std::min(arguments.size(), call.arguments.size()); ++i) {
    const auto* alias = arguments[i].alias_info();
    if (!alias || !alias->isWrite()) continue;
    for (const auto& tensor : tensors_in(call.arguments[i])) {
      if (!tensor.defined()) continue;
      const int before = value_of(tensor);
      for (const int other : sharing_[memory_of(tensor)]) value(other).stale |= other != before;
      value(before).replaced = true;
    }
  }
}

void OperatorWatch::note_problem(const RecordedCall& call, const std::string& what) {
  if (!record_.problem.empty()) return;
  record_.problem = (call.place.empty() ? "" : call.place + ": ") + call.schema->name() + " " + what;
}

bool OperatorWatch::follows_inputs(const RecordedCall& call) const {
  return std::any_of(call.read.begin(), call.read.end(),
                     [this](int one) { return one >= 0 && record_.values[static_cast<size_t>(one)].follows; });
}

void OperatorWatch::end_call(const at::RecordFunction& function) {
  if (open_.empty()) return;
  Open open = std::move(open_.back());
  open_.pop_back();
  wholes_ -= open.whole;
  if (wholes_ > 0 || !open.call.schema) return;
  RecordedCall& call = open.call;
  const bool follows = follows_inputs(call);
  if (follows && reads_numbers(call.schema->name())) {
    note_problem(call, "reads a number out of what follows from the input, on which a graph cannot branch");
  }
  if (!open.whole) return;  // its parts are recorded
  write_into(call);
  const bool made = !gives_memory(call.schema->name());
  const int maker = made ? static_cast<int>(record_.calls.size()) : -1;
  for (const auto& tensor : tensors_of(function.outputs())) {
    call.made.push_back(tensor.defined() ? add(tensor, maker, follows) : -1);
  }
  if (made) record_.calls.push_back(std::move(call));
}

}  // namespace lumir::tensor
