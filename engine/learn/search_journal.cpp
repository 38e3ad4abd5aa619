// Lines of JSON: { "search": 1, "cells": [ { "key", "scores", "reason", "seconds" } ] }, and "train" where scores on
// the rows that taught are asked for. A score that JSON has no number for is a word: "inf", "-inf", "nan".

#include "learn/search_journal.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/random.h"
#include "core/value.h"

namespace lumir::learn {
namespace {

constexpr int kVersion = 1;

Value written_score(double score) { return std::isfinite(score) ? Value(score) : Value(show_number(score)); }

std::optional<double> read_score(const Value& value) {
  if (const double* number = value.number()) return *number;
  for (const double odd : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()}) {
    if (value.text() && *value.text() == show_number(odd)) return odd;
  }
  return std::nullopt;
}

List written_scores(const std::vector<double>& scores) {
  List list;
  for (const double score : scores) list.push_back(written_score(score));
  return list;
}

Value written(const std::string& key, const SearchCell& cell) {
  Map map{{"key", key}, {"scores", written_scores(cell.scores)}, {"reason", cell.reason}, {"seconds", cell.seconds}};
  if (!cell.train.empty()) map["train"] = written_scores(cell.train);
  return map;
}

/// False for what are none; no list is an empty one.
bool read_scores(const Value& value, std::vector<double>& scores) {
  const List none;
  for (const Value& one : value.list() ? *value.list() : none) {
    const auto score = read_score(one);
    if (!score) return false;
    scores.push_back(*score);
  }
  return true;
}

[[noreturn]] void refuse(const std::string& path, size_t line) {
  throw Error(path + ": line " + std::to_string(line) + " is none of a search's journal");
}

bool read_cell(const Value& value, std::map<std::string, SearchCell>& cells) {
  const auto *key = value["key"].text(), *reason = value["reason"].text();
  const double* seconds = value["seconds"].number();
  if (!key || !reason || !seconds) return false;
  SearchCell cell{{}, *reason, *seconds};
  if (!read_scores(value["scores"], cell.scores) || !read_scores(value["train"], cell.train)) return false;
  cells[*key] = cell;
  return true;
}

/// False for what is no line of a journal.
bool read_line(std::string_view line, const std::string& path, std::map<std::string, SearchCell>& cells) {
  Value value;
  try {
    value = from_json(line, path);
  } catch (const Error&) {
    return false;
  }
  const List* list = value["cells"].list();
  if (!list || !value["search"].number()) return false;
  return std::all_of(list->begin(), list->end(), [&](const Value& cell) { return read_cell(cell, cells); });
}

template <class T>
void add_numbers(Checksum& sum, std::span<const T> numbers) {
  const size_t count = numbers.size();
  sum.add(std::as_bytes(std::span(&count, 1)));
  sum.add(std::as_bytes(numbers));
}

}  // namespace

SearchJournal::SearchJournal(std::string path) : path_(std::move(path)) {
  if (!kept() || !std::filesystem::exists(path_)) return;
  if (!std::filesystem::is_regular_file(path_)) throw Error(path_ + ": is no regular file, which a journal must be");
  const std::string text = read_file(path_);
  size_t at = 0;
  for (size_t line = 1; at < text.size(); ++line) {
    const size_t end = text.find('\n', at);
    const bool whole = end != std::string::npos;
    const bool read = read_line(std::string_view(text).substr(at, whole ? end - at : end), path_, cells_);
    if (!read && whole) refuse(path_, line);
    if (!whole) {  // what follows must not stand behind a broken line
      std::filesystem::resize_file(path_, at);
      return;
    }
    at = end + 1;
  }
}

const SearchCell* SearchJournal::find(const std::string& key) const {
  const auto found = cells_.find(key);
  return found == cells_.end() ? nullptr : &found->second;
}

void SearchJournal::add(const std::vector<std::pair<std::string, SearchCell>>& cells) {
  if (!kept() || cells.empty()) return;
  List list;
  for (const auto& [key, cell] : cells) {
    list.push_back(written(key, cell));
    cells_[key] = cell;
  }
  append_line(path_, to_json(Map{{"search", kVersion}, {"cells", std::move(list)}}));
}

std::string fold_key(const model::Training& training, const data::Fold& fold) {
  Checksum sum;
  for (const auto* side : {&fold.train, &fold.valid}) {
    add_numbers(sum, std::span<const int>(*side));
    for (const int row : *side) {
      const auto i = static_cast<size_t>(row);
      add_numbers(sum, training.x.row(i));
      if (!training.y.empty()) add_numbers(sum, std::span(&training.y[i], 1));
      if (!training.weights.empty()) add_numbers(sum, training.weights.subspan(i, 1));
      if (!training.groups.empty()) {
        add_numbers(sum, std::span<const char>(training.groups[i]));
      }
    }
  }
  return std::to_string(sum.finish()) + " of " + std::to_string(training.n_classes);
}

std::string cell_key(const Value& estimator, const std::string& fold, const std::vector<std::string>& metrics,
                     const std::string& program) {
  std::string text = to_json(estimator) + "\n" + fold + "\n";
  for (const auto& metric : metrics) text += metric + "\n";
  return sha256(text + program + "\n" + std::to_string(global_seed())).substr(0, 32);
}

}  // namespace lumir::learn
