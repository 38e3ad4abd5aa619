// The plan of an extraction: what a set of features needs, worked out once.
//
//   const Plan plan = plan_of({make_step("feature.mfcc", {{"n_mfcc", 13}}), make_step("feature.rms", {})});
//   Frames frames = extract(clip, plan);        // from many threads at once
//
// Features that share a spectrogram, mel bands or an onset envelope share the work; see node.h. Features
// make themselves known in feature/extractor.h, where plan_of stands.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "feature/plan/frames.h"
#include "feature/plan/node.h"

namespace lumir::feature {

/// A feature with its options, of no particular rate yet.
struct Feature {
  std::string name;
  int rows = 1;
  Gives gives = Gives::rows;
  std::vector<std::string> row_names;
  std::function<NodePtr(int rate)> node;
  std::function<Axes(int rate)> axes = nullptr;  // of its rows; none where it does not say
  int rate = 0;                                  // what it believes every clip's rate to be; 0 for the clip's own
};
class Plan {
 public:
  /// `who` begins error texts: "mfcc", or "set" for several.
  Plan(std::string who, std::vector<Feature> features);
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

}  // namespace lumir::feature
