// Classes of networks that are written in another language: whoever runs that language builds them.

#pragma once

#include <functional>

#include "nn/module.h"

namespace lumir::nn {

/// Where such a network runs: in the session of whoever asks, or apart from it, where any thread may call it while no
/// other does.
enum class Runs { here, apart };

/// Builds a network of such a class from the options of its description. Throws ArgumentError where it cannot.
using BuildClass = std::function<ModulePtr(const Map& options, Runs where)>;

/// While one lives, make_module and clone ask it for classes that are not registered here.
class BuildClassScope {
 public:
  explicit BuildClassScope(BuildClass build);
  ~BuildClassScope();
  BuildClassScope(const BuildClassScope&) = delete;
  BuildClassScope& operator=(const BuildClassScope&) = delete;

 private:
  BuildClass before_;
  Runs where_;
};

/// While one lives, what is built of such classes runs apart.
class ApartScope {
 public:
  ApartScope();
  ~ApartScope();
  ApartScope(const ApartScope&) = delete;
  ApartScope& operator=(const ApartScope&) = delete;

 private:
  Runs before_;
};

}  // namespace lumir::nn
