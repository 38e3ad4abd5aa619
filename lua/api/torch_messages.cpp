// LibTorch's errors and warnings in Lumir's words.

#include <cstdio>
#include <exception>
#include <string>

#include <c10/util/Exception.h>

#include "bind/bind.h"
#include "tensor/anomaly.h"
#include "tensor/gradients.h"
#include "tensor/messages.h"

namespace lumir::lua {
namespace {

/// LibTorch's errors without their backtraces, in one line.
std::string torch_message(const std::exception& problem) {
  if (const auto* error = dynamic_cast<const c10::Error*>(&problem)) {
    return tensor::in_words(error->what_without_backtrace());
  }
  const std::string text = problem.what();  // a number too large for a type is no c10::Error
  return text.find("c10::") == std::string::npos ? "" : tensor::in_words(text);
}
const bool filtered = (add_message_filter(torch_message), true);

/// LibTorch's warnings as ours look.
struct Warnings final : c10::WarningHandler {
  void process(const c10::Warning& warning) override {
    if (tensor::watches_anomalies() && tensor::is_of_anomalies(warning.msg())) return;
    std::fprintf(stderr, "warning: %s\n", tensor::in_words(warning.msg()).c_str());
  }
};
Warnings warnings;
const bool warned = (c10::WarningUtils::set_warning_handler(&warnings), true);

}  // namespace
}  // namespace lumir::lua
