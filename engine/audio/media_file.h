// One audio stream of one file, frame by frame: the only place that talks to libavformat and libavcodec.
//
// FFmpeg reads through our own callbacks. So a playlist cannot make it open other files or addresses, Ctrl-C stops a
// slow disk, and a path is never taken for a protocol.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "audio/packet_lengths.h"
#include "audio/soxr_stream.h"

struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVIOContext;
struct AVPacket;
struct AVStream;

namespace lumir::audio {

/// What one decoded frame holds, valid until the next one is asked for.
struct Frame {
  long long at = 0;   // place of its first sample, counted from the file's beginning
  size_t length = 0;  // samples of a channel
  int rate = 0;
  int channels = 0;
};

class MediaFile {
 public:
  /// Opens the file and finds its audio; throws Error, one line that begins with the path.
  explicit MediaFile(const std::string& path);
  ~MediaFile();
  MediaFile(const MediaFile&) = delete;
  MediaFile& operator=(const MediaFile&) = delete;

  const std::string& path() const { return path_; }
  int rate() const;
  int channels() const;
  std::string codec() const;
  /// Seconds as the headers say; none where they do not, or where FFmpeg only guesses from the bit rate.
  std::optional<double> seconds() const;
  /// Seconds as the file was meant to last: more than seconds() where a wav was cut.
  std::optional<double> promised_seconds() const;
  /// Seconds that its size proves, whatever the headers say: where every sample takes the same number of bits. Else 0.
  double seconds_in_bytes() const;
  /// Seconds to make room for: what the headers say, as far as the size can carry it.
  double likely_seconds() const;
  /// Samples that next() would give in all, by adding up the packets; none where they do not tell. Takes the file to
  /// its end, so it stands for next().
  std::optional<long long> count_samples();

  /// Passes over what lies before `sample`, undecoded but for a second in which decoders find their state: then next()
  /// begins near it, at the latest there, with the samples that decoding all would give. False where the packets do not
  /// tell their lengths; the file is of no use then. Before the first next().
  bool skip_to(long long sample);
  /// The next frame, encoder delay and padding already cut off; none at the end. Damaged pieces are skipped and
  /// counted. Throws Interrupted after Ctrl-C.
  std::optional<Frame> next();
  /// Place of the sample that comes next.
  long long place() const { return place_; }
  /// Appends `count` samples of the current frame, from its `first` on, as float of -1 to 1: channel by channel where
  /// `out` has as many planes, else the mean of them all to each. Returns how many were NaN or infinite (and are 0 now).
  size_t append(size_t first, size_t count, Planes& out) const;
  /// Pieces that could not be decoded so far.
  size_t damaged() const { return damaged_; }

 private:
  void open_decoder();
  bool read_packet();
  std::optional<long long> jump(long long sample);
  bool feed();

  struct Input;
  std::string path_;
  std::unique_ptr<Input> input_;
  AVFormatContext* format_ = nullptr;
  AVStream* stream_ = nullptr;
  AVCodecContext* decoder_ = nullptr;
  AVPacket* packet_ = nullptr;
  AVFrame* frame_ = nullptr;
  std::unique_ptr<PacketLengths> skipped_;  // while packets are numbered by the samples before them
  long long place_ = 0;                     // of the next sample, or packet
  bool waiting_ = false;                    // packet_ has been read, but not sent
  bool ended_ = false;
  size_t damaged_ = 0;
};

}  // namespace lumir::audio
