// What the house knows of a Clip: the user's word for it, and its form on disk.

#include "audio/clip.h"

#include <bit>

#include "core/codec.h"
#include "core/random.h"

namespace lumir::audio {
namespace {

const KindName<Clip> clip_word{"a clip"};

void write_clip(const Clip& clip, Writer& to) {
  to.number(clip.channels);
  to.number(clip.rate);
  to.array(std::span<const float>(clip.samples));
}

Clip read_clip(Reader& from) {
  Clip clip;
  clip.channels = from.number<int>();
  clip.rate = from.number<int>();
  const auto samples = from.array<float>();
  clip.samples.assign(samples.begin(), samples.end());
  return clip;
}

/// Differs between clips that differ in any sample, the rate or the channels.
uint64_t content_of_clip(const Clip& clip) {
  uint64_t hash = mixed(static_cast<uint64_t>(clip.rate) << 32 ^ static_cast<uint64_t>(clip.channels));
  for (const float sample : clip.samples) {
    hash = (hash ^ std::bit_cast<uint32_t>(sample)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return mixed(hash);
}

const RegisterCodec<Clip> clip_codec{"clip", write_clip, read_clip, content_of_clip};

}  // namespace
}  // namespace lumir::audio
