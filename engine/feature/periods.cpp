// The node of period differences: frames of the clip, block by block.

#include "feature/periods.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "feature/period_differences.h"
#include "signal/kernel.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

class PeriodNode final : public Node {
 public:
  PeriodNode(const PeriodOptions& options, int rate)
      : Node("periods " + to_json(write_options(&options, period_schema<PeriodOptions>())), options.framing(),
             Periods(options, rate).count(), {}),
        options_(options),
        compare_(best(&period_differences)),
        lanes_(best(&lanes_of_level)()) {
    const Periods periods(options, rate);
    tables_ = best(&make_period_tables)(options.frame_length, periods.shortest, periods.longest);
    scratch_ = best(&period_scratch)(*tables_);
  }

  void begin(Work& work) const override {
    if (work.out.own.has_value()) return;  // from an earlier clip
    auto room = std::make_shared<Room>();
    room->scratch.resize(scratch_);
    room->ends.resize(static_cast<size_t>(lanes_ * options_.frame_length));
    work.out.own = room;
  }

  void block(Work& work, long first_frame) const override {
    Room& room = *std::any_cast<const std::shared_ptr<Room>&>(work.out.own);
    const float* frames[kMostLanes] = {};
    for (int lane = 0; lane < lanes_; ++lane) {
      if (first_frame + lane >= work.out.frames) break;
      frames[lane] = padded_frame(work.signal.row(0), framing_.begin(first_frame + lane), options_.frame_length,
                                  options_.pad_mode, room.ends.data() + lane * options_.frame_length);
    }
    compare_(*tables_, frames, room.scratch.data(), work.out.rows_at(first_frame));
  }

 private:
  struct Room {
    AlignedDoubles scratch;
    AlignedFloats ends;  // frames that reach beyond the clip, one for each lane
  };
  PeriodOptions options_;
  std::shared_ptr<const PeriodTables> tables_;
  size_t scratch_ = 0;
  decltype(&period_differences) compare_;
  int lanes_;
};

}  // namespace

Periods::Periods(const PeriodOptions& options, int rate) {
  if (options.fmax > rate / 2.0) {
    throw ArgumentError("'fmax' = " + show_number(options.fmax) + " is beyond half the rate of the clip (" +
                        show_number(rate / 2.0) + " Hz)");
  }
  if (options.fmin >= options.fmax) {
    throw ArgumentError("'fmin' = " + show_number(options.fmin) + " must be below fmax = " + show_number(options.fmax));
  }
  const double period = rate / options.fmin;
  if (period >= options.frame_length - 1) {
    throw ArgumentError("'fmin' = " + show_number(options.fmin) + " needs a frame_length of at least " +
                        show_number(std::ceil(period) + 2) + " samples, got " + std::to_string(options.frame_length));
  }
  shortest = static_cast<int>(std::floor(rate / options.fmax));
  longest = std::min(static_cast<int>(std::ceil(period)), options.frame_length - 1);
}

NodePtr PeriodFrames::node(const PeriodOptions& options, int rate) {
  return std::make_shared<PeriodNode>(options, rate);
}

}  // namespace lumir::feature
