// The machine: a code at a time. What the codes mean stands in pickletools, in these groups.

#include "tensor/pickle.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <limits>

#include "tensor/pickle_names.h"

namespace lumir::tensor {
namespace {

constexpr int kNewestProtocol = 5;
constexpr size_t kMostDigits = 400;  // of a whole number in words
constexpr unsigned char kStop = '.';

}  // namespace

void Unpickler::refuse(const std::string& reason) const { throw Error(into_.where() + ": not whole (" + reason + ")"); }

Item Unpickler::load() {
  stack_.clear();
  marks_.clear();
  memory_.clear();
  while (true) {
    into_.count_steps(1);
    const auto code = from_.number<unsigned char>();
    if (code == kStop) return pop();
    if (constant(code) || text_code(code) || container(code) || entry(code) || memory(code) || outer(code)) continue;
    char shown[8];
    std::snprintf(shown, sizeof shown, "0x%02x", code);
    refuse(std::string("its pickle has the code ") + shown + ", which is not read");
  }
}

/// Numbers, None, True and False.
bool Unpickler::constant(unsigned char code) {
  switch (code) {
    case 'N': push(std::monostate()); return true;
    case 0x88: push(true); return true;
    case 0x89: push(false); return true;
    case 'J': push(int64_t{from_.number<int32_t>()}); return true;
    case 'K': push(int64_t{from_.number<uint8_t>()}); return true;
    case 'M': push(int64_t{from_.number<uint16_t>()}); return true;
    case 'I':
    case 'L': push(decimal(from_.line())); return true;
    case 0x8a: push(long_number(from_.take(from_.number<uint8_t>()))); return true;
    case 0x8b: push(long_number(from_.take(from_.number<uint32_t>()))); return true;
    case 'F': {
      const std::string_view digits = from_.line();
      double value = 0;
      const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (problem != std::errc() || end != digits.data() + digits.size()) refuse("a number of its pickle is none");
      push(value);
      return true;
    }
    case 'G': push(std::bit_cast<double>(__builtin_bswap64(from_.number<uint64_t>()))); return true;
    default: return false;
  }
}

Item Unpickler::long_number(std::string_view bytes) const {
  const bool negative = !bytes.empty() && (bytes.back() & 0x80) != 0;
  if (bytes.size() <= sizeof(int64_t)) {
    int64_t value = negative ? -1 : 0;
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  if (bytes.size() > kMostDigits) refuse("a number of its pickle has " + std::to_string(bytes.size()) + " bytes");
  double value = negative ? -1 : 0;
  for (size_t i = bytes.size(); i-- > 0;) value = value * 256 + static_cast<unsigned char>(bytes[i]);
  return value;
}

/// "12", "12L"; "00" and "01" are False and True.
Item Unpickler::decimal(std::string_view digits) const {
  if (digits == "00" || digits == "01") return digits == "01";
  if (digits.ends_with('L')) digits.remove_suffix(1);
  int64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc() || end != digits.data() + digits.size()) refuse("a number of its pickle is none");
  return value;
}

/// str and bytes.
bool Unpickler::text_code(unsigned char code) {
  switch (code) {
    case 'U':
    case 'C':
    case 0x8c: push_text(from_.take(from_.number<uint8_t>())); return true;
    case 'T':
    case 'X':
    case 'B': push_text(from_.take(from_.number<uint32_t>())); return true;
    case 0x8d:
    case 0x8e:
    case 0x96: push_text(from_.take(from_.number<uint64_t>())); return true;
    case 'S':
    case 'V': {
      std::string_view line = from_.line();
      if (line.find('\\') != std::string_view::npos) refuse("its text has escapes of protocol 0, which are not read");
      if (code == 'S') {
        if (line.size() < 2 || line.front() != line.back()) refuse("text of its pickle has no quotes");
        line = line.substr(1, line.size() - 2);
      }
      push_text(line);
      return true;
    }
    default: return false;
  }
}

/// Marks, and new lists, tuples, sets and dicts.
bool Unpickler::container(unsigned char code) {
  switch (code) {
    case '(': marks_.push_back(stack_.size()); return true;
    case ')':
    case ']':
    case 0x8f: push_items({}); return true;
    case '}': push(into_.add(Entries{})); return true;
    case 't':
    case 'l':
    case 0x91: push_items(pop_to_mark()); return true;
    case 'd': {
      const auto entries = pop_to_mark();
      push(into_.add(Entries{}));
      add_entries(entries);
      return true;
    }
    case 0x85:
    case 0x86:
    case 0x87: {
      std::vector<Item> items(code - 0x84);
      for (size_t i = items.size(); i-- > 0;) items[i] = pop();
      push_items(std::move(items));
      return true;
    }
    default: return false;
  }
}

/// What is added to a list, a set or a dict.
bool Unpickler::entry(unsigned char code) {
  switch (code) {
    case 'a': {
      const Item item = pop();
      add_items({item});
      return true;
    }
    case 'e':
    case 0x90: {
      const auto items = pop_to_mark();
      add_items(items);
      return true;
    }
    case 's': {
      const Item value = pop();
      const Item key = pop();
      add_entries({key, value});
      return true;
    }
    case 'u': {
      const auto entries = pop_to_mark();
      add_entries(entries);
      return true;
    }
    default: return false;
  }
}

void Unpickler::add_items(const std::vector<Item>& items) {
  auto* list = into_.as<Items>(top());
  if (!list) refuse("its pickle appends to what is no list");
  list->items.insert(list->items.end(), items.begin(), items.end());
}

void Unpickler::add_entries(const std::vector<Item>& keys_and_values) {
  auto* dict = into_.as<Entries>(top());
  if (!dict || keys_and_values.size() % 2 != 0) refuse("its pickle sets an entry of what is no dict");
  for (size_t i = 0; i < keys_and_values.size(); i += 2) {
    dict->entries.emplace_back(keys_and_values[i], keys_and_values[i + 1]);
  }
}

/// The stack and the memory.
bool Unpickler::memory(unsigned char code) {
  switch (code) {
    case '0':
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        marks_.pop_back();
      } else {
        pop();
      }
      return true;
    case '1': pop_to_mark(); return true;
    case '2': push(top()); return true;
    case 'p':
    case 'g': {
      const Item place = decimal(from_.line());
      const auto* number = std::get_if<int64_t>(&place);
      if (!number || *number < 0 || *number > std::numeric_limits<uint32_t>::max())
        refuse("its memory has no such place");
      code == 'p' ? put(static_cast<uint32_t>(*number)) : get(static_cast<uint32_t>(*number));
      return true;
    }
    case 'q': put(from_.number<uint8_t>()); return true;
    case 'r': put(from_.number<uint32_t>()); return true;
    case 0x94: put(static_cast<uint32_t>(memory_.size())); return true;
    case 'h': get(from_.number<uint8_t>()); return true;
    case 'j': get(from_.number<uint32_t>()); return true;
    default: return false;
  }
}

