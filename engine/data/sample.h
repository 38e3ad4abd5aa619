// Sample corpora: synthetic recordings that stand in for a known corpus, so that everything runs with nothing
// downloaded. The engine makes them when they are first needed; the same options give the same bytes, however many
// threads work and however often the work was cut off.
//
// A sample is a plan: a list of files and a function for the bytes of each. To add one, write a file that registers
// its plan, as sample_artist20.cpp does:
//
//   const RegisterSample artist20_sample{"artist20", plan_artist20};

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/schema.h"

namespace lumir::data {

struct SampleOptions {
  std::string folder;
  int artists = 20;
  int albums = 6;
  int songs = 3;
  double shortest = 12;
  double longest = 22;
  int unlabelled = 2;
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
using SamplePlanner = SamplePlan (*)(const SampleOptions& options);

struct RegisterSample {
  RegisterSample(const char* name, SamplePlanner planner);
};

/// True where a folder is a sample, or the folder of unlabelled recordings of one, by its file SYNTHETIC.
bool is_sample(const std::string& folder);
/// Throws Error where the making of a sample was cut off in `folder`: songs are missing in it.
void refuse_unfinished(const std::string& folder);

/// Where the sample stands unless `folder` says otherwise: data/sample/NAME below the working folder. Throws
/// ArgumentError where `name` is no known sample.
std::string sample_folder(const std::string& name, const SampleOptions& options = {});

/// Makes what is missing of the sample and returns its root. Does nothing where it is complete; goes on where it was
/// cut off; makes it anew where it was made with other options. The file SYNTHETIC in the root says how it was made
/// and is written last. Throws Error where the folder holds something else.
std::string sample_corpus(const std::string& name, const SampleOptions& options = {});

}  // namespace lumir::data
