// What is known of the singers of artist20: their sex, and of synthetic ones the range of their voice too.

#pragma once

#include "data/layout.h"

namespace lumir::data {

/// By the list singers.csv (artist,sex,voice), where there is one: a sample's, or one's own; else the sexes of the twenty
/// acts. Throws Error where the list is none.
KnownOfMakers known_of_singers(const std::string& list);

}  // namespace lumir::data
