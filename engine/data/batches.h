// Batches: rows by the dozen, in an order of their own in each epoch, made ahead by worker threads.
//
// Order and draws depend on the seed and the epoch alone, never on the number of workers. Rows of other lengths than
// their neighbours are padded to the longest.

#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/schema.h"
#include "data/tensor_rows.h"

namespace lumir::data {

struct BatchOptions {
  int batch_size = 32;
  bool shuffle = false;
  bool drop_last = false;
  bool balance = false;
  int views = 1;
  std::vector<double> weights;        // of each row, to draw it
  std::vector<double> sample_weight;  // of each row, in the loss
  double padding = 0;
  std::string device = "cpu";
  std::optional<int> workers;
  static Schema schema();
};

struct Batch {
  at::Tensor x;  // [batch, ...] float32
  at::Tensor y;  // int64 [batch], classes from 0; [batch, tags or numbers] of float32; undefined where nothing is known
  at::Tensor lengths;     // int64 [batch] where rows were padded: how much of each is true; else undefined
  at::Tensor weights;     // float32 [batch]: how much each row counts; undefined where all count alike
  std::vector<int> rows;  // of the table, from 0
};

/// The rows of an epoch in their order. Shuffled; or with `balance` every class as often as the others, rows of small
/// ones again; or each drawn by itself, as likely as its weight says. Where there are views, all rows of a batch come
/// once, and then again.
std::vector<int> order_of(const Table& table, const BatchOptions& options, uint64_t epoch);
/// Rows one over the other. Those whose shapes differ in one dimension are padded at its end. Throws ArgumentError for
/// shapes that differ in more.
Batch stack(const std::vector<at::Tensor>& rows, double padding);
/// What is to be foretold of these rows, as Batch::y has it.
at::Tensor targets_of(const Table& table, const std::vector<int>& rows);
/// Every row once, in batches of rows of one shape: none is padded, so what a network makes of a row does not depend on
/// the rows beside it. Rows of a shape come in their order, and `rows` of a batch says which they are.
void each_even_batch(const TensorRows& rows, int batch_size, const std::function<void(const Batch&)>& use);

class Batches {
 public:
  Batches(std::shared_ptr<const TensorRows> rows, const BatchOptions& options, uint64_t epoch);
  ~Batches();
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;

  /// How many there are in all.
  size_t size() const;
  /// How many were handed over.
  size_t done() const { return batches_of(given_); }
  /// Goes on as if so many had been handed over; never back.
  void skip_to(size_t done);
  /// None after the last. What one batch failed for, every later one fails for.
  std::optional<Batch> next();

 private:
  size_t batches_of(size_t rows) const;
  /// Rows of a whole batch, those that come again too.
  size_t whole_batch() const { return static_cast<size_t>(options_.batch_size) * static_cast<size_t>(options_.views); }
  void work();
  std::optional<Batch> make_next();
  /// The row at a place of the order, as soon as it is there.
  at::Tensor take(size_t place);
  std::shared_ptr<const TensorRows> rows_;
  BatchOptions options_;
  uint64_t epoch_;
  std::vector<int> order_;
  std::vector<uint64_t> repeats_;  // of each place, how often its row came before
  size_t given_ = 0;               // places that batches were made of
  std::exception_ptr problem_;

  std::mutex guard_;
  std::condition_variable made_, wanted_;
  std::map<size_t, at::Tensor> ready_;  // by place
  std::map<size_t, std::exception_ptr> failed_;
  size_t next_place_ = 0, end_place_ = 0;  // of the workers: the next one, and where they may go
  bool stop_ = false;
  std::vector<std::jthread> workers_;
};

}  // namespace lumir::data
