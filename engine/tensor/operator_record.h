// What LibTorch's operators do on this thread while a watch lives: which were called, with what, and what came out.
//
// LibTorch tells whoever asks of every operator that is dispatched. An operator that is made of others
// (CompositeImplicitAutograd) is recorded as those, unless it is known whole; what is inside the others is not looked at.
// Tensors are known by the place where they first came up, so that two records of the same steps have the same numbers.
//
//   OperatorWatch watch(inputs, {is_known, place});
//   const auto outputs = network(inputs);
//   watch.record().calls ...

#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>

namespace lumir::tensor {

/// A tensor as it was after one call. What is written into is another value from then on.
struct RecordedValue {
  at::Tensor tensor;
  int maker = -1;         // the call that made it; -1: it was there
  bool follows = false;   // it depends on what the inputs hold
  bool stale = false;     // its memory was changed by way of another tensor
  bool replaced = false;  // its tensor was written into: what that holds now is a later value
};

struct RecordedCall {
  const c10::FunctionSchema* schema;
  std::vector<c10::IValue> arguments;
  std::vector<int> read;  // values, for each tensor among the arguments in order; -1: undefined
  std::vector<int> made;  // the same of what came out
  std::string place;      // what `place` said
  bool known;
};

struct OperatorRecord {
  std::vector<RecordedValue> values;
  std::vector<RecordedCall> calls;
  /// Why the calls do not say all that was done, the first reason: a number that was read out of what depends on the
  /// inputs, memory that was written into by way of another tensor. Empty: they do.
  std::string problem;
};

class OperatorWatch {
 public:
  struct Questions {
    std::function<bool(const std::string& name)> known;  // "aten::linear": recorded whole
    std::function<std::string()> place;                  // where the calls come from, for errors
  };
  /// Begins: `inputs` are the first values.
  OperatorWatch(const std::vector<at::Tensor>& inputs, Questions questions);
  ~OperatorWatch();
  OperatorWatch(const OperatorWatch&) = delete;
  OperatorWatch& operator=(const OperatorWatch&) = delete;

  /// The value that a tensor is now.
  int value_of(const at::Tensor& tensor);
  /// What was recorded so far.
  const OperatorRecord& record() const { return record_; }

 private:
  struct Open {
    RecordedCall call;
    bool whole;
  };
  static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function);
  static void end(const at::RecordFunction& function, at::ObserverContext*);
  void begin_call(const at::RecordFunction& function);
  void end_call(const at::RecordFunction& function);
  int add(const at::Tensor& tensor, int maker, bool follows);
  void write_into(const RecordedCall& call);
  void note_problem(const RecordedCall& call, const std::string& what);
  RecordedValue& value(int place) { return record_.values[static_cast<size_t>(place)]; }
  bool follows_inputs(const RecordedCall& call) const;

  Questions questions_;
  OperatorRecord record_;
  std::vector<Open> open_;
  size_t wholes_ = 0;  // of those that are open
  std::unordered_map<const c10::TensorImpl*, int> now_;
  std::unordered_map<const void*, std::vector<int>> sharing_;  // values by the memory that they stand on
  OperatorWatch* outer_;
  at::CallbackHandle callback_;
};

/// True while this thread's operators are recorded: what does without operators must use them then.
bool records_operators();

/// All tensors of a value in order: one, or a list; undefined ones too.
std::vector<at::Tensor> tensors_in(const c10::IValue& value);

}  // namespace lumir::tensor
