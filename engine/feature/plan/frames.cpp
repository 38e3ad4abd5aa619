// Frames and descriptions as they stand on disk.

#include "feature/plan/frames.h"

#include <algorithm>

#include "core/codec.h"
#include "core/writer_sum.h"

namespace lumir::feature {
namespace {

/// Stands where entries of earlier versions have the number of rows: those know no axes.
constexpr uint64_t kWithAxes = ~uint64_t{0};

void write_numbers(const Frames& frames, Writer& to) {
  to.number<uint64_t>(frames.rows);
  to.number<uint64_t>(frames.frames);
  to.number(frames.frame_rate);
  to.texts(frames.names);
  to.texts(frames.scalar_names);
  to.array(std::span(frames.scalars));
  to.number<uint64_t>(frames.times.size());
  for (const auto& times : frames.times) to.array(std::span(times.seconds));
  to.number<uint64_t>(frames.parts.size());
  for (const auto& part : frames.parts) {
    to.text(part.name);
    to.number<uint64_t>(part.first);
    to.number<uint64_t>(part.rows);
    to.number(part.gives);
  }
  to.array(std::span<const float>(frames.values));
}

std::vector<double> doubles_from(Reader& from) {
  const auto values = from.array<double>();
  return {values.begin(), values.end()};
}

void write_frames(const Frames& frames, Writer& to) {
  to.number(kWithAxes);
  std::vector<std::string> axes;
  for (const auto& part : frames.parts) axes.push_back(part.axes ? to_json(part.axes->to_map()) : "");
  to.texts(axes);
  write_numbers(frames, to);
}

/// What is drawn by the content of frames does not depend on what their axes are called.
uint64_t content_of_frames(const Frames& frames) {
  return content_of_bytes([&](Writer& to) { write_numbers(frames, to); });
}

Frames read_numbers(Reader& from, uint64_t rows) {
  Frames frames;
  frames.rows = rows;
  frames.frames = from.number<uint64_t>();
  frames.frame_rate = from.number<double>();
  frames.names = from.texts();
  frames.scalar_names = from.texts();
  frames.scalars = doubles_from(from);
  for (auto left = from.number<uint64_t>(); left > 0; --left) frames.times.push_back({doubles_from(from)});
  for (auto left = from.number<uint64_t>(); left > 0; --left) {
    Part part;
    part.name = from.text();
    part.first = from.number<uint64_t>();
    part.rows = from.number<uint64_t>();
    part.gives = from.number<Gives>();
    frames.parts.push_back(std::move(part));
  }
  const auto values = from.array<float>();
  frames.values.assign(values.begin(), values.end());
  return frames;
}

Frames read_frames(Reader& from) {
  const auto first = from.number<uint64_t>();
  if (first != kWithAxes) return read_numbers(from, first);
  const auto axes = from.texts();
  Frames frames = read_numbers(from, from.number<uint64_t>());
  for (size_t i = 0; i < std::min(axes.size(), frames.parts.size()); ++i) {
    if (!axes[i].empty()) frames.parts[i].axes = std::make_shared<Axes>(Axes::from(from_json(axes[i], "axes")));
  }
  return frames;
}

void write_description(const Description& description, Writer& to) {
  to.texts(description.names);
  to.array(std::span(description.values));
}

Description read_description(Reader& from) {
  Description description;
  description.names = from.texts();
  description.values = doubles_from(from);
  return description;
}

const RegisterCodec<Frames> frames_codec{"frames", write_frames, read_frames, content_of_frames};
const RegisterCodec<Description> description_codec{"description", write_description, read_description};

}  // namespace
}  // namespace lumir::feature
