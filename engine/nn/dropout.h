// What the three dropouts share.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

struct DropoutOptions {
  double p = 0.5;
  static Schema schema() {
    return {Option{"p", &DropoutOptions::p, "how likely one is set to zero in training", Range{0, 1}, kPlace}};
  }
};

}  // namespace lumir::nn
