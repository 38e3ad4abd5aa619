// What is to be foretold of a row: one class, several labels, or numbers.

#pragma once

namespace lumir {

enum class Target {
  none,
  classes,  // one of several: a singer, a genre
  labels,   // any of several: the tags of a recording
  numbers,  // a rating, a tempo
};

}  // namespace lumir
