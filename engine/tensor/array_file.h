// Arrays in and out of files that others read too: .npy and .npz (NumPy's), .safetensors.
//
//   NamedArrays file;
//   file.arrays["x"] = array;
//   file.texts["columns"] = {{2}, {"rms_mean", "tempo"}};
//   save_arrays("table.npz", file, "save");
//
// A .npy file holds one array, whose name is empty. Texts are NumPy's arrays of str ('<U12'); bytes that are no UTF-8
// go there and come back as Python spells file names ("surrogateescape").

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/state.h"

namespace lumir::tensor {

/// Words of any shape, row-major.
struct Texts {
  std::vector<int64_t> shape;
  std::vector<std::string> words;
};

struct NamedArrays {
  State arrays;
  std::map<std::string, Texts> texts;
};

/// By the ending of the path; an .npz is compressed where `compressed`. Throws ArgumentError, begun by `who`, for
/// another ending and for what the format has no place for (bfloat16 in NumPy's, texts in safetensors), Error on a full
/// disk. Equal contents give equal bytes.
void save_arrays(const std::string& path, const NamedArrays& contents, const std::string& who, bool compressed = false);
/// By what is in the file, not by its name. Numbers of .npy, of .npz that is not compressed, and of .safetensors stand
/// on the mapped file, in the order of their rows. Throws Error with the path for what is not whole, and for Python
/// objects: reading runs no code.
NamedArrays load_arrays(const std::string& path);

}  // namespace lumir::tensor
