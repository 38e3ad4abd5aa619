// What the Tab key offers.

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>

#include "bind/state.h"
#include "program.h"
#include "repl/completion.h"
#include "repl/interpreter.h"

namespace lumir::lua {
namespace {

/// Offers at the bar in code, at a prompt that knows a sound, a network and a table of rows.
class Prompt {
 public:
  Prompt() : interpreter_(true) {
    const Outcome outcome = run_chunk(interpreter_.state(), R"(
      clip = audio.sine { frequency = 440, seconds = 0.1 }
      net = nn.Sequential { nn.Linear(2, 3) }
      mine = { mfcc = feature.mfcc, inner = { deep = clip } }
      rows = data.table { x = { { 1, 2 }, { 3, 4 } }, y = { 'a', 'b' }, columns = { 'width', 'height' } })",
                                      "=test", {});
    INFO(outcome.message);
    REQUIRE(outcome.status == 0);
  }
  void run(const std::string& code) { REQUIRE(run_chunk(interpreter_.state(), code, "=test", {}).status == 0); }
  Completions at(const std::string& code) { return completions(interpreter_.state(), code, code.size()); }
  std::vector<std::string> names(const std::string& code) {
    std::vector<std::string> found;
    for (const auto& one : at(code).found) found.push_back(one.text);
    return found;
  }
  bool offers(const std::string& code, const std::string& name) {
    const auto found = names(code);
    return std::find(found.begin(), found.end(), name) != found.end();
  }
  std::string meaning(const std::string& code, const std::string& name) {
    for (const auto& one : at(code).found) {
      if (one.text == name) return one.meaning;
    }
    return "";
  }

 private:
  Interpreter interpreter_;
};

using Names = std::vector<std::string>;

TEST_CASE("modules, their functions and the prompt's own names are completed") {
  Prompt prompt;
  CHECK(prompt.offers("fea", "feature"));
  CHECK(prompt.offers("x = fea", "feature"));
  CHECK(prompt.offers("feature.mf", "mfcc"));
  CHECK(prompt.offers("lumir.feature.spectral_c", "spectral_centroid"));
  CHECK(prompt.offers("time", "timeit"));
  CHECK(prompt.offers("? mf", "mfcc"));
  CHECK(prompt.offers("?? spectral_c", "spectral_centroid"));
  CHECK(prompt.offers("? feature.mf", "mfcc"));
  CHECK(prompt.names("retu") == Names{"return"});
  CHECK(prompt.at("x = feature.mf").from == 12);
  CHECK_FALSE(prompt.meaning("feature.mf", "mfcc").empty());
}

TEST_CASE("members of live objects are completed, also within tables") {
  Prompt prompt;
  CHECK(prompt.names("clip:chann") == Names{"channel"});
  CHECK(prompt.names("clip.ra") == Names{"rate"});
  CHECK(prompt.names("mine.inner.deep.ra") == Names{"rate"});
  CHECK(prompt.offers("mine.", "inner"));
  CHECK(prompt.offers("x = torch.ones(2); rows:", "split"));
  CHECK(prompt.names("nothing.at").empty());
  CHECK(prompt.names("f().x").empty());
}

TEST_CASE("of the methods of a tensor the most used ones stand first, the others in their order") {
  Prompt prompt;
  prompt.run("x = torch.ones(2)");
  const auto all = prompt.names("x:");
  REQUIRE(all.size() > 300);
  CHECK(Names(all.begin(), all.begin() + 6) == Names{"mean", "std", "sum", "max", "min", "abs"});
  CHECK(std::is_sorted(all.begin() + 18, all.end()));
  CHECK(prompt.names("x:ma").front() == "max");
  const auto of_clip = prompt.names("clip:");
  CHECK(std::is_sorted(of_clip.begin(), of_clip.end()));
}

TEST_CASE("operators of tensors are completed") {
  Prompt prompt;
  CHECK(prompt.offers("torch.cumsu", "cumsum"));
  CHECK(prompt.offers("net.weight", "weight") == false);
}

TEST_CASE("options of a call are offered with default and meaning, those given already left out") {
  Prompt prompt;
  const std::string call = "feature.mfcc(clip, { ";
  CHECK(prompt.offers(call, "n_mfcc = "));
  CHECK(prompt.meaning(call, "n_mfcc = ").starts_with("20   "));
  CHECK(prompt.names("feature.mfcc { n_mf") == Names{"n_mfcc = "});
  CHECK_FALSE(prompt.offers("feature.mfcc { n_mfcc = 13, ", "n_mfcc = "));
  CHECK(prompt.offers("mine.mfcc { n_mf", "n_mfcc = "));
  CHECK(prompt.offers("rows:split { valida", "validation = ") == prompt.offers("rows:split { ", "validation = "));
  CHECK(prompt.offers("nn.Conv2d(1, 2, 3, { str", "stride = "));
}

TEST_CASE("columns of a table and of a dataset are offered to the methods that take them") {
  const tests::Scratch scratch("completion");
  Prompt prompt;
  prompt.run("clip:write('" + (scratch / "1.wav") + "'); songs = data.files '" + scratch.folder().string() + "'");
  CHECK(prompt.names("rows:select { 'wi") == Names{"width"});
  CHECK(prompt.names("rows:drop { 'width', 'h") == Names{"height"});
  CHECK(prompt.offers("songs:where('pa", "path"));
  CHECK(prompt.offers("songs:where 'i", "id"));
  CHECK(prompt.offers("songs:folds { by = 'i", "id"));
}

TEST_CASE("words of a choice are offered within its quotes") {
  Prompt prompt;
  CHECK(prompt.offers("learn.SVC { kernel = 'r", "rbf"));
  CHECK(prompt.offers("help 'mfc", "mfcc"));
  CHECK(prompt.names("-- feature.mf").empty());
}

TEST_CASE("files are offered within other quotes, folders with a stroke behind them") {
  const tests::Scratch scratch("completion");
  std::filesystem::create_directories(scratch / "songs/album");
  write_file(scratch / "songs/one.wav", "");
  Prompt prompt;
  const std::string folder = scratch / "songs/";
  CHECK(prompt.names("audio.load '" + folder) == Names{folder + "album/", folder + "one.wav"});
  CHECK(prompt.names("audio.load('" + folder + "o") == Names{folder + "one.wav"});
}

/// lumir-tests "[latency]" prints milliseconds; nothing is asserted of them.
TEST_CASE("how long completions take", "[.][latency]") {
  Prompt prompt;
  for (const std::string code :
       {"fea", "feature.", "torch.", "clip:", "feature.mfcc { ", "learn.SVC { kernel = '", "help '"}) {
    std::vector<double> times;
    for (int i = 0; i < 21; ++i) {
      const auto started = std::chrono::steady_clock::now();
      prompt.at(code);
      times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count());
    }
    const double first = times[0];
    std::sort(times.begin(), times.end());
    std::printf("%-24s %4zu offers  first %6.2f ms  median %6.2f  worst %6.2f\n", code.c_str(),
                prompt.at(code).found.size(), first, times[times.size() / 2], times.back());
  }
}

}  // namespace
}  // namespace lumir::lua
