// lumir.feature: every registered feature and step, and how frames and descriptions reach Lua.
//
// One feature gives a Tensor [rows, frames], a number or a Description of several where they are for the whole clip, or
// a Tensor of seconds where it finds moments; a set gives Frames, whose rows have names.

#include "feature/plan/frames.h"

#include <cstdio>

#include <ATen/core/Tensor.h>

#include "bind/step.h"
#include "tensor/convert.h"
#include "tensor/described.h"

namespace lumir::lua {
namespace {

using feature::Description;
using feature::Frames;
using feature::Gives;
using feature::Part;

List words_list(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

at::Tensor rows_of(const Frames& frames, size_t first, size_t rows) {
  const std::span<const float> values(frames.values.data() + first * frames.frames, rows * frames.frames);
  return tensor::from_floats(values, {static_cast<int64_t>(rows), static_cast<int64_t>(frames.frames)});
}

/// With what the part's feature says of them, unless a step has left other rows than it had.
at::Tensor known_by(const Part& part, at::Tensor rows) {
  if (part.axes) tensor::describe(rows, part.axes);
  return rows;
}

at::Tensor all_rows_of(Frames frames) {
  const auto rows = static_cast<int64_t>(frames.rows), count = static_cast<int64_t>(frames.frames);
  const Part part = frames.parts[0];
  return known_by(part, tensor::from_floats(std::move(frames.values), {rows, count}));
}

/// What one feature gave: a tensor (rows over frames, or times in seconds), a number, or several with names.
int push_part(lua_State* L, const Frames& frames, const Part& part) {
  if (part.gives == Gives::number) {
    lua_pushnumber(L, frames.scalars[part.first]);
  } else if (part.gives == Gives::numbers) {
    Description several;
    for (size_t i = part.first; i < part.first + part.rows; ++i) {
      several.names.push_back(frames.scalar_names[i]);
      several.values.push_back(frames.scalars[i]);
    }
    push_object(L, several);
  } else if (part.gives == Gives::times) {
    const auto& seconds = frames.times[part.first].seconds;
    push_object(L, tensor::from_doubles(seconds, {static_cast<int64_t>(seconds.size())}));
  } else {
    push_object(L, known_by(part, rows_of(frames, part.first, part.rows)));
  }
  return 1;
}

std::string show_frames(const Frames& frames) {
  std::string text = "Frames [" + std::to_string(frames.rows) + ", " + std::to_string(frames.frames) + "] of";
  for (const auto& part : frames.parts) {
    text += " " + part.name + (part.rows > 1 ? " (" + std::to_string(part.rows) + ")" : "");
  }
  return text;
}

int values_of_frames(Call& call) {
  const auto& frames = call.object<Frames>(1);
  return call.push(rows_of(frames, 0, frames.rows));
}

int part_of_frames(Call& call) {
  const auto& frames = call.object<Frames>(1);
  const std::string name = call.text(2, "name");
  for (const auto& part : frames.parts) {
    if (part.name == name) return push_part(call.L, frames, part);
  }
  return 0;
}

std::vector<std::string> names_of_parts(const Frames& frames) {
  std::vector<std::string> names;
  for (const auto& part : frames.parts) names.push_back(part.name);
  return names;
}

const Class<Frames> frames_class =
    Class<Frames>("Frames",
                  "What a set of features finds in a clip: rows with names over time, and what is for the whole clip.",
                  "frames")
        .text(show_frames)
        .field("names", [](const Frames& frames) { return Value(words_list(frames.names)); },
               {.summary = "What each row is, such as 'mfcc_03' (counted from 1).", .returns = "a list of text"})
        .field("frame_rate", [](const Frames& frames) { return frames.frame_rate; },
               {.summary = "How many frames there are in a second: rate / hop_length.", .returns = "a number, 1/s"})
        .field_with("values", values_of_frames,
                    {.summary = "All rows, in the order of the names; what is for the whole clip is not among them.",
                     .returns = "a Tensor of [rows, frames]"})
        .index(part_of_frames,
               {.summary = "What one feature of the set found, by its name.",
                .returns = "a Tensor of [rows, frames]; a number or a Description for the whole clip; times in s",
                .example = "frames.rms"})
        .index_names(names_of_parts);

std::string show_description(const Description& description) {
  std::string text = "Description of " + std::to_string(description.names.size()) + " numbers";
  const size_t shown = std::min<size_t>(description.names.size(), 8);
  for (size_t i = 0; i < shown; ++i) {
    char line[120];
    std::snprintf(line, sizeof line, "\n  %-32s %12.6g", description.names[i].c_str(), description.values[i]);
    text += line;
  }
  return text + (shown < description.names.size() ? "\n  ..." : "");
}

int number_of_description(Call& call) {
  const auto& description = call.object<Description>(1);
  const std::string name = call.text(2, "name");
  for (size_t i = 0; i < description.names.size(); ++i) {
    if (description.names[i] == name) return call.push(description.values[i]);
  }
  return 0;
}

const Class<Description> description_class =
    Class<Description>("Description", "Numbers with names that describe one recording: a row of a table.",
                       "description")
        .text(show_description)
        .field("names", [](const Description& description) { return Value(words_list(description.names)); },
               {.summary = "What each number is, such as 'mfcc_03_mean'.", .returns = "a list of text"})
        .field("values",
               [](const Description& description) {
                 return Value(List(description.values.begin(), description.values.end()));
               },
               {.summary = "The numbers, in the order of the names.", .returns = "a list of numbers"})
        .index(
            number_of_description,
            {.summary = "One of the numbers, by its name.", .returns = "a number", .example = "description.rms_mean"})
        .index_names([](const Description& description) { return description.names; })
        .meta("__len", [](Call& call) { return call.push(call.object<Description>(1).names.size()); },
              {.summary = "How many numbers there are.", .returns = "an integer", .example = "#description"});

const bool frames_reach_lua = [] {
  register_any_pusher(typeid(Frames), [](lua_State* L, std::any value) {
    auto& frames = std::any_cast<Frames&>(value);
    if (frames.parts.size() > 1) {
      push_object(L, std::move(frames));
    } else if (frames.parts[0].gives == Gives::rows) {
      push_object(L, all_rows_of(std::move(frames)));
    } else {
      push_part(L, frames, frames.parts[0]);
    }
  });
  return true;
}();

const Module feature_module("feature", open_steps);

}  // namespace
}  // namespace lumir::lua
