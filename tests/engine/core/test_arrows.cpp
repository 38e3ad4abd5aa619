// The arrows of the house: which folder of engine/ may include which.
//
// core < tensor < { audio < signal < feature < augment < synth < data, metric, optim } < model < { learn, nn
// } < evaluate < report; what judges and reports sees the room model, never what stands to its right. Inside feature,
// its folder plan knows no feature.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tree.h"

namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

/// What each folder may include besides itself.
const std::map<std::string, Names>& arrows() {
  static const std::map<std::string, Names> allowed = [] {
    const Names ground{"core", "tensor"};
    const Names transforms{"core", "tensor", "audio", "signal"};
    Names features = transforms;
    features.insert({"feature", "feature/plan"});
    Names effects = features;
    effects.insert("augment");
    Names corpora = effects;
    corpora.insert("synth");
    Names sound = corpora;
    sound.insert("data");
    Names learning = sound;
    learning.insert({"metric", "optim"});
    Names judging = learning;
    judging.insert("model");
    Names telling = judging;
    telling.insert("evaluate");
    return std::map<std::string, Names>{
        {"core", {}},
        {"tensor", {"core"}},
        {"audio", ground},
        {"signal", {"core", "tensor", "audio"}},
        {"feature/plan", transforms},
        {"feature", features},
        {"augment", features},
        {"synth", effects},
        {"data", corpora},
        {"metric", ground},
        {"optim", ground},
        {"model", learning},
        {"learn", judging},
        {"nn", judging},
        {"evaluate", judging},
        {"report", telling},
    };
  }();
  return allowed;
}

const fs::path kEngine = fs::path(LUMIR_ROOT) / "engine";

struct Include {
  std::string file;    // "feature/mfcc.cpp"
  std::string target;  // "core/schema.h", "lua.h"
};

bool is_source(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".cpp" || ending == ".h" || ending == ".inc";
}

std::vector<Include> includes() {
  static const std::regex directive(R"(^\s*#\s*include\s*["<]([^">]+)[">].*)");
  std::vector<Include> found;
  for (const auto& entry : fs::recursive_directory_iterator(kEngine)) {
    if (!entry.is_regular_file() || !is_source(entry.path())) continue;
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (!std::regex_match(line, match, directive)) continue;
      found.push_back({fs::relative(entry.path(), kEngine).generic_string(), match[1]});
    }
  }
  return found;
}

/// "feature" of "feature/mfcc.cpp", "feature/plan" of "feature/plan/node.h".
std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

/// "ATen" of "ATen/core/Tensor.h".
std::string library_of(const std::string& path) {
  const size_t slash = path.find('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

}  // namespace

TEST_CASE("every folder of engine/ has its place among the arrows") {
  for (const auto& entry : fs::recursive_directory_iterator(kEngine)) {
    if (!entry.is_directory()) continue;
    INFO(entry.path().string());
    CHECK(arrows().contains(fs::relative(entry.path(), kEngine).generic_string()));
  }
}

TEST_CASE("includes point left only") {
  const auto all = includes();
  REQUIRE(all.size() > 100);
  std::vector<std::string> wrong;
  for (const auto& [file, target] : all) {
    const std::string from = folder_of(file), to = folder_of(target);
    if (!arrows().contains(to) || from == to) continue;
    if (!arrows().at(from).contains(to)) wrong.push_back(file + " includes " + target);
  }
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("the engine knows neither Lua nor the viewer's windows") {
  static const std::regex foreign(R"((.*/)?(lua|lua\.hpp|lauxlib|lualib|luajit|imgui|implot|SDL)(\.h|\.hpp|/.*)?)");
  std::vector<std::string> wrong;
  for (const auto& [file, target] : includes()) {
    const std::string first = library_of(target);
    const bool ours = first == "bind" || first == "api" || first == "repl" || first == "viewer";
    const bool sound_card = file == "audio/device.cpp" && target == "SDL.h";
    if (!sound_card && (ours || std::regex_match(target, foreign))) wrong.push_back(file + " includes " + target);
  }
  CHECK(wrong == std::vector<std::string>{});
}

namespace {

/// By itself or by a Batch, which is made of tensors.
bool names_libtorch(const std::string& file) {
  static const std::regex name(R"((^|[^A-Za-z_:])((at|c10|torch)::|Batch\b))");
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line.substr(0, line.find("//")), name)) return true;
  }
  return false;
}

/// Files of engine/, lua/ and tests/, and what each includes: another file of ours, or "LibTorch".
std::map<std::string, Names> include_graph() {
  static const std::regex directive(R"(^\s*#\s*include\s*["<]([^">]+)[">].*)");
  const fs::path root = LUMIR_ROOT;
  std::map<std::string, Names> graph;
  for (const char* folder : {"engine", "lua", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (!entry.is_regular_file() || !is_source(entry.path())) continue;
      Names& targets = graph[entry.path().lexically_normal().string()];
      std::ifstream file(entry.path());
      std::smatch match;
      for (std::string line; std::getline(file, line);) {
        if (!std::regex_match(line, match, directive)) continue;
        const std::string target = match[1];
        if (Names{"ATen", "c10", "torch"}.contains(library_of(target))) targets.insert("LibTorch");
        for (const auto& from : {entry.path().parent_path(), kEngine, root / "lua", root / "tests"}) {
          if (fs::exists(from / target)) targets.insert((from / target).lexically_normal().string());
        }
      }
    }
  }
  return graph;
}

/// The files that see LibTorch's headers, directly or through others.
Names reached_by_libtorch(const std::map<std::string, Names>& graph) {
  Names reached{"LibTorch"};
  for (size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const auto& [file, targets] : graph) {
      if (std::any_of(targets.begin(), targets.end(), [&](const auto& one) { return reached.contains(one); })) {
        reached.insert(file);
      }
    }
  }
  reached.erase("LibTorch");
  return reached;
}

}  // namespace

TEST_CASE("LibTorch's headers reach only files that name its things") {
  const auto reached = reached_by_libtorch(include_graph());
  CHECK(reached.size() > 20);
  std::vector<std::string> wrong;
  for (const auto& file : reached) {
    const bool list = file.ends_with("tensor/precompiled.h");  // of headers
    // a layer is made of tensors, whether it names them or leaves that to its base; so are files of tensors, and Lua's
    // view of all of it
    const auto in = [&](const char* folder) { return file.find(folder) != std::string::npos; };
    const bool tensors = in("engine/nn/") || in("engine/optim/") || in("lua/api/") || in("engine/tensor/");
    if (!list && !tensors && !names_libtorch(file)) wrong.push_back(file);
  }
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("LibTorch's headers are included where rows are tensors only, and never as a whole") {
  const Names libtorch{"ATen", "c10", "torch", "caffe2"};
  const Names allowed{"tensor", "augment", "data", "model", "nn", "optim"};
  std::vector<std::string> wrong;
  for (const auto& [file, target] : includes()) {
    if (!libtorch.contains(library_of(target))) continue;
    const bool whole = target == "torch/torch.h" || target == "torch/all.h" || target == "ATen/ATen.h";
    if (whole || !allowed.contains(folder_of(file))) wrong.push_back(file + " includes " + target);
  }
  CHECK(wrong == std::vector<std::string>{});
}
