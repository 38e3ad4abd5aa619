// Models as ONNX: what each kind becomes is read back here; that other programs answer alike, and what the digests
// stand for, tests/golden/onnx/check.py has looked at.

#include <catch2/catch.hpp>

#include <cstring>

#include "core/error.h"
#include "core/hash.h"
#include "engine/learn/blobs.h"
#include "model/onnx_file.h"

using namespace lumir;
using namespace lumir::model;

namespace {

/// One field of a message, as the wire has it.
struct Field {
  int number = 0;
  uint64_t whole = 0;
  std::string_view bytes;
};

std::vector<Field> fields_of(std::string_view message) {
  std::vector<Field> fields;
  size_t at = 0;
  const auto varint = [&] {
    uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<uint8_t>(message.at(at++));
      number |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
  };
  while (at < message.size()) {
    const uint64_t tag = varint();
    Field field{static_cast<int>(tag >> 3), 0, {}};
    const auto wire = tag & 7;
    REQUIRE((wire == 0 || wire == 2 || wire == 5));
    field.whole = wire == 5 ? 4 : varint();
    if (wire != 0) {
      field.bytes = message.substr(at, field.whole);
      at += field.whole;
    }
    fields.push_back(field);
  }
  return fields;
}

/// The messages and texts of one field.
std::vector<std::string_view> all_of(std::string_view message, int number) {
  std::vector<std::string_view> found;
  for (const auto& field : fields_of(message)) {
    if (field.number == number) found.push_back(field.bytes);
  }
  return found;
}

/// The operators of the file's graph in their order: "Sub Div Gemm".
std::string operators_of(const std::string& file) {
  std::string names;
  for (const auto node : all_of(all_of(file, 7).at(0), 1)) names += std::string(all_of(node, 4).at(0)) + " ";
  return names.substr(0, names.size() - 1);
}

Map step(const std::string& name, const Map& options = {}) {
  return {{"name", "learn." + name}, {"options", make_estimator(name, options)->options()}};
}

/// A model of a state that is written here, so that its bytes are the same on every machine.
Model written(const std::string& name, const Map& options, const State& state, size_t columns, int classes) {
  Model model;
  model.estimator = make_estimator(name, options);
  model.estimator->load(state);
  for (size_t i = 1; i <= columns; ++i) model.columns.push_back("c" + std::to_string(i));
  for (int c = 0; c < classes; ++c) model.classes.push_back(std::string(1, static_cast<char>('a' + c)));
  model.label = "genre";
  return model;
}

const State kTwoLines{
    {"coef", Array({1, 2}, {0.5, -1})}, {"intercept", {0.25}}, {"classes", {0, 1}}, {"n_classes", {2}}};

}  // namespace

TEST_CASE("onnx: a pipeline is one graph, scaled and selected as in the fit", "[model]") {
  const Map pipeline{{"steps", List{step("StandardScaler"), step("SelectKBest", {{"k", 2}}), step("LinearSVC")}}};
  State state;
  add_part(state, "steps.0.", {{"center", {1, 2, 3}}, {"scale", {1, 2, 4}}});
  add_part(state, "steps.1.", {{"f_values", {3, 1, 2}}, {"chosen", {0, 2}}});
  add_part(state, "steps.2.", kTwoLines);
  const std::string file = onnx_of(written("Pipeline", pipeline, state, 3, 2), "save");
  CHECK(operators_of(file) == "Sub Div Gather Gemm Mul ArgMax Gather Identity Identity");
  const auto graph = all_of(file, 7).at(0);
  const auto centre = all_of(graph, 5).at(0);  // TensorProto
  std::vector<double> numbers(3);
  REQUIRE(all_of(centre, 9).at(0).size() == 3 * sizeof(double));
  std::memcpy(numbers.data(), all_of(centre, 9).at(0).data(), 3 * sizeof(double));
  CHECK(numbers == std::vector<double>{1, 2, 3});
  CHECK(std::string(all_of(all_of(graph, 11).at(0), 1).at(0)) == "rows");
  CHECK(std::string(all_of(all_of(graph, 12).at(0), 1).at(0)) == "label");
  std::map<std::string, std::string> words;
  for (const auto pair : all_of(file, 14)) words[std::string(all_of(pair, 1).at(0))] = all_of(pair, 2).at(0);
  CHECK(words["classes"] == R"(["a","b"])");
  CHECK(words["columns"] == R"(["c1","c2","c3"])");
}

