// The registry: every function, step, estimator, metric and corpus that users can name, each declared once.
//
// A file registers what it holds with one static object (usually through its module's macro, such as LUMIR_FEATURE).
// Lua's modules, help, completion, reference pages and tests read the registry; none of them has a list of its own.

#pragma once

#include <map>
#include <source_location>
#include <string>
#include <vector>

#include "core/schema.h"

namespace lumir {

/// What one registered name is, in words; the texts of a LUMIR_... macro.
struct Words {
  std::string summary;
  std::string returns;     // shape and unit: "[n_mfcc, frames]"
  std::string example;     // runs as a test: "feature.mfcc(clip, { n_mfcc = 13 })"
  std::string source;      // paper or reference implementation
  std::string input = "";  // what a step takes: "clip"
  int version = 1;         // raise it when results change on purpose: part of cache keys and model files
};

/// One registered name: words, schema and where it is written.
struct Entry {
  std::string module;  // "feature"
  std::string name;    // "mfcc"
  Words words;
  Schema parameters;  // positional arguments first, in order; then options
  std::string file;   // "engine/feature/mfcc.cpp"
  int line = 0;
  std::string full_name() const { return module + "." + name; }
};

/// Adds an entry; a name registered twice stops the program with one line. Returns the kept entry.
const Entry& register_entry(std::string module, std::string name, Words words, const Schema& parameters,
                            std::source_location where = std::source_location::current());

/// Null where there is none.
const Entry* find_entry(std::string_view full_name);
/// All entries of a module (of every module for ""), sorted by name.
std::vector<const Entry*> entries(std::string_view module = "");

/// sha256 of the source file and of all engine files that it includes, fixed at build time: part of cache keys, so
/// that a changed line recomputes what depends on it and nothing else. `file` as in Entry; throws for unknown files.
std::string source_hash(const std::string& file);

}  // namespace lumir
