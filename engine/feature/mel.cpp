// Nodes of mel bands.

#include "feature/mel.h"

#include "core/error.h"
#include "feature/decibels.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

std::string settings_of(const MelOptions& options) {
  return to_json(Value(write_options(&options, mel_schema<MelOptions>())));
}

class MelNode final : public Node {
 public:
  MelNode(const MelOptions& options, int rate)
      : Node("mel " + settings_of(options), options.framing(), options.n_mels,
             {spectrum_node(options, options.power, rate)}),
        bank_(mel_filters(options, rate)),
        apply_(best(&apply_filters)) {}
  void block(Work& work, long first_frame) const override {
    apply_(bank_, work.inputs[0]->block(first_frame), work.out.rows_at(first_frame));
  }

 private:
  FilterBank bank_;
  decltype(&apply_filters) apply_;
};

class MelDecibelNode final : public Node {
 public:
  MelDecibelNode(const MelOptions& options, std::optional<double> top_db, int rate)
      : Node("mel dB " + (top_db ? show_number(*top_db) : "all") + " " + settings_of(options), options.framing(),
             options.n_mels, {MelFrames::node(options, rate)}),
        top_db_(top_db),
        convert_(best(&block_to_decibels)),
        limit_(best(&limit_range)) {
    finishes_ = true;
  }
  void block(Work& work, long first_frame) const override {
    convert_(work.inputs[0]->block(first_frame), 1e-10f, work.out.rows_at(first_frame));
  }
  void finish(Work& work) const override {
    if (top_db_) limit_(work.out.track(), static_cast<float>(*top_db_));
  }

 private:
  std::optional<double> top_db_;
  decltype(&block_to_decibels) convert_;
  decltype(&limit_range) limit_;
};

}  // namespace

NodePtr MelFrames::node(const MelOptions& options, int rate) { return std::make_shared<MelNode>(options, rate); }
NodePtr MelDecibelFrames::node(const MelOptions& options, int rate) { return mel_decibels(options, 80, rate); }
NodePtr MelDecibels::node(const MelOptions& options, int rate) { return mel_decibels(options, 80, rate); }
NodePtr mel_decibels(const MelOptions& options, std::optional<double> top_db, int rate) {
  return std::make_shared<MelDecibelNode>(options, top_db, rate);
}

}  // namespace lumir::feature
