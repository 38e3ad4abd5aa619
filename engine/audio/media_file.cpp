// Opening, demultiplexing and decoding with FFmpeg.

#include "audio/media_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <span>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

#include "audio/decode.h"
#include "audio/wav_header.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/readable.h"
#include "core/text.h"

namespace lumir::audio {
namespace {

/// What FFmpeg has to say of a file goes nowhere: our own line says it. Set before main, so it holds for writing too.
[[maybe_unused]] const bool quiet = (av_log_set_level(AV_LOG_QUIET), true);

constexpr int kBuffer = 1 << 16;
/// No sound, but a damaged float file: 200 dB above full scale. Below, powers and their sums stay finite.
constexpr float kTooLoud = 1e10f;

/// True where the bytes are what an editor would show: UTF-8 without control characters. Every audio format has others
/// near its beginning.
bool looks_like_text(const unsigned char* bytes, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const unsigned char byte = bytes[i];
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f') return false;
    if (byte == 0x7f) return false;
    if (byte < 0x80) continue;
    const int more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    if (byte < 0xc2 || byte > 0xf4) return false;
    for (int k = 1; k <= more; ++k) {
      if (i + k >= count) return true;  // cut by the end of what we look at
      if ((bytes[i + k] & 0xc0) != 0x80) return false;
    }
    i += static_cast<size_t>(more);
  }
  return true;
}

int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EACCES); }

int ask_interrupt(void*) { return interrupted() ? 1 : 0; }

/// How the samples of one type become floats.
float to_float(uint8_t value) { return (static_cast<float>(value) - 128) / 128; }
float to_float(int16_t value) { return static_cast<float>(value) / 32768; }
float to_float(int32_t value) { return static_cast<float>(value / 2147483648.0); }
float to_float(int64_t value) { return static_cast<float>(static_cast<double>(value) / 9223372036854775808.0); }
float to_float(float value) { return value; }
float to_float(double value) { return static_cast<float>(value); }

/// True where every sample can be sound. Without their signs, floats compare as integers do, NaN and infinity being
/// the largest; a loop over integers is one that compilers turn into vectors.
bool all_sound(const float* samples, size_t count) {
  int32_t largest = 0;
  for (size_t i = 0; i < count; ++i) largest = std::max(largest, std::bit_cast<int32_t>(samples[i]) & INT32_MAX);
  return largest < std::bit_cast<int32_t>(kTooLoud);
}

void add_scaled(const float* from, float scale, std::span<float> to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += scale * from[i];
}

/// Adds `scale` times one channel to `to`; returns how many values were no numbers.
template <class T>
size_t add_channel(const T* from, size_t stride, float scale, std::span<float> to) {
  if constexpr (std::is_same_v<T, float>) {
    if (stride == 1 && all_sound(from, to.size())) {
      add_scaled(from, scale, to);
      return 0;
    }
  }
  size_t broken = 0;
  for (size_t i = 0; i < to.size(); ++i) {
    float value = to_float(from[i * stride]);
    if constexpr (std::is_floating_point_v<T>) {
      const bool sound = std::fabs(value) < kTooLoud;  // false for NaN
      broken += !sound;
      value = sound ? value : 0;
    }
    to[i] += scale * value;
  }
  return broken;
}

template <class T>
size_t append_samples(const AVFrame& frame, size_t first, size_t count, Planes& out) {
  const auto channels = static_cast<size_t>(frame.ch_layout.nb_channels);
  const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
  const bool apart = out.size() == channels;
  const float scale = apart ? 1.0f : 1.0f / static_cast<float>(channels);
  size_t broken = 0;
  for (size_t c = 0; c < channels; ++c) {
    auto& plane = out[apart ? c : 0];
    if (apart || c == 0) plane.resize(plane.size() + count);
    const T* samples = reinterpret_cast<const T*>(frame.extended_data[planar ? c : 0]);
    const T* from = planar ? samples + first : samples + first * channels + c;
    broken += add_channel(from, planar ? 1 : channels, scale, std::span<float>(plane).last(count));
  }
  for (size_t k = 1; !apart && k < out.size(); ++k) {
    out[k].insert(out[k].end(), out[0].end() - static_cast<long>(count), out[0].end());
  }
  return broken;
}

