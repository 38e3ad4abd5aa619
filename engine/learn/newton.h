// Straight borders by Newton's steps, where columns are few enough for a matrix of second slopes: a handful of
// steps where those along slopes take hundreds.
//
// Columns may be alike as long as a penalty tells their weights apart; without one the matrix has no inverse.
//
// Keerthi and DeCoste, A Modified Finite Newton Method for Fast Solution of Large Scale Linear SVMs (2005).

#pragma once

#include "learn/penalised_loss.h"

namespace lumir::learn {

/// Whether that many matrices of second slopes fit.
bool has_room_for_newton(size_t lines, size_t columns);

/// The weights, [lines, columns], of a convex loss in which no line looks at another's decision, without absolute
/// weights; false in `converged` where slopes are left after max_iter steps.
Matrix descend_by_newton(const PenalisedLoss& how, bool& converged);

}  // namespace lumir::learn
