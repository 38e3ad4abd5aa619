// The constant-Q transform: frequencies in equal steps of pitch, every filter as many periods long.
//
// As librosa has it: the highest octave's filters see the sound as it is; for each octave below, the sound is halved in
// rate, and the same filters serve again (Schoerkhuber and Klapuri, 2010). Frames are 1 + samples / hop_length; librosa
// has one more where it halves the rate beforehand and the clip ends just before a frame.

#include "feature/cqt.h"

#include <algorithm>
#include <array>

#include "audio/soxr_stream.h"
#include "core/interrupt.h"
#include "core/spill.h"
#include "feature/cqt_filters.h"
#include "feature/extractor.h"
#include "feature/row_axes.h"
#include "feature/tuning.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

/// A plan with the tables of the processor level in use.
struct ReadyPlan {
  CqtPlan plan;
  std::vector<std::shared_ptr<const OctaveTables>> tables;  // of each octave

  ReadyPlan(const CqtOptions& options, int rate, double tuning) : plan(plan_cqt(options, rate, tuning)) {
    for (const auto& octave : plan.octaves) tables.push_back(best(&make_octave_tables)(octave.bank));
  }
};

audio::SoxrQuality quality_of(const std::string& res_type) {
  if (res_type == "soxr_vhq") return audio::SoxrQuality::kVeryHigh;
  return res_type == "soxr_hq" ? audio::SoxrQuality::kHigh : audio::SoxrQuality::kMedium;
}

/// Sound at the rate divided by `factor`.
Floats divide_rate(std::span<const float> samples, int factor, const std::string& res_type) {
  constexpr size_t kPiece = 1 << 16;
  audio::SoxrStream stream(1, factor, 1, quality_of(res_type));
  audio::Planes in(1), out(1);
  out[0].reserve(samples.size() / static_cast<size_t>(factor) + kPiece);
  for (size_t at = 0; at < samples.size(); at += kPiece) {
    check_interrupt();
    relieve_memory();
    const auto piece = samples.subspan(at, std::min(kPiece, samples.size() - at));
    in[0].assign(piece.begin(), piece.end());
    stream.push(in, piece.size(), out);
  }
  stream.finish(out);
  return std::move(out[0]);
}

class CqtNode final : public Node {
 public:
  CqtNode(const CqtOptions& options, int rate)
      : Node("cqt " + to_json(write_options(options)), {0, options.hop_length, true}, options.n_bins, {}),
        options_(options),
        rate_(rate),
        scratch_(best(&octave_scratch)),
        filter_(best(&filter_octave)),
        lanes_(best(&lanes_of_level)()) {
    blockwise_ = false;
    finishes_ = true;
    if (options.tuning) {
      ready_ = std::make_shared<ReadyPlan>(options, rate, *options.tuning);
    } else {
      inputs_.push_back(tuning_node(SpectrumOptions(), 1, options.bins_per_octave, rate));
    }
  }

  void finish(Work& work) const override {
    const auto ready = ready_ ? ready_ : plan_for(work);
    std::span<const float> samples(work.signal.samples(), static_cast<size_t>(work.signal.length()));
    Floats slower;  // the sound at the rate of the octave at hand
    if (ready->plan.early_factor > 1)
      samples = slower = divide_rate(samples, ready->plan.early_factor, options_.res_type);
    for (size_t i = 0; i < ready->plan.octaves.size(); ++i) {
      const CqtOctave& octave = ready->plan.octaves[i];
      if (octave.halves) samples = slower = divide_rate(samples, 2, options_.res_type);
      run_octave(samples, octave, *ready->tables[i], work.out);
    }
  }

 private:
  std::shared_ptr<const ReadyPlan> plan_for(const Work& work) const {
    try {
      return std::make_shared<ReadyPlan>(options_, rate_, work.inputs[0]->scalar);
    } catch (const ArgumentError& problem) {
      throw ArgumentError(work.who + ": " + problem.what());
    }
  }

