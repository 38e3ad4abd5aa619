// Pickles spoilt in the ways that matter to who reads them; the same ones for the same seed.

#pragma once

#include <string>

#include "core/random.h"

namespace lumir::tests {

/// Changes a pickle (or a file that holds one) and says how: "codes put in".
std::string spoil_pickle(std::string& bytes, Random& random);

}  // namespace lumir::tests
