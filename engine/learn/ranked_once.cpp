// See ranked_once.h.

#include "learn/ranked_once.h"

#include <map>
#include <mutex>

namespace lumir::learn {
namespace {

struct Shared {
  std::once_flag made;
  std::shared_ptr<const RankedColumns> ranking = nullptr;
  int users = 0;
};

std::mutex guard;

/// Kept for good: threads may still fit while the program ends.
std::map<const Matrix*, std::shared_ptr<Shared>>& shared() {
  static auto& all = *new std::map<const Matrix*, std::shared_ptr<Shared>>;
  return all;
}

}  // namespace

RankedOnce::RankedOnce(const Matrix& x) : x_(x) {
  const std::lock_guard lock(guard);
  auto& one = shared()[&x];
  if (!one) one = std::make_shared<Shared>();
  ++one->users;
}

RankedOnce::~RankedOnce() {
  const std::lock_guard lock(guard);
  const auto one = shared().find(&x_);
  if (--one->second->users == 0) shared().erase(one);
}

std::shared_ptr<const RankedColumns> ranked(const Matrix& x) {
  std::shared_ptr<Shared> one;
  {
    const std::lock_guard lock(guard);
    if (const auto found = shared().find(&x); found != shared().end()) one = found->second;
  }
  if (!one) return std::make_shared<const RankedColumns>(x);
  std::call_once(one->made, [&] { one->ranking = std::make_shared<const RankedColumns>(x); });
  return one->ranking;
}

}  // namespace lumir::learn
