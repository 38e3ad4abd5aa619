// Writing a Clip through libavformat and libavcodec into memory, then to disk in one piece.
//
// libavformat writes to a growing string, because formats go back to their header once the length is known. All
// that varies between runs is off: AVFMT_FLAG_BITEXACT drops versions and random serial numbers from the container,
// AV_CODEC_FLAG_BITEXACT from the stream.

#include "audio/write.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/log.h>
}

#include "core/file.h"
#include "core/interrupt.h"
#include "core/registry.h"

namespace lumir::audio {
namespace {

/// What a format is called here, by libavformat, and by the encoders that can fill it, the best first.
struct Format {
  std::string name;
  std::string muxer;
  std::vector<const char*> encoders;
  std::vector<std::string> subtypes;  // empty where the stream is lossy
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {"wav", "wav", {}, {"pcm_16", "pcm_24", "float", "pcm_u8", "pcm_32", "double"}},
      {"flac", "flac", {"flac"}, {"pcm_16", "pcm_24"}},
      {"ogg", "ogg", {"libvorbis", "libopus"}, {}},
      {"mp3", "mp3", {"libmp3lame"}, {}},
  };
  return all;
}

const Format& format_named(const std::string& name) {
  const auto found =
      std::find_if(formats().begin(), formats().end(), [&](const Format& format) { return format.name == name; });
  if (found == formats().end()) throw ArgumentError("write: 'format' = '" + name + "' is none of wav, flac, ogg, mp3");
  return *found;
}

std::string format_of_path(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto& format : formats()) {
    if (ending == "." + format.name) return format.name;
  }
  throw ArgumentError("write: 'path' = '" + path + "' ends in none of .wav, .flac, .ogg, .mp3 (or give 'format')");
}

std::string checked_subtype(const Format& format, const std::string& wanted) {
  const auto& known = format.subtypes;
  if (wanted == "auto") return known.empty() ? "" : known.front();
  if (std::find(known.begin(), known.end(), wanted) != known.end()) return wanted;
  throw ArgumentError("write: 'subtype' = '" + wanted + "' does not exist for " + format.name);
}

/// FFmpeg's name for the samples of a wav.
const char* wav_encoder(const std::string& subtype) {
  if (subtype == "pcm_u8") return "pcm_u8";
  if (subtype == "pcm_24") return "pcm_s24le";
  if (subtype == "pcm_32") return "pcm_s32le";
  if (subtype == "float") return "pcm_f32le";
  return subtype == "double" ? "pcm_f64le" : "pcm_s16le";
}

const AVCodec* find_encoder(const Format& format, const std::string& subtype) {
  std::vector<const char*> names = format.encoders;
  if (format.name == "wav") names = {wav_encoder(subtype)};
  for (const char* name : names) {
    if (const AVCodec* codec = avcodec_find_encoder_by_name(name)) return codec;
  }
  throw Error("write: this FFmpeg was built without an encoder for " + format.name + " (" + names.front() + ")");
}

