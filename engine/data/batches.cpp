// Orders, stacking and the workers.

#include "data/batches.h"

#include <algorithm>
#include <numeric>

#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>

#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/random.h"
#include "data/words.h"
#include "tensor/convert.h"
#include "tensor/gpu.h"
#include "tensor/show.h"

namespace lumir::data {
namespace {

constexpr size_t kAhead = 2;    // batches that workers make before they are asked for
constexpr size_t kWaiting = 8;  // batches of rows that wait for others of their shape
constexpr size_t kWindow = 2;   // batches of rows that are made at once for even batches

/// Each class in turn, in a new order each round; a class whose rows are used up begins again.
std::vector<int> balanced(const Table& table, Random& random) {
  std::vector<std::vector<int>> members(table.classes.size()), left(table.classes.size());
  for (size_t i = 0; i < table.y.size(); ++i) members[static_cast<size_t>(table.y[i])].push_back(static_cast<int>(i));
  std::vector<size_t> present;
  for (size_t c = 0; c < members.size(); ++c) {
    if (!members[c].empty()) present.push_back(c);
  }
  std::vector<int> order;
  while (order.size() < table.rows()) {
    for (const int turn : random.permutation(static_cast<int>(present.size()))) {
      const size_t c = present[static_cast<size_t>(turn)];
      if (left[c].empty()) {
        for (const int i : random.permutation(static_cast<int>(members[c].size()))) {
          left[c].push_back(members[c][static_cast<size_t>(i)]);
        }
      }
      order.push_back(left[c].back());
      left[c].pop_back();
      if (order.size() == table.rows()) break;
    }
  }
  return order;
}

/// As many rows as there are, each drawn by itself, as likely as its weight says.
std::vector<int> weighted(const Table& table, const std::vector<double>& weights, Random& random) {
  if (weights.size() != table.rows()) {
    throw ArgumentError("batches: 'weights' must be " + std::to_string(table.rows()) +
                        " numbers, one for each row, got " + std::to_string(weights.size()));
  }
  std::vector<double> sums(weights.size());
  std::partial_sum(weights.begin(), weights.end(), sums.begin());
  if (sums.back() <= 0) throw ArgumentError("batches: 'weights' are all 0");
  std::vector<int> order;
  while (order.size() < sums.size()) {
    const auto found = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sums.back());
    order.push_back(static_cast<int>(std::min<long>(found - sums.begin(), static_cast<long>(sums.size()) - 1)));
  }
  return order;
}

std::vector<int> order_without_views(const Table& table, const BatchOptions& options, uint64_t epoch) {
  Random random(mixed(global_seed() + mixed(epoch)), "batches");
  if (!options.weights.empty()) {
    if (options.balance) throw ArgumentError("batches: takes either 'balance' or 'weights'");
    return weighted(table, options.weights, random);
  }
  if (options.balance) {
    if (!table.has_labels()) throw ArgumentError("batches: 'balance' needs labels, and these rows have none");
    if (table.y.empty()) {
      throw ArgumentError(std::string("batches: 'balance' needs one class a row, and these rows have ") +
                          words_of(table.target));
    }
    return balanced(table, random);
  }
  if (options.shuffle) return random.permutation(static_cast<int>(table.rows()));
  std::vector<int> order(table.rows());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  return order;
}

/// The rows of every batch so many times, one after the other.
std::vector<int> repeated(const std::vector<int>& order, size_t batch, int views) {
  std::vector<int> all;
  all.reserve(order.size() * static_cast<size_t>(views));
  for (size_t first = 0; first < order.size(); first += batch) {
    const size_t last = std::min(order.size(), first + batch);
    for (int view = 0; view < views; ++view) {
      all.insert(all.end(), order.begin() + static_cast<ptrdiff_t>(first),
                 order.begin() + static_cast<ptrdiff_t>(last));
    }
  }
  return all;
}

/// How much each row counts; empty where all do alike.
const std::vector<double>& counting(const Table& table, const BatchOptions& options) {
  if (options.sample_weight.empty()) return table.weights;
  if (options.sample_weight.size() == table.rows()) return options.sample_weight;
  throw ArgumentError("batches: 'sample_weight' must be " + std::to_string(table.rows()) +
                      " numbers, one for each row, got " + std::to_string(options.sample_weight.size()));
}

/// float32 [rows]; undefined where all count alike.
at::Tensor weights_of(const std::vector<int>& rows, const std::vector<double>& counting) {
  if (counting.empty()) return {};
  std::vector<double> weights;
  for (const int row : rows) weights.push_back(counting[static_cast<size_t>(row)]);
  return tensor::from_doubles(weights, {static_cast<int64_t>(weights.size())}).to(at::kFloat);
}

/// How often the row at each place came before in the order.
std::vector<uint64_t> repeats_in(const std::vector<int>& order) {
  std::vector<uint64_t> repeats;
  std::map<int, uint64_t> so_far;
  for (const int row : order) repeats.push_back(so_far[row]++);
  return repeats;
}

/// The dimension in which shapes differ; none where they are equal. Throws where there are several.
std::optional<int64_t> padded_dimension(const std::vector<at::Tensor>& rows) {
  std::optional<int64_t> found;
  const at::Tensor& first = rows.front();
  for (const at::Tensor& row : rows) {
    bool fits = row.dim() == first.dim();
    for (int64_t d = 0; fits && d < row.dim(); ++d) {
      if (row.size(d) == first.size(d)) continue;
      fits = !found || *found == d;
      found = d;
    }
    if (fits) continue;
    throw ArgumentError("batches: rows of " + tensor::show_shape(first.sizes()) + " and of " +
                        tensor::show_shape(row.sizes()) + " do not go together (one dimension may differ)");
  }
  return found;
}

}  // namespace

