// What a feature file includes. A feature is one file: options, the arithmetic, a registration; nothing else to edit.
//
//   struct SpectralCentroidOptions : SpectrumOptions {
//     static Schema schema() { return spectrum_schema<SpectralCentroidOptions>(); }
//   };
//   void spectral_centroid(const MagnitudeFrames& frames, const SpectralCentroidOptions&, Rows out) { ... }
//   LUMIR_FEATURE(spectral_centroid, SpectralCentroidOptions, { .summary = ..., .returns = ..., ... });
//
// The function's own types say what it needs; the plan gives it that, worked out once for all features that share it:
//   first argument    MagnitudeFrames, PowerFrames (spectrum.h), MelFrames (mel.h): a block, a frame in each lane
//                     MelDecibels (mel.h), OnsetEnvelope ...: rows of the whole clip;  Signal: the sound itself
//   second argument   the options, or a type made from them once for each rate: `Bands(const Options&, int rate)`, or,
//                     with `static NodePtr needs(const Options&, int rate)`, once for each clip, from the scalar of
//                     that node: `Filters(const Options&, int rate, double tuning)`
//   the rest          Rows out (a block), Track out (the whole clip), or nothing: then it returns a number for the clip,
//                     double, or moments of it, Times
// The options may have
//   int rows() const                         how many rows come out (1)
//   int work_rows() const                    rows that the function writes, if more: scratch for finish
//   std::string row_name(int row) const      "mfcc_delta_03"; by default the name and a number from 1
//   Axes axes(int rate) const                what the rows are (row_axes.h); of a single row, which is called by the
//                                            feature's name, the unit of its numbers (number_axes.h)
//   int least_frames() const                 fewer frames are an error (1)
//   void finish(Track out) const             what is done to the rows when all frames are there
// All of it but the registration is compiled once for each processor level; see kernel.h.

#pragma once

#include <functional>
#include <optional>
#include <source_location>
#include <type_traits>

#include "core/step.h"
#include "feature/plan/node.h"
#include "feature/plan/plan.h"
#include "feature/plan/spectrum.h"
#include "feature/plan/terms.h"
#include "signal/blocks.h"
#include "signal/kernel.h"

