// lumir.learn: every registered estimator as a constructor, one class of objects for all of them.
//
//   learn.SVC { C = 10 }                               word keys are options
//   learn.Pipeline { learn.RobustScaler(), ... }       options and arguments as bind/arguments.h reads them
//   model:fit(table), :predict(table), :scores(table)  a table is a described dataset, or { x = rows, y = labels }
//   model:fit(x, y), :predict(x)                       x is a tensor or a list of rows, y a list of labels

#include "api/learn.h"

#include <algorithm>
#include <chrono>

#include "api/run.h"
#include "bind/arguments.h"
#include "bind/step.h"
#include "data/dataset.h"
#include "data/table.h"
#include "learn/grid_search.h"
#include "learn/pipeline.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

int push_matrix(Call& call, const Matrix& matrix) { return call.push(tensor::from_matrix(matrix)); }

int push_array(Call& call, const Array& array) { return call.push(tensor::from_doubles(array.values, array.shape)); }

/// Rows of numbers: a tensor or a list of lists.
Matrix matrix_at(Call& call, int i) {
  if (call.is<at::Tensor>(i)) return tensor::to_matrix(call.object<at::Tensor>(i), call.who());
  const std::string& who = call.who();
  const Value rows = call.value(i);
  const List* list = rows.list();
  if (!list) throw ArgumentError(who + ": 'x' must be a tensor or a list of rows of numbers");
  Matrix matrix;
  matrix.rows = list->size();
  for (size_t r = 0; r < list->size(); ++r) {
    const List* row = (*list)[r].list();
    if (r == 0) matrix.columns = row ? row->size() : 0;
    if (!row || row->size() != matrix.columns) {
      throw ArgumentError(who + ": row " + std::to_string(r + 1) + " of 'x' must be a list of " +
                          std::to_string(matrix.columns) + " numbers");
    }
    for (const auto& element : *row) {
      if (!element.number()) {
        throw ArgumentError(who + ": row " + std::to_string(r + 1) + " of 'x' holds " + show(element) +
                            ", not a number");
      }
      matrix.values.push_back(*element.number());
    }
  }
  return matrix;
}

std::vector<std::string> words_from(const Value& list, const std::string& who, const char* name) {
  if (!list.list()) throw ArgumentError(who + ": '" + name + "' must be a list, got " + show(list));
  std::vector<std::string> words;
  for (const auto& element : *list.list()) words.push_back(element.text() ? *element.text() : show(element));
  return words;
}

/// Labels in words as class numbers; classes are sorted by bytes.
void set_labels(data::Table& table, const std::vector<std::string>& labels) {
  table.classes = labels;
  std::sort(table.classes.begin(), table.classes.end());
  table.classes.erase(std::unique(table.classes.begin(), table.classes.end()), table.classes.end());
  for (const auto& label : labels) {
    const auto place = std::lower_bound(table.classes.begin(), table.classes.end(), label);
    table.y.push_back(static_cast<int>(place - table.classes.begin()));
  }
}

bool has_words(Call& call, int i) {
  lua_pushnil(call.L);
  if (!lua_next(call.L, i)) return false;
  const bool word = lua_type(call.L, -2) == LUA_TSTRING;
  lua_pop(call.L, 2);
  return word;
}

/// { x = rows, y = labels, groups = words }: a table that was written by hand.
data::Table table_by_hand(Call& call, int i) {
  data::Table table;
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const std::string key = lua_type(call.L, -2) == LUA_TSTRING ? lua_tostring(call.L, -2) : "1";
    const int value = lua_gettop(call.L);
    if (key == "x") {
      table.x = matrix_at(call, value);
    } else if (key == "y") {
      set_labels(table, words_from(call.value(value), call.who(), "y"));
    } else if (key == "groups") {
      table.groups = words_from(call.value(value), call.who(), "groups");
    } else {
      throw ArgumentError(call.who() + ": unknown field '" + key + "' of a table" +
                          did_you_mean(key, {"x", "y", "groups"}));
    }
  }
  if (table.x.rows == 0) throw ArgumentError(call.who() + ": a table needs 'x', rows of numbers");
  if (!table.groups.empty() && table.groups.size() != table.x.rows) {
    throw ArgumentError(call.who() + ": " + std::to_string(table.x.rows) + " rows but " +
                        std::to_string(table.groups.size()) + " groups");
  }
  return table;
}

/// The argument as a table: what the data module made, one written by hand, or rows with labels behind them.
data::Table table_at(Call& call, int i) {
  if (call.is_nil(i)) throw ArgumentError(call.who() + ": got nil; a misspelt name?");
  const bool rows = call.is<at::Tensor>(i) || (call.is_table(i) && !has_words(call, i));
  call.at_most(rows ? i + 1 : i);
  if (rows) {
    data::Table table;
    table.x = matrix_at(call, i);
    if (!call.is_nil(i + 1)) set_labels(table, words_from(call.value(i + 1), call.who(), "y"));
    return table;
  }
  if (call.is<data::Table>(i) || call.is<data::Dataset>(i)) return described_at(call, i, "table");
  if (!call.is_table(i)) call.wrong(i, "table", "a table of numbers (songs:map(describe), or { x = rows, y = labels })");
  return table_by_hand(call, i);
}

