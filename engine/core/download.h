// Files from the net: over http and https, by FFmpeg's client, which the program has anyway.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace lumir {

/// Gets what an address gives into a file. What the file holds already counts as its beginning: a download that broke
/// off goes on, or begins anew where the server gives no parts. `told` hears how many bytes are there and how many there
/// will be (0: not known). Throws ArgumentError for an address of another kind, Error with the address where it is out of
/// reach, ends too early or has more than `most` bytes.
void download(const std::string& address, const std::string& path, uint64_t most,
              const std::function<void(uint64_t done, uint64_t total)>& told);

}  // namespace lumir