void Unpickler::put(uint32_t place) { memory_[place] = top(); }

void Unpickler::get(uint32_t place) {
  const auto found = memory_.find(place);
  if (found == memory_.end()) refuse("its pickle asks for what it has not kept");
  push(found->second);
}

/// Protocol and frames, names, calls, and what lies outside of the pickle.
bool Unpickler::outer(unsigned char code) {
  switch (code) {
    case 0x80:
      if (from_.number<uint8_t>() > kNewestProtocol) refuse("its pickle is of a protocol that is not known");
      return true;
    case 0x95: from_.number<uint64_t>(); return true;  // how much may be read at once
    case 'c': {
      const std::string_view module = from_.line();
      push_name(module, from_.line());
      return true;
    }
    case 0x93: {
      const Item name = pop(), module = pop();
      push_name(text(module, "a module"), text(name, "a name"));
      return true;
    }
    case 'R':
    case 0x81: call(); return true;
    case 'b': build(); return true;
    case 'P': push(outside_(*this, into_.add(Text{from_.line()}))); return true;
    case 'Q': {
      const Item id = pop();
      push(outside_(*this, id));
      return true;
    }
    default: return false;
  }
}

void Unpickler::push_name(std::string_view module, std::string_view name) {
  const KnownName* known = find_known_name(module, name);
  if (!known) {
    throw Error(into_.where() + ": names '" + shown(std::string(module) + "." + std::string(name)) +
                "', which is none of the names that are read here, and may be code; in Python "
                "torch.save(net.state_dict(), path) writes weights alone");
  }
  push(into_.add(known));
}

void Unpickler::call() {
  const Item given = pop(), callee = pop();
  const auto* known = into_.as<const KnownName*>(callee);
  if (!known) refuse("its pickle calls what is no name");
  const auto& arguments = items(given, "what is called");
  if (!(*known)->make) refuse("it calls " + (*known)->name + ", which is no function");
  push((*known)->make(*this, arguments));
}

/// An OrderedDict's own attributes are of no use here.
void Unpickler::build() {
  const Item state = pop();
  const Item& object = top();
  if (auto* dict = into_.as<Entries>(object)) {
    const auto* attributes = into_.as<Entries>(state);
    if (!dict->has_attributes) return;
    if (!attributes) refuse("the attributes of an object are no dict");
    into_.count_steps(attributes->entries.size());
    const auto added = attributes->entries;  // which may be those of the object itself
    dict->entries.insert(dict->entries.end(), added.begin(), added.end());
  } else if (auto* type = into_.as<NumpyType>(object)) {
    set_state(*this, *type, state);
  } else if (auto* array = into_.as<std::shared_ptr<const Array>>(object)) {
    set_state(*this, *array, state);
  } else {
    refuse("its pickle gives a state to what has none");
  }
}

Item Unpickler::pop() {
  const Item item = top();
  stack_.pop_back();
  return item;
}

Item& Unpickler::top() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) refuse("its pickle takes what is not there");
  return stack_.back();
}

std::vector<Item> Unpickler::pop_to_mark() {
  if (marks_.empty()) refuse("its pickle has no mark where it needs one");
  const auto from = stack_.begin() + static_cast<ptrdiff_t>(marks_.back());
  std::vector<Item> items(from, stack_.end());
  stack_.erase(from, stack_.end());
  marks_.pop_back();
  return items;
}

std::string_view Unpickler::text(const Item& item, const char* what) {
  const auto* found = into_.as<Text>(item);
  if (!found) refuse(std::string(what) + " is no text");
  return found->text;
}

int64_t Unpickler::whole(const Item& item, const char* what) {
  const auto* number = std::get_if<int64_t>(&item);
  if (!number) refuse(std::string(what) + " is no whole number");
  return *number;
}

const std::vector<Item>& Unpickler::items(const Item& item, const char* what) {
  const auto* found = into_.as<Items>(item);
  if (!found) refuse(std::string(what) + " is no list");
  return found->items;
}

}  // namespace lumir::tensor
