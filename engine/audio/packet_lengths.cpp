// What FFmpeg's decoders will do with a packet, worked out beforehand.

#include "audio/packet_lengths.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/intreadwrite.h>
}

namespace lumir::audio {
namespace {

enum class Told {
  never,     // packets and frames do not correspond, or nobody has looked
  by_bytes,  // a packet's first bytes tell
  always,    // all frames are of one length, also the last one, whatever a container says
  by_clock,  // the container's times do
};

Told how_told(AVCodecID codec) {
  if (av_get_exact_bits_per_sample(codec) > 0) return Told::by_clock;
  switch (codec) {
    case AV_CODEC_ID_VORBIS:
    case AV_CODEC_ID_OPUS:
    case AV_CODEC_ID_FLAC: return Told::by_bytes;
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3:
    case AV_CODEC_ID_AAC:
    case AV_CODEC_ID_AC3: return Told::always;
    case AV_CODEC_ID_EAC3:
    case AV_CODEC_ID_DTS:
    case AV_CODEC_ID_ALAC:
    case AV_CODEC_ID_TTA:
    case AV_CODEC_ID_WAVPACK:
    case AV_CODEC_ID_SPEEX:
    case AV_CODEC_ID_GSM:
    case AV_CODEC_ID_ADPCM_MS:
    case AV_CODEC_ID_ADPCM_IMA_WAV:
    case AV_CODEC_ID_ADPCM_G722: return Told::by_clock;
    default: return Told::never;
  }
}

/// Bytes of the frame of MPEG audio, layer 2 or 3, that begins here; 0 where none does, or it does not say.
int mpeg_frame_bytes(std::span<const uint8_t> bytes) {
  if (bytes.size() < 4 || bytes[0] != 0xff || (bytes[1] & 0xe0) != 0xe0) return 0;
  constexpr std::array<int, 16> kLayer2{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0};
  constexpr std::array<int, 16> kLayer3{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0};
  constexpr std::array<int, 16> kLow{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0};
  constexpr std::array<int, 4> kRates{44100, 48000, 32000, 0};
  const int version = bytes[1] >> 3 & 3, layer = 4 - (bytes[1] >> 1 & 3);  // version: 3 MPEG-1, 2 MPEG-2, 0 MPEG-2.5
  const bool low = version != 3;
  const int rate = kRates[bytes[2] >> 2 & 3] / (version == 3 ? 1 : version == 2 ? 2 : 4);
  const size_t index = bytes[2] >> 4;
  const int kilobits = low ? kLow[index] : layer == 2 ? kLayer2[index] : kLayer3[index];
  if (version == 1 || (layer != 2 && layer != 3) || rate == 0) return 0;
  return (low && layer == 3 ? 72 : 144) * 1000 * kilobits / rate + (bytes[2] >> 1 & 1);
}

/// Bytes of the longest frame of FLAC, as its header says; 0 where it does not.
int longest_flac_frame(const AVCodecParameters& known) {
  return known.extradata_size >= 10 ? static_cast<int>(AV_RB24(known.extradata + 7)) : 0;
}

/// False for a packet that is cut, or holds more than a frame: a decoder may make anything of it.
bool is_whole(const AVCodecParameters& known, const AVPacket& packet) {
  switch (known.codec_id) {
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3: return mpeg_frame_bytes({packet.data, static_cast<size_t>(packet.size)}) == packet.size;
    case AV_CODEC_ID_FLAC: return longest_flac_frame(known) == 0 || packet.size <= longest_flac_frame(known);
    default: return true;
  }
}

}  // namespace

void PacketLengths::Close::operator()(AVCodecParserContext* parser) const { av_parser_close(parser); }

PacketLengths::PacketLengths(const AVStream& stream, AVCodecContext& decoder) : stream_(stream), decoder_(decoder) {
  const AVCodecID codec = stream.codecpar->codec_id;
  if (how_told(codec) == Told::by_bytes) parser_.reset(av_parser_init(codec));
  if (parser_) parser_->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  if (codec == AV_CODEC_ID_OPUS) to_skip_ = decoder.delay;  // its decoder leaves out the pre-skip by itself
  told_ = how_told(codec) != Told::never && stream.codecpar->sample_rate > 0;
}

long long PacketLengths::parsed(const AVPacket& packet) {
  uint8_t* out = nullptr;
  int size = 0;
  parser_->duration = 0;
  av_parser_parse2(parser_.get(), &decoder_, &out, &size, packet.data, packet.size, packet.pts, packet.dts, packet.pos);
  const long long length = parser_->duration;
  if (stream_.codecpar->codec_id != AV_CODEC_ID_VORBIS) {
    told_ = told_ && length > 0 && is_whole(*stream_.codecpar, packet);
    return length;
  }
  // in a chain the next song's headers come in between, and how its first frame begins is the decoder's business
  const bool header = packet.size > 0 && (packet.data[0] & 1) != 0;
  told_ = told_ && !header;
  return std::exchange(first_, false) ? 0 : length;  // the first frame only begins an overlap
}

long long PacketLengths::whole_frames(const AVPacket& packet) {
  const AVCodecParameters& known = *stream_.codecpar;
  const long long length = av_get_audio_frame_duration2(const_cast<AVCodecParameters*>(&known), packet.size);
  // a frame of AAC is twice as long where its upper half is made up; then the container's time is too
  const bool doubled = known.codec_id == AV_CODEC_ID_AAC && 2 * by_clock(packet) > 3 * length;
  told_ = told_ && length > 0 && !doubled && is_whole(known, packet);
  return length;
}

long long PacketLengths::by_clock(const AVPacket& packet) const {
  return av_rescale_q(packet.duration, stream_.time_base, {1, stream_.codecpar->sample_rate});
}

long long PacketLengths::decoded(const AVPacket& packet) {
  if (parser_) return parsed(packet);
  if (how_told(stream_.codecpar->codec_id) == Told::always) return whole_frames(packet);
  const AVRational unit = stream_.time_base;
  const bool counts_samples = unit.den % (int64_t{stream_.codecpar->sample_rate} * unit.num) == 0;
  const long long length = packet.duration > 0 && counts_samples
                               ? by_clock(packet)
                               : av_get_audio_frame_duration2(stream_.codecpar, packet.size);
  told_ = told_ && length > 0;
  return length;
}

long long PacketLengths::take(const AVPacket& packet) {
  if (!told_) return 0;
  long long length = decoded(packet), discard = 0;
  size_t size = 0;
  if (const uint8_t* cut = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size); cut && size >= 8) {
    to_skip_ = AV_RL32(cut);
    discard = AV_RL32(cut + 4);
  }
  const long long skipped = std::min(to_skip_, length);
  to_skip_ -= skipped;
  if (packet.flags & AV_PKT_FLAG_DISCARD) return 0;
  length -= skipped;
  return discard <= length ? length - discard : length;
}

}  // namespace lumir::audio
