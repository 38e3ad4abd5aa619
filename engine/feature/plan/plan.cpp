// Plans at work: nodes in the order in which they can run, pass after pass over the clip.

#include "feature/plan/plan.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/spill.h"
#include "feature/plan/samples.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

/// Bytes of one spectrogram that are kept for a later pass, and of a room that is kept for a later clip.
constexpr size_t kMostKept = size_t{64} << 20;

size_t round_up(size_t n) { return (n + kMostLanes - 1) / kMostLanes * kMostLanes; }

/// One node's place in a layout.
struct Place {
  NodePtr node;
  int rate = 0;                // that it was made for: features may believe in another one
  std::vector<size_t> inputs;  // places
  int pass = 0;                // the first in which it can run
  bool rows = false;           // its rows are kept over the whole clip
  bool again = false;          // its blocks are read in a later pass too: kept, or made again for a long clip
};

/// What one pass runs: blocks of these places, framing by framing, then their finish steps.
struct Pass {
  std::vector<std::vector<size_t>> blocks;  // places of one framing, inputs first
  std::vector<size_t> finishing;
};

}  // namespace

struct Plan::Layout {
  std::vector<Place> places;    // inputs before those who read them
  std::vector<size_t> outputs;  // the place of each feature
  std::vector<AxesPtr> axes;    // of each feature's rows; null where they are not known
  std::vector<Pass> passes;
  int lanes = 1;

  size_t add(const NodePtr& node, int rate);
  void arrange();
};

size_t Plan::Layout::add(const NodePtr& node, int rate) {
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i].rate == rate && places[i].node->key() == node->key()) return i;
  }
  Place place{node, rate, {}, 0, node->finishes() || !node->blockwise(), false};
  for (const auto& input : node->inputs()) {
    const size_t at = add(input, rate);
    place.inputs.push_back(at);
    place.pass = std::max(place.pass, places[at].pass + (places[at].node->finishes() ? 1 : 0));
  }
  places.push_back(std::move(place));
  return places.size() - 1;
}

void Plan::Layout::arrange() {
  // a step for the whole clip reads rows of the whole clip
  for (const auto& place : places) {
    if (place.node->blockwise()) continue;
    for (size_t input : place.inputs) places[input].rows = true;
  }
  int last = 0;
  for (const auto& place : places) last = std::max(last, place.pass);
  for (int number = 0; number <= last; ++number) {
    // what runs in this pass, and the blocks that it needs made again
    std::set<size_t> running;
    for (size_t i = places.size(); i-- > 0;) {
      const bool wanted = places[i].pass == number || running.contains(i);
      if (!wanted) continue;
      running.insert(i);
      for (size_t input : places[i].inputs) {
        if (places[input].pass == number || places[input].rows) continue;
        running.insert(input);
        places[input].again = true;
      }
    }
    Pass pass;
    for (size_t i : running) {
      if (places[i].pass == number && places[i].node->finishes()) pass.finishing.push_back(i);
      if (!places[i].node->blockwise()) continue;
      const auto same = [&](const auto& group) {
        return places[group.front()].node->framing() == places[i].node->framing();
      };
      const auto group = std::find_if(pass.blocks.begin(), pass.blocks.end(), same);
      if (group == pass.blocks.end()) {
        pass.blocks.push_back({i});
      } else {
        group->push_back(i);
      }
    }
    passes.push_back(std::move(pass));
  }
}

Plan::Plan(std::string who, std::vector<Feature> features) : who_(std::move(who)), features_(std::move(features)) {
  if (features_.empty()) throw ArgumentError(who_ + ": needs at least one feature");
  // rows of the same feature with other options get a number behind its name
  std::set<std::string> taken;
  for (auto& feature : features_) {
    int copy = 1;
    std::vector<std::string> names = feature.row_names;
    while (std::any_of(names.begin(), names.end(), [&](const auto& name) { return taken.contains(name); })) {
      ++copy;
      for (size_t i = 0; i < names.size(); ++i) {
        names[i] = feature.name + "_v" + std::to_string(copy) + feature.row_names[i].substr(feature.name.size());
      }
    }
    taken.insert(names.begin(), names.end());
    if (copy > 1) feature.name += "_v" + std::to_string(copy);
    feature.row_names = names;
  }
}

