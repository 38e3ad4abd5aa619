// How many samples packets give, told without decoding them.
//
// A container's own word for its length is often wrong: it counts an encoder's padding, or silence before the first
// packet; it was written before the file was joined to another, or cut. Packets say what they hold, and how much of it
// is to be left out. Adding them up gives the number that decoding gives, in some 90 ms for each hour.

#pragma once

#include <memory>

struct AVCodecContext;
struct AVCodecParserContext;
struct AVPacket;
struct AVStream;

namespace lumir::audio {

class PacketLengths {
 public:
  /// For packets of the stream in their order, from its first one on; `decoder` has been opened for it.
  PacketLengths(const AVStream& stream, AVCodecContext& decoder);

  /// Samples of a channel that the next packet leaves of what it decodes to.
  long long take(const AVPacket& packet);
  /// Samples that are still to be left out of what comes next.
  long long to_skip() const { return to_skip_; }
  /// False for codecs whose packets do not tell, and once one has not told: then only decoding shows.
  bool told() const { return told_; }

 private:
  long long decoded(const AVPacket& packet);
  long long parsed(const AVPacket& packet);
  long long whole_frames(const AVPacket& packet);
  long long by_clock(const AVPacket& packet) const;

  struct Close {
    void operator()(AVCodecParserContext* parser) const;
  };
  const AVStream& stream_;
  AVCodecContext& decoder_;
  std::unique_ptr<AVCodecParserContext, Close> parser_;
  long long to_skip_ = 0;
  bool first_ = true;
  bool told_ = true;
};

}  // namespace lumir::audio