learn::Classifier& classifier_of(const Learner& learner, const std::string& who) {
  if (auto* classifier = dynamic_cast<learn::Classifier*>(learner.estimator.get())) return *classifier;
  throw ArgumentError(who + ": " + learner.estimator->name() + " is no classifier");
}

learn::Transformer& transformer_of(const Learner& learner, const std::string& who) {
  if (auto* transformer = dynamic_cast<learn::Transformer*>(learner.estimator.get())) return *transformer;
  throw ArgumentError(who + ": " + learner.estimator->name() + " is no transformer");
}

learn::GridSearch* search_of(const Learner& learner) {
  return dynamic_cast<learn::GridSearch*>(learner.estimator.get());
}

/// Fits and remembers where the rows came from.
template <class Fit>
void fit_with(Learner& learner, const data::Table& table, const Fit& fit) {
  const std::string by = learner.estimator->group_column();
  static const std::vector<std::string> none;
  const bool has_groups = !by.empty() || !table.groups.empty();
  const auto& groups = !has_groups ? none : by.empty() ? table.groups : table.groups_by(by);
  fit(learn::Training{table.x, table.y, static_cast<int>(table.classes.size()), groups, &table.classes,
                      table.label.empty() ? "class" : table.label});
  learner.model = {std::dynamic_pointer_cast<learn::Classifier>(learner.estimator), table.chain, table.columns,
                   table.classes, table.label, table.synthetic};
}

/// The same columns as in the fit, where both have names.
void check_columns(const Learner& learner, const data::Table& table, const std::string& who) {
  const auto &fitted = learner.model.columns, &given = table.columns;
  if (fitted.empty() || given.empty() || fitted == given) return;
  if (fitted.size() != given.size()) return;  // the estimator says it
  const auto [ours, theirs] = std::mismatch(fitted.begin(), fitted.end(), given.begin());
  throw ArgumentError(who + ": column " + std::to_string(ours - fitted.begin() + 1) + " is '" + *theirs +
                      "', but was '" + *ours + "' when " + learner.estimator->name() + " was fitted");
}

int fit(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  const data::Table table = table_at(call, 2);
  const auto started = std::chrono::steady_clock::now();
  fit_with(*learner, table, [&](const learn::Training& training) { learner->estimator->fit(training); });
  learner->fit_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  lua_pushvalue(call.L, 1);
  return 1;
}

int predict(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  const data::Table table = table_at(call, 2);
  check_columns(*learner, table, call.who());
  const auto& classes = learner->model.classes;
  List words;
  for (const int label : classifier_of(*learner, call.who()).predict(table.x)) {
    words.push_back(classes.at(static_cast<size_t>(label)));
  }
  return call.push(Value(words));
}

int scores(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  const data::Table table = table_at(call, 2);
  check_columns(*learner, table, call.who());
  return push_matrix(call, classifier_of(*learner, call.who()).scores(table.x));
}

/// scikit-learn's score: the share of rows that are predicted as labelled.
int score(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  const data::Table table = table_at(call, 2);
  check_columns(*learner, table, call.who());
  if (table.y.empty()) throw ArgumentError("score: the table has no labels");
  const auto predicted = classifier_of(*learner, call.who()).predict(table.x);
  size_t right = 0;
  for (size_t i = 0; i < predicted.size(); ++i) {
    right += learner->model.classes.at(static_cast<size_t>(predicted[i])) ==
             table.classes[static_cast<size_t>(table.y[i])];
  }
  return call.push(static_cast<double>(right) / static_cast<double>(predicted.size()));
}

int transform(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  const data::Table table = table_at(call, 2);
  check_columns(*learner, table, call.who());
  if (const auto* pipeline = dynamic_cast<const learn::Pipeline*>(learner->estimator.get())) {
    return push_matrix(call, pipeline->transform(table.x));
  }
  return push_matrix(call, transformer_of(*learner, call.who()).transform(table.x));
}

int fit_transform(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  auto& transformer = transformer_of(*learner, call.who());
  Matrix changed;
  fit_with(*learner, table_at(call, 2),
           [&](const learn::Training& training) { changed = transformer.fit_transform(training); });
  return push_matrix(call, changed);
}

int save(Call& call) {
  const std::string path = output_path(call.text(2, "path"));
  evaluate::save_model(path, model_of(*call.object<LearnerPtr>(1), call.who()));
  return call.push(path);
}

LearnerPtr best_of(const Learner& learner, const learn::GridSearch& search) {
  if (!search.best()) throw ArgumentError("best_estimator: GridSearch is not fitted yet");
  auto best = std::make_shared<Learner>(Learner{search.best(), learner.model, search.refit_seconds()});
  best->model.classifier = search.best();
  return best;
}

