// The way from a file to a Clip: cut, clean, downmix, resample, piece by piece.

#include "audio/decode.h"

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "audio/media_file.h"
#include "core/denormals.h"
#include "core/error.h"
#include "core/readable.h"

namespace lumir::audio {
namespace {

constexpr int kHighestRate = 768000;             // Hz
constexpr double kLongest = 24 * 3600;           // seconds of one clip
constexpr double kMostSamples = 2147483648.0;    // of one clip
constexpr size_t kPiece = 8192;                  // samples of a channel that are resampled at once
constexpr size_t kUnrelieved = size_t{1} << 22;  // samples between looks at memory
constexpr int kSwelling = 64;         // times as many samples as in the file: from there on it is hardly sound
constexpr double kMostSwollen = 1e8;  // samples of such a clip
constexpr double kUnknownEnd = 0.25;  // seconds that headers and decoders may differ by

/// Samples of one clip that this machine can carry beside others: an eighth of its memory, at least 1 GB, or half of
/// the room where long clips stand on disk (core/spill.h). A forged rate of 1 Hz makes gigabytes of a small file:
/// what swells so gets less.
double samples_at_most(int from_rate, int to_rate) {
  if (to_rate / from_rate >= kSwelling) return kMostSwollen;
  const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  return std::max({1e9, memory / 8, static_cast<double>(spill_room()) / 2}) / sizeof(float);
}

std::string tenths(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

void check_rate(const std::string& path, int rate) {
  if (rate >= 1 && rate <= kHighestRate) return;
  throw Error(path + ": a sample rate of " + show_count(rate) + " Hz (1 to " + show_count(kHighestRate) + ")");
}

/// Takes frames of any rate and shape, gives samples of one.
class Collector {
 public:
  Collector(const MediaFile& file, const DecodeOptions& options)
      : path_(file.path()), options_(options), rate_(options.rate.value_or(file.rate())) {
    const int channels = options.mono ? 1 : std::max(1, file.channels());
    kept_.resize(static_cast<size_t>(channels));
    pending_.resize(kept_.size());
    skip_ = static_cast<long long>(options.offset * file.rate());
    const double frames = options.duration ? *options.duration * file.rate() : (kLongest + 60) * file.rate();
    left_ = static_cast<long long>(std::min(frames, 9e18));
    most_ = std::min({kLongest * rate_, kMostSamples / channels, samples_at_most(file.rate(), rate_) / channels});
    const double wanted = options.duration.value_or(kLongest + 60);
    if (std::min(file.seconds_in_bytes() - options.offset, wanted) * rate_ > most_) refuse();
    const double expected = std::min(file.likely_seconds(), wanted) * rate_;
    for (auto& plane : kept_) plane.reserve(static_cast<size_t>(std::clamp(expected, 0.0, most_) + kPiece));
  }

  bool full() const { return left_ <= 0; }
  double seconds_seen() const { return seconds_seen_; }

  /// The current frame of the file.
  void add(const MediaFile& file, const Frame& frame) {
    const auto length = static_cast<long long>(frame.length);
    if (seconds_seen_ == 0) {
      skip_ -= frame.at;
      seconds_seen_ = static_cast<double>(frame.at) / frame.rate;
    }
    seconds_seen_ += static_cast<double>(length) / frame.rate;
    const long long from = std::min(skip_, length);
    const long long count = std::min(length - from, left_);
    skip_ -= from;
    left_ -= count;
    if (count <= 0) return;
    if (frame.rate != pending_rate_) {
      flush();
      pending_rate_ = frame.rate;
    }
    Planes& out = frame.rate == rate_ ? kept_ : pending_;
    broken_ += file.append(static_cast<size_t>(from), static_cast<size_t>(count), out);
    if (pending_[0].size() >= kPiece) convert();
    look();
  }
  /// Samples that were no numbers.
  size_t broken() const { return broken_; }

  Clip finish() {
    flush();
    Clip clip;
    clip.rate = rate_;
    clip.channels = static_cast<int>(kept_.size());
    if (kept_.size() == 1) {
      clip.samples = std::move(kept_[0]);
      return clip;
    }
    for (auto& plane : kept_) {
      clip.samples.insert(clip.samples.end(), plane.begin(), plane.end());
      Planes::value_type().swap(plane);
    }
    return clip;
  }

 private:
  /// In pieces of at most 16 * kPiece new samples, so that a forged rate of 1 Hz cannot fill memory between two looks.
  void convert() {
    if (!stream_) stream_.emplace(static_cast<int>(kept_.size()), pending_rate_, rate_);
    const double grows = static_cast<double>(rate_) / pending_rate_;
    const auto piece = static_cast<size_t>(std::clamp(16 * kPiece / grows, 1.0, 16.0 * kPiece));
    const size_t length = pending_[0].size();
    for (size_t from = 0; from < length; from += piece) {
      stream_->push(pending_, std::min(piece, length - from), kept_, from);
      look();
    }
    for (auto& plane : pending_) plane.clear();
  }

  void flush() {
    if (!pending_[0].empty()) convert();
    if (stream_) stream_->finish(kept_);
    stream_.reset();
    look();
  }

  /// Refuses what is too much, and lets the memory of long clips go now and then.
  void look() {
    const size_t length = kept_[0].size();
    if (static_cast<double>(length) > most_) refuse();
    if (length < relieved_ + kUnrelieved) return;
    relieve_memory();
    relieved_ = length;
  }

  [[noreturn]] void refuse() const {
    throw Error(path_ + ": more sound than a clip may hold (" + tenths(most_ / rate_ / 3600) +
                " hours here; give a duration)");
  }

  std::string path_;
  const DecodeOptions& options_;
  int rate_;
  Planes kept_;     // at rate_
  Planes pending_;  // at pending_rate_, where that is another
  int pending_rate_ = 0;
  std::optional<SoxrStream> stream_;
  size_t relieved_ = 0;  // length at the last look at memory
  long long skip_ = 0;
  long long left_ = 0;
  double most_ = 0;
  double seconds_seen_ = 0;
  size_t broken_ = 0;
};

void tell_damage(const MediaFile& file, const Collector& collector, Decoded& out) {
  const std::string& path = file.path();
  if (collector.broken() > 0) {
    const char* noun = collector.broken() == 1 ? " sample was" : " samples were";
    out.warnings.push_back(path + ": " + show_count(static_cast<long>(collector.broken())) + noun +
                           " NaN or infinite, taken as 0");
  }
  if (file.damaged() > 0) {
    const char* noun = file.damaged() == 1 ? " piece" : " pieces";
    out.warnings.push_back(path + ": damaged, " + show_count(static_cast<long>(file.damaged())) + noun +
                           " could not be decoded");
  }
  const double said = file.promised_seconds().value_or(0);
  if (!collector.full() && collector.seconds_seen() < said - std::max(kUnknownEnd, 4608.0 / file.rate())) {
    out.warnings.push_back(path + ": ends early: " + tenths(collector.seconds_seen()) + " of " + tenths(said) + " s");
  }
}

/// By decoding all of it, where packets do not tell.
double decoded_seconds(const std::string& path) {
  MediaFile file(path);
  long long samples = 0;
  double other_seconds = 0;  // of pieces at another rate
  while (const auto frame = file.next()) {
    check_rate(path, frame->rate);
    const auto length = static_cast<long long>(frame->length);
    if (frame->rate == file.rate())
      samples += length;
    else
      other_seconds += static_cast<double>(length) / frame->rate;
  }
  return static_cast<double>(samples) / file.rate() + other_seconds;
}

/// The file where decoding begins: as far on as its packets lead.
std::unique_ptr<MediaFile> open_at(const std::string& path, double offset) {
  auto file = std::make_unique<MediaFile>(path);
  check_rate(path, file->rate());
  if (file->skip_to(static_cast<long long>(offset * file->rate()))) return file;
  return std::make_unique<MediaFile>(path);
}

}  // namespace

Decoded decode(const std::string& path, const DecodeOptions& options) {
  const FlushDenormals flush;
  const auto opened = open_at(path, options.offset);
  MediaFile& file = *opened;
  Collector collector(file, options);
  while (!collector.full()) {
    const auto frame = file.next();
    if (!frame) break;
    check_rate(path, frame->rate);
    collector.add(file, *frame);
  }
  if (file.place() == 0) {
    const char* why =
        file.damaged() > 0 ? ": damaged, nothing of its audio could be decoded (" : ": no samples in it (";
    throw Error(path + why + file.codec() + ")");
  }
  Decoded out;
  out.clip = collector.finish();
  if (out.clip.samples.empty()) {
    const double seconds = static_cast<double>(file.place()) / file.rate();
    throw Error(path + ": ends after " + tenths(seconds) + " s, before the offset of " + tenths(options.offset) + " s");
  }
  tell_damage(file, collector, out);
  return out;
}

Probe probe(const std::string& path) {
  MediaFile file(path);
  check_rate(path, file.rate());
  Probe found{0, file.rate(), file.channels(), file.codec()};
  const auto samples = file.count_samples();
  found.seconds = samples ? static_cast<double>(*samples) / file.rate() : decoded_seconds(path);
  if (found.seconds <= 0) decode(path, {.duration = 0.1});  // says why there is nothing
  return found;
}

}  // namespace lumir::audio