Schema BatchOptions::schema() {
  return {Option{"batch_size", &BatchOptions::batch_size, "rows of each batch; the last may have fewer", Range{1}},
          Option{"shuffle", &BatchOptions::shuffle, "another order in each epoch, by lumir.seed's seed"},
          Option{"drop_last", &BatchOptions::drop_last, "leaves out a last batch that is smaller"},
          Option{"balance", &BatchOptions::balance, "every class as often as the others, rows of small ones again"},
          Option{"weights", &BatchOptions::weights, "of each row, how likely it is drawn, again and again; empty: none",
                 kNonNegative},
          Option{"sample_weight", &BatchOptions::sample_weight,
                 "of each row, how much it counts, handed over behind lengths; empty: that of the table", kNonNegative},
          Option{"views", &BatchOptions::views,
                 "how often a batch has its rows, each time drawn anew by a chain that draws; x:chunk(2) parts two",
                 Range{1, 1000}},
          Option{"padding", &BatchOptions::padding, "what stands behind rows that are shorter than the longest"},
          Option{"device", &BatchOptions::device, "where the batches lie: 'cpu', 'cuda', 'auto'"},
          Option{"workers", &BatchOptions::workers,
                 "threads that make rows ahead; 'none' takes as many as there are cores", Range{1, 1024}}};
}

std::vector<int> order_of(const Table& table, const BatchOptions& options, uint64_t epoch) {
  std::vector<int> order = order_without_views(table, options, epoch);
  const auto batch = static_cast<size_t>(options.batch_size);
  if (options.drop_last && order.size() < batch) {
    throw ArgumentError("batches: 'drop_last' leaves no batch: " + count_of(order.size(), "rows") +
                        " are fewer than 'batch_size' = " + std::to_string(batch));
  }
  if (options.drop_last) order.resize(order.size() / batch * batch);
  return options.views == 1 ? order : repeated(order, batch, options.views);
}

