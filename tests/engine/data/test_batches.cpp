// Batches and the rows that they are made of: order, padding, workers, draws, errors.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>

#include "core/error.h"
#include "core/parallel.h"
#include "data/batches.h"
#include "data/corpus.h"
#include "engine/data/scratch.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;
using namespace lumir::data;
using tests::ScratchFolder;

namespace {

/// Tensors in memory.
class Tensors final : public Items {
 public:
  explicit Tensors(std::vector<at::Tensor> rows) : rows_(std::move(rows)) {}
  size_t size() const override { return rows_.size(); }
  std::any at(size_t i) const override {
    if (!rows_[i].defined()) throw Error("row " + std::to_string(i) + " is broken");
    return rows_[i];
  }

 private:
  std::vector<at::Tensor> rows_;
};

/// Rows of one length or two, each of its number; they take a while, and note which threads ask for them.
class Slow final : public Items {
 public:
  size_t size() const override { return 30; }
  std::any at(size_t i) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::lock_guard lock(guard_);
    threads_.insert(std::this_thread::get_id());
    return at::full({static_cast<int64_t>(i % 3 == 0 ? 2 : 1)}, static_cast<double>(i));
  }
  size_t threads() const { return threads_.size(); }

 private:
  mutable std::mutex guard_;
  mutable std::set<std::thread::id> threads_;
};

Table table_of(std::vector<at::Tensor> rows) {
  Table table;
  table.items = std::make_shared<Tensors>(std::move(rows));
  return table;
}

/// Rows of one number each: 0, 1, 2 ...
Table counted(size_t rows) {
  Table table;
  Matrix x(rows, 1);
  for (size_t i = 0; i < rows; ++i) x.values[i] = static_cast<double>(i);
  table.x = x;
  return table;
}

std::vector<Batch> all_of(Table table, const BatchOptions& options, uint64_t epoch = 0) {
  Batches batches(std::make_shared<TensorRows>(std::move(table)), options, epoch);
  std::vector<Batch> all;
  while (auto batch = batches.next()) all.push_back(std::move(*batch));
  CHECK(all.size() == batches.size());
  return all;
}

std::vector<int> rows_of(const std::vector<Batch>& batches) {
  std::vector<int> rows;
  for (const Batch& batch : batches) rows.insert(rows.end(), batch.rows.begin(), batch.rows.end());
  return rows;
}

BatchOptions by(int batch_size) {
  BatchOptions options;
  options.batch_size = batch_size;
  return options;
}

/// A step that draws a number.
class Draws final : public Step {
 public:
  Draws() : Step(*find_entry("lumir.chain"), {{"seed", Value()}}) {}
  std::any apply(const std::any& input, const Context& context) const override {
    return at::full({1}, drawing(input, context).random().uniform());
  }
  bool draws() const override { return true; }
  std::string key() const override { return "draws"; }
};

/// What is stored before a step draws.
class Stores final : public Step {
 public:
  Stores() : Step(*find_entry("lumir.chain"), {}) {}
  std::any apply(const std::any&, const Context&) const override { return at::ones({1}); }
  std::string key() const override { return "stores"; }
};

}  // namespace

TEST_CASE("the last batch has the rest of the rows, or is left out") {
  CHECK(rows_of(all_of(counted(7), by(3))) == std::vector<int>{0, 1, 2, 3, 4, 5, 6});
  CHECK(all_of(counted(7), by(3)).back().x.size(0) == 1);
  BatchOptions options = by(3);
  options.drop_last = true;
  CHECK(rows_of(all_of(counted(7), options)) == std::vector<int>{0, 1, 2, 3, 4, 5});
  CHECK_THROWS_WITH(all_of(counted(2), options),
                    "batches: 'drop_last' leaves no batch: 2 rows are fewer than 'batch_size' = 3");
}

TEST_CASE("an order depends on seed and epoch, not on the number of workers") {
  BatchOptions options = by(4);
  options.shuffle = true;
  options.workers = 1;
  const auto one = rows_of(all_of(counted(30), options, 1));
  options.workers = 4;
  CHECK(rows_of(all_of(counted(30), options, 1)) == one);
  CHECK(rows_of(all_of(counted(30), options, 2)) != one);
}

TEST_CASE("even batches are of rows that several threads make, and the same by any number of them") {
  const auto even = [](int threads) {
    const int before = thread_count();
    set_thread_count(threads);
    const auto slow = std::make_shared<Slow>();
    Table table;
    table.items = slow;
    std::vector<Batch> batches;
    each_even_batch(TensorRows(table), 4, [&](const Batch& batch) { batches.push_back(batch); });
    set_thread_count(before);
    CHECK((slow->threads() > 1) == (threads > 1));
    return batches;
  };
  const auto one = even(1), four = even(4);
  auto rows = rows_of(four);
  CHECK(rows == rows_of(one));
  for (const Batch& batch : four) {
    CHECK_FALSE(batch.lengths.defined());
    for (size_t i = 0; i < batch.rows.size(); ++i) {
      CHECK(batch.x.select(0, static_cast<int64_t>(i)).min().item<double>() == batch.rows[i]);
    }
  }
  std::sort(rows.begin(), rows.end());
  CHECK(rows.size() == 30);
  CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
}

