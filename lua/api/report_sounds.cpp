// Clips of what the best model confused, small files beside a report's page.

#include <algorithm>

#include "api/report.h"
#include "audio/clip.h"
#include "audio/write.h"
#include "core/step.h"
#include "core/text.h"

namespace lumir::lua {
namespace {

constexpr size_t kMost = 6;
constexpr const char* kFolder = "sounds";

/// Recordings that the model answered wrongly, of the pairs of classes that it confuses most often first; one of each
/// pair, then another of each.
std::vector<size_t> most_confused(const evaluate::Results& results, const evaluate::ModelResult& model) {
  struct Wrong {
    size_t recording;
    double pair;  // how often its class was taken for that one
    int nth;      // of its pair
  };
  std::vector<Wrong> wrong;
  Matrix seen(results.classes.size(), results.classes.size());
  for (size_t i = 0; i < results.truth.size(); ++i) {
    const auto truth = static_cast<size_t>(results.truth[i]), answer = static_cast<size_t>(model.predicted[i]);
    if (truth == answer) continue;
    wrong.push_back({i, model.confusion(truth, answer), static_cast<int>(seen(truth, answer)++)});
  }
  std::stable_sort(wrong.begin(), wrong.end(),
                   [](const Wrong& a, const Wrong& b) { return a.nth != b.nth ? a.nth < b.nth : a.pair > b.pair; });
  std::vector<size_t> recordings;
  for (size_t i = 0; i < std::min(kMost, wrong.size()); ++i) recordings.push_back(wrong[i].recording);
  return recordings;
}

}  // namespace

void add_sounds(report::Experiment& experiment, const std::string& folder) {
  if (!experiment.results || experiment.results->models.empty()) {
    throw ArgumentError("report: 'audio' = true needs results");
  }
  const evaluate::Results& results = *experiment.results;
  if (results.target != Target::classes || results.paths.empty()) {
    throw ArgumentError("report: 'audio' = true needs results of recordings with a class each");
  }
  const auto& model = results.models.front();
  const StepPtr load = make_step("audio.load", {{"rate", 22050.0}, {"mono", true}, {"duration", 10.0}});
  const audio::WriteOptions how{.format = "mp3", .bit_rate = 64000.0};
  for (const size_t i : most_confused(results, model)) {
    const std::any clip = call_step(*load, std::any(results.paths[i]));
    const std::string file = std::string(kFolder) + "/" + std::to_string(experiment.sounds.size() + 1) + ".mp3";
    audio::write(folder + "/" + file, input_as<audio::Clip>(clip, "report", "a clip"), how);
    const auto class_of = [&](int number) { return visible(results.classes[static_cast<size_t>(number)]); };
    experiment.sounds.push_back({class_of(results.truth[i]) + ", taken for " + class_of(model.predicted[i]) + " by " +
                                     visible(model.name) + ": " + visible(results.ids[i]),
                                 file});
  }
}

}  // namespace lumir::lua