Batch stack(const std::vector<at::Tensor>& rows, double padding) {
  Batch batch;
  const auto dimension = padded_dimension(rows);
  if (!dimension) {
    batch.x = at::stack(rows);
    return batch;
  }
  std::vector<int64_t> lengths;
  for (const auto& row : rows) lengths.push_back(row.size(*dimension));
  std::vector<int64_t> shape = rows.front().sizes().vec();
  shape[static_cast<size_t>(*dimension)] = *std::max_element(lengths.begin(), lengths.end());
  shape.insert(shape.begin(), static_cast<int64_t>(rows.size()));
  batch.x = at::full(shape, padding, rows.front().options());
  batch.lengths = at::full({static_cast<int64_t>(rows.size())}, 0, at::kLong);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto at = static_cast<int64_t>(i);
    batch.x.select(0, at).narrow(*dimension, 0, lengths[i]).copy_(rows[i]);
    batch.lengths.data_ptr<int64_t>()[at] = lengths[i];
  }
  return batch;
}

at::Tensor targets_of(const Table& table, const std::vector<int>& rows) {
  const auto count = static_cast<int64_t>(rows.size());
  if (table.target != Target::classes && table.values.rows > 0) {
    std::vector<double> numbers;
    for (const int row : rows) {
      const auto values = table.values.row(static_cast<size_t>(row));
      numbers.insert(numbers.end(), values.begin(), values.end());
    }
    return tensor::from_doubles(numbers, {count, static_cast<int64_t>(table.values.columns)}).to(at::kFloat);
  }
  if (table.y.empty()) return {};
  at::Tensor y = at::full({count}, 0, at::kLong);
  for (int64_t i = 0; i < count; ++i) {
    y.data_ptr<int64_t>()[i] = table.y[static_cast<size_t>(rows[static_cast<size_t>(i)])];
  }
  return y;
}

void each_even_batch(const TensorRows& rows, int batch_size, const std::function<void(const Batch&)>& use) {
  struct Alike {
    std::vector<at::Tensor> parts;
    std::vector<int> rows;
  };
  std::map<std::vector<int64_t>, Alike> waiting;  // by shape
  const auto size = static_cast<size_t>(batch_size);
  size_t held = 0;
  const auto hand_over = [&](std::map<std::vector<int64_t>, Alike>::iterator shape) {
    Batch batch = stack(shape->second.parts, 0);
    batch.rows = std::move(shape->second.rows);
    batch.y = targets_of(rows.table(), batch.rows);
    held -= batch.rows.size();
    waiting.erase(shape);
    check_interrupt();
    use(batch);
  };
  const auto fewer = [](const auto& a, const auto& b) { return a.second.rows.size() < b.second.rows.size(); };
  std::vector<at::Tensor> window;  // rows that come next; they are handed over in their order
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t place = i % (kWindow * size);
    if (place == 0) {
      window.assign(std::min(kWindow * size, rows.size() - i), {});
      const auto make = [&](size_t k) { window[k] = rows.at(i + k, 0); };
      if (rows.table().items) {
        parallel_for(window.size(), make);
      } else {  // numbers in memory take less time than threads do
        for (size_t k = 0; k < window.size(); ++k) make(k);
      }
    }
    at::Tensor row = std::move(window[place]);
    const auto shape = waiting.try_emplace(row.sizes().vec()).first;
    shape->second.parts.push_back(std::move(row));
    shape->second.rows.push_back(static_cast<int>(i));
    ++held;
    if (shape->second.rows.size() == size) {
      hand_over(shape);
    } else if (held == kWaiting * size) {
      hand_over(std::max_element(waiting.begin(), waiting.end(), fewer));
    }
  }
  while (!waiting.empty()) hand_over(waiting.begin());
}

Batches::Batches(std::shared_ptr<const TensorRows> rows, const BatchOptions& options, uint64_t epoch)
    : rows_(std::move(rows)), options_(options), epoch_(epoch), order_(order_of(rows_->table(), options, epoch)) {
  counting(rows_->table(), options_);  // which must be as many as the rows
  repeats_ = repeats_in(order_);
  end_place_ = std::min(order_.size(), kAhead * whole_batch());
  // rows that only have to be read need no more than one
  const int threads = options_.workers.value_or(rows_->draws() ? thread_count() : 1);
  for (int t = 0; t < threads && !order_.empty(); ++t) workers_.emplace_back([this] { work(); });
}

