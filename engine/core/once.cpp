// Which session is running, and what it was told.

#include "core/once.h"

#include <atomic>

#include "core/observer.h"

namespace lumir {
namespace {

Told of_process;
std::atomic<Told*> current{&of_process};

}  // namespace

bool Told::first(const std::string& line) {
  const std::lock_guard lock(guard_);
  return lines_.insert(line).second;
}

ToldScope::ToldScope(Told& told) : before_(current.exchange(&told)) {}
ToldScope::~ToldScope() { current = before_; }

void warn_once(const std::string& line) {
  if (current.load()->first(line)) observer().warn(line);
}

}  // namespace lumir
