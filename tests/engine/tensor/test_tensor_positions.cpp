// Every whole number of every operator that Lua can call is marked: position, count or value.

#include <map>
#include <set>

#include <ATen/ops/tensor.h>

#include "core/error.h"
#include "tensor/messages.h"
#include "tensor/operators.h"
#include "tensor/positions.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;
using tensor::Kind;
using tensor::Mark;

namespace {

/// "topk.k" -> "count"; results as "topk -> 2".
std::map<std::string, std::string> marks_of(const std::string& name) {
  std::map<std::string, std::string> marks;
  const auto* operation = tensor::find_operator(name);
  REQUIRE(operation);
  for (const auto& overload : operation->overloads) {
    for (const auto& parameter : overload.parameters) marks[parameter.name] = tensor::name_of(parameter.mark);
    for (size_t i = 0; i < overload.results.size(); ++i) {
      marks["-> " + std::to_string(i + 1)] = tensor::name_of(overload.results[i].mark);
    }
  }
  return marks;
}

}  // namespace

TEST_CASE("what is left out for want of a mark is known") {
  CHECK(tensor::unmarked() ==
        std::vector<std::string>{"tensor_split.tensor_indices_or_sections tensor_indices_or_sections"});
}

TEST_CASE("every row of the table of marks speaks of something that Lua can reach") {
  std::set<std::string> reached;
  auto names = tensor::operator_names();
  names.push_back("random_");
  for (const auto& name : names) {
    const std::string base = name == "unique" ? "_unique2" : name == "cross_entropy" ? "cross_entropy_loss" : name;
    const std::string stem = base.ends_with('_') ? base.substr(0, base.size() - 1) : base;
    for (const auto& overload : tensor::find_operator(name)->overloads) {
      const std::string full = stem + "." + overload.handle.schema().overload_name();
      std::vector<std::string> words;
      for (const auto& argument : overload.handle.schema().arguments()) words.push_back(argument.name());
      for (size_t i = 1; i <= overload.results.size(); ++i) {
        words.push_back(i == 1 ? "result" : "result " + std::to_string(i));
      }
      for (const auto& word : words) {
        for (const auto& key : {full, stem, std::string()}) reached.insert(key + " " + word);
      }
    }
  }
  for (const auto& row : tensor::mark_rows()) {
    INFO(row.operation + " " + row.name);
    CHECK(reached.contains(row.operation + " " + row.name));
  }
}

TEST_CASE("marks say what whole numbers mean") {
  auto topk = marks_of("topk");
  CHECK(topk["k"] == "count");
  CHECK(topk["dim"] == "position");
  CHECK(topk["-> 1"] == "value");
  CHECK(topk["-> 2"] == "position");
  CHECK(marks_of("roll")["shifts"] == "value");
  CHECK(marks_of("tile")["dims"] == "count");
  CHECK(marks_of("slice")["stop"] == "stop");
  CHECK(marks_of("slice")["step"] == "count");
  CHECK(marks_of("gather")["index"] == "position");
  CHECK(marks_of("cross_entropy")["target"] == "label");
  CHECK(marks_of("mse_loss")["target"] == "value");
  CHECK(marks_of("mse_loss")["reduction"] == "word");
  CHECK(marks_of("diagonal")["offset"] == "value");
  CHECK(marks_of("index_add_")["index"] == "position");
}

TEST_CASE("users count from 1 and from the end, LibTorch from 0") {
  CHECK(tensor::from_user(1, Mark::position, "f", "dim") == 0);
  CHECK(tensor::from_user(-1, Mark::position, "f", "dim") == -1);
  CHECK(tensor::from_user(3, Mark::stop, "f", "stop") == 3);
  CHECK(tensor::from_user(-2, Mark::stop, "f", "stop") == -1);
  CHECK(tensor::from_user(7, Mark::count, "f", "k") == 7);
  CHECK_THROWS_WITH(tensor::from_user(0, Mark::position, "f", "dim"),
                    "f: 'dim' = 0 is no position; positions count from 1, -1 is the last");
}

TEST_CASE("tensors of positions are converted into new ones") {
  const at::Tensor given = at::tensor({1, 3, -1}, at::kLong);
  const at::Tensor inside = tensor::from_user(given, Mark::position, "f", "index");
  CHECK(inside.equal(at::tensor({0, 2, -1}, at::kLong)));
  CHECK(given.equal(at::tensor({1, 3, -1}, at::kLong)));
  CHECK(tensor::to_user(inside, Mark::position).equal(given));
  CHECK_THROWS_WITH(tensor::from_user(at::tensor({1, 0}, at::kLong), Mark::position, "f", "index"),
                    "f: 'index' holds a 0, which is no position; positions count from 1");
}

TEST_CASE("LibTorch's messages become one line that counts from 1") {
  CHECK(tensor::in_words("Dimension out of range (expected to be in range of [-2, 1], but got 2)") ==
        "dimension 3 is out of range (1 to 2, or -2 to -1)");
  CHECK(tensor::in_words("The size of tensor a (3)\nmust match at non-singleton dimension 1.") ==
        "The size of tensor a (3) must match at non-singleton dimension 2");
  CHECK(
      tensor::in_words("Calculated padded input size per channel: (3 x 3). Kernel size: (5 x 5). Kernel size can't be "
                       "greater than actual input size") ==
      "the input is too small here: 3 x 3, padding included, for a kernel of 5 x 5");
  CHECK(tensor::in_words("Given input size: (256x1x1). Calculated output size: (256x0x0). Output size is too small") ==
        "the input is too small here: 256x1x1");
  CHECK(tensor::in_words("index 8 is out of bounds for dimension 0 with size 3") ==
        "index 9 is out of bounds for dimension 1 with size 3");
}

TEST_CASE("overloads that write into an argument, private operators and gradients are not shown") {
  for (const char* name : {"_softmax", "relu_backward", "resize_", "set_", "nosuch", "native_layer_norm"}) {
    CHECK(tensor::find_operator(name) == nullptr);
  }
  for (const auto& overload : tensor::find_operator("add")->overloads) {
    for (const auto& parameter : overload.parameters) CHECK(parameter.name != "out");
  }
  CHECK(tensor::find_operator("add_") != nullptr);
  const auto& names = tensor::operator_names();
  CHECK(names.size() > 600);
  CHECK(std::find(names.begin(), names.end(), "add_") == names.end());
}
