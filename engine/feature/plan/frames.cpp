// Frames and descriptions as they stand on disk.

#include "feature/plan/frames.h"

#include "core/codec.h"

namespace lumir::feature {
namespace {

void write_frames(const Frames& frames, Writer& to) {
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

Frames read_frames(Reader& from) {
  Frames frames;
  frames.rows = from.number<uint64_t>();
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

const RegisterCodec<Frames> frames_codec{"frames", write_frames, read_frames};
const RegisterCodec<Description> description_codec{"description", write_description, read_description};

}  // namespace
}  // namespace lumir::feature
