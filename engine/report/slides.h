// The slides of a deck, in three groups (what was done, what came out, words), and what they share. A slide without
// blocks is left out by experiment.cpp.

#pragma once

#include <string>
#include <vector>

#include "report/experiment.h"

namespace lumir::report {

constexpr size_t kSettingsOnSlide = 12;  // rows of a table whose rest stands on the page

std::string trimmed(const std::string& line);
std::string capitalised(std::string text);
/// A recipe's words, in Markdown, as blocks: lines that begin with -, * or 1. are lists, those between bars a table, an
/// empty line ends a paragraph; inside a line there are **bold**, `code` and $formulas$, which stay text. Indentation
/// of a long string in the source does not count.
std::vector<Block> blocks_of(const std::string& words);
/// The recipe's words for a slide, else bullets of computed sentences.
std::vector<Block> words_for(const Experiment& experiment, const std::string& key,
                             const std::vector<std::string>& computed);
/// A slide that begins with such words.
Slide worded_slide(const Experiment& experiment, const std::string& title, const std::string& key,
                   const std::vector<std::string>& computed = {});
std::string text_or(const Experiment& experiment, const std::string& key, const std::string& otherwise);
TableBlock facts_table(const std::vector<Fact>& facts, const std::string& caption);

/// Where the recordings come from, how they were cut, one of them as the chain hears it, and what leaks.
Slide data_slide(const Experiment& experiment);
/// Chains, networks, trainings, models, folds and searches: how the results were come by.
std::vector<Slide> method_slides(const Experiment& experiment);
/// Tables and figures of one set of recordings; the first set is that of the headline.
std::vector<Slide> result_slides(const Experiment& experiment, const evaluate::Results& results, size_t set,
                                 const std::vector<FigurePtr>& figures);
/// What does not carry over, how the search of the best model went: words, the search as a curve.
Slide analysis_slide(const Experiment& experiment);
/// Whom the best model knows best, and by which columns.
Slide groups_slide(const Experiment& experiment);
/// What trainings came to on the rows that taught and on others, in numbers and sentences.
Slide overfitting_slide(const Experiment& experiment);
/// What tells one set of recordings from the others: nothing for the first, which the report is of.
std::string set_words(size_t set);

}  // namespace lumir::report