namespace lumir::feature {

using FeatureMaker = std::function<Feature(const Entry& entry, const Map& options, Map& complete)>;

/// The feature that a step is; throws ArgumentError "set: takes features, got audio.load" for another step.
const Feature& feature_of(const StepPtr& step, const std::string& who);
/// A plan of steps of the module feature; throws ArgumentError where one is no feature.
Plan plan_of(const std::vector<StepPtr>& steps);

/// A row's name, counted from 1: "mfcc_03" of 20, "rms" of 1.
std::string numbered(const std::string& name, int row, int rows);

/// Adds a feature to the registry, and as a step from a clip to frames.
void register_feature(const char* name, Words words, const Schema& schema, FeatureMaker maker,
                      std::source_location where);

namespace detail {

/// Types of a feature's function.
template <auto function>
struct Shape;
template <class In, class Prepared_, void (*function)(const In&, const Prepared_&, Rows)>
struct Shape<function> {
  using Input = In;
  using Prepared = Prepared_;
  static constexpr bool blockwise = true;
  static constexpr Gives gives = Gives::rows;
  static void run(const FrameBlock& in, const void* prepared, Rows out) {
    In input;
    static_cast<FrameBlock&>(input) = in;
    function(input, *static_cast<const Prepared*>(prepared), out);
  }
};
template <class In, class Prepared_, void (*function)(const In&, const Prepared_&, Track)>
struct Shape<function> {
  using Input = In;
  using Prepared = Prepared_;
  static constexpr bool blockwise = false;
  static constexpr Gives gives = Gives::rows;
  static void run(const Track& in, const void* prepared, Track out) {
    In input;
    static_cast<Track&>(input) = in;
    function(input, *static_cast<const Prepared*>(prepared), out);
  }
};
template <class In, class Prepared_, class Result, Result (*function)(const In&, const Prepared_&)>
struct Shape<function> {
  using Input = In;
  using Prepared = Prepared_;
  static constexpr bool blockwise = false;
  static constexpr Gives gives = std::is_same_v<Result, Times> ? Gives::times : Gives::number;
  static Result run(const Track& in, const void* prepared) {
    In input;
    static_cast<Track&>(input) = in;
    return function(input, *static_cast<const Prepared*>(prepared));
  }
};

template <class Options>
void finish_rows(const void* options, Track out) {
  if constexpr (requires(const Options o) { o.finish(out); }) static_cast<const Options*>(options)->finish(out);
}

/// Lists a feature's kernels under its name.
template <class Options, auto function>
struct ListFeature {
  ListFeature(const char* name, const char* finish_name) {
    list_kernel(name, reinterpret_cast<AnyFunction*>(&Shape<function>::run));
    list_kernel(finish_name, reinterpret_cast<AnyFunction*>(&finish_rows<Options>));
  }
};

#ifndef LUMIR_KERNELS_ONLY

template <class Options>
int rows_of(const Options& options) {
  if constexpr (requires { options.rows(); }) return options.rows();
  return 1;
}
template <class Options>
int work_rows_of(const Options& options) {
  if constexpr (requires { options.work_rows(); }) return options.work_rows();
  return rows_of(options);
}

/// What the options say of rows; null where they say nothing.
template <class Options>
std::function<Axes(int)> axes_of(const Options& options) {
  if constexpr (requires { options.axes(1); }) {
    return [options](int rate) { return options.axes(rate); };
  } else {
    return nullptr;
  }
}

/// Throws ArgumentError "mfcc: needs at least 9 frames ..." where a clip has fewer.
void check_frames(const std::string& who, long frames, int least);
template <class Options>
std::vector<std::string> row_names_of(const std::string& name, const Options& options) {
  std::vector<std::string> names;
  const int rows = rows_of(options);
  for (int row = 0; row < rows; ++row) {
    if constexpr (requires { options.row_name(row); }) {
      names.push_back(options.row_name(row));
    } else {
      names.push_back(numbered(name, row, rows));
    }
  }
  return names;
}

template <class Options, auto function>
class FeatureNode final : public Node {
  using Types = Shape<function>;
  using Input = typename Types::Input;
  using Prepared = typename Types::Prepared;
  static constexpr bool kFromSignal = std::is_same_v<Input, Signal>;
  static constexpr bool kFromOptions = std::is_base_of_v<Prepared, Options>;
  static constexpr bool kNeedsMore = requires(const Options o) { Prepared::needs(o, 0); };
  static constexpr bool kFinishes = requires(const Options o, Track out) { o.finish(out); };

 public:
  FeatureNode(const std::string& name, const Options& options, int rate)
      : Node(name + " " + to_json(write_options(options)), {}, Types::gives == Gives::rows ? work_rows_of(options) : 0,
             {}),
        options_(options),
        rate_(rate),
        run_(best(&Types::run)),
        finish_(best(&finish_rows<Options>)) {
    if constexpr (!kFromSignal) inputs_.push_back(Input::node(options, rate));
    if constexpr (kNeedsMore) {
      if (NodePtr more = Prepared::needs(options, rate)) inputs_.push_back(std::move(more));
    }
    if constexpr (requires { options.framing(); }) {
      framing_ = options.framing();
    } else if (inputs_.empty()) {
      framing_ = {1, 1, false};  // of the samples themselves
    } else {
      framing_ = inputs_.front()->framing();
    }
    blockwise_ = Types::blockwise;
    finishes_ = kFinishes || !Types::blockwise;
    if constexpr (!kFromOptions && !kNeedsMore) prepared_ = std::make_shared<Prepared>(options, rate);
  }