namespace {

void check_clip(const audio::Clip& clip, const std::string& who) {
  if (clip.channels != 1) {
    throw ArgumentError(who + ": takes a mono clip, got " + std::to_string(clip.channels) +
                        " channels; load it with mono = true");
  }
  if (clip.samples.empty()) throw ArgumentError(who + ": the clip is empty");
  if (clip.rate < 1) throw ArgumentError(who + ": the clip has no rate");
  check_samples(clip.samples, who);
}

/// What a feature says of its rows, with where the node's frames lie in time.
AxesPtr axes_of(const Feature& feature, const Framing& framing, int believed, int rate) {
  if (!feature.axes || feature.gives != Gives::rows) return nullptr;
  auto axes = std::make_shared<Axes>(feature.axes(believed));
  axes->rate = rate;
  axes->hop_length = framing.hop_length;
  axes->start = framing.center ? 0 : framing.length / 2.0 / rate;
  return axes;
}

}  // namespace

Plan::~Plan() = default;

std::shared_ptr<const Plan::Layout> Plan::layout(int rate) const {
  const std::lock_guard lock(guard_);
  auto& kept = layouts_[{rate, level_name()}];
  if (kept) return kept;
  auto fresh = std::make_shared<Layout>();
  fresh->lanes = best(&lanes_of_level)();
  for (const auto& feature : features_) {
    try {
      const int believed = feature.rate > 0 ? feature.rate : rate;
      const size_t place = fresh->add(feature.node(believed), believed);
      fresh->outputs.push_back(place);
      fresh->axes.push_back(axes_of(feature, fresh->places[place].node->framing(), believed, rate));
      if (feature.gives == Gives::rows) fresh->places[place].rows = true;
    } catch (const ArgumentError& problem) {
      throw ArgumentError(feature.name + ": " + problem.what());
    }
  }
  fresh->arrange();
  kept = fresh;
  return fresh;
}

/// What the nodes hold, kept from clip to clip.
struct Plan::Room {
  std::shared_ptr<const Layout> layout;
  std::vector<Values> values;
  size_t bytes = 0;

  void fit(long samples, double rate, const std::string& who);
};

void Plan::Room::fit(long samples, double rate, const std::string& who) {
  const auto lanes = static_cast<size_t>(layout->lanes);
  values.resize(layout->places.size());
  bytes = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const Place& place = layout->places[i];
    const Node& node = *place.node;
    Values& held = values[i];
    held.rows = node.rows();
    held.frames = node.framing().count(samples);
    held.hertz_per_row = node.hertz_per_row();
    held.frame_rate = rate / node.framing().hop_length;
    held.lanes = lanes;
    if (held.frames < 1) {
      throw ArgumentError(who + ": 'center' = false needs a clip of at least " + std::to_string(node.framing().length) +
                          " samples, got " + std::to_string(samples));
    }
    const size_t padded = round_up(static_cast<size_t>(held.frames)) + kMostLanes;
    const size_t all = static_cast<size_t>(held.rows) * padded;
    held.keeping = place.rows ? Keeping::rows : Keeping::block;
    if (place.again && all * sizeof(float) <= kMostKept) held.keeping = Keeping::blocks;
    held.stride = place.rows ? padded : lanes;
    held.numbers.resize(held.keeping == Keeping::block ? static_cast<size_t>(held.rows) * lanes : all);
    bytes += held.numbers.size() * sizeof(float);
  }
}

std::unique_ptr<Plan::Room> Plan::take_room(const std::shared_ptr<const Layout>& layout) const {
  const std::lock_guard lock(guard_);
  for (auto& room : idle_) {
    if (room->layout != layout) continue;
    auto taken = std::move(room);
    std::swap(room, idle_.back());
    idle_.pop_back();
    return taken;
  }
  auto fresh = std::make_unique<Room>();
  fresh->layout = layout;
  return fresh;
}

void Plan::give_back(std::unique_ptr<Room> room) const {
  if (room->bytes > kMostKept) return;
  const std::lock_guard lock(guard_);
  if (idle_.size() < static_cast<size_t>(thread_count())) idle_.push_back(std::move(room));
}

