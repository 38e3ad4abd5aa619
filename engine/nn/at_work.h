// The modules that are at work on this thread: who watches operators learns from them where in a network they are called.

#pragma once

#include <vector>

namespace lumir::nn {

class Module;

/// A module at work as long as this lives.
class AtWork {
 public:
  explicit AtWork(const Module& module) { all().push_back(&module); }
  ~AtWork() { all().pop_back(); }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;
  /// Outermost first.
  static std::vector<const Module*>& all() {
    thread_local std::vector<const Module*> modules;
    return modules;
  }
};

}  // namespace lumir::nn
