// Viterbi's search, after librosa.sequence.viterbi.
//
// Which state came before is not noted on the way forward; on the way back it is worked out for the states of the path
// alone. Values of states are kept for some thousand frames, and at the beginning of each such part, from which they
// are made again: so a recording of hours needs little memory.

#include "feature/pitch_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/value.h"
#include "feature/pitch_steps.h"
#include "feature/plan/terms.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

constexpr long kPart = 4096;                                  // frames
constexpr double kTiny = std::numeric_limits<double>::min();  // keeps logarithms of 0 finite
const double kLogTiny = std::log(kTiny);

/// Probabilities of steps from one pitch to another.
class Steps {
 public:
  explicit Steps(const PitchModel& model) : model_(model) {
    // where the triangle's first step lies, as librosa.sequence.transition_local rolls it
    const int n = model.pitches;
    const int before = n >= model.width ? (n - model.width) / 2 : -((model.width - n + 1) / 2);
    first_ = before + n / 2 + 1 - n;
    const bool odd = model.width % 2 == 1;
    for (int i = 0; i < model.width; ++i) {
      const int rise = std::min(i, model.width - 1 - i);
      heights_.push_back(odd ? 2.0 * (rise + 1) / (model.width + 1) : (2.0 * rise + 1) / model.width);
    }
    for (int pitch = 0; pitch < n; ++pitch) {
      double sum = 0;
      for (int i = 0; i < model.width; ++i) sum += inside(pitch + first_ + i) ? heights_[static_cast<size_t>(i)] : 0;
      sums_.push_back(sum);
    }
  }

  int first() const { return first_; }
  int end() const { return first_ + model_.width; }
  bool inside(int pitch) const { return pitch >= 0 && pitch < model_.pitches; }
  double height(int step) const { return heights_[static_cast<size_t>(step - first_)]; }
  double sum(int pitch) const { return sums_[static_cast<size_t>(pitch)]; }
  double voicing(bool same) const { return same ? 1 - model_.switch_probability : model_.switch_probability; }
  double probability(int pitch, int step, bool same) const { return voicing(same) * (height(step) / sum(pitch)); }
  bool followed(double probability) const {
    return model_.least_probability <= 0 || std::log(probability + kTiny) >= std::log(model_.least_probability + kTiny);
  }

 private:
  PitchModel model_;
  int first_ = 0;
  std::vector<double> heights_;
  std::vector<double> sums_;  // of the heights that stay inside the range, from each pitch
};

PitchStepTables make_tables(const PitchModel& model, const Steps& steps) {
  PitchStepTables tables;
  const int n = model.pitches;
  tables.pitches = n;
  tables.elsewhere = model.least_probability > 0 ? -INFINITY : kLogTiny;
  double widest = 0;  // the sum from a pitch far from the ends
  for (int pitch = 0; pitch < n; ++pitch) {
    tables.gains.push_back(-std::log(steps.sum(pitch)));
    widest = std::max(widest, steps.sum(pitch));
  }
  for (int from = 0; from < 2; ++from) {
    for (int to = 0; to < 2; ++to) {
      const bool same = from == to;
      PitchSteps& always = tables.steps[from][to];
      for (int step = steps.first(); step < steps.end(); ++step) {
        const double plain = steps.voicing(same) * steps.height(step);
        if (steps.followed(plain / widest)) {
          if (always.logs.empty()) always.first = step;
          always.logs.push_back(std::log(plain));
          continue;
        }
        for (int pitch = 0; pitch < n; ++pitch) {
          const double probability = steps.probability(pitch, step, same);
          if (!steps.inside(pitch + step) || !steps.followed(probability)) continue;
          tables.end_steps.push_back({from * n + pitch, to * n + pitch + step, std::log(probability)});
        }
      }
    }
  }
  return tables;
}

class Search {
 public:
  Search(const PitchModel& model, const std::vector<PitchEvidence>& frames)
      : model_(model),
        steps_(model),
        tables_(make_tables(model, steps_)),
        frames_(frames),
        states_(2 * static_cast<size_t>(model.pitches)),
        step_(best(&pitch_step)),
        scratch_(best(&pitch_step_scratch)(tables_)) {}

