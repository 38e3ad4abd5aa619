// Text of Values: for people, and as canonical JSON.

#include "core/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/kind.h"

namespace lumir {
namespace {

const Value kNil;

void write_text(const std::string& text, std::string& out) {
  out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
    case nlohmann::json::value_t::string: return json.get<std::string>();
    case nlohmann::json::value_t::array: {
      List list;
      for (const auto& element : json) list.push_back(convert(element));
      return list;
    }
    case nlohmann::json::value_t::object: {
      Map map;
      for (const auto& [name, member] : json.items()) map[name] = convert(member);
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

std::string show(const Value& value) {
  if (const auto* b = value.boolean()) return *b ? "true" : "false";
  if (const auto* n = value.number()) return show_number(*n);
  if (const auto* t = value.text()) return "'" + *t + "'";
  if (const auto* object = value.object()) return kind_of(**object);
  std::string out;
  if (const auto* list = value.list()) {
    for (const auto& element : *list) out += (out.empty() ? "" : ", ") + show(element);
  } else if (const auto* map = value.map()) {
    for (const auto& [name, member] : *map) out += (out.empty() ? "" : ", ") + name + " = " + show(member);
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
  try {
    return convert(nlohmann::json::parse(text));
  } catch (const nlohmann::json::parse_error& problem) {
    throw Error(std::string(name) + ": not JSON (" + place_of(text, problem.byte) + ": " +
                found_at(text, problem.byte) + ")");
  } catch (const nlohmann::json::exception&) {
    throw Error(std::string(name) + ": not JSON (a number is beyond what a number can hold)");
  }
}

}  // namespace lumir
