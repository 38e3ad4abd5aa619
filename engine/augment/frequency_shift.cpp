// FrequencyShift: every example of a batch is moved along frequency.

#include "augment/shift.h"

namespace lumir::augment {
namespace {

Shifts draw(const Batch& batch, const ShiftOptions& options, Random& random) {
  const Axes axes = axes_of(batch, options.time_dim, "FrequencyShift");
  return draw_shifts(batch, options, axes.time, axes.frequency, random);
}

Batch shift(const Batch& batch, const ShiftOptions& options, const Shifts& drawn) {
  const Axes axes = axes_of(batch, options.time_dim, "FrequencyShift");
  return shifted(batch, options, drawn, axes.time, axes.frequency, "FrequencyShift");
}

const RegisterBatchEffect<ShiftOptions, Shifts, draw, shift> frequency_shift{
    "FrequencyShift",
    {.summary =
         "Moves every example of a batch along frequency by a number of positions of its own, either way. Targets "
         "stay as they are.",
     .returns = "moved, target, drawn: a tensor of the same shape, the target as it was, and { shifts }",
     .example = "augment.FrequencyShift { max_shift = 0.2 }(torch.rand { 2, 1, 64, 100 })",
     .source = "Kong et al. and others as a roll of mel bands; torch.roll",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
