// What several kinds of learners need when they become ONNX.

#pragma once

#include <string>

#include "learn/present_classes.h"
#include "model/onnx_file.h"

namespace lumir::learn {

using model::OnnxAnswer;
using model::OnnxAttributes;
using model::OnnxGraph;
using model::RegisterOnnx;

/// A text option.
const std::string& word_option(const model::Estimator& estimator, const char* name);
/// A row of numbers that goes with every row: [1, n].
std::string row_of(OnnxGraph& graph, std::vector<double> numbers);
/// Sums of rows, [rows, 1].
std::string sums_of(OnnxGraph& graph, const std::string& values);
/// Rows by their length ('l2', 'l1' or 'max'); those of zeros stay.
std::string of_length_one(OnnxGraph& graph, const std::string& rows, const std::string& norm);
/// 1 / (1 + e^-x), small values too, which the operator Sigmoid of some programs rounds to 0.
std::string logistic(OnnxGraph& graph, const std::string& values);
/// Of one decision for each row, of two classes: its two sides, each by a factor.
std::string sides_of(OnnxGraph& graph, const std::string& decisions, double first);
/// Probabilities of n classes, [rows, n], from those of pairs, [rows, n, n]: SVC's.
std::string coupled(OnnxGraph& graph, const std::string& pairs, int64_t n);
/// Scores of the classes that had rows as scores of all, as PresentClasses::spread has it.
OnnxAnswer spread(OnnxGraph& graph, const model::Estimator& estimator, const std::string& scores, ScoreKind kind);

}  // namespace lumir::learn
