// Feeding libsoxr and fetching what it gives.

#include "audio/soxr_stream.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <soxr.h>

#include "core/error.h"
#include "core/value.h"

namespace lumir::audio {
namespace {

constexpr size_t kPiece = 16384;  // samples of a channel that are fetched at once

unsigned long recipe(SoxrQuality quality) {
  if (quality == SoxrQuality::kVeryHigh) return SOXR_VHQ;
  return quality == SoxrQuality::kHigh ? SOXR_HQ : SOXR_MQ;
}

}  // namespace

void SoxrStream::Free::operator()(soxr* resampler) const { soxr_delete(resampler); }

SoxrStream::SoxrStream(int channels, double from_rate, double to_rate, SoxrQuality quality)
    : piece_(static_cast<size_t>(channels), Floats(kPiece)), from_(from_rate), to_(to_rate) {
  const soxr_io_spec_t types = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S);
  const soxr_quality_spec_t filter = soxr_quality_spec(recipe(quality), 0);
  soxr_error_t problem = nullptr;
  resampler_.reset(
      soxr_create(from_rate, to_rate, static_cast<unsigned>(channels), &problem, &types, &filter, nullptr));
  if (problem) {
    throw Error("resample: soxr cannot go from " + show_number(from_rate) + " to " + show_number(to_rate) + " Hz (" +
                problem + ")");
  }
}

void SoxrStream::push(const Planes& in, size_t count, Planes& out, size_t from) {
  taken_ += static_cast<long long>(count);
  convert(&in, from, count, out);
}

void SoxrStream::finish(Planes& out) {
  convert(nullptr, 0, 0, out);
  // for whole rates both products and quotients are exact where they are whole
  const auto wanted = static_cast<long long>(std::ceil(static_cast<double>(taken_) * to_ / from_));
  for (auto& plane : out) {
    const long long size = static_cast<long long>(plane.size()) + wanted - given_;
    plane.resize(static_cast<size_t>(std::max(0LL, size)));
  }
  given_ = wanted;
}

void SoxrStream::convert(const Planes* in, size_t from, size_t count, Planes& out) {
  std::vector<const float*> next(piece_.size());
  std::vector<float*> to;
  for (auto& plane : piece_) to.push_back(plane.data());
  size_t used = 0, made = kPiece;
  while (used < count || made == kPiece) {
    size_t taken = 0;
    for (size_t c = 0; in && c < next.size(); ++c) next[c] = (*in)[c].data() + from + used;
    const soxr_error_t problem =
        soxr_process(resampler_.get(), in ? next.data() : nullptr, count - used, &taken, to.data(), kPiece, &made);
    if (problem) throw Error(std::string("resample: ") + problem);
    used += taken;
    for (size_t c = 0; c < piece_.size(); ++c) {
      out[c].insert(out[c].end(), piece_[c].begin(), piece_[c].begin() + static_cast<long>(made));
    }
    given_ += static_cast<long long>(made);
  }
}

}  // namespace lumir::audio
