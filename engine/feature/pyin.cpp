// pYIN: pitch by YIN under many thresholds at once, and the likeliest path of it through the recording.
//
// Each trough of a frame's differences is a candidate; thresholds that it undercuts, weighed by how likely they are
// beforehand, are its probability. What is left of 1 speaks for silence and noise. Frames without pitch have `fill_na`
// as f0: 0 here, where librosa has NaN, because what is computed from rows must be finite.

#include <algorithm>
#include <array>
#include <cmath>

#include "core/beta.h"
#include "core/error.h"
#include "feature/extractor.h"
#include "feature/periods.h"
#include "feature/pitch_path.h"
#include "feature/row_axes.h"

namespace lumir::feature {
namespace {

struct PyinOptions : PeriodOptions {
  int n_thresholds = 100;
  std::vector<double> beta_parameters = {2, 18};
  double boltzmann_parameter = 2;
  double resolution = 0.1;
  double max_transition_rate = 35.92;
  double switch_prob = 0.01;
  double no_trough_prob = 0.01;
  std::optional<double> fill_na = 0;
  std::optional<double> transition_min_prob = 1e-4;

  int rows() const { return 3; }
  std::string row_name(int row) const {
    return std::array{"pyin_f0", "pyin_voiced_flag", "pyin_voiced_prob"}[static_cast<size_t>(row)];
  }
  Axes axes(int) const {
    Axes axes = named_rows("pitch", {"f0", "voiced", "probability"});
    axes.unit = "Hz";  // of the first; the others say how sure it is
    return axes;
  }
  int bins_per_semitone() const { return static_cast<int>(std::ceil(1 / resolution)); }
  int pitches() const { return static_cast<int>(std::floor(12 * bins_per_semitone() * std::log2(fmax / fmin))) + 1; }

  static Schema schema() {
    return extend(period_schema<PyinOptions>(),
                  Option{"n_thresholds", &PyinOptions::n_thresholds, "thresholds from 0 to 1", Range{1, 10000}},
                  Option{"beta_parameters", &PyinOptions::beta_parameters,
                         "two parameters of the beta distribution of thresholds", kPositive},
                  Option{"boltzmann_parameter", &PyinOptions::boltzmann_parameter,
                         "how much likelier shorter periods are", Range{1e-6, 700}},
                  Option{"resolution", &PyinOptions::resolution, "of pitch", Unit{"semitones"}, Range{0.001, 1}},
                  Option{"max_transition_rate", &PyinOptions::max_transition_rate, "how fast pitch may move",
                         Unit{"octaves per second"}, kPositive},
                  Option{"switch_prob", &PyinOptions::switch_prob, "from voiced to unvoiced and back", Range{0, 1}},
                  Option{"no_trough_prob", &PyinOptions::no_trough_prob,
                         "for the least difference where none is below the threshold", Range{0, 1}},
                  Option{"fill_na", &PyinOptions::fill_na, "f0 where there is no pitch; 'none' for the best guess"},
                  Option{"transition_min_prob", &PyinOptions::transition_min_prob,
                         "rarer steps of pitch are not followed; 'none' follows all, exactly", Range{0, 1}});
  }
};

/// From a frame's differences to candidates of pitch.
class Candidates {
 public:
  Candidates(const PyinOptions& options, int rate)
      : options_(options), periods_(options, rate), rate_(rate), pitches_(options.pitches()) {
    if (options.beta_parameters.size() != 2) {
      throw ArgumentError("'beta_parameters' takes two numbers, got " + std::to_string(options.beta_parameters.size()));
    }
    const auto& beta = options.beta_parameters;
    for (int i = 0; i < options.n_thresholds; ++i) {
      const double low = static_cast<double>(i) / options.n_thresholds;
      const double high = static_cast<double>(i + 1) / options.n_thresholds;
      thresholds_.push_back(high);
      weights_.push_back(beta_distribution(beta[0], beta[1], high) - beta_distribution(beta[0], beta[1], low));
    }
    const double lambda = options.boltzmann_parameter;
    for (int i = 0; i <= periods_.count(); ++i) {
      decay_.push_back(std::exp(-lambda * i));
      share_.push_back(i == 0 ? 0 : (1 - std::exp(-lambda)) / (1 - std::exp(-lambda * i)));
    }
  }

  PitchEvidence evidence(const std::vector<float>& differences) const {
    const std::vector<int> troughs = find_troughs(differences);
    const std::vector<double> probabilities = weigh(differences, troughs);
    PitchEvidence out;
    for (size_t i = 0; i < troughs.size(); ++i) {
      const auto probability = static_cast<float>(probabilities[i]);
      if (probability > 0) put(out, pitch_of(differences, troughs[i]), probability);
    }
    for (const auto& candidate : out.candidates) out.voiced += static_cast<double>(candidate.probability);
    out.voiced = std::min(out.voiced, 1.0);
    return out;
  }

 private:
  static std::vector<int> find_troughs(const std::vector<float>& d) {
    std::vector<int> troughs;
    const size_t last = d.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      const bool falls = i == 0 || d[i] < d[i - 1];
      const bool rises = i == last || (i == 0 ? d[i] < d[i + 1] : d[i] <= d[i + 1]);
      if (falls && rises) troughs.push_back(static_cast<int>(i));
    }
    return troughs;
  }

