// The watch of each thread.

#include "nn/calls.h"

namespace lumir::nn {
namespace {

thread_local CallWatch* watching = nullptr;

}  // namespace

CallWatch::CallWatch() : before_(watching) { watching = this; }

CallWatch::~CallWatch() { watching = before_; }

CallWatch* CallWatch::current() { return watching; }

}  // namespace lumir::nn
