// Encoding through libavcodec and libavformat, whatever they offer.

#include "engine/audio/foreign_file.h"

#include <algorithm>
#include <cmath>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/log.h>
}

namespace lumir::tests {
namespace {

/// Puts a sample of -1 to 1 into a frame of any sample format.
void put_sample(AVFrame& frame, int channel, int index, double sample) {
  const auto format = static_cast<AVSampleFormat>(frame.format);
  const bool planar = av_sample_fmt_is_planar(format) != 0;
  uint8_t* plane = frame.extended_data[planar ? channel : 0];
  const int at = planar ? index : index * frame.ch_layout.nb_channels + channel;
  switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8: plane[at] = static_cast<uint8_t>(128 + 127 * sample); break;
    case AV_SAMPLE_FMT_S16: reinterpret_cast<int16_t*>(plane)[at] = static_cast<int16_t>(32767 * sample); break;
    case AV_SAMPLE_FMT_S32: reinterpret_cast<int32_t*>(plane)[at] = static_cast<int32_t>(2147483647 * sample); break;
    case AV_SAMPLE_FMT_S64: reinterpret_cast<int64_t*>(plane)[at] = static_cast<int64_t>(9e18 * sample); break;
    case AV_SAMPLE_FMT_DBL: reinterpret_cast<double*>(plane)[at] = sample; break;
    default: reinterpret_cast<float*>(plane)[at] = static_cast<float>(sample);
  }
}

/// One encoding; every step answers whether it went well.
class ForeignWriter {
 public:
  ForeignWriter(const ForeignKind& kind, const audio::Clip& clip) : kind_(kind), clip_(clip) {}
  ~ForeignWriter() {
    av_frame_free(&frame_);
    av_packet_free(&packet_);
    avcodec_free_context(&encoder_);
    if (container_ && container_->pb) {
      uint8_t* bytes = nullptr;
      avio_close_dyn_buf(container_->pb, &bytes);
      av_free(bytes);
    }
    avformat_free_context(container_);
  }
  ForeignWriter(const ForeignWriter&) = delete;
  ForeignWriter& operator=(const ForeignWriter&) = delete;

  bool run(std::string& out) {
    if (!open_encoder() || !open_container() || !send_clip()) return false;
    if (av_write_trailer(container_) < 0) return false;
    uint8_t* bytes = nullptr;  // stays theirs; closing would write padding wherever the muxer has left off
    const int size = avio_get_dyn_buf(container_->pb, &bytes);
    out.assign(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
    return true;
  }

 private:
  bool open_encoder() {
    const AVCodec* codec = avcodec_find_encoder_by_name(kind_.encoder.c_str());
    const AVOutputFormat* format = av_guess_format(kind_.muxer.c_str(), nullptr, nullptr);
    if (!codec || !format) return false;
    encoder_ = avcodec_alloc_context3(codec);
    encoder_->sample_fmt = codec->sample_fmts ? codec->sample_fmts[0] : AV_SAMPLE_FMT_S16;
    encoder_->sample_rate = kind_.rate;
    encoder_->time_base = {1, kind_.rate};
    encoder_->thread_count = 1;
    encoder_->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    av_channel_layout_default(&encoder_->ch_layout, kind_.channels);
    encoder_->flags |= AV_CODEC_FLAG_BITEXACT;
    if (format->flags & AVFMT_GLOBALHEADER) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (kind_.varying) {
      encoder_->flags |= AV_CODEC_FLAG_QSCALE;
      encoder_->global_quality = 4 * FF_QP2LAMBDA;
    }
    // AAC's decoder makes noise bands up as it goes along, so nobody who begins in the middle can meet it
    AVDictionary* options = nullptr;
    if (kind_.encoder == "aac") av_dict_set(&options, "aac_pns", "0", 0);
    const bool opened = avcodec_open2(encoder_, codec, &options) >= 0;
    av_dict_free(&options);
    return opened;
  }

  bool open_container() {
    if (avformat_alloc_output_context2(&container_, nullptr, kind_.muxer.c_str(), nullptr) < 0) return false;
    container_->flags |= AVFMT_FLAG_BITEXACT;
    container_->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    stream_ = avformat_new_stream(container_, nullptr);
    stream_->time_base = encoder_->time_base;
    if (avcodec_parameters_from_context(stream_->codecpar, encoder_) < 0) return false;
    if (avio_open_dyn_buf(&container_->pb) < 0) return false;
    return avformat_write_header(container_, nullptr) >= 0;
  }

  bool send_clip() {
    frame_ = av_frame_alloc();
    packet_ = av_packet_alloc();
    const int block = encoder_->frame_size > 0 ? encoder_->frame_size : 1024;
    const bool whole =
        (encoder_->codec->capabilities & (AV_CODEC_CAP_SMALL_LAST_FRAME | AV_CODEC_CAP_VARIABLE_FRAME_SIZE)) == 0;
    const auto length = static_cast<int64_t>(clip_.length());
    for (int64_t from = 0; from < length; from += block) {
      av_frame_unref(frame_);
      frame_->nb_samples = whole ? block : static_cast<int>(std::min<int64_t>(block, length - from));
      frame_->format = encoder_->sample_fmt;
      frame_->sample_rate = kind_.rate;
      frame_->pts = from + static_cast<int64_t>(kind_.start * kind_.rate);
      av_channel_layout_copy(&frame_->ch_layout, &encoder_->ch_layout);
      if (av_frame_get_buffer(frame_, 0) < 0) return false;
      for (int channel = 0; channel < kind_.channels; ++channel) {
        for (int i = 0; i < frame_->nb_samples; ++i) {
          const auto at = static_cast<size_t>(from + i);
          put_sample(*frame_, channel, i, at < clip_.length() ? clip_.channel(channel)[at] : 0);
        }
      }
      if (!send(frame_)) return false;
    }
    return send(nullptr);
  }

  bool send(const AVFrame* frame) {
    if (avcodec_send_frame(encoder_, frame) < 0) return false;
    while (true) {
      const int status = avcodec_receive_packet(encoder_, packet_);
      if (status == AVERROR(EAGAIN) || status == AVERROR_EOF) return true;
      if (status < 0) return false;
      av_packet_rescale_ts(packet_, encoder_->time_base, stream_->time_base);
      packet_->stream_index = stream_->index;
      if (av_interleaved_write_frame(container_, packet_) < 0) return false;
    }
  }

  const ForeignKind& kind_;
  const audio::Clip& clip_;
  AVCodecContext* encoder_ = nullptr;
  AVFormatContext* container_ = nullptr;
  AVStream* stream_ = nullptr;
  AVFrame* frame_ = nullptr;
  AVPacket* packet_ = nullptr;
};

}  // namespace

std::string foreign_file(const ForeignKind& kind, const audio::Clip& clip) {
  av_log_set_level(AV_LOG_QUIET);
  std::string bytes;
  return ForeignWriter(kind, clip).run(bytes) ? bytes : "";
}

}  // namespace lumir::tests
