// Fitting estimators on tables and asking them.

#include "model/model.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string_view>

#include "core/interrupt.h"
#include "data/tensor_rows.h"
#include "signal/kernel.h"
#include "signal/notes.h"
#include "tensor/convert.h"

namespace lumir::model {
namespace {

void remember(Model& model, const data::Table& table, std::chrono::steady_clock::time_point started) {
  model.chain = table.chain;
  model.columns = table.columns;
  model.classes = table.classes;
  model.label = table.label;
  model.target = table.target;
  model.synthetic = table.synthetic;
  model.level = signal::level_name();
  model.songs = table.songs;
  model.fit_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

/// Every frame of items of [time, columns] as a row: what a scaler of tensors learns from.
data::Table frames_of(const data::Table& table, const std::string& who) {
  const data::TensorRows rows(table);
  Matrix frames;
  for (size_t i = 0; i < rows.size(); ++i) {
    check_interrupt();
    const at::Tensor row = rows.at(i, 0);
    const Matrix more = tensor::to_matrix(row.reshape({-1, row.dim() > 0 ? row.size(-1) : 1}), who);
    if (i > 0 && more.columns != frames.columns) {
      throw ArgumentError(who + ": " + table.paths.at(i) + " has " + std::to_string(more.columns) + " columns, not " +
                          std::to_string(frames.columns));
    }
    frames.columns = more.columns;
    frames.rows += more.rows;
    frames.values.append(more.values);
  }
  data::Table all;
  all.x = std::move(frames);
  return all;
}

/// True for a column that a model was fitted on, also where it stands in a file from before rows of a chroma had the
/// names of notes: "chroma_stft_02_mean" for "chroma_stft_C#_mean".
bool same_column(const std::string& fitted, const std::string& given) {
  if (fitted == given) return true;
  for (const std::string_view note : signal::kPitchClasses) {
    const size_t at = given.find("_" + std::string(note)) + 1, end = at + note.size();
    if (at == 0 || (end < given.size() && given[end] != '_')) continue;
    const bool numbered = fitted.size() > at + 1 && std::isdigit(fitted[at]) && std::isdigit(fitted[at + 1]);
    return numbered && fitted.substr(0, at) == given.substr(0, at) && fitted.substr(at + 2) == given.substr(end);
  }
  return false;
}

/// The steps that a model must find as they were when it learnt.
std::vector<StepPtr> binding_steps(const StepPtr& chain) {
  std::vector<StepPtr> steps;
  for (const auto& step : steps_of(chain)) {
    const std::string& module = step->entry().module;
    if (module == "augment" || (module == "audio" && step->name() != "load")) continue;
    steps.push_back(step);
  }
  return steps;
}

/// Equal but for which part of a file is loaded.
bool same_step(const StepPtr& a, const StepPtr& b) {
  if (a->entry().full_name() != b->entry().full_name()) return false;
  if (a->name() != "load") return a->key() == b->key();
  const auto what = [](const StepPtr& step) {
    Map options = step->options();
    for (const char* part : {"offset", "duration"}) options.erase(part);
    return make_step(step->entry().full_name(), options)->key();
  };
  return what(a) == what(b);
}

void check_foretells(const Estimator& estimator, const std::string& who) {
  if (estimator.is(Role::classifier) || estimator.is(Role::regressor)) return;
  throw ArgumentError(who + ": " + estimator.name() + " is no classifier");
}

}  // namespace

bool draws(const StepPtr& chain) {
  const auto steps = all_steps(chain);
  return std::any_of(steps.begin(), steps.end(), [](const StepPtr& step) { return step->draws(); });
}

std::string chain_difference(const Model& model, const StepPtr& chain) {
  if (!model.chain || !chain) return "";
  const auto was = binding_steps(model.chain), is = binding_steps(chain);
  const auto [ours, theirs] = std::mismatch(was.begin(), was.end(), is.begin(), is.end(), same_step);
  if (ours == was.end() && theirs == is.end()) return "";
  if (theirs == is.end()) return show_step(*ours) + " is missing";
  if (ours == was.end()) return show_step(*theirs) + " was not there";
  return show_step(*theirs) + " stands where " + show_step(*ours) + " was";
}

void check_chain(const Model& model, const data::Table& table, const std::string& who, const std::string& hint) {
  const std::string difference = chain_difference(model, table.chain);
  if (difference.empty()) return;
  throw ArgumentError(who + ": the data are described by another chain than " + model.estimator->title() +
                      " learnt from: " + difference + hint);
}

Training training_of(const data::Table& table) {
  Training training{table.x, table.y, static_cast<int>(table.classes.size()), table.groups, &table.classes};
  if (!table.label.empty()) training.label = table.label;
  training.level = [&table](const std::string& by) { return table.groups_by(by); };
  training.weights = table.weights;
  training.target = table.target;
  if (table.values.rows > 0) training.values = &table.values;
  training.group = table.groups.empty() || !table.group.empty() ? table.group : "group";
  training.songs = table.songs.get();
  training.song = table.song;
  if (!table.columns.empty()) training.columns = &table.columns;
  training.shared = &table.x;
  return training;
}

void fit(Model& model, const data::Table& table) {
  if (table.items && model.estimator->is(Role::transformer)) {
    const auto begun = std::chrono::steady_clock::now();
    const data::Table frames = frames_of(table, "fit");
    model.estimator->fit(training_of(frames));
    remember(model, table, begun);
    return;
  }
  data::need_numbers(table, "fit");
  const auto started = std::chrono::steady_clock::now();
  model.estimator->fit(training_of(table));
  remember(model, table, started);
}

Matrix fit_transform(Model& model, const data::Table& table) {
  data::need_numbers(table, "fit_transform");
  const auto started = std::chrono::steady_clock::now();
  Matrix changed = model.estimator->fit_transform(training_of(table));
  remember(model, table, started);
  return changed;
}

void check_columns(const Model& model, const data::Table& table, const std::string& who) {
  const auto &fitted = model.columns, &given = table.columns;
  if (fitted.empty() || given.empty() || fitted == given) return;
  if (fitted.size() != given.size()) return;  // the estimator says it
  const auto [ours, theirs] = std::mismatch(fitted.begin(), fitted.end(), given.begin(), same_column);
  if (ours == fitted.end()) return;
  throw ArgumentError(who + ": column " + std::to_string(ours - fitted.begin() + 1) + " is '" + *theirs +
                      "', but was '" + *ours + "' when " + model.estimator->name() + " was fitted");
}

void check_predictor(const Model& model, const std::string& who) {
  const Estimator& estimator = *model.estimator;
  check_foretells(estimator, who);
  if (!estimator.fitted()) throw ArgumentError(who + ": " + estimator.name() + " is not fitted yet");
}

void check_target(const Model& model, const data::Table& table, const std::string& who) {
  if (!table.has_labels() || model.target == table.target) return;
  throw ArgumentError(who + ": " + model.estimator->title() + " learnt " + words_of(model.target) +
                      ", and these rows have " + words_of(table.target));
}

Matrix tags_of(const Model& model, const Predictions& answers) {
  const double usual = usual_threshold(answers.kind);
  Matrix tags(answers.scores.rows, answers.scores.columns);
  for (size_t i = 0; i < tags.rows; ++i) {
    for (size_t j = 0; j < tags.columns; ++j) {
      tags(i, j) = answers.scores(i, j) >= (model.thresholds.empty() ? usual : model.thresholds.at(j));
    }
  }
  return tags;
}

Predictions answer(const Model& model, const data::Table& table, const std::string& who) {
  check_foretells(*model.estimator, who);
  check_columns(model, table, who);
  check_chain(model, table, who);
  return model.estimator->answer(table);
}

Matrix transform(const Model& model, const data::Table& table, const std::string& who) {
  const Estimator& estimator = *model.estimator;
  const bool transforms = estimator.is(Role::transformer);
  if (!transforms && estimator.stages().size() < 2) {
    throw ArgumentError(who + ": " + estimator.name() + " is no transformer");
  }
  check_columns(model, table, who);
  data::need_numbers(table, who);
  return transforms ? estimator.transform(table.x) : estimator.seen(table.x);
}

Model chosen(const Model& model) {
  Model kept = model;
  if (const EstimatorPtr best = model.estimator->chosen()) {
    kept.estimator = best;
    kept.fit_seconds = model.estimator->searched() ? model.estimator->searched()->refit_seconds : model.fit_seconds;
  }
  return kept;
}

}  // namespace lumir::model