  void run_octave(std::span<const float> samples, const CqtOctave& octave, const OctaveTables& tables,
                  Values& out) const {
    const long n_fft = octave.bank.n_fft;
    AlignedDoubles scratch(scratch_(tables));
    std::vector<float> copies(static_cast<size_t>(n_fft * lanes_));
    std::vector<const float*> frames(static_cast<size_t>(lanes_));
    for (long first = 0; first < out.frames; first += lanes_) {
      check_interrupt();  // at each block: filters may be long
      if (first % 1024 == 0) relieve_memory();
      for (int lane = 0; lane < lanes_; ++lane) {
        const long begin = (first + lane) * octave.hop_length - n_fft / 2;
        float* const copy = copies.data() + lane * n_fft;
        const bool there = first + lane < out.frames;
        frames[static_cast<size_t>(lane)] =
            there ? padded_frame(samples, begin, n_fft, options_.pad_mode, copy) : nullptr;
      }
      Rows rows = out.rows_at(first);
      rows.values += static_cast<size_t>(octave.first_row) * rows.stride;
      rows.row_count = static_cast<int>(octave.bank.filters.size());
      filter_(tables, frames.data(), scratch.data(), rows);
    }
  }

  CqtOptions options_;
  int rate_;
  decltype(&octave_scratch) scratch_;
  decltype(&filter_octave) filter_;
  int lanes_;
  std::shared_ptr<const ReadyPlan> ready_;  // where the tuning is given
};

NodePtr cqt(const CqtOptions& options, int rate) { return Cqt::node(options, rate); }

LUMIR_FEATURE_NODE(
    cqt, CqtOptions,
    {
        .summary = "Magnitudes in equal steps of pitch: the constant-Q transform.",
        .returns = "[n_bins, frames]",
        .example = "feature.cqt(clip, { n_bins = 60 })",
        .source = "Schoerkhuber and Klapuri, Constant-Q transform toolbox for music processing (2010); librosa.cqt",
        .input = "clip",
    });

}  // namespace

NodePtr Cqt::node(const CqtOptions& options, int rate) { return std::make_shared<CqtNode>(options, rate); }

Axes CqtOptions::axes(int) const {
  const double lowest = fmin.value_or(note_hz(kC1));
  std::vector<double> hertz;
  for (int bin = 0; bin < n_bins; ++bin) {
    hertz.push_back(lowest * std::exp2((bin + tuning.value_or(0)) / bins_per_octave));
  }
  return rows_in_hertz(std::move(hertz), 1);
}

Schema CqtOptions::schema() {
  return {
      Option{"hop_length", &CqtOptions::hop_length,
             "from one frame to the next; each factor of 2 lets an octave be "
             "heard at half the rate",
             Unit{"samples"}, Range{1, 1 << 24}},
      Option{"fmin", &CqtOptions::fmin, "lowest frequency; 'none' is C1 = 32.7 Hz", Unit{"Hz"}, kPositive},
      Option{"n_bins", &CqtOptions::n_bins, "frequencies", Range{1, 4096}},
      Option{"bins_per_octave", &CqtOptions::bins_per_octave, "steps of an octave", Range{1, 960}},
      Option{"tuning", &CqtOptions::tuning, "deviation from A = 440 Hz in bins; 'none' estimates it"},
      Option{"filter_scale", &CqtOptions::filter_scale,
             "length of filters; below 1 they are shorter and less selective", kPositive},
      Option{"norm", &CqtOptions::norm,
             "what is 1 in each filter: the sum (1), the length (2), the greatest ('inf'); "
             "or 'none'",
             Choices{"inf", "none"}, kPositive},
      Option{"sparsity", &CqtOptions::sparsity, "share of each filter's magnitude that may be left out",
             Range{0, 0.999}},
      Option{"window", &CqtOptions::window, "what filters are shaped by",
             Choices{"hann", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "cosine", "boxcar"}},
      Option{"scale", &CqtOptions::scale, "divide by the root of each filter's length"},
      Option{"pad_mode", &CqtOptions::pad_mode, "what stands beyond the ends of the clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
      Option{"res_type", &CqtOptions::res_type, "how the rate is halved", Choices{"soxr_vhq", "soxr_hq", "soxr_mq"}},
  };
}

}  // namespace lumir::feature
