// Feeding swresample with soxr chosen as its engine.

#include "audio/soxr_stream.h"

#include <algorithm>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>
}

#include "core/error.h"

namespace lumir::audio {
namespace {

constexpr int kPiece = 32768;  // samples of a channel that come out of one call at most

AVChannelLayout plain_layout(int channels) {
  AVChannelLayout layout{};
  layout.order = AV_CHANNEL_ORDER_UNSPEC;
  layout.nb_channels = channels;
  return layout;
}

}  // namespace

void SoxrStream::Free::operator()(SwrContext* context) const { swr_free(&context); }

SoxrStream::SoxrStream(int channels, int from_rate, int to_rate, int precision)
    : piece_(static_cast<size_t>(channels), std::vector<float>(kPiece)), from_(from_rate), to_(to_rate) {
  AVChannelLayout layout = plain_layout(channels);
  SwrContext* made = nullptr;
  const int status = swr_alloc_set_opts2(&made, &layout, AV_SAMPLE_FMT_FLTP, to_rate, &layout, AV_SAMPLE_FMT_FLTP,
                                         from_rate, 0, nullptr);
  context_.reset(made);
  if (status < 0 || !made) throw Error("resample: out of memory");
  av_opt_set_int(made, "resampler", SWR_ENGINE_SOXR, 0);
  av_opt_set_double(made, "precision", precision, 0);
  if (swr_init(made) < 0) {
    throw Error("resample: soxr cannot go from " + std::to_string(from_rate) + " to " + std::to_string(to_rate) +
                " Hz (is this FFmpeg built with libsoxr?)");
  }
}

void SoxrStream::push(const Planes& in, size_t count, Planes& out) {
  taken_ += static_cast<long long>(count);
  convert(&in, count, out);
}

void SoxrStream::finish(Planes& out) {
  convert(nullptr, 0, out);
  const long long wanted = (taken_ * to_ + from_ - 1) / from_;
  for (auto& plane : out) {
    const long long size = static_cast<long long>(plane.size()) + wanted - given_;
    plane.resize(static_cast<size_t>(std::max(0LL, size)));
  }
  given_ = wanted;
}

void SoxrStream::convert(const Planes* in, size_t count, Planes& out) {
  std::vector<const uint8_t*> from(piece_.size());
  for (size_t c = 0; in && c < from.size(); ++c) from[c] = reinterpret_cast<const uint8_t*>((*in)[c].data());
  std::vector<uint8_t*> to;
  for (auto& plane : piece_) to.push_back(reinterpret_cast<uint8_t*>(plane.data()));
  int n_in = static_cast<int>(count);
  int made = kPiece;
  while (made == kPiece) {
    made = swr_convert(context_.get(), to.data(), kPiece, in ? from.data() : nullptr, n_in);
    if (made < 0) throw Error("resample: soxr failed");
    for (size_t c = 0; c < piece_.size(); ++c) {
      out[c].insert(out[c].end(), piece_[c].begin(), piece_[c].begin() + made);
    }
    given_ += made;
    n_in = 0;  // more may wait inside: take it without giving anything
  }
}

}  // namespace lumir::audio
