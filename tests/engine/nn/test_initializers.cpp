// Initialisers against PyTorch's: golden/nn/init.json.

#include <catch2/catch.hpp>

#include <set>

#include <ATen/Context.h>
#include <ATen/ops/empty.h>

#include "core/file.h"
#include "nn/initializers.h"
#include "tensor/convert.h"
#include "tree.h"

using namespace lumir;

namespace {

using Fill = std::function<void(at::Tensor, const Map&)>;

template <class S>
Fill by_options(void (*fill)(at::Tensor, const S&), const std::string& name) {
  return
      [fill, name](at::Tensor tensor, const Map& options) { fill(std::move(tensor), read_options<S>(options, name)); };
}

const std::map<std::string, Fill>& initialisers() {
  using namespace nn::init;
  static const std::map<std::string, Fill> all{{"uniform_", by_options(uniform, "uniform_")},
                                               {"normal_", by_options(normal, "normal_")},
                                               {"trunc_normal_", by_options(trunc_normal, "trunc_normal_")},
                                               {"constant_", by_options(constant, "constant_")},
                                               {"ones_", by_options(ones, "ones_")},
                                               {"zeros_", by_options(zeros, "zeros_")},
                                               {"eye_", by_options(eye, "eye_")},
                                               {"xavier_uniform_", by_options(xavier_uniform, "xavier_uniform_")},
                                               {"xavier_normal_", by_options(xavier_normal, "xavier_normal_")},
                                               {"kaiming_uniform_", by_options(kaiming_uniform, "kaiming_uniform_")},
                                               {"kaiming_normal_", by_options(kaiming_normal, "kaiming_normal_")},
                                               {"orthogonal_", by_options(orthogonal, "orthogonal_")}};
  return all;
}

}  // namespace

TEST_CASE("initialisers draw what PyTorch's draw after the same seed") {
  const Value golden = from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/init.json"), "init.json");
  std::set<std::string> seen;
  for (const auto& one : *golden.at("cases").list()) {
    const std::string& name = *one["name"].text();
    INFO(name << " " << show(one["options"]));
    std::vector<int64_t> shape;
    for (const auto& size : *one["shape"].list()) shape.push_back(static_cast<int64_t>(*size.number()));
    const at::Tensor tensor = at::empty(shape, at::kFloat);
    at::manual_seed(static_cast<uint64_t>(*one["seed"].number()));
    initialisers().at(name)(tensor, *one["options"].map());
    const auto found = tensor::to_doubles(tensor, "test");
    const List& wanted = *one["values"].list();
    REQUIRE(found.size() == wanted.size());
    for (size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(*wanted[i].number()).epsilon(1e-6).margin(1e-7));
    seen.insert(name);
  }
  CHECK(seen.size() == initialisers().size());
}

TEST_CASE("initialisers that look at fans refuse a vector in one line") {
  CHECK_THROWS_WITH(nn::init::xavier_uniform(at::empty({3}), {}),
                    "xavier_uniform_: takes two dimensions and more, got [3]");
  CHECK_THROWS_WITH(nn::init::eye(at::empty({3}), {}), "eye_: takes [rows, columns], got [3]");
}