  /// The probability of each trough.
  std::vector<double> weigh(const std::vector<float>& differences, const std::vector<int>& troughs) const {
    std::vector<double> out(troughs.size(), 0.0);
    if (troughs.empty()) return out;
    std::vector<size_t> first;  // threshold that each is below
    size_t deepest = 0;
    for (size_t i = 0; i < troughs.size(); ++i) {
      const float height = differences[static_cast<size_t>(troughs[i])];
      const auto above = std::upper_bound(thresholds_.begin(), thresholds_.end(), static_cast<double>(height));
      first.push_back(static_cast<size_t>(above - thresholds_.begin()));
      if (height < differences[static_cast<size_t>(troughs[deepest])]) deepest = i;
    }
    for (size_t t = first[deepest]; t < thresholds_.size(); ++t) {
      const auto below =
          static_cast<size_t>(std::count_if(first.begin(), first.end(), [&](size_t f) { return f <= t; }));
      size_t position = 0;
      for (size_t i = 0; i < troughs.size(); ++i) {
        if (first[i] <= t) out[i] += share_[below] * decay_[position++] * weights_[t];
      }
    }
    double rest = 0;
    for (size_t t = 0; t < first[deepest]; ++t) rest += weights_[t];
    out[deepest] += options_.no_trough_prob * rest;
    return out;
  }

  int pitch_of(const std::vector<float>& differences, int trough) const {
    double period = periods_.shortest + trough;
    if (trough > 0 && trough + 1 < static_cast<int>(differences.size())) {
      const float* here = differences.data() + trough;
      const float curve = here[1] + here[-1] - 2 * here[0], slope = (here[1] - here[-1]) / 2;
      if (std::fabs(slope) < std::fabs(curve)) period += static_cast<double>(-slope / curve);
    }
    const double steps = 12 * options_.bins_per_semitone() * std::log2(rate_ / period / options_.fmin);
    return static_cast<int>(std::clamp(std::nearbyint(steps), 0.0, static_cast<double>(pitches_)));
  }

  /// Of candidates of one pitch the longest period counts; one beyond the range counts for nothing, as in librosa.
  void put(PitchEvidence& evidence, int pitch, float probability) const {
    if (pitch == pitches_) return;
    for (auto& candidate : evidence.candidates) {
      if (candidate.pitch != pitch) continue;
      candidate.probability = probability;
      return;
    }
    evidence.candidates.push_back({pitch, probability});
  }

  PyinOptions options_;
  Periods periods_;
  double rate_;
  int pitches_;
  std::vector<double> thresholds_, weights_;  // and how likely each is
  std::vector<double> decay_, share_;         // Boltzmann's distribution over troughs
};

class PyinNode final : public Node {
 public:
  PyinNode(const PyinOptions& options, int rate)
      : Node("pyin " + to_json(write_options(options)), options.framing(), options.rows(),
             {PeriodFrames::node(options, rate)}),
        options_(options),
        candidates_(options, rate),
        lanes_(best(&lanes_of_level)()) {
    finishes_ = true;
    model_.pitches = options.pitches();
    const double semitones = std::nearbyint(options.max_transition_rate * 12 * options.hop() / rate);
    model_.width = static_cast<int>(std::min<double>(semitones * options.bins_per_semitone(), model_.pitches - 1)) + 1;
    model_.switch_probability = options.switch_prob;
    model_.least_probability = options.transition_min_prob.value_or(0);
    if (model_.pitches < 2)
      throw ArgumentError("'resolution' = " + show_number(options.resolution) + " leaves one pitch");
  }

  void begin(Work& work) const override { work.out.own = std::make_shared<std::vector<PitchEvidence>>(); }

  void block(Work& work, long first_frame) const override {
    auto& frames = *std::any_cast<const std::shared_ptr<std::vector<PitchEvidence>>&>(work.out.own);
    const FrameBlock block = work.inputs[0]->block(first_frame);
    std::vector<float> differences(static_cast<size_t>(block.rows()));
    for (int lane = 0; lane < lanes_ && first_frame + lane < work.out.frames; ++lane) {
      for (int row = 0; row < block.rows(); ++row) {
        differences[static_cast<size_t>(row)] =
            block.values[static_cast<size_t>(row) * block.stride + static_cast<size_t>(lane)];
      }
      frames.push_back(candidates_.evidence(differences));
    }
  }

  void finish(Work& work) const override {
    const auto& frames = *std::any_cast<const std::shared_ptr<std::vector<PitchEvidence>>&>(work.out.own);
    const std::vector<int> path = path_of(frames, work.who);
    const Track out = work.out.track();
    for (size_t t = 0; t < path.size(); ++t) {
      const bool voiced = path[t] < model_.pitches;
      const double steps = path[t] % model_.pitches;
      const double pitch = options_.fmin * std::exp2(steps / (12 * options_.bins_per_semitone()));
      out.row(0)[t] = static_cast<float>(voiced ? pitch : options_.fill_na.value_or(pitch));
      out.row(1)[t] = voiced ? 1 : 0;
      out.row(2)[t] = static_cast<float>(frames[t].voiced);
    }
  }

 private:
  std::vector<int> path_of(const std::vector<PitchEvidence>& frames, const std::string& who) const {
    try {
      return likeliest_path(model_, frames);
    } catch (const ArgumentError& problem) {
      throw ArgumentError(who + ": " + problem.what());
    }
  }

  PyinOptions options_;
  Candidates candidates_;
  PitchModel model_;
  int lanes_;
};

NodePtr pyin(const PyinOptions& options, int rate) { return std::make_shared<PyinNode>(options, rate); }

LUMIR_FEATURE_NODE(
    pyin, PyinOptions,
    {
        .summary = "Pitch of a voice or a melody, and where there is one.",
        .returns = "[3, frames]: f0 in Hz, 1 where voiced, probability of that",
        .example = "feature.pyin(clip, { fmin = 80, fmax = 800 })",
        .source =
            "Mauch and Dixon, pYIN: a fundamental frequency estimator using probabilistic threshold distributions "
            "(2014); librosa.pyin",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