/// What a search tried, in the order of the grid; scikit-learn's cv_results_ as a list.
Value results_of(const learn::GridSearch& search) {
  List rows;
  for (const auto& candidate : search.candidates()) {
    Map row = {{"params", candidate.setting}, {"seconds", candidate.seconds}};
    if (candidate.reason.empty() && !candidate.fold_scores.empty()) {
      row["mean"] = candidate.mean;
      row["std"] = candidate.sd;
      row["rank"] = candidate.rank;
      row["scores"] = List(candidate.fold_scores.begin(), candidate.fold_scores.end());
    } else if (!candidate.reason.empty()) {
      row["reason"] = candidate.reason;
    }
    rows.push_back(row);
  }
  return rows;
}

/// What only some estimators have: what a search found, the steps of a pipeline, and every array of a fitted state.
int learnt_field(Call& call) {
  const auto learner = call.object<LearnerPtr>(1);
  const std::string key = call.is_text(2) ? call.text(2) : "";
  if (const auto* search = search_of(*learner)) {
    if (key == "best_estimator") return call.push(best_of(*learner, *search));
    if (key == "cv_results") return call.push(results_of(*search));
    if (key == "best_params" && search->fitted()) return call.push(Value(search->best_candidate().setting));
    if (key == "best_score" && search->fitted()) return call.push(search->best_candidate().mean);
  }
  if (const auto* pipeline = dynamic_cast<const learn::Pipeline*>(learner->estimator.get()); pipeline && key == "steps") {
    lua_createtable(call.L, static_cast<int>(pipeline->steps().size()), 0);
    for (size_t i = 0; i < pipeline->steps().size(); ++i) {
      push_object(call.L, std::make_shared<Learner>(Learner{pipeline->steps()[i], {}, 0}));
      lua_rawseti(call.L, -2, static_cast<int>(i) + 1);
    }
    return 1;
  }
  if (!learner->estimator->fitted()) return 0;
  const State state = learner->estimator->state();
  const auto found = state.find(key);
  return found == state.end() ? 0 : push_array(call, found->second);
}

std::string text_of(const LearnerPtr& learner) {
  std::string text = learn::show_estimator(*learner->estimator);
  if (const auto* search = search_of(*learner); search && search->fitted()) {
    char score[40];
    std::snprintf(score, sizeof score, "\nbest %.3f   ", search->best_candidate().mean);
    text += score + learn::show_setting(search->best_candidate().setting);
  }
  return text;
}

const Class<LearnerPtr> learner_class = Class<LearnerPtr>("Estimator")
    .text(text_of)
    .as_value([](const LearnerPtr& learner) { return learner->estimator->description(); })
    .field("name", [](const LearnerPtr& learner) { return Value(learner->estimator->name()); })
    .field("options", [](const LearnerPtr& learner) { return Value(learner->estimator->options()); })
    .field("fitted", [](const LearnerPtr& learner) { return Value(learner->estimator->fitted()); })
    .field("classes", [](const LearnerPtr& learner) {
      return Value(List(learner->model.classes.begin(), learner->model.classes.end()));
    })
    .field("label", [](const LearnerPtr& learner) { return Value(learner->model.label); })
    .field_with("chain", [](Call& call) {
      const StepPtr& chain = call.object<LearnerPtr>(1)->model.chain;
      return chain ? call.push(chain) : call.push(Value());
    })
    .method("fit", fit)
    .method("predict", predict)
    .method("scores", scores)
    .method("score", score)
    .method("transform", transform)
    .method("fit_transform", fit_transform)
    .method("save", save)
    .index(learnt_field);

const Module learn_module("learn", [](ModuleTable& module) {
  for (const Entry* entry : entries("learn")) {
    module.function(entry->name, [entry](Call& call) {
      const auto estimator = learn::make_estimator(entry->full_name(), call_options(call, *entry));
      return call.push(std::make_shared<Learner>(Learner{estimator, {}, 0}));
    });
  }
  module.function("load", [](Call& call) {
    const evaluate::Model model = evaluate::load_model(call.text(1, "path"));
    return call.push(std::make_shared<Learner>(Learner{model.classifier, model, 0}));
  });
});

}  // namespace

data::Table described_at(Call& call, int i, const char* name) {
  if (const auto* table = test_object<data::Table>(call.L, i)) return *table;
  if (const auto* songs = test_object<data::Dataset>(call.L, i)) return songs->table();
  if (call.is_table(i) && has_words(call, i)) return table_by_hand(call, i);
  call.wrong(i, name, "a Dataset, a Table or { x = rows, y = labels }");
}

const learn::Classifier& fitted_classifier(const Learner& learner, const data::Table& table, const std::string& who) {
  const auto& classifier = classifier_of(learner, who);
  if (!classifier.fitted()) {
    throw ArgumentError(who + ": " + learner.estimator->name() + " is not fitted yet");
  }
  check_columns(learner, table, who);
  return classifier;
}

evaluate::Model model_of(const Learner& learner, const std::string& who) {
  if (!classifier_of(learner, who).fitted()) {
    throw ArgumentError(who + ": " + learner.estimator->name() + " is not fitted yet");
  }
  evaluate::Model model = learner.model;
  if (const auto* search = search_of(learner)) model.classifier = search->best();
  return model;
}

}  // namespace lumir::lua
