// Memory that is asked for in large pages, where the system has them: fewer of them are found, cleared and looked up.

#pragma once

#include <cstddef>
#include <vector>

namespace lumir {

/// So many zeros. Worth while from some ten megabytes on.
std::vector<double> zeros_in_large_pages(size_t count);

}  // namespace lumir
