// Scopes, and whom to ask.

#include "tensor/worked_on.h"

#include <utility>

namespace lumir::tensor {
namespace {

thread_local const WorkedOn* innermost = nullptr;
WorkedOn (*ask_loops)() = nullptr;

}  // namespace

WorkedOn worked_on() {
  if (innermost) return *innermost;
  return ask_loops ? ask_loops() : WorkedOn{};
}

WorkingOn::WorkingOn(const WorkedOn& work) : work_(work), before_(std::exchange(innermost, &work_)) {}
WorkingOn::~WorkingOn() { innermost = before_; }

void ask_about_loops(WorkedOn (*loops)()) { ask_loops = loops; }

}  // namespace lumir::tensor
