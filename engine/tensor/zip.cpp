// An archive: each member behind a head of its own, then the list of all, then where that list stands. Sizes and places
// beyond 32 bits stand in a field of their own ("zip64"), which NumPy writes for small members too.
//
// The format: pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. A file may come from anywhere: every place and size
// is checked before it is used.

#include "tensor/zip.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <zlib.h>

#include "core/error.h"
#include "core/file.h"
#include "core/mapped_file.h"

namespace lumir::tensor {
namespace {

constexpr uint32_t kMemberMark = 0x04034b50, kListMark = 0x02014b50, kEndMark = 0x06054b50;
constexpr uint32_t kEnd64Mark = 0x06064b50, kEnd64PlaceMark = 0x07064b50;
constexpr size_t kMemberHead = 30, kListHead = 46, kEnd = 22, kEnd64 = 56, kEnd64Place = 20;
constexpr uint32_t kElsewhere = 0xffffffff;  // the number stands in the zip64 field
constexpr uint16_t kPlain = 0, kDeflated = 8, kUtf8 = 1 << 11;
constexpr uint64_t kMostInflation = 1040;  // no deflated byte stands for more
constexpr uint16_t kFirstOfJanuary1980 = 33;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(path + ": not a whole .npz or .pth file (" + reason + ")");
}

/// The file, every read of which is checked.
class ZipFile {
 public:
  explicit ZipFile(const std::string& path) : path_(path), file_(path) {}

  template <class T>
  T number(uint64_t at) const {
    T value;
    std::memcpy(&value, view(at, sizeof value).data(), sizeof value);
    return value;
  }
  std::span<const std::byte> view(uint64_t at, uint64_t size) const {
    const auto all = file_.bytes();
    if (at > all.size() || size > all.size() - at) refuse(path_, "it is cut off");
    return all.subspan(at, size);
  }
  std::string text(uint64_t at, uint64_t size) const {
    const auto piece = view(at, size);
    return {reinterpret_cast<const char*>(piece.data()), piece.size()};
  }
  uint64_t size() const { return file_.bytes().size(); }
  std::shared_ptr<const void> owner() const { return file_.owner(); }

