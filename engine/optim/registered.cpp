// Optimisers and schedules in words.

#include "optim/registered.h"

namespace lumir::optim {

std::string Registered::show() const {
  const Map given = options();
  std::string text;
  for (const auto& parameter : entry_->parameters) {
    const auto found = given.find(parameter.name);
    if (found == given.end() || found->second == parameter.default_value) continue;
    text += (text.empty() ? "" : ", ") + parameter.name + " = " + lumir::show(found->second);
  }
  return name() + (text.empty() ? "" : " { " + text + " }");
}

}  // namespace lumir::optim