  std::vector<int> run() {
    const auto count = static_cast<long>(frames_.size());
    values_.resize(states_ * static_cast<size_t>(std::min(count, kPart)));
    const long parts = (count + kPart - 1) / kPart;
    std::vector<std::vector<double>> beginnings;
    for (long part = 0; part < parts; ++part) {
      if (part == 0) {
        begin();
      } else {
        go_on(last_values(), part * kPart, values_.data());
      }
      beginnings.emplace_back(values_.begin(), values_.begin() + static_cast<long>(states_));
      fill(part);
    }
    std::vector<int> path(frames_.size());
    for (long part = parts; part-- > 0;) {
      if (part < parts - 1) {
        std::copy(beginnings[static_cast<size_t>(part)].begin(), beginnings[static_cast<size_t>(part)].end(),
                  values_.begin());
        fill(part);
      }
      trace(part, path);
    }
    return path;
  }

 private:
  double* at(long index) { return values_.data() + static_cast<size_t>(index) * states_; }
  long length(long part) const { return std::min(kPart, static_cast<long>(frames_.size()) - part * kPart); }

  void begin() {
    const double even = std::log(1.0 / static_cast<double>(states_) + kTiny);
    std::fill(values_.begin(), values_.begin() + static_cast<long>(states_), even);
    add_evidence(frames_.front(), values_.data());
  }

  /// Values of a part from those of its first frame.
  void fill(long part) {
    for (long i = 1; i < length(part); ++i) {
      if (i % 256 == 0) check_interrupt();
      go_on(at(i - 1), part * kPart + i, at(i));
    }
  }

  const double* last_values() {
    last_.assign(at(kPart - 1), at(kPart - 1) + states_);
    return last_.data();
  }

  void go_on(const double* before, long frame, double* after) {
    step_(tables_, before, scratch_.data(), after);
    add_evidence(frames_[static_cast<size_t>(frame)], after);
  }

  void add_evidence(const PitchEvidence& evidence, double* values) const {
    const int n = model_.pitches;
    for (const auto& candidate : evidence.candidates) {
      values[candidate.pitch] += std::log(static_cast<double>(candidate.probability) + kTiny) - kLogTiny;
    }
    const double unvoiced = std::log((1 - evidence.voiced) / n + kTiny);
    for (int i = 0; i < n; ++i) values[i] += kLogTiny;
    for (int i = n; i < 2 * n; ++i) values[i] += unvoiced;
  }

  /// States of a part's frames, from its last one back.
  void trace(long part, std::vector<int>& path) {
    const long frames = length(part), first = part * kPart;
    if (first + frames == static_cast<long>(path.size())) {
      const double* values = at(frames - 1);
      path.back() = static_cast<int>(std::max_element(values, values + states_) - values);
    } else {
      path[static_cast<size_t>(first + frames - 1)] = before(at(frames - 1), path[static_cast<size_t>(first + frames)]);
    }
    for (long i = frames - 2; i >= 0; --i) {
      path[static_cast<size_t>(first + i)] = before(at(i), path[static_cast<size_t>(first + i + 1)]);
    }
  }

  /// The state from which `state` was reached best.
  int before(const double* values, int state) const {
    const int n = model_.pitches;
    const int to = state / n, pitch = state % n;
    double most = -INFINITY;
    int found = state;
    for (int from = 0; from < 2; ++from) {
      for (int source = pitch - steps_.end() + 1; source <= pitch - steps_.first(); ++source) {
        if (!steps_.inside(source)) continue;
        const double probability = steps_.probability(source, pitch - source, from == to);
        if (!steps_.followed(probability)) continue;
        const double value = values[from * n + source] + std::log(probability + kTiny);
        if (value > most) {
          most = value;
          found = from * n + source;
        }
      }
    }
    if (model_.least_probability > 0) return found;
    const auto greatest = std::max_element(values, values + states_);
    return *greatest + kLogTiny > most ? static_cast<int>(greatest - values) : found;
  }

  PitchModel model_;
  Steps steps_;
  PitchStepTables tables_;
  const std::vector<PitchEvidence>& frames_;
  size_t states_;
  decltype(&pitch_step) step_;
  std::vector<double> scratch_;
  std::vector<double> values_;  // of a part: [frames, states]
  std::vector<double> last_;
};

}  // namespace

std::vector<int> likeliest_path(const PitchModel& model, const std::vector<PitchEvidence>& frames) {
  if (frames.empty()) return {};
  const Steps steps(model);
  for (int pitch = 0; pitch < model.pitches; ++pitch) {
    bool reached = false;
    for (int step = steps.first(); step < steps.end(); ++step) {
      const int source = pitch - step;
      for (bool same : {true, false}) {
        reached = reached || (steps.inside(source) && steps.followed(steps.probability(source, step, same)));
      }
    }
    if (!reached) {
      throw ArgumentError("'transition_min_prob' = " + show_number(model.least_probability) +
                          " is so great that nothing leads to some pitches");
    }
  }
  return Search(model, frames).run();
}

}  // namespace lumir::feature
