// Sentences that are true of these results, written from their numbers.

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/readable.h"
#include "metric/scorer.h"
#include "report/result_figures.h"
#include "report/sentences.h"
#include "report/slides.h"

namespace lumir::report {
namespace {

using evaluate::ModelResult;
using evaluate::Results;

std::string with_interval(const evaluate::Interval& score) {
  if (!score.known()) return show_score(score.value);
  return show_score(score.value) + " (95 % interval " + show_limits(score.value, score.low, score.high) + ")";
}

std::string label_of(const Results& results) { return results.label.empty() ? "class" : results.label; }

/// What ranks the models.
metric::Scorer first_metric(const Results& results) { return metric::Scorer(results.metrics.front()); }

/// The most guesses that were asked for: "top_3"; empty where one guess was all.
std::string most_guesses(const Results& results, std::string* number) {
  for (auto name = results.metrics.rbegin(); name != results.metrics.rend(); ++name) {
    const metric::Scorer scorer(*name);
    if (scorer.entry().name != "top_k" || !scorer.options().contains("k")) continue;
    *number = show(scorer.options().at("k"));
    if (*number != "1") return *name;
  }
  return "";
}

/// As many names as a sentence bears: "blues, rock and 7 more".
std::string some_of(std::vector<std::string> names) {
  constexpr size_t kMost = 6;
  if (names.size() > kMost) {
    const size_t more = names.size() - (kMost - 1);
    names.resize(kMost - 1);
    names.push_back(std::to_string(more) + " more");
  }
  return joined(names);
}

/// Far less than one recording makes of any score.
bool is_tie(double gain) { return std::fabs(gain) < 1e-12; }

/// The models that no other one is ahead of.
std::vector<std::string> best_names(const Results& results) {
  const std::string& metric = results.metrics.front();
  const double most = results.models.front().valid.at(metric).value;
  std::vector<std::string> names;
  for (const auto& model : results.models) {
    const auto found = model.valid.find(metric);
    if (names.empty() || (found != model.valid.end() && is_tie(found->second.value - most)))
      names.push_back(model.name);
  }
  return names;
}

/// Who does best and how well, and what a guess would reach.
std::string headline_of(const Results& results) {
  const ModelResult& best = results.models.front();
  const auto metric = first_metric(results);
  const double chance = 1.0 / static_cast<double>(results.classes.size());
  const auto first = best_names(results);
  const auto& score = best.valid.at(metric.name());
  std::string text = best.name + (results.models.size() > 1 ? " does best: its " : ": the ") + metric.title() + " is " +
                     with_interval(score);
  // two that are right as often may be so on recordings of other groups: an interval is that of one of them
  if (first.size() > 1)
    text = some_of(first) + " tie: the " + metric.title() + " of each is " + show_score(score.value);
  text += " on " + show_count(static_cast<long>(results.size())) + " held-out recordings";
  if (metric.name() == "accuracy") {
    text += "; a guess among " + std::to_string(results.classes.size()) + " would reach " + show_score(chance);
  }
  return text + ".";
}

std::string best_sentence(const Results& results) {
  const ModelResult& best = results.models.front();
  std::string text = headline_of(results);
  const auto first = best_names(results);
  std::string guesses;
  const auto found = best.valid.find(most_guesses(results, &guesses));
  if (found == best.valid.end()) return text;
  return text + (first.size() > 1 ? " The first " : " Its first ") + guesses + " guesses " +
         (first.size() > 1 ? "of " + best.name + " " : "") + "hold the right " + label_of(results) + " for " +
         with_interval(found->second) + " of them.";
}

/// Of many models only what the best is ahead by: all pairs of them fill no slide.
std::vector<std::string> difference_sentences(const Results& results) {
  constexpr size_t kManyModels = 4;
  const bool many = results.models.size() > kManyModels;
  const auto first = best_names(results);
  const auto leads = [&first](const std::string& name) {
    return std::find(first.begin(), first.end(), name) != first.end();
  };
  std::vector<std::string> sure, unsure, ties;
  for (const auto& one : results.differences) {
    if (is_tie(one.gain.value)) {  // of those that lead it is said already
      if (!many && !leads(one.better)) ties.push_back(one.better + " with " + one.worse);
      continue;
    }
    if (many && one.better != results.models.front().name) continue;
    if (many) {
      (one.beyond_chance ? sure : unsure).push_back(one.worse);
      continue;
    }
    const std::string text =
        one.better + " over " + one.worse + " by " + show_gain(one.gain.value) +
        (one.gain.known() ? " (" + show_gain(one.gain.low) + " to " + show_gain(one.gain.high) + ")" : "");
    (one.beyond_chance ? sure : unsure).push_back(text);
  }
  std::vector<std::string> sentences;
  const std::string over = many ? results.models.front().name + " over " : "";
  if (!sure.empty()) sentences.push_back("Beyond chance: " + over + joined(sure) + ".");
  if (!unsure.empty()) {
    sentences.push_back("Within chance, so not to be claimed: " + over + joined(unsure) + ".");
  }
  if (!ties.empty()) sentences.push_back("Tied: " + joined(ties) + ".");
  return sentences;
}

std::string training_sentence(const Results& results) {
  const ModelResult& best = results.models.front();
  const auto metric = first_metric(results);
  const auto train = best.train.find(metric.name());
  if (train == best.train.end()) return "";
  const double valid = best.valid.at(metric.name()).value;
  return "On the training recordings " + best.name + " reaches " + show_score(train->second.value) + "; the gap of " +
         show_score((train->second.value - valid) * (metric.greater_is_better() ? 1 : -1)) +
         " is what does not carry over to the held-out recordings.";
}

/// The largest cells off the diagonal, by count, ties by place.
std::string confusion_sentence(const Results& results) {
  const ModelResult& best = results.models.front();
  struct Cell {
    double count;
    size_t truth, predicted;
  };
  std::vector<Cell> cells;
  for (size_t i = 0; i < best.confusion.rows; ++i) {
    for (size_t j = 0; j < best.confusion.columns; ++j) {
      if (i != j && best.confusion(i, j) > 0) cells.push_back({best.confusion(i, j), i, j});
    }
  }
  if (results.target != Target::classes) return "";
  if (cells.empty()) return best.name + " confuses no two classes.";
  std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.count > b.count; });
  if (cells.size() > 3) cells.resize(3);
  std::vector<std::string> words;
  for (const Cell& cell : cells) {
    const auto row = best.confusion.row(cell.truth);
    double all = 0;
    for (const double count : row) all += count;
    words.push_back(results.classes[cell.truth] + " taken for " + results.classes[cell.predicted] + " (" +
                    show_count(std::lround(cell.count)) + " of " + show_count(std::lround(all)) + ")");
  }
  return "Most often confused by " + best.name + ": " + joined(words) + ".";
}

