// Sample corpora: synthetic recordings that stand in for a known corpus, so that everything runs with nothing
// downloaded. The engine makes them when they are first needed; the same options give the same bytes, however many
// threads work and however often the work was cut off.
//
// A sample is a plan: a list of files and a function for the bytes of each. To add one, write a file with an options
// struct and a function that plans, and register both, as sample_artist20.cpp does:
//
//   const RegisterSample<Artist20Sample> artist20_sample{"artist20", plan_artist20, {.summary = ...}};

#pragma once

#include <functional>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "core/registry.h"

namespace lumir::data {

/// What every sample can be told; those with singers, albums or tracks add how many.
struct SampleOptions {
  std::string folder;
  double shortest = 10;
  double longest = 12;
  int seed = 1;

  static Schema schema();
};

/// One file of a sample, by its path below the corpus's root.
struct SampleFile {
  std::string path;
  double seconds = 0;  // of sound; the longest are made first
  std::function<std::string()> bytes;
};

struct SamplePlan {
  std::string about;  // one sentence for the file SYNTHETIC
  int version = 1;    // raise it when the bytes change on purpose
  std::vector<SampleFile> files;
};

/// A file of words in a plan.
void add_text(SamplePlan& plan, std::string path, std::string text);
/// What a file SYNTHETIC says in a folder of recordings below the root, where people may point at that.
std::string synthetic_note(const std::string& rest);
/// `number` with zeros before it: "0017".
std::string with_digits(int number, size_t digits);

/// A sample as it is registered: what it is told as a map, checked by the schema of its own options.
struct SamplePlanner {
  std::function<SamplePlan(const Map& options)> plan;
  std::function<Map(const Map& options)> complete;  // every option with its value
};
void register_sample(const Entry& entry, SamplePlanner planner);

/// Registers what plans a sample: help 'sample.NAME' shows its options.
template <class Options>
struct RegisterSample {
  RegisterSample(const char* name, SamplePlan (*plan)(const Options&), Words words,
                 std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry("sample", name, std::move(words), schema_of<Options>(), where);
    register_sample(entry,
                    {[plan](const Map& options) { return plan(read_options<Options>(options, "sample")); },
                     [](const Map& options) { return write_options(read_options<Options>(options, "sample")); }});
  }
};

/// True where a folder is a sample, or the folder of unlabelled recordings of one, by its file SYNTHETIC.
bool is_sample(const std::string& folder);
/// Throws Error where the making of a sample was cut off in `folder`: songs are missing in it.
void refuse_unfinished(const std::string& folder);

/// True where a sample is called so.
bool is_sample_name(const std::string& name);

/// Where the sample stands unless `folder` says otherwise: data/sample/NAME below the working folder. Throws
/// ArgumentError where `name` is no known sample, or has no such option.
std::string sample_folder(const std::string& name, const Map& options = {});

/// Makes what is missing of the sample and returns its root. Does nothing where it is complete; goes on where it was
/// cut off; makes it anew where it was made with other options. The file SYNTHETIC in the root says how it was made
/// and is written last. Throws Error where the folder holds something else.
std::string sample_corpus(const std::string& name, const Map& options = {});

}  // namespace lumir::data
