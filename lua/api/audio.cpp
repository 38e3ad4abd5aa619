// lumir.audio: clips, the generators that make them and the steps that change them.

#include <ATen/core/Tensor.h>

#include "api/run.h"
#include "audio/arithmetic.h"
#include "audio/clip.h"
#include "audio/decode.h"
#include "audio/device.h"
#include "audio/generator.h"
#include "audio/join.h"
#include "audio/show.h"
#include "audio/write.h"
#include "bind/step.h"
#include "core/step.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

using audio::Clip;

/// clip * 0.5 and 0.5 * clip.
int multiply(Call& call) {
  const int which = call.is<Clip>(1) ? 1 : 2;
  return call.push(audio::scale(call.object<Clip>(which), call.number(3 - which, "factor")));
}

int add(Call& call) { return call.push(audio::mix(call.object<Clip>(1, "clip"), call.object<Clip>(2, "clip"))); }

int samples(Call& call) {
  const auto& clip = call.object<Clip>(1);
  return call.push(tensor::from_floats(clip.samples, {clip.channels, static_cast<int64_t>(clip.length())}));
}

const Class<Clip> clip_class = Class<Clip>("Clip")
    .text([](const Clip& clip) { return audio::show(clip); })
    .field("rate", [](const Clip& clip) { return clip.rate; })
    .field("channels", [](const Clip& clip) { return clip.channels; })
    .field("length", [](const Clip& clip) { return clip.length(); })
    .field("seconds", [](const Clip& clip) { return clip.seconds(); })
    .field_with("samples", samples)
    .method("channel", [](Call& call) {
      const auto& clip = call.object<Clip>(1);
      const long position = call.integer(2, "channel", 1, clip.channels);
      return call.push(audio::one_channel(clip, static_cast<int>(position) - 1));
    })
    .method("part", [](Call& call) {
      const auto& clip = call.object<Clip>(1);
      const double stop = call.missing(3) ? clip.seconds() : call.number(3, "stop");
      return call.push(audio::part(clip, call.number(2, "start"), stop));
    })
    .method("write", [](Call& call) {
      const std::string path = output_path(call.text(2, "path"));  // relative ones go to the run's folder
      audio::write(path, call.object<Clip>(1), call.options<audio::WriteOptions>(3));
      return call.push(path);
    })
    .meta("__len", [](Call& call) { return call.push(call.object<Clip>(1).length()); })
    .meta("__add", add)
    .meta("__mul", multiply);

struct ClipOptions {
  int rate = 22050;
  static Schema schema() {
    return {Option{"rate", &ClipOptions::rate, "sample rate", Unit{"Hz"}, Range{1, 768000}}};
  }
};

/// audio.clip(tensor or list, { rate }): [samples] is one channel, [channels, samples] as many as there are.
int clip_from_numbers(Call& call) {
  call.at_most(2);
  const auto options = call.options<ClipOptions>(2);
  Clip clip{{}, 1, options.rate};
  if (call.is<at::Tensor>(1)) {
    const auto& numbers = call.object<at::Tensor>(1);
    if (numbers.dim() != 1 && numbers.dim() != 2) {
      throw ArgumentError("clip: 'samples' must be [samples] or [channels, samples], got " +
                          std::to_string(numbers.dim()) + " dimensions");
    }
    if (numbers.dim() == 2 && (numbers.size(0) < 1 || numbers.size(0) > 1024)) {
      throw ArgumentError("clip: 'samples' has " + std::to_string(numbers.size(0)) + " channels (1 to 1024)");
    }
    for (const double number : tensor::to_doubles(numbers, call.who())) clip.samples.push_back(static_cast<float>(number));
    if (numbers.dim() == 2) clip.channels = static_cast<int>(numbers.size(0));
    return call.push(std::move(clip));
  }
  const Value list = call.value(1);
  if (!list.list()) call.wrong(1, "samples", "a Tensor or a list of numbers");
  for (const Value& sample : *list.list()) {
    if (!sample.number()) throw ArgumentError("clip: 'samples' must hold numbers, got " + show(sample));
    clip.samples.push_back(static_cast<float>(*sample.number()));
  }
  return call.push(std::move(clip));
}

/// A list of clips at `i`.
std::vector<Clip> clips_at(Call& call, int i) {
  if (!call.is_table(i)) call.wrong(i, "clips", "a list of clips");
  std::vector<Clip> clips;
  for (size_t k = 1; k <= lua_objlen(call.L, i); ++k) {
    lua_rawgeti(call.L, i, static_cast<int>(k));
    const Clip* clip = test_object<Clip>(call.L, -1);
    if (!clip) {
      throw ArgumentError(call.who() + ": 'clips' must hold clips, got " + kind_at(call.L, -1) + " at position " +
                          std::to_string(k));
    }
    clips.push_back(*clip);
    lua_pop(call.L, 1);
  }
  return clips;
}

int mix(Call& call) {
  call.at_most(2);
  return call.push(audio::mix(clips_at(call, 1), call.options<audio::MixOptions>(2)));
}

int concatenate(Call& call) {
  call.at_most(2);
  return call.push(audio::concatenate(clips_at(call, 1), call.options<audio::ConcatenateOptions>(2)));
}

/// audio.play(clip, { device = name }): gives the clip back, so that it can be played on the way.
int play(Call& call) {
  call.at_most(2);
  const Clip& clip = call.object<Clip>(1, "clip");
  audio::play(clip, call.options<audio::PlayOptions>(2).device);
  lua_settop(call.L, 1);
  return 1;
}

int probe(Call& call) {
  const audio::Probe found = audio::probe(call.text(1, "path"));
  return call.push(Value(Map{{"seconds", found.seconds},
                             {"rate", found.rate},
                             {"channels", found.channels},
                             {"codec", found.codec}}));
}

/// audio.sine {...}: each registered generator, options in, a Clip out.
void open_generators(ModuleTable& module) {
  for (const Entry* entry : entries("audio")) {
    const auto* generator = audio::find_generator(entry->full_name());
    if (!generator) continue;
    module.function(entry->name, [generator](Call& call) {
      call.at_most(1);
      return call.push((*generator)(call.map(1, "options")));
    });
  }
}

const Module audio_module("audio", [](ModuleTable& module) {
  open_steps(module);
  open_generators(module);
  module.function("clip", clip_from_numbers);
  module.function("probe", probe);
  module.function("play", play);
  module.function("mix", mix);
  module.function("concatenate", concatenate);
});

}  // namespace
}  // namespace lumir::lua
