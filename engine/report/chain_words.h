// How recordings become numbers, in sentences and as boxes with arrows: out of the steps of a chain.

#pragma once

#include <string>
#include <vector>

#include "core/step.h"
#include "report/figure.h"

namespace lumir::report {

/// "Recordings are heard at 16,000 Hz, in mono.", windows in samples and ms, bands, features, statistics: as far as
/// the steps say so. `columns` is how many numbers describe a recording; 0 where that is not known.
std::vector<std::string> sentences_of(const StepPtr& chain, size_t columns);

/// The steps as boxes, from the recording to the numbers; null for a chain of none.
FigurePtr chain_figure(const StepPtr& chain, size_t columns);

/// The chain's step of that name, or the first one inside it; null where there is none.
StepPtr step_called(const StepPtr& chain, const std::string& name);

}  // namespace lumir::report