std::vector<evaluate::ClassScores> by_recall(const ModelResult& model) {
  std::vector<evaluate::ClassScores> classes;
  for (const auto& one : model.per_class) {
    if (one.support > 0) classes.push_back(one);
  }
  std::stable_sort(classes.begin(), classes.end(), [](const auto& a, const auto& b) { return a.recall > b.recall; });
  return classes;
}

/// Of a model that gives few of the classes at all: what it gives. Recalls tell nothing of it.
std::string few_answers_sentence(const Results& results, size_t classes) {
  const ModelResult& best = results.models.front();
  const std::set<int> given(best.predicted.begin(), best.predicted.end());
  if (2 * given.size() > classes) return "";
  std::vector<std::string> names;
  for (const int one : given) names.push_back(results.classes[static_cast<size_t>(one)]);
  if (names.size() == 1) return best.name + " always answers " + names.front() + ".";
  return best.name + " answers nothing but " + some_of(names) + ": " + std::to_string(names.size()) + " of the " +
         std::to_string(classes) + " classes that it was asked about.";
}

std::string classes_sentence(const Results& results) {
  const auto classes = by_recall(results.models.front());
  if (classes.size() < 2) return "";
  if (const std::string few = few_answers_sentence(results, classes.size()); !few.empty()) return few;
  const auto& first = classes.front();
  const auto& last = classes.back();
  if (first.recall == last.recall)
    return "Every " + label_of(results) + " has a recall of " + show_score(first.recall) + ".";
  const auto with_recall = [&](double recall) {
    std::vector<std::string> names;
    for (const auto& one : classes) {
      if (one.recall == recall) names.push_back(one.name);
    }
    return (names.size() > 1 ? " are " : " is ") + some_of(names) + " (recall " + show_score(recall) + ")";
  };
  return "Recognised best" + with_recall(first.recall) + ", worst" + with_recall(last.recall) + ".";
}

