// Where the storages lie in each form of file, and what a pickle calls them.
//
// The forms stand in torch/serialization.py (PyTorch 2.15): _load, and _legacy_load with its legacy_load.

#include "tensor/torch_file.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <unordered_map>

#include <c10/core/ScalarType.h>

#include "core/error.h"
#include "core/mapped_file.h"
#include "tensor/pickle.h"
#include "tensor/pickle_names.h"
#include "tensor/tar.h"
#include "tensor/zip.h"

namespace lumir::tensor {
namespace {

constexpr std::string_view kPickle = "data.pkl";
constexpr std::string_view kMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);  // a number, as pickles have it
constexpr size_t kMagicWithin = 32;                                                 // of the first bytes
constexpr unsigned char kProtocol = 0x80;
constexpr int64_t kMostDimensions = 64;

bool begins_as_pickle(std::string_view file) {
  return file.size() > 2 && static_cast<unsigned char>(file[0]) == kProtocol && file[1] >= 0 && file[1] <= 5;
}

/// Its first eight bytes are the length of its header, a JSON object: they may look as a pickle's.
bool begins_as_safetensors(std::string_view file) {
  uint64_t length = 0;
  if (file.size() <= sizeof length) return false;
  std::memcpy(&length, file.data(), sizeof length);
  return length <= file.size() - sizeof length && file[sizeof length] == '{';
}

/// The place of the pickle among the members of a zip archive; their number where there is none.
size_t find_pickle(const std::vector<std::string>& names) {
  const auto is_pickle = [](const std::string& name) {
    return name == kPickle || name.ends_with("/" + std::string(kPickle));
  };
  return static_cast<size_t>(std::find_if(names.begin(), names.end(), is_pickle) - names.begin());
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// What the id of a storage says: ('storage', torch.FloatStorage, key, device, count, part).
struct StorageId {
  at::ScalarType type;
  std::string key;
  int64_t count;
  Item part;  // in streams: None, or a part of the storage
};

at::ScalarType elements_of(Unpickler& pickle, const Item& name) {
  const auto* type = pickle.store().as<const KnownName*>(name);
  if (!type || !(*type)->elements) pickle.refuse("a storage has no type");
  return *(*type)->elements;
}

/// A key is text, or a number in words.
std::string key_of(Unpickler& pickle, const Item& item) {
  if (const auto* number = std::get_if<int64_t>(&item)) return std::to_string(*number);
  return std::string(pickle.text(item, "the key of a storage"));
}

StorageId read_id(Unpickler& pickle, const Item& id) {
  const auto& parts = pickle.items(id, "the id of a storage");
  if (parts.size() < 5 || pickle.text(parts[0], "the kind of an id") != "storage") {
    pickle.refuse("an id of its pickle is no storage's");
  }
  StorageId read{
      elements_of(pickle, parts[1]), key_of(pickle, parts[2]), pickle.whole(parts[4], "a storage's size"), {}};
  if (parts.size() > 5) read.part = parts[5];
  if (read.count < 0) pickle.refuse("a storage has less than no elements");
  return read;
}

[[noreturn]] Item no_outside(Unpickler& pickle, const Item&) { pickle.refuse("its pickle asks for what lies outside"); }

/// A pickle by itself, as pickle.dump writes.
void load_plain(Pickled& into, std::string_view file) {
  Cursor cursor(into.where(), file);
  into.root = Unpickler(into, cursor, no_outside).load();
}

[[noreturn]] void refuse_big_endian(const Pickled& into) {
  throw Error(into.where() + ": its numbers are big-endian, which are not read here");
}

/// The pickle of a zip archive, and its storages by their keys, each read where a tensor asks for it.
class ZipReader {
 public:
  explicit ZipReader(Pickled& into) : into_(into), archive_(into.where()), names_(archive_.names()) {
    for (size_t i = 0; i < names_.size(); ++i) places_.emplace(names_[i], i);
  }

  void read() {
    const size_t at = find_pickle(names_);
    if (at == names_.size()) throw Error(into_.where() + ": has no data.pkl, as files of PyTorch have");
    folder_ = names_[at].substr(0, names_[at].size() - kPickle.size());
    const auto order = places_.find(folder_ + "byteorder");
    if (order != places_.end() && member(order->second) != "little") refuse_big_endian(into_);
    Cursor cursor(into_.where(), member(at));
    into_.root =
        Unpickler(into_, cursor, [this](Unpickler& pickle, const Item& id) { return find(pickle, id); }).load();
  }

 private:
  std::string_view member(size_t i) {
    const Member found = archive_.read_plain(i);
    into_.keep(found.owner);
    return {reinterpret_cast<const char*>(found.bytes.data()), found.bytes.size()};
  }
  Item find(Unpickler& pickle, const Item& item) {
    const StorageId id = read_id(pickle, item);
    auto known = storages_.find(id.key);
    if (known == storages_.end()) {
      const auto place = places_.find(folder_ + "data/" + id.key);
      if (place == places_.end()) pickle.refuse("the storage '" + shown(id.key) + "' is missing");
      known = storages_.emplace(id.key, into_.add_storage(bytes_of(member(place->second)))).first;
    }
    return into_.add(StoragePart{known->second, id.type, 0, id.count});
  }

  Pickled& into_;
  Archive archive_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t> places_;
  std::string folder_;
  std::unordered_map<std::string, uint32_t> storages_;
};

/// What a stream or a tar archive has for a storage: how many elements, then those.
std::span<const std::byte> take_storage(const Pickled& into, Cursor& cursor, at::ScalarType type) {
  const auto count = cursor.number<int64_t>();
  const auto element = static_cast<int64_t>(c10::elementSize(type));
  if (count < 0 || count > static_cast<int64_t>(cursor.left()) / element) {
    throw Error(into.where() + ": not whole (a storage is cut off)");
  }
  return bytes_of(cursor.take(static_cast<uint64_t>(count * element)));
}

/// { protocol_version = 1001, little_endian = true, type_sizes = ... }
void check_system(Unpickler& pickle, const Item& info) {
  const auto* entries = pickle.store().as<Entries>(info);
  if (!entries) pickle.refuse("it does not say by which machine it was written");
  for (const auto& [key, value] : entries->entries) {
    const auto* name = pickle.store().as<Text>(key);
    const auto* little = std::get_if<bool>(&value);
    if (name && name->text == "little_endian" && little && !*little) refuse_big_endian(pickle.store());
  }
}

/// The part of a storage that an id names: None, or (key, offset, count).
StoragePart part_of(Unpickler& pickle, StoragePart whole, const Item& item) {
  if (std::holds_alternative<std::monostate>(item)) return whole;
  const auto& parts = pickle.items(item, "a part of a storage");
  if (parts.size() != 3) pickle.refuse("a part of a storage has not three numbers");
  whole.begin = pickle.whole(parts[1], "a part of a storage");
  whole.count = pickle.whole(parts[2], "a part of a storage");
  if (whole.count < 0) pickle.refuse("a part of a storage has less than no elements");
  return whole;
}

/// Storages and tensors of a tar archive by the numbers that it gives them.
class TarReader {
 public:
  TarReader(Pickled& into, std::string_view file) : into_(into), members_(read_tar(into.where(), file)) {}

  void read() {
    read_storages();
    read_tensors();
    Cursor cursor(into_.where(), member("pickle"));
    into_.root =
        Unpickler(into_, cursor, [this](Unpickler& pickle, const Item& id) { return find(pickle, id); }).load();
  }

 private:
  std::string_view member(const char* name) const {
    const auto found = members_.find(name);
    if (found == members_.end()) {
      throw Error(into_.where() + ": is a tar archive, but has no '" + name + "' of PyTorch");
    }
    return found->second;
  }
  Item find(Unpickler& pickle, const Item& id) const {
    const auto found = objects_.find(key_of(pickle, id));
    if (found == objects_.end()) pickle.refuse("its pickle asks for a tensor that is not there");
    return found->second;
  }
  StoragePart part(Unpickler& pickle, const Item& id) const {
    const auto* part = into_.as<StoragePart>(find(pickle, id));
    if (!part) pickle.refuse("a tensor has no storage");
    return *part;
  }
  /// (key, device, type) and the numbers, for each; then parts of them: (key, root, offset, count).
  void read_storages() {
    Cursor cursor(into_.where(), member("storages"));
    Unpickler pickle(into_, cursor, no_outside);
    for (int64_t left = pickle.whole(pickle.load(), "the number of storages"); left > 0; --left) {
      const Item about = pickle.load();
      const auto& parts = pickle.items(about, "a storage");
      if (parts.size() != 3) pickle.refuse("a storage is described otherwise");
      const at::ScalarType type = elements_of(pickle, parts[2]);
      const auto bytes = take_storage(into_, cursor, type);
      objects_[key_of(pickle, parts[0])] = into_.add(StoragePart{into_.add_storage(bytes), type});
    }
    const Item views = pickle.load();
    for (const Item& view : pickle.items(views, "the parts of storages")) {
      const auto& parts = pickle.items(view, "a part of a storage");
      if (parts.size() != 4) pickle.refuse("a part of a storage is described otherwise");
      StoragePart piece = part(pickle, parts[1]);
      const int64_t offset = pickle.whole(parts[2], "a part of a storage");
      piece.count = pickle.whole(parts[3], "a part of a storage");
      if (offset < 0 || piece.count < 0 || __builtin_add_overflow(piece.begin, offset, &piece.begin)) {
        pickle.refuse("a part of a storage lies outside of it");
      }
      objects_[key_of(pickle, parts[0])] = into_.add(piece);
    }
  }
  /// (key, storage, type), then dimensions, sizes, strides and offset as plain numbers.
  void read_tensors() {
    Cursor cursor(into_.where(), member("tensors"));
    Unpickler pickle(into_, cursor, no_outside);
    for (int64_t left = pickle.whole(pickle.load(), "the number of tensors"); left > 0; --left) {
      const Item about = pickle.load();
      const auto& parts = pickle.items(about, "a tensor");
      if (parts.size() != 3) pickle.refuse("a tensor is described otherwise");
      TensorView view{part(pickle, parts[1]), 0, {}, {}};
      const auto dimensions = cursor.number<int32_t>();
      cursor.number<int32_t>();
      if (dimensions < 0 || dimensions > kMostDimensions) pickle.refuse("a tensor has too many dimensions");
      for (auto* list : {&view.sizes, &view.strides}) {
        for (int32_t i = 0; i < dimensions; ++i) list->push_back(cursor.number<int64_t>());
      }
      view.offset = cursor.number<int64_t>();
      objects_[key_of(pickle, parts[0])] = into_.add(std::make_shared<const TensorView>(std::move(view)));
    }
  }

  Pickled& into_;
  std::map<std::string, std::string_view> members_;
  std::unordered_map<std::string, Item> objects_;
};

}  // namespace

bool is_pickled(const std::string& path) {
  const MappedFile file(path);
  const std::string_view all = file.text();
  if (all.starts_with("PK")) {
    const auto names = Archive(path).names();
    return find_pickle(names) < names.size();
  }
  return is_tar(all) || (begins_as_pickle(all) && !begins_as_safetensors(all));
}

/// The magic number, the version, the machine, the object; then the keys of the storages, then those.
Item load_stream(Pickled& into, std::string_view stream) {
  std::unordered_map<std::string, StoragePart> storages;
  const auto storage = [&](Unpickler& pickle, const Item& item) -> Item {
    const StorageId id = read_id(pickle, item);
    auto known = storages.find(id.key);
    if (known == storages.end()) {
      known = storages.emplace(id.key, StoragePart{into.add_storage(), id.type, 0, id.count}).first;
    }
    return into.add(part_of(pickle, known->second, id.part));
  };
  Cursor cursor(into.where(), stream);
  Unpickler pickle(into, cursor, storage);
  pickle.load();
  pickle.load();
  check_system(pickle, pickle.load());
  const Item root = pickle.load();
  const Item keys = pickle.load();
  for (const Item& item : pickle.items(keys, "the list of storages")) {
    const auto known = storages.find(key_of(pickle, item));
    if (known == storages.end()) pickle.refuse("its list of storages names one that no tensor has");
    into.set_bytes(known->second.storage, take_storage(into, cursor, known->second.type));
  }
  return root;
}

Pickled load_pickled(const std::string& path) {
  const MappedFile file(path);
  Pickled pickled(path, file.bytes().size());
  pickled.keep(file.owner());
  const std::string_view all = file.text();
  if (all.starts_with("PK")) {
    ZipReader(pickled).read();
  } else if (is_tar(all)) {
    TarReader(pickled, all).read();
  } else if (all.substr(0, kMagicWithin).find(kMagic) != std::string_view::npos) {
    pickled.root = load_stream(pickled, all);
  } else {
    load_plain(pickled, all);
  }
  return pickled;
}

}  // namespace lumir::tensor
