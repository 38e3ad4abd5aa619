// Names of a chroma's rows: notes, where an octave has twelve.

#pragma once

#include <string>

#include "feature/extractor.h"
#include "signal/notes.h"

namespace lumir::feature {

/// "chroma_C#" of 12 rows, "chroma_02" of others; the first row is `first` semitones above C.
inline std::string pitch_class_row(const std::string& name, int row, int rows, int first = 0) {
  const auto notes = static_cast<int>(signal::kPitchClasses.size());
  if (rows != notes) return numbered(name, row, rows);
  return name + "_" + std::string(signal::kPitchClasses[static_cast<size_t>((row + first) % notes)]);
}

}  // namespace lumir::feature