 private:
  const std::string& path_;
  MappedFile file_;
};

struct Listing {
  std::string name;
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t packed = 0;
  uint64_t size = 0;
  uint64_t place = 0;
};

/// Where the last record begins: behind it stands a comment at most.
uint64_t find_end(const std::string& path, const ZipFile& file) {
  if (file.size() < kEnd) refuse(path, "it has " + std::to_string(file.size()) + " bytes");
  const uint64_t last = file.size() - kEnd;
  for (uint64_t back = 0; back <= std::min<uint64_t>(last, 65535); ++back) {
    if (file.number<uint32_t>(last - back) == kEndMark) return last - back;
  }
  refuse(path, "its list of members is missing");
}

/// Numbers that did not fit stand in an extra field, in the order of the record.
void read_zip64(const ZipFile& file, uint64_t at, uint64_t size, Listing& listing) {
  for (const uint64_t end = at + size; at + 4 <= end;) {
    const auto kind = file.number<uint16_t>(at);
    const auto length = file.number<uint16_t>(at + 2);
    at += 4;
    if (kind == 1) {
      uint64_t next = at;
      for (uint64_t* number : {&listing.size, &listing.packed, &listing.place}) {
        if (*number != kElsewhere || next + 8 > at + length) continue;
        *number = file.number<uint64_t>(next);
        next += 8;
      }
    }
    at += length;
  }
}

std::vector<Listing> list_members(const std::string& path, const ZipFile& file) {
  const uint64_t end = find_end(path, file);
  uint64_t count = file.number<uint16_t>(end + 10), at = file.number<uint32_t>(end + 16);
  if (end >= kEnd64Place && file.number<uint32_t>(end - kEnd64Place) == kEnd64PlaceMark) {
    const auto end64 = file.number<uint64_t>(end - kEnd64Place + 8);
    if (file.number<uint32_t>(end64) != kEnd64Mark) refuse(path, "its list of members is missing");
    count = file.number<uint64_t>(end64 + 32);
    at = file.number<uint64_t>(end64 + 48);
  }
  std::vector<Listing> members;
  for (; count > 0; --count) {
    if (file.number<uint32_t>(at) != kListMark) refuse(path, "its list of members is damaged");
    Listing one;
    if (file.number<uint16_t>(at + 8) & 1) refuse(path, "it is encrypted");
    one.method = file.number<uint16_t>(at + 10);
    one.crc = file.number<uint32_t>(at + 16);
    one.packed = file.number<uint32_t>(at + 20);
    one.size = file.number<uint32_t>(at + 24);
    const auto name = file.number<uint16_t>(at + 28);
    const auto extra = file.number<uint16_t>(at + 30);
    const auto comment = file.number<uint16_t>(at + 32);
    one.place = file.number<uint32_t>(at + 42);
    one.name = file.text(at + kListHead, name);
    read_zip64(file, at + kListHead + name, extra, one);
    members.push_back(std::move(one));
    at += kListHead + name + extra + comment;
  }
  // Else a small file could name the same bytes again and again, each of which is to be read.
  uint64_t packed = 0;
  for (const auto& one : members) {
    if (one.packed > file.size() - packed) refuse(path, "its members lie upon each other");
    packed += one.packed;
  }
  return members;
}

std::shared_ptr<std::vector<std::byte>> inflated(const std::string& path, std::span<const std::byte> packed,
                                                 uint64_t size) {
  if (size / kMostInflation > packed.size()) refuse(path, "a member is larger than it can be");
  auto out = std::make_shared<std::vector<std::byte>>(size);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  uint64_t read = 0, written = 0;
  int state = Z_OK;
  while (state == Z_OK) {  // zlib counts in 32 bits
    constexpr uint64_t kMost = 1 << 30;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data() + read));
    stream.avail_in = static_cast<uInt>(std::min(kMost, packed.size() - read));
    stream.next_out = reinterpret_cast<Bytef*>(out->data() + written);
    stream.avail_out = static_cast<uInt>(std::min(kMost, size - written));
    const uint64_t in = stream.avail_in, room = stream.avail_out;
    state = inflate(&stream, Z_NO_FLUSH);
    read += in - stream.avail_in;
    written += room - stream.avail_out;
    if (state == Z_OK && in == stream.avail_in && room == stream.avail_out) state = Z_BUF_ERROR;
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || written != size) refuse(path, "a member is damaged");
  return out;
}

uint32_t crc_of(std::span<const std::byte> bytes, uint32_t before = 0) {
  if (bytes.empty()) return before;  // no address at all would begin anew
  return static_cast<uint32_t>(crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// A member as it stands in the file.
Member find_member(const std::string& path, const ZipFile& file, const Listing& listing) {
  if (file.number<uint32_t>(listing.place) != kMemberMark) refuse(path, "a member is not where it should be");
  const uint64_t begin = listing.place + kMemberHead + file.number<uint16_t>(listing.place + 26) +
                         file.number<uint16_t>(listing.place + 28);
  return {listing.name, file.view(begin, listing.packed), file.owner()};
}

Member read_member(const std::string& path, const ZipFile& file, const Listing& listing) {
  Member member = find_member(path, file, listing);
  if (listing.method == kDeflated) {
    const auto bytes = inflated(path, member.bytes, listing.size);
    member.bytes = *bytes;
    member.owner = bytes;
  } else if (listing.method != kPlain || listing.packed != listing.size) {
    refuse(path, "a member is packed in a way that NumPy does not use");
  }
  if (crc_of(member.bytes) != listing.crc) refuse(path, "a member is damaged");
  return member;
}

std::string deflated_bytes(const std::string& head, std::span<const std::byte> bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string out;
  char piece[65536];
  const auto feed = [&](const std::byte* data, size_t size, bool last) {
    do {
      const size_t step = std::min<size_t>(size, 1 << 30);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data));
      stream.avail_in = static_cast<uInt>(step);
      data += step;
      size -= step;
      do {
        stream.next_out = reinterpret_cast<Bytef*>(piece);
        stream.avail_out = sizeof piece;
        deflate(&stream, last && size == 0 ? Z_FINISH : Z_NO_FLUSH);
        out.append(piece, sizeof piece - stream.avail_out);
      } while (stream.avail_out == 0);
    } while (size > 0);
  };
  feed(reinterpret_cast<const std::byte*>(head.data()), head.size(), false);
  feed(bytes.data(), bytes.size(), true);
  deflateEnd(&stream);
  return out;
}

