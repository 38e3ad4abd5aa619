// What Python's torch.save writes, in each of its three forms, and plain pickles: read as data, no code is run.
//
//   Pickled file = load_pickled("crnn.pth");
//
// - zip, since 1.6: data.pkl is the pickle, data/KEY the bytes of each storage;
// - a stream of pickles before, with the storages behind them;
// - a tar archive before 0.1.10, with storages and tensors in members of their own.
// All else in them (a device, a hook, what requires a gradient) is left out: tensors come to the CPU.

#pragma once

#include <string>
#include <string_view>

#include "tensor/pickle_value.h"

namespace lumir::tensor {

/// By what is in the file. Throws Error with the path where it cannot be opened.
bool is_pickled(const std::string& path);
/// Throws Error with the path for what is not whole and for a name outside of the list (tensor/pickle_names.h). Memory:
/// a small multiple of the file's size.
Pickled load_pickled(const std::string& path);
/// What a stream of pickles in memory holds, which stands on those bytes.
Item load_stream(Pickled& into, std::string_view stream);

}  // namespace lumir::tensor
