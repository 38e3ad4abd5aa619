// Machines of two classes each, one for each pair, and how their decisions become one answer: libsvm's layout, votes
// and probabilities.

#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/matrix.h"
#include "learn/sigmoid.h"

namespace lumir::learn {

/// Rows in the order of their classes, so that a class is one contiguous segment.
struct ClassSegments {
  std::vector<int> labels;  // the classes that have rows, ascending
  std::vector<int> begin;   // of each one's segment; one more at the end

  int count() const { return static_cast<int>(labels.size()); }
  int pairs() const { return count() * (count() - 1) / 2; }
  int size(int c) const { return begin[static_cast<size_t>(c) + 1] - begin[static_cast<size_t>(c)]; }
  int first(int c) const { return begin[static_cast<size_t>(c)]; }
  int rows() const { return begin.back(); }
};

struct ClassPair {
  int a;
  int b;
  int number;  // libsvm's order: 0-1, 0-2, ... 1-2, ...
};

std::vector<ClassPair> pairs_of(const ClassSegments& classes);

/// What all pairs have learnt, in libsvm's layout: row of class a, coefficient against class b in line b - 1
/// (b > a) or b (b < a).
struct PairwiseMachine {
  ClassSegments classes;
  Matrix dual;                    // [classes - 1, rows]
  std::vector<double> intercept;  // one for each pair
  std::vector<Sigmoid> sigmoids;  // one for each pair: the first class's probability; empty for scores of decisions

  std::span<double> segment(int c, int against) {
    return dual.row(static_cast<size_t>(against > c ? against - 1 : against))
        .subspan(static_cast<size_t>(classes.first(c)), static_cast<size_t>(classes.size(c)));
  }
  std::span<const double> segment(int c, int against) const {
    return const_cast<PairwiseMachine*>(this)->segment(c, against);
  }
};

/// Calls use(row, decisions of the pairs) for each row of the kernel with all training rows, on all cores; a decision
/// is positive for the first class of its pair.
void for_decisions(const PairwiseMachine& machine, const Matrix& kernel_rows,
                   const std::function<void(size_t, std::span<const double>)>& use);
/// The class with most votes of its pairs, the first of equals: libsvm's answer.
int vote(const ClassSegments& classes, std::span<const double> decisions);
/// scikit-learn's decision_function of form ovr: votes, ties broken by the sum of decisions. A class that had
/// no rows comes after all others.
void rank(const ClassSegments& classes, std::span<const double> decisions, std::span<double> scores);
/// Probabilities of the classes from the decisions of pairs; a class that had no rows gets none.
void estimate(const PairwiseMachine& machine, std::span<const double> decisions, std::span<double> scores);

}  // namespace lumir::learn