namespace {

/// The outputs of a plan out of what its nodes hold; `axes` of each feature's rows.
Frames gather(const std::vector<Feature>& features, const std::vector<size_t>& outputs,
              const std::vector<Values>& values, const std::vector<AxesPtr>& axes, const std::string& who) {
  Frames out;
  for (size_t f = 0; f < features.size(); ++f) {
    const Feature& feature = features[f];
    const Values& held = values[outputs[f]];
    if (feature.gives == Gives::times) {
      out.parts.push_back({feature.name, out.times.size(), 0, Gives::times});
      out.times.push_back(held.times);
      continue;
    }
    if (feature.gives == Gives::number || feature.gives == Gives::numbers) {
      const auto numbers = feature.gives == Gives::number ? std::vector{held.scalar} : held.scalars;
      out.parts.push_back({feature.name, out.scalars.size(), numbers.size(), feature.gives});
      out.scalar_names.insert(out.scalar_names.end(), feature.row_names.begin(), feature.row_names.end());
      out.scalars.insert(out.scalars.end(), numbers.begin(), numbers.end());
      continue;
    }
    if (out.rows == 0) {
      out.frames = static_cast<size_t>(held.frames);
      out.frame_rate = held.frame_rate;
    } else if (out.frames != static_cast<size_t>(held.frames)) {
      throw ArgumentError(who + ": " + feature.name + " has " + std::to_string(held.frames) + " frames, " +
                          out.parts.front().name + " has " + std::to_string(out.frames) +
                          "; give them the same hop_length and center");
    }
    out.parts.push_back({feature.name, out.rows, static_cast<size_t>(feature.rows), Gives::rows, axes[f]});
    out.rows += static_cast<size_t>(feature.rows);
    out.names.insert(out.names.end(), feature.row_names.begin(), feature.row_names.end());
  }
  out.values.reserve(out.rows * out.frames);
  for (size_t f = 0; f < features.size(); ++f) {
    if (features[f].gives != Gives::rows) continue;
    const Track track = values[outputs[f]].track();
    for (int row = 0; row < features[f].rows; ++row) {
      const auto numbers = track.row(row);
      out.values.insert(out.values.end(), numbers.begin(), numbers.end());
      relieve_memory();
    }
  }
  return out;
}

}  // namespace

Frames extract(const audio::Clip& clip, const Plan& plan) {
  check_clip(clip, plan.who());
  const auto layout = plan.layout(clip.rate);
  const auto& places = layout->places;
  Signal signal;
  signal.values = const_cast<float*>(clip.samples.data());  // a Signal is read only
  signal.row_count = 1;
  signal.frames = static_cast<long>(clip.samples.size());
  signal.stride = clip.samples.size();
  signal.frame_rate = clip.rate;

  auto room = plan.take_room(layout);
  room->fit(signal.frames, clip.rate, plan.who());
  auto& values = room->values;
  std::vector<Work> works;
  for (size_t i = 0; i < places.size(); ++i) {
    Work work{signal, plan.who(), values[i], {}};
    for (size_t input : places[i].inputs) work.inputs.push_back(&values[input]);
    works.push_back(std::move(work));
  }
  for (int number = 0; number < static_cast<int>(layout->passes.size()); ++number) {
    const Pass& pass = layout->passes[static_cast<size_t>(number)];
    for (const auto& group : pass.blocks) {
      const auto kept = [&](size_t i) { return places[i].pass < number && values[i].keeping == Keeping::blocks; };
      std::vector<size_t> running;
      std::copy_if(group.begin(), group.end(), std::back_inserter(running), [&](size_t i) { return !kept(i); });
      for (size_t i : running) places[i].node->begin(works[i]);
      const long frames = values[group.front()].frames;
      for (long first = 0; first < frames; first += layout->lanes) {
        check_interrupt();  // at each block: one of long windows may take a tenth of a second
        if (first % 4096 == 0) relieve_memory();
        for (size_t i : running) places[i].node->block(works[i], first);
      }
    }
    for (size_t i : pass.finishing) {
      check_interrupt();
      if (!places[i].node->blockwise()) places[i].node->begin(works[i]);
      places[i].node->finish(works[i]);
      relieve_memory();
    }
  }

  Frames out = gather(plan.features(), layout->outputs, values, layout->axes, plan.who());
  plan.give_back(std::move(room));
  return out;
}

}  // namespace lumir::feature