/// What cross-validation said, beside what was held out, and why the two are not the same number.
std::string search_sentence(const Results& results, const Experiment& experiment) {
  const ModelResult& best = results.models.front();
  const auto valid = best.valid.find(best.search_metric);
  if (best.search_score <= 0 || valid == best.valid.end()) return "";
  std::string text = "Cross-validation inside the training recordings gave " + best.name + " " +
                     show_score(best.search_score) + ", the held-out recordings " + show_score(valid->second.value);
  const auto search = std::find_if(experiment.searches.begin(), experiment.searches.end(),
                                   [&](const SearchTable& one) { return one.model == best.name; });
  if (search == experiment.searches.end() || search->folds < 2) return text + ".";
  text += ": other recordings, and a model of a fold had learnt from " +
          std::to_string(std::lround(100 - 100.0 / search->folds)) + " % of the training recordings only";
  if (!search->group.empty()) text += ", without the " + search->group + "s of the fold";
  return text + "; the model that was validated learnt from all of them.";
}

/// Whose scores a leak makes too good: its line says where it was found.
std::string leak_sentence(const std::string& leak) {
  const auto says = [&leak](const std::string& words) { return leak.find(words) != std::string::npos; };
  if (!says("LEAK")) return capitalised(leak) + ".";  // labels were shuffled
  if (says("LEAK: ")) return "The scores are too good, because of a leak: " + leak;
  if (says(kFoldsLeak)) {
    return "The scores by which settings were chosen are too good, because folds of the search leak; of the split "
           "that was judged this says nothing: " +
           leak;
  }
  return "The scores of a later split, not those of the first, are too good, because of a leak: " + leak;
}

std::vector<std::string> kept(const std::vector<std::string>& sentences) {
  std::vector<std::string> out;
  std::copy_if(sentences.begin(), sentences.end(), std::back_inserter(out), [](const auto& s) { return !s.empty(); });
  return out;
}

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::vector<std::string> findings_of(const Results& results) {
  if (results.models.empty()) return {};
  std::vector<std::string> sentences = {best_sentence(results)};
  for (auto& sentence : difference_sentences(results)) sentences.push_back(std::move(sentence));
  for (const auto& sentence : {confusion_sentence(results), classes_sentence(results)}) sentences.push_back(sentence);
  return kept(sentences);
}

std::vector<std::string> analysis_of(const Results& results, const Experiment& experiment) {
  return kept({training_sentence(results), search_sentence(results, experiment)});
}

