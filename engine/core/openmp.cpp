// What libgomp reads when it is loaded.

#include "core/openmp.h"

#include <cstdlib>

namespace lumir {

void let_waiting_threads_sleep() {
  if (!std::getenv("GOMP_SPINCOUNT")) setenv("OMP_WAIT_POLICY", "passive", 0);
}

}  // namespace lumir
