// What is to be foretold of a row: one class, several tags, or numbers.
//
// One notion, and its shape decides everywhere: a table has classes as `y`, an index for each row; tags as `values`, a
// matrix of 0 and 1 with a column for each; numbers as `values` too. A dataset says how the texts of its label column are
// read (data/label_kind.h), batches carry int64 [batch] or float32 [batch, columns], predictions are scores of
// [rows, columns] whatever the target is, and metrics say which targets they measure. Nothing asks what it was that
// answered.

#pragma once

namespace lumir {

enum class Target {
  none,
  classes,  // one of several: a singer, a genre
  tags,     // any of several: guitar, slow, sad
  numbers,  // a rating, a tempo
};

/// "none", "classes", "tags", "numbers".
constexpr const char* name_of(Target target) {
  constexpr const char* names[] = {"none", "classes", "tags", "numbers"};
  return names[static_cast<int>(target)];
}

/// "one class a row", "several tags a row", "numbers": for sentences.
constexpr const char* words_of(Target target) {
  constexpr const char* words[] = {"nothing to foretell", "one class a row", "several tags a row", "numbers"};
  return words[static_cast<int>(target)];
}

}  // namespace lumir
