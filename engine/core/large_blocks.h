// Large blocks of memory, such as tensors, in a place of their own.
//
// Malloc puts small pieces wherever there is room, into the block of a tensor that was freed, too. Whoever keeps
// such a piece (the node of a graph behind a loss) keeps the next tensor of that size from standing there: loops
// that keep their losses grew by up to half. Here only blocks stand, so what one step frees the next one takes.

#pragma once

#include <cstddef>

namespace lumir {

/// From so many bytes on a block is large, and below this much: larger ones come from the
/// system, and go back to it.
inline constexpr size_t kLeastLarge = size_t{32} << 10, kMostLarge = size_t{1} << 30;

/// A block at a multiple of 64 bytes; null where the system has no room for them (a limit on addresses, say).
void* take_large_block(size_t bytes);
/// Whether a block is one of these.
bool is_large_block(const void* block);
size_t size_of_large_block(void* block);
/// Keeps up to 2 GB for the next ones.
void free_large_block(void* block);

/// Bytes of those that are taken now.
size_t large_block_bytes();

}  // namespace lumir