template <class T>
std::string listed(const std::vector<T>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

void check_bit_rate(const Format& format, int rate, double bit_rate) {
  if (!format.subtypes.empty()) {
    throw ArgumentError("write: 'bit_rate' does not apply to " + format.name + ", which loses nothing");
  }
  if (format.name != "mp3") return;
  const auto allowed = mp3_bit_rates(rate);
  const bool known = std::any_of(allowed.begin(), allowed.end(), [&](int kilo) { return kilo * 1000.0 == bit_rate; });
  if (!known) {
    throw ArgumentError("write: 'bit_rate' = " + show_number(bit_rate) + " is no bit rate of mp3 at " +
                        std::to_string(rate) + " Hz (1000 times " + listed(allowed) + ")");
  }
}

void check_quality(const Format& format, const WriteOptions& options) {
  if (!format.subtypes.empty()) {
    throw ArgumentError("write: 'quality' does not apply to " + format.name + ", which loses nothing");
  }
  if (std::holds_alternative<double>(options.bit_rate)) {
    throw ArgumentError("write: 'quality' and 'bit_rate' exclude each other; give one of them");
  }
}

/// Rising; empty where the encoder takes any.
std::vector<int> rates_of(const AVCodec* codec) {
  std::vector<int> rates;
  for (const int* known = codec->supported_samplerates; known && *known; ++known) rates.push_back(*known);
  std::sort(rates.begin(), rates.end());
  return rates;
}

void check_rate(const Format& format, const AVCodec* codec, int rate) {
  const std::vector<int> allowed = rates_of(codec);
  if (allowed.empty() || std::find(allowed.begin(), allowed.end(), rate) != allowed.end()) return;
  throw ArgumentError("write: a rate of " + std::to_string(rate) + " Hz does not exist in " + format.name + " (" +
                      listed(allowed) + ")");
}

void check_clip(const Clip& clip) {
  if (clip.rate < 1) throw ArgumentError("write: the clip's rate is " + std::to_string(clip.rate) + " Hz");
  if (clip.length() == 0) throw ArgumentError("write: the clip has no samples");
}

/// Throws where an FFmpeg call failed.
int succeed(int status, const std::string& doing) {
  if (status >= 0) return status;
  char text[AV_ERROR_MAX_STRING_SIZE] = "";
  av_strerror(status, text, sizeof text);
  throw Error("write: " + doing + ": " + text);
}

/// A file in memory that libavformat can seek in.
struct MemoryFile {
  std::string bytes;
  size_t position = 0;

  static int write(void* opaque, uint8_t* data, int size) {
    auto& file = *static_cast<MemoryFile*>(opaque);
    const size_t end = file.position + static_cast<size_t>(size);
    if (end > file.bytes.size()) file.bytes.resize(end);
    std::memcpy(file.bytes.data() + file.position, data, static_cast<size_t>(size));
    file.position = end;
    return size;
  }

  static int64_t seek(void* opaque, int64_t offset, int whence) {
    auto& file = *static_cast<MemoryFile*>(opaque);
    if (whence == AVSEEK_SIZE) return static_cast<int64_t>(file.bytes.size());
    int64_t from = 0;
    if (whence == SEEK_CUR) from = static_cast<int64_t>(file.position);
    if (whence == SEEK_END) from = static_cast<int64_t>(file.bytes.size());
    if (from + offset < 0) return AVERROR(EINVAL);
    file.position = static_cast<size_t>(from + offset);
    return from + offset;
  }
};

/// A sample as an integer of `bits` bits; the inverse of dividing by 2^(bits - 1), so decoded samples survive.
int64_t quantised(float sample, int bits) {
  const double scale = std::ldexp(1.0, bits - 1);
  if (!std::isfinite(sample)) return 0;
  return static_cast<int64_t>(std::clamp(std::nearbyint(sample * scale), -scale, scale - 1));
}

/// Writes one sample in the encoder's own format; `bits` of it count. Only a float file holds what is `beyond` -1 to 1:
/// LAME ends the program at samples of a million.
void put_sample(AVFrame& frame, int channel, int index, float sample, int bits, bool beyond) {
  const auto format = static_cast<AVSampleFormat>(frame.format);
  const bool planar = av_sample_fmt_is_planar(format) != 0;
  uint8_t* plane = frame.extended_data[planar ? channel : 0];
  const int at = planar ? index : index * frame.ch_layout.nb_channels + channel;
  const float finite = std::isfinite(sample) ? sample : 0;
  const float sound = beyond ? finite : std::clamp(finite, -1.0f, 1.0f);
  switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8: plane[at] = static_cast<uint8_t>(quantised(sample, 8) + 128); break;
    case AV_SAMPLE_FMT_S16: reinterpret_cast<int16_t*>(plane)[at] = static_cast<int16_t>(quantised(sample, 16)); break;
    case AV_SAMPLE_FMT_S32:
      reinterpret_cast<int32_t*>(plane)[at] = static_cast<int32_t>(quantised(sample, bits) << (32 - bits));
      break;
    case AV_SAMPLE_FMT_DBL: reinterpret_cast<double*>(plane)[at] = sound; break;
    default: reinterpret_cast<float*>(plane)[at] = sound;
  }
}

AVSampleFormat sample_format(const AVCodec* codec, const std::string& subtype) {
  const auto has = [&](AVSampleFormat wanted) {
    for (const AVSampleFormat* known = codec->sample_fmts; *known != AV_SAMPLE_FMT_NONE; ++known) {
      if (*known == wanted) return true;
    }
    return false;
  };
  if (subtype == "pcm_u8") return AV_SAMPLE_FMT_U8;
  if (subtype == "pcm_16") return AV_SAMPLE_FMT_S16;
  if (subtype == "pcm_24" || subtype == "pcm_32") return AV_SAMPLE_FMT_S32;
  if (subtype == "double") return AV_SAMPLE_FMT_DBL;
  return has(AV_SAMPLE_FMT_FLTP) ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT;
}

