// The pooling that follows a norm or a convolution, which their kernels do at once.

#pragma once

#include <cstdint>
#include <optional>

namespace lumir::nn {

/// Places of a picture beside each other, of which the largest number of each channel is kept.
struct Blocks {
  int64_t height = 1, width = 1;
};

/// A layer that pools.
class Pools {
 public:
  /// The blocks of pictures whose largest numbers it gives, one block behind the other; nothing: it does otherwise.
  virtual std::optional<Blocks> blocks() const = 0;

 protected:
  ~Pools() = default;
};

}  // namespace lumir::nn
