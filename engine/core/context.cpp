// Places and their numbers. What comes first has the number of its row, so that a chain which draws once, in epoch 0,
// draws by the recording alone.

#include "core/context.h"

namespace lumir {
namespace {

constexpr uint64_t kGolden = 0x9e3779b97f4a7c15u, kCopies = 0xd1b54a32d192ed03u, kEpochs = 0xaef17502108ef2d9u;

}  // namespace

Context Context::copy(uint64_t k) const {
  Context other = *this;
  if (k > 0) other.place = mixed(place + kCopies * k);
  return other;
}

Context Context::step(uint64_t k) const {
  Context other = *this;
  if (k > 0) other.place = mixed(place + kGolden * k);
  return other;
}

Context Context::piece(uint64_t i) const {
  Context other = *this;
  other.row = mixed(key() + kGolden * (i + 1));
  other.place = 0;
  return other;
}

uint64_t Context::key() const {
  uint64_t number = row.value_or(0);
  if (place > 0) number = mixed(number ^ place);
  if (epoch > 0) number = mixed(number + kEpochs * epoch);
  return number;
}

}  // namespace lumir
