// What a run found out about each recording that it judged: recordings.csv, beside run.json.
//
// A csv and no member of run.json, because it is what people sort, filter and plot, and any spreadsheet and
// pandas.read_csv open it as it is; and because class scores would make run.json hundreds of times longer. Columns: id,
// path, group, truth; for each model its answer ("SVM") and its scores ("SVM: singer_01", ...); for each embedding its
// coordinates ("tsne_1", "tsne_2"), empty for what it does not show. Where a run judged several sets of recordings (the
// folds of a cross-validation, validation and test), `set` counts them. No timings, so a rerun gives the same bytes.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "data/table.h"
#include "evaluate/results.h"
#include "evaluate/vote.h"

namespace lumir::report {

class RecordingList {
 public:
  using ResultsPtr = std::shared_ptr<const evaluate::Results>;

  /// Results beside those before. What the same models said of the same recordings before gives way.
  void judge(ResultsPtr results);
  void forget_results() { results_.clear(); }
  /// Nothing was judged yet.
  bool empty() const { return results_.empty(); }
  /// Results by the recordings that they are of, in the order in which these were first judged.
  std::vector<std::vector<ResultsPtr>> sets() const;
  /// Points [rows, dimensions] of a table's rows. What was judged as one, whatever answered together, lies in the middle
  /// of its rows.
  void place(const std::string& embedding, const data::Table& table, const Matrix& points);
  /// One line for each judged recording, set by set, in the order of the results.
  std::string csv() const;

 private:
  struct Embedding {
    data::Table table;
    Matrix points;
  };
  using Places = std::map<std::string, std::vector<double>>;  // by what was judged
  std::string header(bool numbered) const;
  static Places places_of(const Embedding& embedding, const evaluate::Results& results);

  std::vector<ResultsPtr> results_;
  std::map<std::string, Embedding> embeddings_;
};

}  // namespace lumir::report