Batches::~Batches() {
  {
    const std::lock_guard lock(guard_);
    stop_ = true;
  }
  wanted_.notify_all();
}

size_t Batches::batches_of(size_t rows) const { return (rows + whole_batch() - 1) / whole_batch(); }

size_t Batches::size() const { return batches_of(order_.size()); }

void Batches::skip_to(size_t done) {
  const std::lock_guard lock(guard_);
  given_ = std::min(order_.size(), done * whole_batch());
  next_place_ = std::max(next_place_, given_);
  end_place_ = std::max(end_place_, given_);
  ready_.erase(ready_.begin(), ready_.lower_bound(given_));
  failed_.erase(failed_.begin(), failed_.lower_bound(given_));
}

void Batches::work() {
  const SerialHere serial;
  while (true) {
    size_t place = 0;
    {
      std::unique_lock lock(guard_);
      wanted_.wait(lock, [&] { return stop_ || next_place_ < end_place_ || next_place_ == order_.size(); });
      if (stop_ || next_place_ == order_.size()) return;
      place = next_place_++;
    }
    at::Tensor row;
    std::exception_ptr problem;
    try {
      row = rows_->at(static_cast<size_t>(order_[place]), epoch_, repeats_[place]);
    } catch (...) {  // no Lua runs here: kept, and thrown again by who asks for the row
      problem = std::current_exception();
    }
    {
      const std::lock_guard lock(guard_);
      if (place < given_) continue;  // it was skipped meanwhile
      if (problem) {
        failed_[place] = problem;
      } else {
        ready_[place] = std::move(row);
      }
    }
    made_.notify_all();
  }
}

at::Tensor Batches::take(size_t place) {
  std::unique_lock lock(guard_);
  while (!ready_.contains(place) && !failed_.contains(place)) {
    made_.wait_for(lock, std::chrono::milliseconds(50));
    check_interrupt();
  }
  if (const auto failed = failed_.find(place); failed != failed_.end()) std::rethrow_exception(failed->second);
  at::Tensor row = std::move(ready_.at(place));
  ready_.erase(place);
  return row;
}

std::optional<Batch> Batches::next() {
  if (problem_) std::rethrow_exception(problem_);
  try {
    return make_next();
  } catch (...) {  // no Lua runs here; what the broken batch took of the workers' rows does not come again
    problem_ = std::current_exception();
    throw;
  }
}

std::optional<Batch> Batches::make_next() {
  const auto size = std::min(order_.size() - given_, whole_batch());
  if (size == 0) return std::nullopt;
  {
    const std::lock_guard lock(guard_);
    end_place_ = std::min(order_.size(), given_ + (kAhead + 1) * whole_batch());
  }
  wanted_.notify_all();
  std::vector<at::Tensor> parts;
  for (size_t i = 0; i < size; ++i) parts.push_back(take(given_ + i));
  Batch batch = stack(parts, options_.padding);
  batch.rows.assign(order_.begin() + static_cast<ptrdiff_t>(given_),
                    order_.begin() + static_cast<ptrdiff_t>(given_ + size));
  batch.y = targets_of(rows_->table(), batch.rows);
  batch.weights = weights_of(batch.rows, counting(rows_->table(), options_));
  {
    const std::lock_guard lock(guard_);
    given_ += size;
  }
  if (options_.device == "cpu") return batch;
  const at::Device device = tensor::device_of(options_.device, "batches");
  for (at::Tensor* part : {&batch.x, &batch.y, &batch.lengths, &batch.weights}) {
    if (part->defined()) *part = tensor::moved(*part, device);
  }
  return batch;
}

}  // namespace lumir::data
