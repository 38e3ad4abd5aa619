// The plan of an extraction: what a set of features needs, worked out once.
//
//   Plan plan({make_step("feature.mfcc", {{"n_mfcc", 13}}), make_step("feature.rms", {})});
//   Frames frames = extract(clip, plan);        // from many threads at once
//
// Features that share a spectrogram, mel bands or an onset envelope share the work; see node.h.

#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "feature/extractor.h"
#include "feature/frames.h"

namespace lumir::feature {

class Plan {
 public:
  /// `who` begins error texts: "mfcc", or "set" for several.
  Plan(std::string who, std::vector<Feature> features);
  /// From steps of the module feature; throws ArgumentError where one is no feature.
  explicit Plan(const std::vector<StepPtr>& steps);
  ~Plan();

  const std::vector<Feature>& features() const { return features_; }
  const std::string& who() const { return who_; }

 private:
  friend Frames extract(const audio::Clip&, const Plan&);
  struct Layout;
  struct Room;
  std::shared_ptr<const Layout> layout(int rate) const;
  std::unique_ptr<Room> take_room(const std::shared_ptr<const Layout>& layout) const;
  void give_back(std::unique_ptr<Room> room) const;

  std::string who_;
  std::vector<Feature> features_;
  mutable std::mutex guard_;
  mutable std::map<std::pair<int, std::string>, std::shared_ptr<const Layout>> layouts_;  // by rate and level
  mutable std::vector<std::unique_ptr<Room>> idle_;  // from earlier clips, so that memory is asked for once
};

/// The frames of every feature of the plan, in its order. The clip is mono, not empty and holds finite numbers, else
/// ArgumentError.
Frames extract(const audio::Clip& clip, const Plan& plan);

/// The feature that a step is; throws ArgumentError "set: takes features, got audio.load" for another step.
const Feature& feature_of(const StepPtr& step, const std::string& who);

}  // namespace lumir::feature
