// Rows, columns and groups of a Dataset. How rows are described is in describe.cpp.

#include "data/dataset.h"
#include "data/labels.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "audio/decode.h"
#include "core/cache.h"
#include "core/hash.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/text.h"
#include "data/audit.h"
#include "data/places.h"
#include "data/source.h"
#include "data/unreadable.h"
#include "data/words.h"

namespace lumir::data {
namespace {

const Corpus kEmpty;

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos;
}

size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

const Level* find_level(const std::vector<Level>& levels, const std::string& name) {
  const auto found = std::find_if(levels.begin(), levels.end(), [&](const Level& level) { return level.name == name; });
  return found == levels.end() ? nullptr : &*found;
}

void sort_by_id(Corpus& corpus) {
  const size_t id = place_of(corpus.columns, "id");
  const auto numeric = [id](const auto& row) { return is_number(row[id]); };
  if (std::all_of(corpus.rows.begin(), corpus.rows.end(), numeric)) {
    std::sort(corpus.rows.begin(), corpus.rows.end(),
              [id](const auto& a, const auto& b) { return std::stoll(a[id]) < std::stoll(b[id]); });
  } else {
    std::sort(corpus.rows.begin(), corpus.rows.end(), [id](const auto& a, const auto& b) { return a[id] < b[id]; });
  }
}

/// Seconds of one file, remembered in the cache; 0 where it cannot be read.
double seconds_of(const std::string& path) {
  try {
    const std::string key = "seconds " + file_identity(path);
    if (const auto known = cache().get(key)) {
      double seconds = 0;
      std::from_chars(known->data(), known->data() + known->size(), seconds);
      return seconds;
    }
    const double seconds = audio::probe(path).seconds;
    cache().put(key, show_number(seconds));
    return seconds;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    return 0;
  }
}

std::string content_or_reason(const std::string& path) {
  try {
    return content_hash(path);
  } catch (const Error&) {
    return "unreadable";
  }
}

/// What is to be foretold, by name; a single number is called as its column.
std::vector<std::string> label_names(Corpus& corpus, const std::vector<std::string>& labels) {
  LabelKind& kind = corpus.label_kind;
  if (kind.target == Target::numbers && kind.names.empty()) kind.names = {corpus.label};
  auto names = names_among(labels, kind);
  if (names.empty()) throw Error(corpus.root + ": no row has a tag in '" + corpus.label + "'");
  if (kind.target == Target::classes) return names;
  try {
    values_of(labels, names, kind);
  } catch (const Error& problem) {
    throw Error(corpus.root + ": " + problem.what());
  }
  return names;
}

}  // namespace

Dataset make_dataset(Corpus corpus) {
  if (corpus.rows.empty() && corpus.has_sound) require_there(corpus.root);
  if (corpus.rows.empty()) throw Error(corpus.root + (corpus.has_sound ? ": no audio files in it" : ": no rows in it"));
  if (corpus.has_sound) sort_by_id(corpus);
  if (!corpus.left_out.empty()) {
    const LeftOut& first = corpus.left_out.front();
    observer().warn(corpus.root + ": " + count_of(corpus.left_out.size(), "paths") +
                    " left out, the first: " + visible(first.path) + " (" + visible(first.reason) + ")");
  }
  auto source = std::make_shared<Dataset::Source>();
  source->corpus = std::move(corpus);
  Dataset dataset;
  dataset.source_ = source;
  dataset.rows_.resize(source->corpus.rows.size());
  std::iota(dataset.rows_.begin(), dataset.rows_.end(), 0);
  if (!dataset.label().empty()) {
    source->classes = label_names(source->corpus, dataset.labels());
    if (source->classes.size() < 2 && dataset.has_sound() && dataset.target() == Target::classes) {
      throw Error(dataset.root() + ": one " + dataset.label() + " only ('" + source->classes.front() +
                  "'), and telling apart needs at least two" + unreadable_words(dataset));
    }
  }
  return dataset;
}

const Corpus& Dataset::corpus() const { return source_ ? source_->corpus : kEmpty; }
const std::string& Dataset::name() const { return corpus().name; }
const std::string& Dataset::root() const { return corpus().root; }
const std::string& Dataset::unit() const { return corpus().unit; }
const std::string& Dataset::label() const { return corpus().label; }
bool Dataset::synthetic() const { return corpus().synthetic; }
bool Dataset::has_sound() const { return corpus().has_sound; }
const std::vector<LeftOut>& Dataset::left_out() const { return corpus().left_out; }
const std::vector<std::string>& Dataset::files() const { return corpus().files; }
std::pair<std::string, std::string> Dataset::lists() const { return {corpus().train_list, corpus().valid_list}; }
std::vector<std::string> Dataset::columns() const { return corpus().columns; }

bool Dataset::has_column(const std::string& name) const {
  return place_of(corpus().columns, name) < corpus().columns.size();
}

size_t Dataset::column_index(const std::string& name) const {
  const auto& names = corpus().columns;
  const size_t at = place_of(names, name);
  if (at < names.size()) return at;
  throw ArgumentError("dataset: no column '" + name + "'" + did_you_mean(name, names));
}

std::vector<std::string> Dataset::column(const std::string& name) const {
  const size_t at = column_index(name);
  std::vector<std::string> texts;
  texts.reserve(size());
  if (name == "seconds") {
    for (const double length : seconds()) texts.push_back(show_number(length));
    return texts;
  }
  for (const int row : rows_) texts.push_back(corpus().rows[static_cast<size_t>(row)][at]);
  return texts;
}

std::vector<std::string> Dataset::levels() const {
  std::vector<std::string> all;
  for (const auto& level : corpus().levels) all.push_back(level.name);
  if (has_sound() || has_column("track")) all.push_back("track");
  return all;
}