/// Samples from which a wav might pass 4 GB, where its header cannot count further; RF64 can.
constexpr size_t kLargestWav = (size_t{1} << 30) - 1024;

/// One encoding: opens, takes every frame, closes.
class Encoder {
 public:
  Encoder(const Clip& clip, const Format& format, const WriteOptions& options);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  std::string run();

 private:
  explicit Encoder(const Clip& clip);
  void set_up_codec(const Format& format, const std::string& subtype, const WriteOptions& options);
  void set_up_quality(const Format& format, const WriteOptions& options);
  void set_up_container(const Format& format);
  void send(const AVFrame* frame);

  const Clip& clip_;
  int bits_ = 32;        // of a sample that is an integer of 32 bits
  bool beyond_ = false;  // samples beyond -1 to 1 are kept
  MemoryFile file_;
  const AVCodec* codec_ = nullptr;
  AVCodecContext* context_ = nullptr;
  AVFormatContext* container_ = nullptr;
  AVIOContext* output_ = nullptr;
  AVStream* stream_ = nullptr;
  AVFrame* frame_ = nullptr;
  AVPacket* packet_ = nullptr;
};

/// A constructor of its own, so that the destructor frees what was made before a later step throws.
Encoder::Encoder(const Clip& clip) : clip_(clip) {}

Encoder::Encoder(const Clip& clip, const Format& format, const WriteOptions& options) : Encoder(clip) {
  const std::string subtype = checked_subtype(format, options.subtype);
  codec_ = find_encoder(format, subtype);
  check_rate(format, codec_, clip.rate);
  frame_ = av_frame_alloc();
  packet_ = av_packet_alloc();
  context_ = avcodec_alloc_context3(codec_);
  set_up_codec(format, subtype, options);
  set_up_container(format);
}

Encoder::~Encoder() {
  av_frame_free(&frame_);
  av_packet_free(&packet_);
  avcodec_free_context(&context_);
  avformat_free_context(container_);
  if (output_) av_freep(&output_->buffer);
  avio_context_free(&output_);
}

void Encoder::set_up_codec(const Format& format, const std::string& subtype, const WriteOptions& options) {
  context_->sample_fmt = sample_format(codec_, subtype);
  context_->sample_rate = clip_.rate;
  context_->time_base = {1, clip_.rate};
  av_channel_layout_default(&context_->ch_layout, clip_.channels);
  context_->flags |= AV_CODEC_FLAG_BITEXACT;
  context_->thread_count = 1;
  context_->log_level_offset = AV_LOG_TRACE;  // its remarks on delays; what fails is thrown
  beyond_ = subtype == "float" || subtype == "double";
  if (subtype == "pcm_24") context_->bits_per_raw_sample = bits_ = 24;
  set_up_quality(format, options);
}

/// What a lossy stream may cost: a bit rate, or a quality, which gives each moment what it needs.
void Encoder::set_up_quality(const Format& format, const WriteOptions& options) {
  if (options.quality) {
    check_quality(format, options);
    context_->flags |= AV_CODEC_FLAG_QSCALE;
    // LAME counts from 0, the best, to 9; Vorbis to 10, the best
    const double level = format.name == "mp3" ? 9 - 0.9 * *options.quality : *options.quality;
    context_->global_quality = static_cast<int>(std::lround(level * FF_QP2LAMBDA));
    return;
  }
  if (const double* bit_rate = std::get_if<double>(&options.bit_rate)) {
    check_bit_rate(format, clip_.rate, *bit_rate);
    context_->bit_rate = static_cast<int64_t>(*bit_rate);
  } else if (format.name == "mp3") {
    context_->bit_rate = clip_.rate >= 16000 ? 64000 * clip_.channels : 32000 * clip_.channels;
  } else if (format.name == "ogg") {
    context_->flags |= AV_CODEC_FLAG_QSCALE;
    context_->global_quality = 5 * FF_QP2LAMBDA;
  }
}

