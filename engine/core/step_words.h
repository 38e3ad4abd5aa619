// How steps print whose options are too long to be read: a network within a chain.

#pragma once

#include <functional>
#include <string>

#include "core/step.h"

namespace lumir {

/// What stands between the braces in place of options: "layer 'embedding', 1,024 parameters".
using StepWords = std::function<std::string(const Step& step)>;
/// For every step of this entry, wherever a chain is shown.
void register_step_words(const Entry& entry, StepWords words);

}  // namespace lumir