std::vector<std::string> discussion_of(const Experiment& experiment) {
  std::vector<std::string> sentences;
  if (experiment.synthetic) {
    sentences.push_back(
        "The recordings are synthetic: these scores show that the experiment runs, and say nothing about "
        "music.");
  }
  for (const auto& leak : experiment.leaks) sentences.push_back(leak_sentence(leak));
  if (!experiment.results || experiment.results->models.empty()) return sentences;
  const Results& results = *experiment.results;
  const ModelResult& best = results.models.front();
  const auto& score = best.valid.at(results.metrics.front());
  if (score.known())
    sentences.push_back("The interval of " + best.name + " is " + show_score(score.high - score.low) + " wide, with " +
                        show_count(static_cast<long>(results.size())) + " recordings" +
                        (results.group.empty()
                             ? ""
                             : " of " + std::to_string(std::set(results.groups.begin(), results.groups.end()).size()) +
                                   " " + results.group + "s") +
                        "." +
                        (results.models.size() > 1
                             ? " Differences between models are paired by recording, so that one smaller than "
                               "this interval may still be beyond chance; the table of differences says which."
                             : ""));
  const auto classes = by_recall(best);
  if (classes.size() >= 3) {
    // three, and all that do as badly as the third
    const double bound = classes[classes.size() - 3].recall;
    std::vector<std::string> hard;
    for (size_t i = classes.size(); i-- > 0;) {
      const auto& one = classes[i];
      if (one.recall < 1 && one.recall <= bound) hard.push_back(one.name + " (" + show_score(one.recall) + ")");
    }
    if (!hard.empty()) sentences.push_back("Most is to be gained where recall is lowest: " + some_of(hard) + ".");
  }
  int least = std::numeric_limits<int>::max();
  for (const auto& one : classes) least = std::min(least, one.support);
  if (!classes.empty() && least < 10) {
    sentences.push_back("The smallest class has " + std::to_string(least) + " held-out recording" +
                        (least == 1 ? "" : "s") + ", so single recalls are rough: one recording is a step of " +
                        show_score(1.0 / least) + ".");
  }
  if (results.target == Target::classes) {
    sentences.push_back("A model knows the " + std::to_string(results.classes.size()) + " it was taught and no other " +
                        label_of(results) + ": a recording of another one is given to one of them all the same.");
  }
  return sentences;
}

std::vector<std::string> summary_of(const Experiment& experiment) {
  std::vector<std::string> sentences;
  const bool one_chain = experiment.chains.size() == 1;
  for (const auto& chain : experiment.chains) {
    if (chain.columns == 0) continue;
    const std::string whose = one_chain || chain.models.empty() ? "" : "For " + joined(chain.models) + " each";
    sentences.push_back((whose.empty() ? "Each" : whose) + " recording becomes " +
                        show_count(static_cast<long>(chain.columns)) +
                        (chain.named ? " numbers with names, so it can be said what a model looks at." : " numbers."));
  }
  if (experiment.results && !experiment.results->models.empty()) {
    const Results& results = *experiment.results;
    sentences.insert(sentences.begin(), headline_of(results));
    std::vector<std::string> names;
    for (const auto& model : results.models) names.push_back(model.name);
    if (names.size() > 1) {
      constexpr size_t kNamed = 6;
      const std::string who = names.size() > kNamed ? std::to_string(names.size()) + " models" : joined(names);
      sentences.push_back(who + " are compared on the same recordings" +
                          (one_chain ? " and the same numbers." : ", each by what it learnt from."));
    }
    if (has_intervals(results)) {
      sentences.push_back((results.target == Target::classes ? "Every share of right answers carries a 95 % interval"
                                                             : "Scores carry a 95 % interval") +
                          (results.group.empty() ? std::string() : " by " + results.group) +
                          (names.size() > 1 ? ", and a difference counts only where it is beyond chance." : "."));
    }
  }
  size_t settings = 0, failed = 0;
  for (const auto& search : experiment.searches) {
    for (const auto& row : search.rows) (std::isnan(row.mean) ? failed : settings) += 1;
  }
  if (settings > 0) {
    const auto& group = experiment.searches.front().group;
    sentences.push_back(
        show_count(static_cast<long>(settings)) +
        " settings were judged by cross-validation inside the training recordings" +
        (group.empty() ? "" : ", each " + group + " whole in one fold") +
        (failed == 0 ? "." : "; " + show_count(static_cast<long>(failed)) + " more could not be fitted."));
  }
  if (sentences.size() == 1 && !experiment.results) return {};  // one line is no slide
  return sentences;
}

}  // namespace lumir::report
