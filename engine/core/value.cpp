// Text of Values: for people, and as canonical JSON.

#include "core/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/kind.h"
#include "core/text.h"

namespace lumir {
namespace {

const Value kNil;

// Names of files need not be UTF-8, and JSON must be. A byte that is none is written as Python writes it (PEP 383): as
// the lone surrogate \udc80 to \udcff, which no text has otherwise. The parser refuses those, so on the way in they
// pass as characters of the last private plane, U+10FF80 to U+10FFFF; bytes of these very characters are written as
// single bytes, so that every text comes back as it was.
constexpr std::string_view kLastPlane = "\xF4\x8F";  // then 0xBE or 0xBF, then the last six bits

bool is_held_byte(std::string_view character) {
  return character.size() == 4 && character.starts_with(kLastPlane) &&
         (static_cast<unsigned char>(character[2]) == 0xBE || static_cast<unsigned char>(character[2]) == 0xBF);
}

void write_byte(char byte, std::string& out) {
  constexpr const char* kDigits = "0123456789abcdef";
  const auto bits = static_cast<unsigned char>(byte);
  out += {'\\', 'u', 'd', 'c', kDigits[bits >> 4], kDigits[bits & 15]};
}

void write_text(const std::string& text, std::string& out) {
  std::string valid;
  const auto flush = [&] {
    const std::string quoted = nlohmann::json(std::exchange(valid, "")).dump();
    out.append(quoted, 1, quoted.size() - 2);
  };
  out += '"';
  for (std::string_view rest = text; !rest.empty();) {
    const size_t length = valid_character(rest);
    const std::string_view character = rest.substr(0, std::max<size_t>(length, 1));
    if (length > 0 && !is_held_byte(character)) {
      valid += character;
    } else {
      flush();
      for (const char byte : character) write_byte(byte, out);
    }
    rest.remove_prefix(character.size());
  }
  flush();
  out += '"';
}

int hex_at(std::string_view text, size_t at) {
  int code = 0;
  const auto end = text.data() + std::min(at + 4, text.size());
  const auto [stop, problem] = std::from_chars(text.data() + std::min(at, text.size()), end, code, 16);
  return problem == std::errc() && stop == text.data() + at + 4 ? code : -1;
}

/// Lone surrogates \udc80 to \udcff as \udbff\udf80 to \udbff\udfff, which the parser takes.
std::string hold_bytes(std::string_view json) {
  std::string out;
  bool after_high = false;  // the low half of a pair is no lone one
  for (size_t i = 0; i < json.size();) {
    const int code = json[i] == '\\' && i + 1 < json.size() && json[i + 1] == 'u' ? hex_at(json, i + 2) : -1;
    if (code >= 0xDC80 && code <= 0xDCFF && !after_high) {
      out += "\\udbff\\udf";
      out += json.substr(i + 4, 2);
    } else {
      out += json.substr(i, code >= 0 ? 6 : json[i] == '\\' ? 2 : 1);
    }
    after_high = code >= 0xD800 && code <= 0xDBFF;
    i += code >= 0 ? 6 : json[i] == '\\' ? 2 : 1;
  }
  return out;
}

/// A parsed text with its bytes that are no UTF-8.
std::string read_text(const std::string& parsed) {
  if (parsed.find(kLastPlane) == std::string::npos) return parsed;
  std::string out;
  for (std::string_view rest = parsed; !rest.empty();) {
    const std::string_view character = rest.substr(0, std::max<size_t>(valid_character(rest), 1));
    if (is_held_byte(character)) {
      // U+10FF80: the last two bytes hold 6 bits each, and the byte itself is the lower 8 of the 12
      out += static_cast<char>((static_cast<unsigned char>(character[2]) << 6 | (character[3] & 0x3F)) & 0xFF);
    } else {
      out += character;
    }
    rest.remove_prefix(character.size());
  }
  return out;
}

void new_line(int indent, int depth, std::string& out) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<size_t>(indent * depth), ' ');
}

void write_json(const Value& value, int indent, int depth, std::string& out) {
  if (const auto* b = value.boolean()) {
    out += *b ? "true" : "false";
  } else if (const auto* n = value.number()) {
    out += std::isfinite(*n) ? show_number(*n) : "null";
  } else if (const auto* t = value.text()) {
    write_text(*t, out);
  } else if (const auto* list = value.list()) {
    out += '[';
    for (size_t i = 0; i < list->size(); ++i) {
      if (i > 0) out += indent < 0 ? "," : ", ";
      write_json((*list)[i], -1, depth + 1, out);
    }
    out += ']';
  } else if (const auto* map = value.map()) {
    out += '{';
    bool first = true;
    for (const auto& [name, member] : *map) {
      if (!first) out += ',';
      first = false;
      new_line(indent, depth + 1, out);
      write_text(name, out);
      out += indent < 0 ? ":" : ": ";
      write_json(member, indent, depth + 1, out);
    }
    if (!first) new_line(indent, depth, out);
    out += '}';
  } else if (const auto* object = value.object()) {
    throw ArgumentError(kind_of(**object) + " cannot be written as text");
  } else {
    out += "null";
  }
}

