// Codec: the clip as it sounds after mp3 or Vorbis has thrown away what it thinks nobody hears.

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstring>

#include <sys/mman.h>

#include "audio/decode.h"
#include "audio/resample.h"
#include "audio/write.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct CodecOptions {
  std::string format = "mp3";
  double bit_rate = 64000;

  static Schema schema() {
    return {
        Option{"format", &CodecOptions::format, "what encodes and decodes", Choices{"mp3", "ogg"}},
        Option{"bit_rate", &CodecOptions::bit_rate, "of the whole clip; the nearest that mp3 has at the clip's rate",
               Unit{"bit/s"}, Range{8000, 512000}}};
  }
};

/// A file that lives in memory.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& bytes) : file_(memfd_create("lumir", MFD_CLOEXEC)) {
    if (file_ < 0) throw Error(std::string("codec: ") + std::strerror(errno));
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t wrote = ::write(file_, bytes.data() + done, bytes.size() - done);
      if (wrote < 0) {
        close(file_);
        throw Error(std::string("codec: ") + std::strerror(errno));
      }
      done += static_cast<size_t>(wrote);
    }
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

template <class T>
T nearest_of(const std::vector<T>& values, double wanted) {
  return *std::min_element(values.begin(), values.end(),
                           [&](T a, T b) { return std::fabs(a - wanted) < std::fabs(b - wanted); });
}

/// Of those that hold the whole sound, the lowest; the highest where none does.
int rate_for(const std::string& format, int rate) {
  const std::vector<int> known = audio::encoder_rates(format);
  if (known.empty()) return rate;
  const auto enough = std::find_if(known.begin(), known.end(), [&](int one) { return one >= rate; });
  return enough == known.end() ? known.back() : *enough;
}

Clip codec(const Clip& clip, const CodecOptions& options) {
  if (clip.samples.empty()) return clip;
  if (options.format == "mp3" && clip.channels > 2) {
    throw ArgumentError("codec: mp3 holds one or two channels, the clip has " + std::to_string(clip.channels));
  }
  audio::ResampleOptions there;
  there.rate = rate_for(options.format, clip.rate);
  audio::WriteOptions write;
  write.format = options.format;
  write.bit_rate = options.bit_rate;
  if (options.format == "mp3") {
    write.bit_rate = 1000.0 * nearest_of(audio::mp3_bit_rates(there.rate), options.bit_rate / 1000);
  }
  const MemoryFile file(audio::encode(resample(clip, there), write));
  Clip decoded = audio::decode(file.path(), {.rate = clip.rate, .mono = false}).clip;
  return each_channel(decoded, [&](std::span<const float> samples) {
    Floats same(samples.begin(), samples.end());
    same.resize(clip.length());
    return same;
  });
}

const RegisterEffect<CodecOptions> codec_effect{
    "codec",
    codec,
    {.summary = "Encodes a clip with loss and decodes it again; its length stays.",
     .options = "{ format = 'mp3', bit_rate = 32000 }",
     .varied = "{ format = 'mp3', bit_rate = { 32000, 128000 } }",
     .source = "applyMp3Compression of Mauch and Ewert, The Audio Degradation Toolbox (ISMIR 2013); LAME and libvorbis "
               "through FFmpeg"}};

}  // namespace
}  // namespace lumir::augment
