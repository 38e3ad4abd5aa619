// The table of codecs, and those of plain values.

#include "core/codec.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "core/error.h"
#include "core/hash.h"
#include "core/writer_sum.h"

namespace lumir {
namespace {

struct Codecs {
  std::map<std::string, Codec, std::less<>> by_name;
  std::map<std::type_index, const Codec*> by_type;
};
Codecs& codecs() {
  static Codecs all;
  return all;
}

const Codec& codec_of(const std::any& value) {
  const auto found = codecs().by_type.find(value.type());
  if (found != codecs().by_type.end()) return *found->second;
  throw ArgumentError("no form on disk is known for " + kind_of(value));
}

/// Bytes on their way to a number.
class ContentWriter final : public Writer {
 public:
  uint64_t finish() { return sum_.finish(); }

 private:
  void put(std::span<const std::byte> piece) override { sum_.add(piece); }
  Checksum sum_;
};

size_t padding(size_t at) { return (kNumbersAlignment - at % kNumbersAlignment) % kNumbersAlignment; }

const RegisterCodec<double> number_codec{"number", [](const double& value, Writer& to) { to.number(value); },
                                         [](Reader& from) { return from.number<double>(); }};
const RegisterCodec<std::string> text_codec{"text", [](const std::string& value, Writer& to) { to.text(value); },
                                            [](Reader& from) { return from.text(); }};

}  // namespace

void Writer::bytes(std::span<const std::byte> piece) {
  if (piece.empty()) return;
  put(piece);
  size_ += piece.size();
}

void Writer::text(std::string_view text) {
  number<uint64_t>(text.size());
  bytes(std::as_bytes(std::span(text.data(), text.size())));
}

void Writer::texts(const std::vector<std::string>& list) {
  number<uint64_t>(list.size());
  for (const auto& one : list) text(one);
}

uint64_t content_of_bytes(const std::function<void(Writer&)>& write) {
  ContentWriter writer;
  write(writer);
  return writer.finish();
}

void Writer::align() {
  static constexpr std::byte kZeros[kNumbersAlignment] = {};
  bytes({kZeros, padding(size_)});
}

std::span<std::byte> Reader::view(size_t size) {
  if (at_ > bytes_.all.size() || size > bytes_.all.size() - at_) too_short();
  const auto piece = bytes_.all.subspan(at_, size);
  at_ += size;
  return piece;
}

std::string Reader::text() {
  const auto piece = view(number<uint64_t>());
  return {reinterpret_cast<const char*>(piece.data()), piece.size()};
}

std::vector<std::string> Reader::texts() {
  std::vector<std::string> list;
  for (auto left = number<uint64_t>(); left > 0; --left) list.push_back(text());
  return list;
}

void Reader::align() { view(padding(at_)); }

void Reader::too_short() { throw Error("a kept result ends too early"); }

void register_codec(std::type_index own, std::type_index lent, Codec codec) {
  const std::string name = codec.name;
  const auto [kept, is_new] = codecs().by_name.emplace(name, std::move(codec));
  if (!is_new || codecs().by_type.contains(own)) {
    std::fprintf(stderr, "lumir: the codec '%s' is registered twice\n", name.c_str());
    std::exit(1);
  }
  codecs().by_type[own] = codecs().by_type[lent] = &kept->second;
}

void write_result(const std::any& value, Writer& to) {
  const Codec& codec = codec_of(value);
  to.text(codec.name);
  codec.write(value, to);
}

std::any read_result(Reader& from) {
  const std::string name = from.text();
  const auto found = codecs().by_name.find(name);
  if (found == codecs().by_name.end()) throw Error("a kept result is of the unknown kind '" + name + "'");
  return found->second.read(from);
}

uint64_t content_of(const std::any& value) {
  const Codec& codec = codec_of(value);
  if (codec.content) return codec.content(value);
  return content_of_bytes([&](Writer& to) { codec.write(value, to); });
}

}  // namespace lumir