/// Bytes of an archive's own records.
class Record {
 public:
  template <class T>
  Record& add(T number) {
    text_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Record& add(const std::string& text) {
    text_ += text;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

struct Written {
  const Part* part;
  uint16_t method;
  uint32_t crc;
  uint64_t packed;
  uint64_t size;
  uint64_t place;
};

/// What a member's own head and its line in the list have in common. All sizes stand in the zip64 field.
void add_common(Record& record, const Written& one, uint16_t extra) {
  record.add<uint16_t>(45).add(kUtf8).add(one.method).add<uint16_t>(0).add(kFirstOfJanuary1980).add(one.crc);
  record.add(kElsewhere).add(kElsewhere);
  record.add(static_cast<uint16_t>(one.part->name.size())).add(extra);
}

std::string member_head(const Written& one) {
  Record record;
  record.add(kMemberMark);
  add_common(record, one, 20);
  record.add(one.part->name).add<uint16_t>(1).add<uint16_t>(16).add(one.size).add(one.packed);
  return record.text();
}

std::string list_of(const std::vector<Written>& members, uint64_t place) {
  Record record;
  for (const auto& one : members) {
    record.add(kListMark).add<uint16_t>(3 << 8 | 45);  // as Unix makes them
    add_common(record, one, 28);
    record.add<uint16_t>(0).add<uint16_t>(0).add<uint16_t>(0).add<uint32_t>(0644u << 16).add(kElsewhere);
    record.add(one.part->name).add<uint16_t>(1).add<uint16_t>(24).add(one.size).add(one.packed).add(one.place);
  }
  const uint64_t size = record.text().size(), count = members.size();
  record.add(kEnd64Mark).add<uint64_t>(kEnd64 - 12).add<uint16_t>(45).add<uint16_t>(45).add<uint32_t>(0);
  record.add<uint32_t>(0).add(count).add(count).add(size).add(place);
  record.add(kEnd64PlaceMark).add<uint32_t>(0).add<uint64_t>(place + size).add<uint32_t>(1);
  record.add(kEndMark).add<uint16_t>(0).add<uint16_t>(0).add<uint16_t>(0xffff).add<uint16_t>(0xffff);
  record.add(kElsewhere).add(kElsewhere).add<uint16_t>(0);
  return record.text();
}

}  // namespace

struct Archive::Contents {
  explicit Contents(const std::string& name) : path(name), file(path), members(list_members(path, file)) {}
  std::string path;
  ZipFile file;
  std::vector<Listing> members;
};

Archive::Archive(const std::string& path) : contents_(std::make_unique<const Contents>(path)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive::~Archive() = default;

std::vector<std::string> Archive::names() const {
  std::vector<std::string> names;
  for (const auto& one : contents_->members) names.push_back(one.name);
  return names;
}

Member Archive::read(size_t i) const { return read_member(contents_->path, contents_->file, contents_->members.at(i)); }

Member Archive::read_plain(size_t i) const {
  const Listing& listing = contents_->members.at(i);
  const std::string& path = contents_->path;
  if (listing.method != kPlain || listing.packed != listing.size) refuse(path, "a member is packed");
  return listing.crc == 0 ? find_member(path, contents_->file, listing) : read(i);
}

void write_zip(const std::string& path, std::span<const Part> parts, bool deflated) {
  PartFile file(path);
  std::vector<Written> members;
  uint64_t at = 0;
  const auto write = [&](std::string_view bytes) {
    file.write(bytes);
    at += bytes.size();
  };
  for (const auto& part : parts) {
    const auto head = std::as_bytes(std::span(part.head));
    const std::string packed = deflated ? deflated_bytes(part.head, part.bytes) : "";
    const uint64_t size = head.size() + part.bytes.size();
    members.push_back({&part, deflated ? kDeflated : kPlain, crc_of(part.bytes, crc_of(head)),
                       deflated ? packed.size() : size, size, at});
    write(member_head(members.back()));
    if (deflated) {
      write(packed);
    } else {
      write(part.head);
      write({reinterpret_cast<const char*>(part.bytes.data()), part.bytes.size()});
    }
  }
  write(list_of(members, at));
  file.publish(Sync::yes);
}

}  // namespace lumir::tensor