TEST_CASE("onnx: every kind has its operators, and the bytes that ONNX Runtime was tried on", "[model]") {
  const State tree{{"nodes", {3}},
                   {"column", {1, -1, -1}},
                   {"threshold", {0.5, 0, 0}},
                   {"left", {1, 0, 1}},
                   {"values", Array({2, 2}, {1, 0, 0.25, 0.75})},
                   {"feature_importances", {0, 1}}};
  const State rows{{"rows", Array({3, 2}, {0, 0, 1, 0, 4, 4})}, {"labels", {0, 0, 1}}, {"n_classes", {2}}};
  const State vectors{{"support_vectors", Array({3, 2}, {0, 0, 1, 1, 2, 0})},
                      {"dual_coef", Array({2, 3}, {1, -1, -0.5, 0.5, 0.5, -0.5})},
                      {"intercept", {0, 0.25, -0.25}},
                      {"n_support", {1, 1, 1}},
                      {"classes", {0, 1, 2}},
                      {"n_classes", {3}},
                      {"gamma", {0.5}}};
  const State layers{{"coefs.0", Array({2, 2}, {1, 0, 0, 1})},
                     {"intercepts.0", {0, 0.5}},
                     {"coefs.1", Array({2, 1}, {1, -1})},
                     {"intercepts.1", {0}},
                     {"loss_curve", {1}},
                     {"classes", {0, 1}},
                     {"n_classes", {2}}};
  struct Case {
    const char* name;
    Map options;
    State state;
    int classes;
    const char* operators;
  };
  const std::vector<Case> cases{
      {"Ridge", {}, kTwoLines, 2, "Gemm Mul ArgMax Gather Identity Identity"},
      {"LogisticRegression", {}, kTwoLines, 2, "Gemm Mul Softmax ArgMax Gather Identity Identity"},
      {"DecisionTree", {}, tree, 2, "TreeEnsembleClassifier Cast Div ArgMax Gather Identity Identity"},
      {"RandomForest", {}, tree, 2, "TreeEnsembleClassifier Cast Div ArgMax Gather Identity Identity"},
      {"KNeighbors",
       {{"n_neighbors", 2}},
       rows,
       2,
       "Scan TopK Gather Gather ReduceSum ReduceSum Div ArgMax Gather Identity Identity"},
      {"SVC",
       {{"kernel", "linear"}},
       vectors,
       3,
       "Gemm Gemm Greater Cast Sub MatMul MatMul Add ArgMax MatMul Abs Add Mul GreaterOrEqual Cast Sub MatMul MatMul "
       "Add Div Add Gather Gather Identity Identity"},
      {"MLP",
       {{"hidden_layer_sizes", List{2}}},
       layers,
       2,
       "Gemm Relu Gemm Mul Softmax ArgMax Gather Identity Identity"},
  };
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/onnx/digests.json";
  const Value digests = from_json(read_file(path), path);
  for (const auto& one : cases) {
    INFO(one.name);
    const std::string file = onnx_of(written(one.name, one.options, one.state, 2, one.classes), "save");
    CHECK(operators_of(file) == one.operators);
    CHECK(sha256(all_of(file, 7).at(0)) == *digests[one.name].text());
  }
}

TEST_CASE("onnx: a graph of more than 2 GB is refused, before it is written", "[model]") {
  OnnxGraph graph;
  const std::vector<std::byte> none;
  const auto large = std::span(none.data(), size_t{2200000000});  // nobody reads it
  graph.constant(Array(ElementType::uint8, {2200000000}, large, nullptr));
  CHECK_THROWS_WITH(onnx_bytes(graph, {}),
                    "onnx: the file would hold 2200 MB, and a file of ONNX holds 2,147 MB at most");
}

TEST_CASE("onnx: numbers with a point, places and sizes by name stand as the format has them", "[model]") {
  OnnxGraph graph;
  const auto x = graph.input("x", ElementType::float32, {std::string("batch"), 3});
  graph.set_place("trunk.3");
  graph.output("y", graph.add("Elu", {x}, {{"alpha", 0.5F}}), ElementType::float32, {-1, 3});
  graph.named_constant("trunk.3.weight", Array({1}, {2}));
  const std::string file = onnx_bytes(graph, {});
  const auto made = all_of(file, 7).at(0), node = all_of(made, 1).at(0);
  CHECK(std::string(all_of(node, 3).at(0)).starts_with("trunk.3/Elu "));
  float alpha = 0;
  std::memcpy(&alpha, all_of(all_of(node, 5).at(0), 2).at(0).data(), sizeof(alpha));
  CHECK(alpha == 0.5F);
  const auto size = [&](int number) {
    const auto shape = all_of(all_of(all_of(all_of(made, number).at(0), 2).at(0), 1).at(0), 2).at(0);
    return std::string(all_of(all_of(shape, 1).at(0), 2).at(0));
  };
  CHECK(size(11) == "batch");
  CHECK(size(12) == "n");
  CHECK(std::string(all_of(all_of(made, 5).at(0), 8).at(0)) == "trunk.3.weight");
}

TEST_CASE("onnx: a class without rows comes after all others", "[model]") {
  State state = kTwoLines;
  state["classes"] = {0, 2};
  state["n_classes"] = {3};
  const std::string file = onnx_of(written("Ridge", {}, state, 2, 3), "save");
  CHECK(operators_of(file) == "Gemm Mul ReduceMin Sub Concat Gather ArgMax Gather Identity Identity");
}

TEST_CASE("onnx: what has no form there is refused by its name", "[model]") {
  const auto refusal = [](Model model) -> std::string {
    try {
      onnx_of(model, "save");
    } catch (const ArgumentError& problem) {
      return problem.what();
    }
    return "";
  };
  Model model;
  model.estimator = make_estimator("SVC", {{"probability", true}});
  CHECK(refusal(model) == "save: SVC is not fitted yet");
  const auto rows = tests::blobs(40, 4, 2, 1.5, 5);
  model.estimator->fit(rows.training());
  model.classes = {"a", "b"};
  CHECK(refusal(model).empty());
  CHECK(operators_of(onnx_of(model, "save")).find("Loop") != std::string::npos);  // pairs together
  model.estimator = make_estimator("NearestCentroid", {});
  model.estimator->fit(rows.training());
  CHECK(refusal(model).starts_with("save: NearestCentroid has no form in ONNX; these have: "));
}
