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

int one_channel(Call& call) {
  const auto& clip = call.object<Clip>(1);
  const long position = call.integer(2, "channel", 1, clip.channels);
  return call.push(audio::one_channel(clip, static_cast<int>(position) - 1));
}

int part(Call& call) {
  const auto& clip = call.object<Clip>(1);
  return call.push(audio::part(clip, call.number(2), call.missing(3) ? clip.seconds() : call.number(3)));
}

int write(Call& call) {
  const std::string path = output_path(call.L, call.path(2));  // relative ones go to the run's folder
  audio::write(path, call.object<Clip>(1), call.options<audio::WriteOptions>(3));
  return call.push(path);
}

const Class<Clip> clip_class =
    Class<Clip>("Clip", "Sound: samples of one or more channels, and their rate.", "clip")
        .text([](const Clip& clip) { return audio::show(clip); })
        .field("rate", [](const Clip& clip) { return clip.rate; },
               {.summary = "The sample rate: samples of each channel in a second.", .returns = "an integer, Hz"})
        .field("channels", [](const Clip& clip) { return clip.channels; },
               {.summary = "How many channels there are.", .returns = "an integer"})
        .field("length", [](const Clip& clip) { return clip.length(); },
               {.summary = "How many samples each channel has; the same as #clip.", .returns = "an integer"})
        .field("seconds", [](const Clip& clip) { return clip.seconds(); },
               {.summary = "How long it is: length / rate.", .returns = "a number, s"})
        .field_with(
            "samples", samples,
            {.summary = "A copy of its samples; full scale is -1 to 1.", .returns = "a Tensor of [channels, samples]"})
        .method("channel", one_channel,
                {.summary = "One of its channels.",
                 .returns = "a Clip of [1, samples]",
                 .example = "clip:channel(1)",
                 .parameters = {argument("channel", "integer", "which one, from 1")}})
        .method("part", part,
                {.summary = "What lies between two times, each rounded to a sample; both must lie in the clip.",
                 .returns = "a Clip of [channels, samples]",
                 .example = "clip:part(0.5, 1.5)",
                 .parameters = {argument("start", "number", "where it begins", Unit{"s"}),
                                argument("stop", "number", "where it ends; its end if not given", Unit{"s"}, kPlace)}})
        .method(
            "write", write,
            {.summary = "Writes it as an audio file; the ending of the path is the format. A recipe's relative paths "
                        "lie in its run folder.",
             .returns = "the path that was written",
             .example = "clip:write(file)",
             .parameters =
                 with_arguments({{"path", "text", "the file, such as 'take.flac'"}}, schema_of<audio::WriteOptions>())})
        .meta("__len", [](Call& call) { return call.push(call.object<Clip>(1).length()); },
              {.summary = "How many samples each channel has.", .returns = "an integer", .example = "#clip"})
        .meta("__add", add,
              {.summary = "Both at once: samples are added, from the beginning of both. One rate, as many channels.",
               .returns = "a Clip, as long as the longer one",
               .example = "clip + clip"})
        .meta(
            "__mul", multiply,
            {.summary = "Every sample times a number, on either side.", .returns = "a Clip", .example = "clip * 0.5"});

struct ClipOptions {
  int rate = 22050;
  static Schema schema() { return {Option{"rate", &ClipOptions::rate, "sample rate", Unit{"Hz"}, Range{1, 768000}}}; }
};

/// audio.clip(tensor or list, { rate }): [samples] is one channel, [channels, samples] as many as there are.
int clip_from_numbers(Call& call) {
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
    for (const double number : tensor::to_doubles(numbers, call.who()))
      clip.samples.push_back(static_cast<float>(number));
    if (numbers.dim() == 2) clip.channels = static_cast<int>(numbers.size(0));
    return call.push(std::move(clip));
  }
  for (const Value& sample : call.list(1, "samples", "a Tensor or a list of numbers")) {
    if (!sample.number()) throw ArgumentError("clip: 'samples' must hold numbers, got " + show(sample));
    clip.samples.push_back(static_cast<float>(*sample.number()));
  }
  return call.push(std::move(clip));
}

/// A list of clips at `i`.
std::vector<Clip> clips_at(Call& call, int i) {
  if (!call.is_table(i)) call.wrong(i, "clips", "a list of clips");
  std::vector<Clip> clips;
  const int length = list_length(call.L, i, call.who(), "'clips'");
  for (int k = 1; k <= length; ++k) {
    lua_rawgeti(call.L, i, k);
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

int mix(Call& call) { return call.push(audio::mix(clips_at(call, 1), call.options<audio::MixOptions>(2))); }

int concatenate(Call& call) {
  return call.push(audio::concatenate(clips_at(call, 1), call.options<audio::ConcatenateOptions>(2)));
}

/// audio.play(clip, { device = name }): gives the clip back, so that it can be played on the way.
int play(Call& call) {
  const Clip& clip = call.object<Clip>(1, "clip");
  audio::play(clip, call.options<audio::PlayOptions>(2).device);
  lua_settop(call.L, 1);
  return 1;
}

int probe(Call& call) {
  const audio::Probe found = audio::probe(call.path(1));
  return call.push(Value(
      Map{{"seconds", found.seconds}, {"rate", found.rate}, {"channels", found.channels}, {"codec", found.codec}}));
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

void open(ModuleTable& module) {
  open_steps(module);
  open_generators(module);
}

const Module audio_module =
    Module("audio", open)
        .function("clip", clip_from_numbers,
                  {.summary = "A clip of numbers that were made elsewhere; full scale is -1 to 1.",
                   .returns = "a Clip of [channels, samples]; one channel for [samples]",
                   .example = "audio.clip({ 0, 0.5, 0, -0.5 }, { rate = 8000 })",
                   .source = "Lumir's own",
                   .parameters =
                       with_arguments({{"samples", "Tensor or list of numbers", "[samples] or [channels, samples]"}},
                                      schema_of<ClipOptions>())})
        .function("probe", probe,
                  {.summary = "What an audio file holds: as many seconds as audio.load gives, without decoding it "
                              "where that is possible.",
                   .returns = "a table: seconds, rate in Hz, channels, codec",
                   .example = "audio.probe(path)",
                   .source = "FFmpeg's libavformat",
                   .parameters = {argument("path", "text", "the file")}})
        .function("play", play)
        .function("mix", mix)
        .function("concatenate", concatenate);

}  // namespace
}  // namespace lumir::lua
