// What things are called in error texts: "a clip", "a table", "an estimator".
//
// A type gets its word once, beside its own .cpp; whoever holds a std::any can then say what it is.

#pragma once

#include <any>
#include <string>
#include <typeinfo>

namespace lumir {

/// What an any holds: a T of its own, or one that the caller lends (a `const T*`, so that a long clip is not copied);
/// null where it is something else. A step never passes a lent one on.
template <class T>
const T* held_as(const std::any& input) {
  if (const T* own = std::any_cast<T>(&input)) return own;
  const auto* lent = std::any_cast<const T*>(&input);
  return lent ? *lent : nullptr;
}

/// A user's word for what an any holds.
std::string kind_of(const std::any& input);
/// Gives a type its word; once, at file scope of the type's own .cpp: `const KindName<Clip> word{"a clip"};`.
void name_kind(const std::type_info& type, std::string word);
template <class T>
struct KindName {
  explicit KindName(const std::string& word) {
    name_kind(typeid(T), word);
    name_kind(typeid(const T*), word);
  }
};

}  // namespace lumir