void Encoder::set_up_container(const Format& format) {
  succeed(avformat_alloc_output_context2(&container_, nullptr, format.muxer.c_str(), nullptr), format.name);
  container_->flags |= AVFMT_FLAG_BITEXACT;
  if (container_->oformat->flags & AVFMT_GLOBALHEADER) context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  const std::string kind =
      format.name + " with " + std::to_string(clip_.channels) + " channels at " + std::to_string(clip_.rate) + " Hz";
  succeed(avcodec_open2(context_, codec_, nullptr), kind);
  stream_ = avformat_new_stream(container_, nullptr);
  stream_->time_base = context_->time_base;
  succeed(avcodec_parameters_from_context(stream_->codecpar, context_), kind);
  constexpr int kBuffer = 1 << 16;
  auto* buffer = static_cast<uint8_t*>(av_malloc(kBuffer));
  output_ = avio_alloc_context(buffer, kBuffer, 1, &file_, nullptr, &MemoryFile::write, &MemoryFile::seek);
  container_->pb = output_;
}

/// Encodes a frame (the rest, for null) and writes the packets that come out.
void Encoder::send(const AVFrame* frame) {
  succeed(avcodec_send_frame(context_, frame), "encoding");
  while (true) {
    const int status = avcodec_receive_packet(context_, packet_);
    if (status == AVERROR(EAGAIN) || status == AVERROR_EOF) return;
    succeed(status, "encoding");
    av_packet_rescale_ts(packet_, context_->time_base, stream_->time_base);
    packet_->stream_index = stream_->index;
    succeed(av_interleaved_write_frame(container_, packet_), "writing");
  }
}

std::string Encoder::run() {
  AVDictionary* settings = nullptr;
  if (clip_.samples.size() >= kLargestWav) av_dict_set(&settings, "rf64", "always", 0);
  const int status = avformat_write_header(container_, &settings);
  av_dict_free(&settings);  // what other formats do not know stays in it
  succeed(status, "header");

  const auto length = static_cast<int64_t>(clip_.length());
  const int block = context_->frame_size > 0 ? context_->frame_size : 4096;
  for (int64_t from = 0; from < length; from += block) {
    check_interrupt();
    av_frame_unref(frame_);
    frame_->nb_samples = static_cast<int>(std::min<int64_t>(block, length - from));
    frame_->format = context_->sample_fmt;
    frame_->sample_rate = clip_.rate;
    frame_->pts = from;
    succeed(av_channel_layout_copy(&frame_->ch_layout, &context_->ch_layout), "channels");
    succeed(av_frame_get_buffer(frame_, 0), "memory");
    for (int channel = 0; channel < clip_.channels; ++channel) {
      const float* samples = clip_.channel(channel).data() + from;
      for (int i = 0; i < frame_->nb_samples; ++i) put_sample(*frame_, channel, i, samples[i], bits_, beyond_);
    }
    send(frame_);
  }
  send(nullptr);
  succeed(av_write_trailer(container_), "trailer");
  avio_flush(output_);
  return std::move(file_.bytes);
}

}  // namespace

std::vector<int> mp3_bit_rates(int rate) {
  if (rate >= 32000) return {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  if (rate >= 16000) return {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  return {8, 16, 24, 32, 40, 48, 56, 64};
}

std::vector<int> encoder_rates(const std::string& format) {
  const Format& known = format_named(format);
  return rates_of(find_encoder(known, checked_subtype(known, "auto")));
}

Schema WriteOptions::schema() {
  return {Option{"format", &WriteOptions::format, "kind of file; auto takes it from the path's ending",
                 Choices{"auto", "wav", "flac", "ogg", "mp3"}},
          Option{"subtype", &WriteOptions::subtype, "samples of wav (all) and flac (pcm_16, pcm_24); auto is pcm_16",
                 Choices{"auto", "pcm_u8", "pcm_16", "pcm_24", "pcm_32", "float", "double"}},
          Option{"bit_rate", &WriteOptions::bit_rate, "of mp3 (constant) and ogg; auto is 64000 a channel for mp3",
                 Choices{"auto"}, Unit{"bit/s"}, Range{8000, 512000}},
          Option{"quality", &WriteOptions::quality,
                 "of mp3 and ogg at a varying bit rate, instead of one; 10 is the best", Range{0, 10}}};
}

std::string encode(const Clip& clip, const WriteOptions& options) {
  check_clip(clip);
  const Format& format = format_named(options.format == "auto" ? "wav" : options.format);
  return Encoder(clip, format, options).run();
}

void write(const std::string& path, const Clip& clip, const WriteOptions& options) {
  WriteOptions settled = options;
  if (settled.format == "auto") settled.format = format_of_path(path);
  write_file(path, encode(clip, settled));
}

}  // namespace lumir::audio
