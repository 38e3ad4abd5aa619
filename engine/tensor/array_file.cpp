// The three formats, each by its ending when written and by its first bytes when read.

#include "tensor/array_file.h"

#include <algorithm>

#include "core/error.h"
#include "core/file.h"
#include "core/mapped_file.h"
#include "tensor/npy.h"
#include "tensor/safetensors.h"
#include "tensor/torch_file.h"
#include "tensor/zip.h"

namespace lumir::tensor {
namespace {

constexpr std::string_view kMember = ".npy";  // what NumPy adds to the names in an .npz

void save_npy(const std::string& path, const NamedArrays& contents, const std::string& who) {
  if (contents.arrays.size() + contents.texts.size() != 1) {
    throw ArgumentError(who + ": 'path' = '" + path + "': an .npy file holds one array (write .npz or .safetensors)");
  }
  if (!contents.texts.empty()) {
    write_file(path, to_npy(contents.texts.begin()->second));
    return;
  }
  const Array& array = contents.arrays.begin()->second;
  const std::string head = npy_head(array, who);
  const std::string_view pieces[] = {head, {reinterpret_cast<const char*>(array.bytes().data()), array.bytes().size()}};
  write_file(path, pieces);
}

void save_npz(const std::string& path, const NamedArrays& contents, const std::string& who, bool compressed) {
  std::vector<Part> parts;
  for (const auto& [name, array] : contents.arrays) {
    parts.push_back({name + std::string(kMember), npy_head(array, who), array.bytes()});
  }
  for (const auto& [name, texts] : contents.texts) {
    if (contents.arrays.contains(name)) throw std::logic_error("two arrays are called " + name);
    parts.push_back({name + std::string(kMember), to_npy(texts), {}});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.name < b.name; });
  write_zip(path, parts, compressed);
}

void save_named(const std::string& path, const NamedArrays& contents, const std::string& who) {
  if (!contents.texts.empty()) {
    throw ArgumentError(who + ": '" + contents.texts.begin()->first +
                        "' is text, which has no place in a .safetensors file (write .npz)");
  }
  for (const auto& [name, array] : contents.arrays) {
    if (array.type() != ElementType::complex128) continue;
    throw ArgumentError(who + ": '" + name + "' is complex128, which has no place in a .safetensors file (write .npz)");
  }
  save_safetensors(path, {contents.arrays, {}});
}

NamedArrays load_npz(const std::string& path) {
  NamedArrays contents;
  const Archive archive(path);
  const auto names = archive.names();
  for (size_t i = 0; i < names.size(); ++i) {
    const Member member = archive.read(i);
    std::string name = names[i];
    if (name.ends_with(kMember)) name.resize(name.size() - kMember.size());
    read_npy(path + ": '" + name + "'", name, member.bytes, member.owner, contents);
  }
  return contents;
}

NamedArrays load_npy(const std::string& path) {
  const MappedFile file(path);
  NamedArrays contents;
  read_npy(path, "", file.bytes(), file.owner(), contents);
  return contents;
}

}  // namespace

void save_arrays(const std::string& path, const NamedArrays& contents, const std::string& who, bool compressed) {
  if (compressed && !path.ends_with(".npz")) {
    throw ArgumentError(who + ": 'path' = '" + path + "': only .npz is compressed");
  }
  if (path.ends_with(".npy")) {
    save_npy(path, contents, who);
  } else if (path.ends_with(".npz")) {
    save_npz(path, contents, who, compressed);
  } else if (path.ends_with(".safetensors")) {
    save_named(path, contents, who);
  } else {
    throw ArgumentError(who + ": 'path' = '" + path + "' must end in .npy, .npz or .safetensors");
  }
}

NamedArrays load_arrays(const std::string& path) {
  if (is_pickled(path))
    throw Error(path + ": is what torch.save of Python writes, no file of arrays: torch.load reads it");
  std::string begin;
  {
    const MappedFile file(path);
    begin = file.text().substr(0, kNpyMagic.size());
  }
  if (begin.empty()) throw Error(path + ": an empty file");
  if (begin == kNpyMagic) return load_npy(path);
  if (begin.starts_with("PK")) return load_npz(path);
  return {load_safetensors(path).arrays, {}};
}

}  // namespace lumir::tensor