/// Whole albums, unless they are what is to be told apart: a class must stand on both sides.
std::string Dataset::default_group() const {
  if (!corpus().group.empty()) return corpus().group;
  return find_level(corpus().levels, "album") && label() != "album" ? "album" : "track";
}

std::vector<std::string> Dataset::path_of(const std::string& level) const {
  const Level* known = find_level(corpus().levels, level);
  return known ? known->path : std::vector{level};
}

std::vector<std::string> Dataset::groups(const std::string& by) const {
  if (by == "track") return column(has_column("track") ? "track" : has_sound() ? "path" : "id");
  if (!find_level(corpus().levels, by) && !has_column(by)) {
    throw ArgumentError("dataset: nothing to group by is called '" + by + "'" + did_you_mean(by, levels()));
  }
  std::vector<std::string> paths(size());
  for (const auto& part : by == label() ? std::vector{by} : path_of(by)) {
    const auto texts = column(part);
    for (size_t i = 0; i < paths.size(); ++i) paths[i] += (paths[i].empty() ? "" : "/") + texts[i];
  }
  return paths;
}

std::vector<std::string> Dataset::labels() const {
  if (label().empty()) return {};
  if (!labels_) return column(label());
  std::vector<std::string> own;
  for (const int row : rows_) own.push_back((*labels_)[static_cast<size_t>(row)]);
  return own;
}

Dataset Dataset::with_labels(const std::vector<std::string>& labels) const {
  std::vector<std::string> all(corpus().rows.size());
  for (size_t i = 0; i < rows_.size(); ++i) all[static_cast<size_t>(rows_[i])] = labels.at(i);
  Dataset other = *this;
  other.labels_ = std::make_shared<const std::vector<std::string>>(std::move(all));
  return other;
}

const LabelKind& Dataset::label_kind() const { return corpus().label_kind; }

std::vector<std::string> Dataset::classes() const {
  if (classes_) return *classes_;
  return source_ ? source_->classes : std::vector<std::string>{};
}

std::vector<double> Dataset::seconds() const {
  if (!has_sound()) return std::vector<double>(size());
  const auto paths = column("path");
  std::vector<double> lengths(size());
  parallel_for(size(), [&](size_t i) { lengths[i] = seconds_of(paths[i]); });
  return lengths;
}

std::string Dataset::hash() const {
  std::vector<std::string> lines = column("id");
  if (has_sound()) {
    const auto paths = column("path");
    parallel_for(size(), [&](size_t i) { lines[i] += '\0' + content_or_reason(paths[i]) + '\n'; });
  }
  for (const auto& file : corpus().files) lines.push_back(content_or_reason(file));
  std::sort(lines.begin(), lines.end());
  Sha256 whole;
  for (const auto& line : lines) whole.add(line);
  return whole.finish();
}

Dataset Dataset::map(const StepPtr& step) const {
  Dataset mapped = *this;
  mapped.chain_ = chain_ ? make_chain({chain_, step}) : make_chain({step});
  return mapped;
}

std::pair<Dataset, StepPtr> Dataset::before_draws() const {
  if (!chain_ || !chain_->draws()) return {*this, nullptr};
  const std::vector<StepPtr> steps = steps_of(chain_);
  const auto first = std::find_if(steps.begin(), steps.end(), [](const StepPtr& step) { return step->draws(); });
  Dataset stored = *this;
  stored.chain_ = first == steps.begin() ? nullptr : make_chain({steps.begin(), first});
  return {stored, make_chain({first, steps.end()})};
}

Dataset Dataset::take(std::span<const int> rows) const {
  Dataset taken = *this;
  taken.rows_.clear();
  for (const int row : rows) taken.rows_.push_back(rows_.at(static_cast<size_t>(row)));
  return taken;
}

Dataset Dataset::keep(const std::vector<bool>& keeps, const std::string& who) const {
  std::vector<int> rows;
  for (size_t row = 0; row < keeps.size(); ++row) {
    if (keeps[row]) rows.push_back(static_cast<int>(row));
  }
  if (rows.empty()) throw ArgumentError(who + ": leaves no " + unit() + " of " + name());
  Dataset kept = take(rows);
  const bool is_side = !pass_.empty();
  if (is_side || target() != Target::classes) return kept;
  auto classes = classes_among(kept.labels());
  if (classes.size() < 2 && has_sound()) {
    throw ArgumentError(who + ": leaves one " + label() + " only ('" + classes.front() +
                        "'), and telling apart needs at least two");
  }
  kept.classes_ = std::make_shared<const std::vector<std::string>>(std::move(classes));
  return kept;
}

Audit Dataset::audit(std::span<const int> train, std::span<const int> valid) const {
  Dataset whole = *this;
  if (!pass_.empty()) whole.rows_ = pass_;
  std::shared_ptr<const Auditor> auditor;
  {
    const std::lock_guard lock(source_->auditing);
    auto& known = source_->auditors[whole.rows_];
    if (!known) known = std::make_shared<const Auditor>(whole);
    auditor = known;
  }
  std::map<int, int> places;  // of rows of the corpus among those that the auditor knows
  for (size_t i = 0; i < whole.rows_.size(); ++i) places[whole.rows_[i]] = static_cast<int>(i);
  const auto placed = [&](std::span<const int> rows) {
    std::vector<int> out;
    for (const int row : rows) out.push_back(places.at(rows_.at(static_cast<size_t>(row))));
    return out;
  };
  return auditor->audit(placed(train), placed(valid));
}

void Dataset::describe_with(const Dataset& whole) { pass_ = whole.pass_.empty() ? whole.rows_ : whole.pass_; }

}  // namespace lumir::data
