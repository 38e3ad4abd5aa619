// Classes of networks that are written in another language: whoever runs that language builds them.

#pragma once

#include <functional>

#include "nn/module.h"

namespace lumir::nn {

/// Builds a network of such a class from the options of its description. Throws ArgumentError where it cannot.
using BuildClass = std::function<ModulePtr(const Map& options)>;

/// While one lives, make_module and clone ask it for classes that are not registered here.
class BuildClassScope {
 public:
  explicit BuildClassScope(BuildClass build);
  ~BuildClassScope();
  BuildClassScope(const BuildClassScope&) = delete;
  BuildClassScope& operator=(const BuildClassScope&) = delete;

 private:
  BuildClass before_;
};

}  // namespace lumir::nn