/// Nobody writes options or models deeper than this by hand, and what recurses over them must not run out of stack.
constexpr int kDeepest = 200;

/// Where in a text a byte stands: "line 3, column 7".
std::string place_of(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t start = before.rfind('\n') + 1;  // 0 where there is none
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

/// "'}'": what stands where the text is broken.
std::string found_at(std::string_view text, size_t byte) {
  if (byte == 0 || byte > text.size()) return "the text ends too early";
  const auto c = static_cast<unsigned char>(text[byte - 1]);
  if (c == '\n') return "the line ends too early";
  if (c < 32 || c >= 127) return "a character that cannot stand there";
  return "'" + std::string(1, static_cast<char>(c)) + "' cannot stand there";
}

/// Throws where brackets nest too deep, before a parser that builds all of it sees them.
void check_depth(std::string_view text, std::string_view name) {
  int depth = 0;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      if (c == '\\') ++i;
      if (c == '"') inside = false;
    } else if (c == '"') {
      inside = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest) {
        throw Error(std::string(name) + ": nested deeper than " + std::to_string(kDeepest) + " levels (" +
                    place_of(text, i + 1) + ")");
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
}

Value convert(const nlohmann::json& json) {
  switch (json.type()) {
    case nlohmann::json::value_t::boolean: return json.get<bool>();
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
    case nlohmann::json::value_t::number_float: return json.get<double>();
    case nlohmann::json::value_t::string: return read_text(json.get_ref<const std::string&>());
    case nlohmann::json::value_t::array: {
      List list;
      for (const auto& element : json) list.push_back(convert(element));
      return list;
    }
    case nlohmann::json::value_t::object: {
      Map map;
      for (const auto& [name, member] : json.items()) map[read_text(name)] = convert(member);
      return map;
    }
    default: return {};
  }
}

}  // namespace

const Value& Value::operator[](std::string_view name) const {
  const Map* members = map();
  if (!members) return kNil;
  const auto found = members->find(std::string(name));
  return found == members->end() ? kNil : found->second;
}

const Value& Value::at(std::string_view name) const {
  const Value& member = (*this)[name];
  if (member.is_nil()) throw Error("no '" + std::string(name) + "' in " + show(*this).substr(0, 80));
  return member;
}

std::string_view kind_of(const Value& value) {
  static constexpr std::string_view kinds[] = {"nil", "boolean", "number", "text", "list", "table", "object"};
  return kinds[value.held.index()];
}

std::string show_number(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char text[40];
  const double size = std::fabs(number);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e15);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::general;
  const auto end = std::to_chars(text, text + sizeof text, number == 0 ? 0.0 : number, format).ptr;
  return {text, end};
}

namespace {

/// Zero bytes end a line for what reads it: they stand as Lua writes them.
std::string without_zeros(std::string text) {
  for (size_t at = 0; (at = text.find('\0', at)) != std::string::npos;) text.replace(at, 1, "\\0");
  return text;
}

}  // namespace

std::string show(const Value& value) {
  if (const auto* b = value.boolean()) return *b ? "true" : "false";
  if (const auto* n = value.number()) return show_number(*n);
  if (const auto* t = value.text()) return "'" + without_zeros(*t) + "'";
  if (const auto* object = value.object()) return kind_of(**object);
  std::string out;
  if (const auto* list = value.list()) {
    for (const auto& element : *list) out += (out.empty() ? "" : ", ") + show(element);
  } else if (const auto* map = value.map()) {
    for (const auto& [name, member] : *map)
      out += (out.empty() ? "" : ", ") + without_zeros(name) + " = " + show(member);
  } else {
    return "nil";
  }
  return out.empty() ? "{}" : "{ " + out + " }";
}

std::string to_json(const Value& value, int indent) {
  std::string out;
  write_json(value, indent, 0, out);
  return out;
}

Value from_json(std::string_view text, std::string_view name) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // the mark that some editors put before UTF-8
  check_depth(text, name);
  const std::string held = hold_bytes(text);
  try {
    return convert(nlohmann::json::parse(held));
  } catch (const nlohmann::json::parse_error& problem) {
    throw Error(std::string(name) + ": not JSON (" + place_of(held, problem.byte) + ": " +
                found_at(held, problem.byte) + ")");
  } catch (const nlohmann::json::exception&) {
    throw Error(std::string(name) + ": not JSON (a number is beyond what a number can hold)");
  }
}

}  // namespace lumir
