// The table, and the two ways between numbers that count from 0 and from 1.

#include "tensor/positions.h"

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>

#include <ATen/ops/add.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/trunc.h>

#include "core/error.h"

namespace lumir::tensor {
namespace {

struct Row {
  Mark mark;
  const char* names;       // of arguments, or "result", "result 2" ... for results
  const char* operations;  // "" for every operator; "where." is the overload without a name
};

// A row for named operators wins over one for all. Names that mean different things stand with operators only.
constexpr Row kTable[] = {
    // dimensions
    {Mark::position, "dim dims dim0 dim1 dim2 dimension axis axis0 axis1 dims_self dims_other start_dim end_dim", ""},
    {Mark::position, "source destination", "moveaxis movedim"},
    {Mark::position, "physical_layout", "empty_permuted"},
    {Mark::count, "dims", "tile"},

    // positions of elements
    {Mark::position, "index", "select select_scatter"},
    {Mark::position, "start", "slice slice_scatter narrow"},
    {Mark::stop, "end", "slice slice_scatter"},
    {Mark::position, "indices", "tensor_split.indices dsplit.array hsplit.array vsplit.array"},
    {Mark::position, "path", "einsum"},
    {Mark::position, "index",
     "gather scatter scatter_add scatter_reduce index_select index_add index_copy index_fill index_reduce put take"},
    {Mark::position, "indices", "index index_put take_along_dim max_unpool2d max_unpool3d segment_reduce"},
    {Mark::position, "indices", "embedding embedding_bag embedding_renorm"},
    {Mark::position, "offsets", "embedding_bag segment_reduce"},
    {Mark::position, "padding_idx", "embedding embedding_bag"},
    {Mark::position, "fill_value", "nonzero_static"},
    {Mark::position, "sorter", "searchsorted"},
    {Mark::position, "self", "bincount one_hot"},

    // classes
    {Mark::label, "target", "cross_entropy_loss"},
    {Mark::position, "target", "nll_loss nll_loss2d nll_loss_nd multi_margin_loss multilabel_margin_loss"},
    {Mark::value, "target",
     "binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss hinge_embedding_loss huber_loss "
     "kl_div l1_loss margin_ranking_loss mse_loss poisson_nll_loss smooth_l1_loss soft_margin_loss"},
    {Mark::position, "targets blank", "ctc_loss"},
    {Mark::position, "ignore_index", "cross_entropy_loss nll_loss nll_loss2d nll_loss_nd"},

    // results that are positions
    {Mark::position, "result",
     "argmax argmin argsort argwhere nonzero nonzero_numpy nonzero_static where. multinomial randperm searchsorted "
     "bucketize tril_indices triu_indices repeat_interleave.Tensor"},
    {Mark::position, "result 2",
     "sort topk kthvalue mode max.dim min.dim median.dim nanmedian.dim cummax cummin adaptive_max_pool1d "
     "adaptive_max_pool2d adaptive_max_pool3d fractional_max_pool2d fractional_max_pool3d max_pool1d_with_indices "
     "max_pool2d_with_indices max_pool3d_with_indices unique_consecutive unique_dim unique_dim_consecutive _unique2 "
     "embedding_bag"},
    {Mark::position, "result 4", "embedding_bag"},

    // amounts
    {Mark::count,
     "N bins chunks correction decimals dilation downscale_factor edge_order groups hop_length "
     "input_lengths k kernel_size length m minlength n n_fft normalized_shape num_classes num_groups "
     "num_layers num_samples output_padding output_size pad padding r repeats row col s sections shape "
     "size sizes split_size split_sizes step steps storage_offset stride target_lengths upscale_factor "
     "win_length window_length",
     ""},
    {Mark::count, "ind", "linalg_tensorinv"},
    {Mark::count, "lengths", "segment_reduce"},
    {Mark::count, "batch_sizes", "gru lstm rnn_relu rnn_tanh"},
    {Mark::count, "p", "mvlgamma special_multigammaln"},
    {Mark::count, "result", "dim size stride numel storage_offset count_nonzero"},

    // plain numbers
    {Mark::value, "high low diagonal offset shifts divisor_override compute_mode pow", ""},
    {Mark::value, "from to", "random"},
    {Mark::value, "start", "linspace logspace"},
    {Mark::value, "LU_pivots", "lu_solve lu_unpack"},  // LAPACK counts from 1
    {Mark::value, "pivots", "linalg_lu_solve linalg_ldl_solve"},
    {Mark::value, "result 2", "linalg_lu_factor linalg_lu_factor_ex linalg_ldl_factor linalg_ldl_factor_ex"},
    {Mark::value, "result", "get_device"},

    // choices
    {Mark::word, "reduction interpolation_mode padding_mode", ""},
    {Mark::word, "mode", "embedding_bag"},
};

/// Tensors of these names are positions so often that one without a row must not pass as plain numbers.
constexpr const char* kIndexNames[] = {"index",   "indices",     "offsets", "sorter",
                                       "target",  "targets",     "pivots",  "LU_pivots",
                                       "lengths", "batch_sizes", "start",   "tensor_indices_or_sections"};

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// "sum dim" -> mark; the key of a row for all operators begins with a space.
const std::map<std::string, Mark, std::less<>>& table() {
  static const auto marks = [] {
    std::map<std::string, Mark, std::less<>> all;
    for (const auto& row : mark_rows()) all[row.operation + " " + row.name] = row.mark;
    return all;
  }();
  return marks;
}

/// The row of one overload, else of the operator, else (for whole numbers) the one for every operator.
std::optional<Mark> find(std::string_view operation, std::string_view overload, const std::string& name,
                         bool for_every_operator) {
  const bool in_place = operation.ends_with('_') && !operation.ends_with("__");
  const std::string base(in_place ? operation.substr(0, operation.size() - 1) : operation);
  std::vector<std::string> keys = {base + "." + std::string(overload) + " " + name, base + " " + name};
  if (for_every_operator) keys.push_back(" " + name);
  for (const auto& key : keys) {
    if (const auto row = table().find(key); row != table().end()) return row->second;
  }
  return std::nullopt;
}

bool is_index_name(std::string_view name) {
  return std::find(std::begin(kIndexNames), std::end(kIndexNames), name) != std::end(kIndexNames);
}

[[noreturn]] void refuse_zero(const std::string& who, const std::string& argument) {
  throw ArgumentError(who + ": '" + argument + "' = 0 is no position; positions count from 1, -1 is the last");
}

}  // namespace

std::string_view name_of(Mark mark) {
  switch (mark) {
    case Mark::value: return "value";
    case Mark::count: return "count";
    case Mark::position: return "position";
    case Mark::stop: return "stop";
    case Mark::label: return "label";
    case Mark::word: return "word";
  }
  return "";
}

std::vector<MarkRow> mark_rows() {
  std::vector<MarkRow> rows;
  for (const Row& row : kTable) {
    std::vector<std::string> operations = words_in(row.operations), names;
    if (operations.empty()) operations.emplace_back();
    if (std::string_view(row.names).starts_with("result")) {
      names.emplace_back(row.names);
    } else {
      names = words_in(row.names);
    }
    for (const auto& operation : operations) {
      for (const auto& name : names) rows.push_back({row.mark, name, operation});
    }
  }
  return rows;
}

std::optional<Mark> argument_mark(std::string_view operation, std::string_view overload, std::string_view argument,
                                  bool is_tensor) {
  if (const auto mark = find(operation, overload, std::string(argument), !is_tensor)) return mark;
  return is_tensor && !is_index_name(argument) ? std::optional(Mark::value) : std::nullopt;
}

std::optional<Mark> result_mark(std::string_view operation, std::string_view overload, int number,
                                std::string_view name, bool is_tensor) {
  const std::string row = number == 1 ? "result" : "result " + std::to_string(number);
  const bool gives_back_argument = operation.ends_with('_');
  if (gives_back_argument) return Mark::value;
  if (const auto mark = find(operation, overload, row, false)) return mark;
  return is_tensor && !is_index_name(name) ? std::optional(Mark::value) : std::nullopt;
}

const std::vector<std::string>& words_of(std::string_view argument) {
  static const std::map<std::string, std::vector<std::string>, std::less<>> words = {
      {"reduction", {"none", "mean", "sum"}},
      {"interpolation_mode", {"bilinear", "nearest", "bicubic"}},
      {"padding_mode", {"zeros", "border", "reflection"}},
      {"mode", {"sum", "mean", "max"}},
  };
  static const std::vector<std::string> none;
  const auto found = words.find(argument);
  return found == words.end() ? none : found->second;
}

int64_t from_user(int64_t number, Mark mark, const std::string& who, const std::string& argument) {
  if (mark != Mark::position && mark != Mark::stop && mark != Mark::label) return number;
  if (number == 0) refuse_zero(who, argument);
  if (mark != Mark::stop) return number > 0 ? number - 1 : number;
  if (number == -1) return std::numeric_limits<int64_t>::max();
  return number > 0 ? number : number + 1;
}

at::Tensor from_user(const at::Tensor& numbers, Mark mark, const std::string& who, const std::string& argument) {
  if (mark != Mark::position && mark != Mark::label) return numbers;
  if (!numbers.defined() || numbers.scalar_type() == at::kBool) return numbers;
  at::Tensor whole = numbers;
  if (numbers.is_floating_point()) {
    if (!at::eq(numbers, at::trunc(numbers)).all().item<bool>()) {
      throw ArgumentError(who + ": '" + argument + "' must hold whole numbers (positions)");
    }
    whole = numbers.to(at::kLong);
  }
  if (whole.numel() > 0 && at::eq(whole, 0).any().item<bool>()) {
    throw ArgumentError(who + ": '" + argument + "' holds a 0, which is no position; positions count from 1");
  }
  return at::sub(whole, at::gt(whole, 0).to(whole.scalar_type()));
}

at::Tensor to_user(const at::Tensor& numbers, Mark mark) {
  if (mark != Mark::position || !numbers.defined() || numbers.scalar_type() == at::kBool) return numbers;
  return at::add(numbers, at::ge(numbers, 0).to(numbers.scalar_type()));
}

}  // namespace lumir::tensor
