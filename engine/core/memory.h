// How the process gets its memory.

#pragma once

namespace lumir {

/// Keeps freed blocks of up to 32 MB for the next clip, batch or matrix of that size. Otherwise each goes back to the
/// system, and its pages are cleared anew when it is asked for again: a fifth of the time of decoding short files.
/// Called once, when the program starts; does nothing where malloc has no such setting.
void keep_freed_memory();

}  // namespace lumir
