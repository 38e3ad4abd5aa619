// Which kernels are asked for: so that a test can tell what ran.

#pragma once

#include <set>
#include <string>

namespace lumir::signal {

/// While it lives, names of kernels that best() is asked for, by any thread, are noted. One at a time.
class AskedKernels {
 public:
  AskedKernels();
  ~AskedKernels();
  AskedKernels(const AskedKernels&) = delete;
  AskedKernels& operator=(const AskedKernels&) = delete;
  std::set<std::string> names() const;
};

}  // namespace lumir::signal