TEST_CASE("rows that differ in one dimension are padded at its end, and their lengths are told") {
  const auto batches = all_of(table_of({at::ones({2, 3}), at::ones({2, 1}), at::ones({2, 2})}), [] {
    BatchOptions options = by(2);
    options.padding = -5;
    return options;
  }());
  CHECK(batches[0].x.sizes() == at::IntArrayRef{2, 2, 3});
  CHECK(batches[0].lengths[0].item<int>() == 3);
  CHECK(batches[0].lengths[1].item<int>() == 1);
  CHECK(batches[0].x[1][1][0].item<float>() == 1);
  CHECK(batches[0].x[1][1][2].item<float>() == -5);
  CHECK_FALSE(batches[1].lengths.defined());
}

TEST_CASE("weighted, rows come as often as their weights say, by the seed and the epoch alone") {
  BatchOptions options;
  options.weights.assign(4000, 1);
  for (size_t i = 0; i < 1000; ++i) options.weights[i] = i % 2 == 0 ? 3 : 0;
  const auto order = order_of(counted(4000), options, 2);
  REQUIRE(order.size() == 4000);
  const auto heavy = std::count_if(order.begin(), order.end(), [](int row) { return row < 1000; });
  CHECK(std::abs(static_cast<double>(heavy) - 4000.0 * 1500 / 4500) < 120);  // four deviations
  CHECK(std::none_of(order.begin(), order.end(), [](int row) { return row < 1000 && row % 2 == 1; }));
  CHECK(order_of(counted(4000), options, 2) == order);
  CHECK_FALSE(order_of(counted(4000), options, 3) == order);
  CHECK_THROWS_WITH(order_of(counted(3), options, 0),
                    "batches: 'weights' must be 3 numbers, one for each row, got 4000");
  options.balance = true;
  CHECK_THROWS_WITH(order_of(counted(4000), options, 0), "batches: takes either 'balance' or 'weights'");
  options = {};
  options.weights = {0, 0};
  CHECK_THROWS_WITH(order_of(counted(2), options, 0), "batches: 'weights' are all 0");
}

TEST_CASE("balanced, every class comes as often as the others, and rows of small ones come again") {
  Table table = counted(9);
  table.classes = {"a", "b", "c"};
  table.y = {0, 0, 0, 0, 0, 0, 1, 1, 2};
  BatchOptions options = by(3);
  options.balance = true;
  std::map<int64_t, int> times;
  for (const Batch& batch : all_of(table, options)) {
    for (int64_t i = 0; i < batch.y.size(0); ++i) ++times[batch.y[i].item<int64_t>()];
  }
  CHECK(times == std::map<int64_t, int>{{0, 3}, {1, 3}, {2, 3}});
  CHECK_THROWS_WITH(order_of(counted(3), options, 0), "batches: 'balance' needs labels, and these rows have none");
}

TEST_CASE("a batch that failed fails again, and the loop ends") {
  const std::string shapes = "batches: rows of [2] and of [2, 3] do not go together (one dimension may differ)";
  Batches ragged(std::make_shared<TensorRows>(table_of({at::ones({2}), at::ones({2, 3}), at::ones({2})})), by(2), 0);
  CHECK_THROWS_WITH(ragged.next(), shapes);
  CHECK_THROWS_WITH(ragged.next(), shapes);
  Batches broken(std::make_shared<TensorRows>(table_of({at::ones({2}), at::Tensor(), at::ones({2})})), by(1), 0);
  CHECK(broken.next());
  CHECK_THROWS_WITH(broken.next(), "row 1 is broken");
  CHECK_THROWS_WITH(broken.next(), "row 1 is broken");
}

TEST_CASE("targets are classes from 0, or numbers, or nothing") {
  Table table = counted(3);
  CHECK_FALSE(all_of(table, by(3))[0].y.defined());
  table.classes = {"a", "b"};
  table.y = {1, 0, 1};
  CHECK(all_of(table, by(3))[0].y.sum().item<int64_t>() == 2);
  table.y = {};
  table.target = Target::numbers;
  table.values = Matrix(3, 2);
  table.values.values = {1, 2, 3, 4, 5, 6};
  const at::Tensor y = all_of(table, by(3))[0].y;
  CHECK(y.sizes() == at::IntArrayRef{3, 2});
  CHECK(y[2][1].item<float>() == 6);
}

TEST_CASE("a row that comes twice in an epoch is drawn twice, and so again in the same epoch") {
  ScratchFolder folder;
  for (const char* song : {"abba/A/1.mp3", "abba/A/2.mp3", "abba/A/3.mp3", "queen/Q/4.mp3"}) folder.file(song, song);
  const auto rows = std::make_shared<TensorRows>(
      open_corpus("artist20", folder.path()).map(make_chain({std::make_shared<Stores>(), std::make_shared<Draws>()})));
  REQUIRE(rows->draws());
  const auto value = [&](uint64_t epoch, uint64_t repeat) { return rows->at(3, epoch, repeat).item<float>(); };
  CHECK(value(1, 0) == value(1, 0));
  CHECK(value(1, 0) != value(1, 1));
  CHECK(value(1, 0) != value(2, 0));

  BatchOptions options = by(4);
  options.balance = true;
  Batches batches(rows, options, 1);
  const Batch batch = *batches.next();
  std::map<float, int> seen;
  for (int64_t i = 0; i < 4; ++i) ++seen[batch.x[i][0].item<float>()];
  CHECK(seen.size() == 4);
}
