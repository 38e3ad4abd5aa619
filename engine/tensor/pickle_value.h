// What Python pickled, as far as it is data: objects in one store, which name each other by number.
//
// None holds another by address, so that a list that holds itself, or lists that nest a million deep, are built and let
// go as any others. Text stands on the file's bytes.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/state.h"

namespace lumir::tensor {

struct KnownName;

/// An object, by its number in the store.
enum class Ref : uint32_t {};
/// Python's None, bool, int, float, or an object.
using Item = std::variant<std::monostate, bool, int64_t, double, Ref>;

/// str or bytes.
struct Text {
  std::string_view text;
};
/// list, tuple or set.
struct Items {
  std::vector<Item> items;
};
/// dict and what is like one. Of entries with one key the last counts.
struct Entries {
  std::vector<std::pair<Item, Item>> entries;
  bool has_attributes = false;  // argparse.Namespace: its state are its entries
};
/// Numbers in a row, by their place among the storages, or a part of them.
struct StoragePart {
  uint32_t storage = 0;
  at::ScalarType type = at::kByte;
  int64_t begin = 0;   // in elements
  int64_t count = -1;  // -1: to the end
};
/// A tensor: what it sees of a storage.
struct TensorView {
  StoragePart part;
  int64_t offset = 0;  // in elements, from where the part begins
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};
/// numpy.dtype.
struct NumpyType {
  std::string_view code;  // "f8"
  char order = '<';
};

using Object = std::variant<Text, Items, Entries, const KnownName*, StoragePart, std::shared_ptr<const TensorView>,
                            NumpyType, std::shared_ptr<const Array>>;

/// Text of a file, short and on one line, for an error.
std::string shown(std::string_view text);

class Pickled {
 public:
  /// `size` is that of the file, in bytes.
  Pickled(std::string where, size_t size) : where_(std::move(where)), size_(size) {}

  Ref add(Object object) {
    objects_.push_back(std::move(object));
    return static_cast<Ref>(objects_.size() - 1);
  }
  Object& at(Ref ref) { return objects_[static_cast<size_t>(ref)]; }
  /// The object that an item names, if it is of that kind; else null.
  template <class Kind>
  Kind* as(const Item& item) {
    const Ref* ref = std::get_if<Ref>(&item);
    return ref ? std::get_if<Kind>(&at(*ref)) : nullptr;
  }
  /// Text that stands in no file.
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  /// Has `owner` live as long as the store.
  void keep(std::shared_ptr<const void> owner) { owners_.push_back(std::move(owner)); }

  /// Another storage, whose bytes come now or later (set_bytes); answers its place.
  uint32_t add_storage(std::span<const std::byte> bytes = {});
  void set_bytes(uint32_t storage, std::span<const std::byte> bytes) { storages_.at(storage).bytes = bytes; }
  /// A tensor on a copy of its storage, which it shares with all others that look at it. Throws Error where it reaches
  /// beyond.
  at::Tensor tensor(const TensorView& view);
  /// All of a storage or of a part of it, [count].
  at::Tensor tensor(const StoragePart& part);

  /// Counts what is made; throws Error beyond the limit. Looks at Ctrl-C.
  void count_steps(size_t steps);
  /// Counts bytes that are unpacked, some of them twice; throws Error where they are more than the file's can be.
  void count_bytes(size_t bytes);

  const std::string& where() const { return where_; }
  Item root;
  bool nested = false;  // what is read stands in the bytes of another pickle

 private:
  struct Storage {
    std::span<const std::byte> bytes;
    at::Tensor copy;  // uint8; undefined before the first tensor
  };
  at::Tensor elements(const StoragePart& part);

  std::string where_;  // the file, as errors name it
  size_t size_;
  size_t steps_ = 0;
  size_t bytes_ = 0;
  std::deque<Object> objects_;
  std::deque<std::string> texts_;
  std::vector<std::shared_ptr<const void>> owners_;
  std::vector<Storage> storages_;
  int64_t repeated_ = 0;
};

}  // namespace lumir::tensor
