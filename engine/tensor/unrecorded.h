// Operators that no record need hold: checks of what comes in, on which no result depends.

#pragma once

namespace lumir::tensor {

class OperatorWatch;

/// Whoever watches this thread's operators (tensor/operator_record.h) sees none as long as this lives.
class Unrecorded {
 public:
  Unrecorded();
  ~Unrecorded();
  Unrecorded(const Unrecorded&) = delete;
  Unrecorded& operator=(const Unrecorded&) = delete;

 private:
  OperatorWatch* watch_;
};

}  // namespace lumir::tensor