  void begin(Work& work) const override {
    if constexpr (kNeedsMore) {
      const double known = inputs_.size() > 1 ? work.inputs[1]->scalar : 0;
      work.out.own = std::make_shared<Prepared>(options_, rate_, known);
    }
  }
  void block(Work& work, long first_frame) const override {
    if constexpr (Types::blockwise)
      run_(work.inputs[0]->block(first_frame), prepared(work), work.out.rows_at(first_frame));
  }
  void finish(Work& work) const override {
    if constexpr (requires(const Options o) { o.least_frames(); }) {
      check_frames(work.who, work.out.frames, options_.least_frames());
    }
    if constexpr (!Types::blockwise) {
      const Track in = kFromSignal ? static_cast<const Track&>(work.signal) : work.inputs[0]->track();
      if constexpr (Types::gives == Gives::number) work.out.scalar = run_(in, prepared(work));
      if constexpr (Types::gives == Gives::times) work.out.times = run_(in, prepared(work));
      if constexpr (Types::gives == Gives::rows) run_(in, prepared(work), work.out.track());
    }
    if constexpr (kFinishes) finish_(&options_, work.out.track());
  }

 private:
  const void* prepared(const Work& work) const {
    if constexpr (kFromOptions) return static_cast<const Prepared*>(&options_);
    if constexpr (kNeedsMore) return std::any_cast<const std::shared_ptr<Prepared>&>(work.out.own).get();
    return prepared_.get();
  }
  Options options_;
  int rate_;
  decltype(&Types::run) run_;
  void (*finish_)(const void*, Track);
  std::shared_ptr<Prepared> prepared_;
};

template <class Options, auto function>
struct RegisterFeature {
  RegisterFeature(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const FeatureMaker maker = [](const Entry& entry, const Map& given, Map& complete) {
      const auto options = read_options<Options>(given, entry.name);
      complete = write_options(options);
      Feature feature{entry.name, rows_of(options), Shape<function>::gives, row_names_of(entry.name, options),
                      {},         axes_of(options)};
      const std::string node_name = entry.name;
      feature.node = [node_name, options](int rate) -> NodePtr {
        return std::make_shared<FeatureNode<Options, function>>(node_name, options, rate);
      };
      return feature;
    };
    register_feature(name, std::move(words), schema_of<Options>(), maker, where);
  }
};

/// Options may say what their feature's node gives: `static constexpr Gives gives = Gives::numbers;`.
template <class Options>
constexpr Gives gives_of() {
  if constexpr (requires { Options::gives; }) return Options::gives;
  return Gives::rows;
}

/// A feature that is a shared node's rows, or its numbers: `NodePtr function(const Options&, int rate)`.
template <class Options, NodePtr (*function)(const Options&, int)>
struct RegisterNode {
  RegisterNode(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const FeatureMaker maker = [](const Entry& entry, const Map& given, Map& complete) {
      const auto options = read_options<Options>(given, entry.name);
      complete = write_options(options);
      Feature feature{entry.name, rows_of(options), gives_of<Options>(), row_names_of(entry.name, options),
                      {},         axes_of(options)};
      feature.node = [options](int rate) { return function(options, rate); };
      return feature;
    };
    register_feature(name, std::move(words), schema_of<Options>(), maker, where);
  }
};

#endif

}  // namespace detail
}  // namespace lumir::feature

/// LUMIR_FEATURE(function, Options, { words }): see the top of this file.
/// LUMIR_FEATURE_NODE(function, Options, { words }): its function answers the shared node whose rows the feature is.
#ifdef LUMIR_KERNELS_ONLY
#define LUMIR_FEATURE(function, Options, ...) \
  const ::lumir::feature::detail::ListFeature<Options, &function> function##_kernel { #function, #function " finish" }
#define LUMIR_FEATURE_NODE(function, Options, ...) static_assert(true)
#else
#define LUMIR_FEATURE(function, Options, ...)                                                                        \
  const ::lumir::feature::detail::ListFeature<Options, &function> function##_kernel{#function, #function " finish"}; \
  const ::lumir::feature::detail::RegisterFeature<Options, &function> function##_feature { #function, __VA_ARGS__ }
#define LUMIR_FEATURE_NODE(function, Options, ...) \
  const ::lumir::feature::detail::RegisterNode<Options, &function> function##_feature { #function, __VA_ARGS__ }
#endif