/// Keeps a decoder that has not begun at the beginning from leaving out what is to be left out there.
void leave_out_nothing(AVPacket& packet) {
  constexpr size_t kSize = 10;
  uint8_t* cut = av_packet_new_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, kSize);
  if (cut) std::memset(cut, 0, kSize);
}

}  // namespace

/// The file behind FFmpeg's reading: all of it, or the bytes that are plain samples.
struct MediaFile::Input {
  int file = -1;
  long long size = 0;
  long long begin = 0, end = 0;  // of what FFmpeg sees
  AVIOContext* io = nullptr;
  bool text = false;
  std::optional<WavHeader> wav;

  explicit Input(const std::string& path) {
    if (path.find('\0') != std::string::npos) throw Error(visible(path) + ": no file's name holds a zero byte");
    file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe that nobody fills would wait here
    if (file < 0) throw Error(path + ": " + std::strerror(errno));
    try {
      look(path);
    } catch (...) {
      close(file);
      throw;
    }
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
    io = avio_alloc_context(buffer, kBuffer, 0, this, read, nullptr, seek);
  }
  ~Input() {
    if (io) av_freep(&io->buffer);
    avio_context_free(&io);
    close(file);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  void look(const std::string& path) {
    struct stat about {};
    fstat(file, &about);
    if (S_ISDIR(about.st_mode)) throw Error(path + ": " + std::strerror(EISDIR));
    if (!S_ISREG(about.st_mode)) throw Error(path + ": not a file");
    size = about.st_size;
    if (size == 0) throw Error(path + ": empty file");
    unsigned char start[4096];
    const ssize_t got = pread(file, start, sizeof start, 0);
    if (got < 0) throw Error(path + ": " + std::strerror(errno));
    text = looks_like_text(start, static_cast<size_t>(got));
    end = size;
    wav = read_wav_header(file);
    if (wav) see_samples();
  }
  void see_samples() {
    begin = std::min(wav->begin, size);
    const long long there = std::min(wav->bytes.value_or(size), size - begin);
    end = begin + there / wav->block * wav->block;
    lseek(file, begin, SEEK_SET);
  }

  static int read(void* self, uint8_t* to, int count) {
    if (interrupted()) return AVERROR_EXIT;
    const auto* input = static_cast<Input*>(self);
    const long long left = input->end - lseek(input->file, 0, SEEK_CUR);
    const auto wanted = static_cast<size_t>(std::clamp<long long>(left, 0, count));
    const ssize_t got = wanted > 0 ? ::read(input->file, to, wanted) : 0;
    if (got == 0) return AVERROR_EOF;
    return got < 0 ? AVERROR(errno) : static_cast<int>(got);
  }
  static int64_t seek(void* self, int64_t offset, int whence) {
    const auto* input = static_cast<Input*>(self);
    if (whence & AVSEEK_SIZE) return input->end - input->begin;
    if ((whence & ~AVSEEK_FORCE) == SEEK_SET) offset += input->begin;
    const off_t at = lseek(input->file, offset, whence & ~AVSEEK_FORCE);
    return at < 0 ? AVERROR(errno) : at - input->begin;
  }
};

MediaFile::MediaFile(const std::string& path) : path_(path), input_(std::make_unique<Input>(path)) {
  const std::string bytes = show_count(input_->size) + (input_->size == 1 ? " byte" : " bytes");
  if (input_->text) throw Error(path + ": no audio in it (" + bytes + " of text)");
  try {
    format_ = avformat_alloc_context();
    format_->pb = input_->io;
    format_->io_open = refuse_to_open;
    format_->interrupt_callback.callback = ask_interrupt;
    const AVInputFormat* samples = nullptr;
    AVDictionary* settings = nullptr;
    if (const auto& wav = input_->wav) {  // its header has been read: there is nothing else to find out
      samples = av_find_input_format(wav->samples.c_str());
      av_dict_set_int(&settings, "sample_rate", wav->rate, 0);
      av_dict_set(&settings, "ch_layout", (std::to_string(wav->channels) + "C").c_str(), 0);
    }
    // on failure FFmpeg frees the context itself
    const int opened = avformat_open_input(&format_, path.c_str(), samples, &settings);
    av_dict_free(&settings);
    check_interrupt();
    if (opened < 0) throw Error(path + ": no audio in it (" + bytes + " of no known format)");
    if (!samples) avformat_find_stream_info(format_, nullptr);
    check_interrupt();
    const int found = av_find_best_stream(format_, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (found < 0) throw Error(path + ": no audio in it (" + bytes + " of " + format_->iformat->name + ")");
    stream_ = format_->streams[found];
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      if (format_->streams[i] != stream_) format_->streams[i]->discard = AVDISCARD_ALL;
    }
    if (samples) stream_->duration = (input_->end - input_->begin) / input_->wav->block;
    open_decoder();
  } catch (...) {
    avcodec_free_context(&decoder_);
    avformat_close_input(&format_);
    throw;
  }
}

MediaFile::~MediaFile() {
  av_frame_free(&frame_);
  av_packet_free(&packet_);
  avcodec_free_context(&decoder_);
  avformat_close_input(&format_);
}

void MediaFile::open_decoder() {
  const AVCodec* codec = avcodec_find_decoder(stream_->codecpar->codec_id);
  if (!codec) throw Error(path_ + ": no decoder for its audio (" + this->codec() + ")");
  decoder_ = avcodec_alloc_context3(codec);
  avcodec_parameters_to_context(decoder_, stream_->codecpar);
  decoder_->pkt_timebase = stream_->time_base;  // without it padding at the end is not cut off
  decoder_->thread_count = 1;                   // files are decoded side by side
  if (avcodec_open2(decoder_, codec, nullptr) < 0) {
    throw Error(path_ + ": its audio cannot be decoded (" + this->codec() + ")");
  }
  packet_ = av_packet_alloc();
  frame_ = av_frame_alloc();
}

int MediaFile::rate() const { return stream_->codecpar->sample_rate; }
int MediaFile::channels() const { return stream_->codecpar->ch_layout.nb_channels; }
std::string MediaFile::codec() const { return avcodec_get_name(stream_->codecpar->codec_id); }

std::optional<double> MediaFile::promised_seconds() const {
  if (const auto& wav = input_->wav; wav && wav->bytes) {
    return static_cast<double>(*wav->bytes / wav->block) / wav->rate;
  }
  const int64_t first = stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
  const auto said = seconds();
  if (!said) return std::nullopt;
  return *said - static_cast<double>(std::max<int64_t>(0, first)) * av_q2d(stream_->time_base);  // nothing lies before
}

std::optional<double> MediaFile::seconds() const {
  if (format_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return std::nullopt;
  if (stream_->duration != AV_NOPTS_VALUE) {
    return static_cast<double>(stream_->duration) * av_q2d(stream_->time_base);
  }
  if (format_->duration != AV_NOPTS_VALUE) return static_cast<double>(format_->duration) / AV_TIME_BASE;
  return std::nullopt;
}

double MediaFile::seconds_in_bytes() const {
  const int bits = av_get_exact_bits_per_sample(stream_->codecpar->codec_id) * channels();
  if (bits <= 0 || rate() <= 0) return 0;
  const double held = static_cast<double>(input_->size) * 8 / bits / rate();
  return std::min(held, seconds().value_or(0));
}

double MediaFile::likely_seconds() const {
  constexpr double kFewestBytes = 500;  // of a second: 4 kbit/s
  return std::min(seconds().value_or(0), static_cast<double>(input_->size) / kFewestBytes);
}

std::optional<long long> MediaFile::count_samples() {
  if (input_->wav) return stream_->duration;
  PacketLengths lengths(*stream_, *decoder_);
  long long total = 0;
  while (read_packet()) {
    total += lengths.take(*packet_);
    av_packet_unref(packet_);
  }
  if (!lengths.told()) return std::nullopt;
  return total;
}

/// Fetches the next packet of our stream; false at the end.
bool MediaFile::read_packet() {
  while (true) {
    const int status = av_read_frame(format_, packet_);
    check_interrupt();
    if (status < 0) return false;
    if (packet_->stream_index == stream_->index) return true;
    av_packet_unref(packet_);
  }
}

/// Goes to plain samples directly: they lie evenly. Gives the place of the next packet, none where it stays as it was.
std::optional<long long> MediaFile::jump(long long sample) {
  auto& known = *stream_->codecpar;
  const int bits = av_get_exact_bits_per_sample(known.codec_id) * known.ch_layout.nb_channels;
  const bool counts_samples = stream_->time_base.num == 1 && stream_->time_base.den == known.sample_rate;
  if (bits <= 0 || bits % 8 != 0 || !counts_samples) return std::nullopt;
  known.block_align = bits / 8;  // FFmpeg goes by what the header says of these
  known.bit_rate = int64_t{bits} * known.sample_rate;
  const int64_t first = stream_->start_time == AV_NOPTS_VALUE ? 0 : stream_->start_time;
  if (av_seek_frame(format_, stream_->index, first + sample, AVSEEK_FLAG_BACKWARD) < 0) return std::nullopt;
  if (!read_packet()) {  // beyond the end
    av_seek_frame(format_, stream_->index, first, AVSEEK_FLAG_BACKWARD);
    return std::nullopt;
  }
  waiting_ = true;
  return packet_->pts - first;
}

bool MediaFile::skip_to(long long sample) {
  const long long begin = sample - rate();
  if (begin <= 0) return true;
  if (const auto place = jump(begin)) return place_ = *place, true;
  skipped_ = std::make_unique<PacketLengths>(*stream_, *decoder_);
  while (skipped_->told() && read_packet()) {
    const bool cut = skipped_->to_skip() > 0 || av_packet_get_side_data(packet_, AV_PKT_DATA_SKIP_SAMPLES, nullptr);
    const long long length = skipped_->take(*packet_);
    if (!cut && place_ + length > begin) {
      leave_out_nothing(*packet_);
      waiting_ = true;
      packet_->pts = place_;
      place_ += length;
      return true;
    }
    place_ += length;
    av_packet_unref(packet_);
  }
  ended_ = true;
  return skipped_->told();
}

/// Gives the decoder one more packet, or the news that there is none; false when it had that already.
bool MediaFile::feed() {
  while (!ended_) {
    if (!waiting_ && !read_packet()) {
      ended_ = true;
      avcodec_send_packet(decoder_, nullptr);
      return true;
    }
    if (skipped_ && !waiting_) {
      packet_->pts = place_;
      place_ += skipped_->take(*packet_);
    }
    waiting_ = false;
    const int sent = avcodec_send_packet(decoder_, packet_);
    av_packet_unref(packet_);
    if (sent >= 0) return true;
    ++damaged_;
  }
  return false;
}

std::optional<Frame> MediaFile::next() {
  while (true) {
    const int status = avcodec_receive_frame(decoder_, frame_);
    if (status == 0) {
      if (frame_->nb_samples <= 0 || frame_->ch_layout.nb_channels <= 0) continue;
      if (skipped_) place_ = frame_->pts;
      skipped_.reset();
      const Frame frame{place_, static_cast<size_t>(frame_->nb_samples), frame_->sample_rate,
                        frame_->ch_layout.nb_channels};
      place_ += frame_->nb_samples;
      return frame;
    }
    if (status == AVERROR_EOF) return std::nullopt;
    if (status != AVERROR(EAGAIN)) ++damaged_;
    if (!feed()) return std::nullopt;
  }
}

size_t MediaFile::append(size_t first, size_t count, Planes& out) const {
  switch (frame_->format) {
    case AV_SAMPLE_FMT_U8:
    case AV_SAMPLE_FMT_U8P: return append_samples<uint8_t>(*frame_, first, count, out);
    case AV_SAMPLE_FMT_S16:
    case AV_SAMPLE_FMT_S16P: return append_samples<int16_t>(*frame_, first, count, out);
    case AV_SAMPLE_FMT_S32:
    case AV_SAMPLE_FMT_S32P: return append_samples<int32_t>(*frame_, first, count, out);
    case AV_SAMPLE_FMT_S64:
    case AV_SAMPLE_FMT_S64P: return append_samples<int64_t>(*frame_, first, count, out);
    case AV_SAMPLE_FMT_FLT:
    case AV_SAMPLE_FMT_FLTP: return append_samples<float>(*frame_, first, count, out);
    case AV_SAMPLE_FMT_DBL:
    case AV_SAMPLE_FMT_DBLP: return append_samples<double>(*frame_, first, count, out);
    default: throw Error(path_ + ": its audio has samples of an unknown type");
  }
}

}  // namespace lumir::audio
