// A hook as long as somebody needs it.

#pragma once

#include <utility>

#include "nn/module.h"

namespace lumir::nn {

class WithHook {
 public:
  WithHook(Module& module, Module::Hook hook) : module_(module), number_(module.add_hook(std::move(hook))) {}
  ~WithHook() { module_.remove_hook(number_); }
  WithHook(const WithHook&) = delete;
  WithHook& operator=(const WithHook&) = delete;

 private:
  Module& module_;
  int number_;
};

}  // namespace lumir::nn
