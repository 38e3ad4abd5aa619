// Sharing out: how many each of several parts gives.

#pragma once

#include <cstddef>
#include <vector>

namespace lumir::data {

/// How many each part of such a size gives where `total` are shared out in proportion: largest remainders first.
std::vector<size_t> share_out(const std::vector<size_t>& sizes, size_t total);

}  // namespace lumir::data
