// Python's pickles, read as data: a machine of a stack, a memory and some sixty codes, which runs nothing.
//
// What a pickle names is looked up in a list of names that are known to be harmless (tensor/pickle_names.cpp), and made
// here; any other is refused before anything is done with it. Memory: a step of the machine needs some 100 bytes,
// and there are no more steps than bytes in the pickle, nor more than eight million.
//
// The codes: docs.python.org/3/library/pickletools.html, protocols 0 to 5.

#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.h"
#include "tensor/pickle_value.h"

namespace lumir::tensor {

/// The bytes of a file in order, every one of which is there before it is looked at.
class Cursor {
 public:
  Cursor(const std::string& where, std::string_view bytes) : where_(where), rest_(bytes) {}
  std::string_view take(uint64_t size) {
    if (size > rest_.size()) throw Error(where_ + ": not whole (it is cut off)");
    const std::string_view piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }
  template <class Number>
  Number number() {
    Number value;
    const std::string_view piece = take(sizeof value);
    std::copy(piece.begin(), piece.end(), reinterpret_cast<char*>(&value));
    return value;
  }
  /// Up to a line break, which is left out.
  std::string_view line() {
    const size_t end = rest_.find('\n');
    const std::string_view text = take(end == std::string_view::npos ? rest_.size() + 1 : end + 1);
    return text.substr(0, text.size() - 1);
  }
  size_t left() const { return rest_.size(); }

 private:
  const std::string& where_;
  std::string_view rest_;
};

class Unpickler {
 public:
  /// Answers what the file means by an id that stands for an object outside of the pickle.
  using Outside = std::function<Item(Unpickler&, const Item& id)>;

  Unpickler(Pickled& into, Cursor& from, Outside outside) : into_(into), from_(from), outside_(std::move(outside)) {}

  /// One pickle; the cursor stands behind it then. Throws Error for what is none, and for a name that is not known.
  Item load();

  // For the makers of what a pickle names.

  Pickled& store() { return into_; }
  /// "WHERE: not whole (REASON)".
  [[noreturn]] void refuse(const std::string& reason) const;
  /// An item that must be text, a whole number, a list or a tuple; `what` is what the error calls it.
  std::string_view text(const Item& item, const char* what);
  int64_t whole(const Item& item, const char* what);
  const std::vector<Item>& items(const Item& item, const char* what);

 private:
  bool constant(unsigned char code);
  bool text_code(unsigned char code);
  bool container(unsigned char code);
  bool entry(unsigned char code);
  bool memory(unsigned char code);
  bool outer(unsigned char code);

  void push(const Item& item) { stack_.push_back(item); }
  void push_text(std::string_view text) { push(into_.add(Text{text})); }
  /// A whole number of any length, least byte first; beyond 64 bits as a float.
  Item long_number(std::string_view bytes) const;
  Item decimal(std::string_view digits) const;
  /// What lies above the last mark may be taken, no more.
  Item pop();
  Item& top();
  std::vector<Item> pop_to_mark();
  void push_items(std::vector<Item> items) { push(into_.add(Items{std::move(items)})); }
  void add_items(const std::vector<Item>& items);
  void add_entries(const std::vector<Item>& keys_and_values);
  void put(uint32_t place);
  void get(uint32_t place);
  void push_name(std::string_view module, std::string_view name);
  void call();
  void build();

  Pickled& into_;
  Cursor& from_;
  Outside outside_;
  std::vector<Item> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  std::unordered_map<uint32_t, Item> memory_;
};

}  // namespace lumir::tensor
