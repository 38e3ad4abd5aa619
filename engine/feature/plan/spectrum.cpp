// The nodes of spectrograms: frames of the clip, padding at its ends, power and magnitude.

#include "feature/plan/spectrum.h"

#include "signal/kernel.h"
#include "signal/padding.h"
#include "signal/power_spectrum.h"
#include "signal/raise.h"

namespace lumir::feature {
namespace {

std::string settings_of(const SpectrumOptions& options) {
  return to_json(Value(write_options(&options, spectrum_schema<SpectrumOptions>())));
}

/// |STFT|^2 of the clip, block by block.
class PowerNode final : public Node {
 public:
  PowerNode(const SpectrumOptions& options, int rate)
      : Node("power " + settings_of(options), options.framing(), options.bins(), {}),
        options_(options),
        tables_(best(&make_spectrum_tables)(
            make_window(options.window, options.win_length.value_or(options.n_fft), options.n_fft))),
        scratch_(best(&spectrum_scratch)(*tables_)),
        transform_(best(&power_spectrum)),
        lanes_(best(&lanes_of_level)()) {
    hertz_per_row_ = static_cast<float>(static_cast<double>(rate) / options.n_fft);
  }

  void begin(Work& work) const override {
    if (work.out.own.has_value()) return;  // from an earlier clip
    auto room = std::make_shared<Room>();
    room->scratch.resize(scratch_);
    room->ends.resize(kMostLanes * static_cast<size_t>(options_.n_fft));
    work.out.own = room;
  }

  void block(Work& work, long first_frame) const override {
    Room& room = *std::any_cast<const std::shared_ptr<Room>&>(work.out.own);
    const float* frames[kMostLanes] = {};
    for (int lane = 0; lane < lanes_; ++lane) {
      if (first_frame + lane < work.out.frames) {
        float* end = room.ends.data() + static_cast<size_t>(lane) * static_cast<size_t>(options_.n_fft);
        frames[lane] = padded_frame(work.signal.row(0), framing_.begin(first_frame + lane), options_.n_fft,
                                    options_.pad_mode, end);
      }
    }
    transform_(*tables_, frames, room.scratch.data(), work.out.rows_at(first_frame));
  }

 private:
  struct Room {
    AlignedDoubles scratch;
    AlignedFloats ends;  // frames that reach beyond the clip, one for each lane
  };

  SpectrumOptions options_;
  std::shared_ptr<const SpectrumTables> tables_;
  size_t scratch_;
  decltype(&power_spectrum) transform_;
  int lanes_;
};

/// Another power of the magnitude, from |STFT|^2.
class RaisedNode final : public Node {
 public:
  RaisedNode(const SpectrumOptions& options, double power, int rate)
      : Node("spectrum^" + show_number(power) + " " + settings_of(options), options.framing(), options.bins(),
             {PowerFrames::node(options, rate)}),
        power_(static_cast<float>(power)),
        raise_(best(&raise_power)) {
    hertz_per_row_ = inputs_.front()->hertz_per_row();
  }
  void block(Work& work, long first_frame) const override {
    raise_(work.inputs[0]->block(first_frame), power_, work.out.rows_at(first_frame));
  }

 private:
  float power_;
  decltype(&raise_power) raise_;
};

}  // namespace

NodePtr PowerFrames::node(const SpectrumOptions& options, int rate) {
  return std::make_shared<PowerNode>(options, rate);
}

NodePtr MagnitudeFrames::node(const SpectrumOptions& options, int rate) { return spectrum_node(options, 1, rate); }

NodePtr spectrum_node(const SpectrumOptions& options, double power, int rate) {
  if (power == 2) return PowerFrames::node(options, rate);
  return std::make_shared<RaisedNode>(options, power, rate);
}

}  // namespace lumir::feature
