// Slips are known by the token that Lua stumbled over and by the line it stands in.

#include "bind/slips.h"

#include <cstdlib>
#include <regex>

namespace lumir::lua {
namespace {

std::string_view line_of(std::string_view code, int line) {
  for (int i = 1; i < line; ++i) {
    const size_t end = code.find('\n');
    if (end == std::string_view::npos) return {};
    code.remove_prefix(end + 1);
  }
  return code.substr(0, code.find('\n'));
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string hint(std::string_view problem, std::string_view line) {
  const bool near_operator = holds(problem, "near '+'") || holds(problem, "near '-'") || holds(problem, "near '*'") ||
                             holds(problem, "near '/'");
  static const std::regex assigns("[-+*/]=[^=]");
  if (holds(problem, "near '!'") && holds(line, "!=")) return "Lua writes ~= for !=";
  if (near_operator && std::regex_search(line.begin(), line.end(), assigns)) return "Lua has no +=; write x = x + 1";
  if (holds(problem, "')' expected near '='")) return "options go in a table: f(x, { name = value })";
  if (holds(problem, "near '['")) return "lists stand in braces: { 1, 2 }";
  if (holds(problem, "'}' expected near")) return "commas stand between the elements of a table: { 1, 2 }";
  return "";
}

/// What stands in Lua's message about a value, and the hint that goes with it; the first that fits.
struct Slip {
  const char* pattern;
  const char* hint;
};

const Slip kSlips[] = {
    {"attempt to call .*a table value", "a list is gone through by ipairs: for i, value in ipairs(list) do"},
    {"bad argument #1 to 'i?pairs' .*got function",
     "what gives one value after another stands behind `in` by itself: "
     "for name, value in net:named_parameters() do"},
    {"bad argument .*number expected, got userdata", "x:item() gives the number of a tensor of one element"},
    {"attempt to compare .*userdata",
     "tensors are compared element by element: x:gt(0), x:lt(y), x:eq(y); x:item() gives the number of one element"},
    {"attempt to concatenate .*a table value", "table.concat(list, ', ') joins a list of text"},
    {"attempt to concatenate .*a (nil|boolean) value", "tostring(x) makes text of anything"},
    {"attempt to call .*a nil value", "there is no function of that name: is it misspelt?"},
    {"attempt to index .*a (number|boolean) value", "it has no parts"},
    {"(attempt to (index|perform arithmetic on|get length of) .*a nil value)|(attempt to compare .*nil)",
     "what was never assigned is nil, and so is what a misspelt name stands for"},
};

}  // namespace

std::string with_hint_at_work(const std::string& message) {
  constexpr size_t kLongest = 1000;  // Lua's own are shorter, and of others a regex may be at the end of the stack
  if (message.size() > kLongest) return message;
  for (const Slip& slip : kSlips) {
    if (std::regex_search(message, std::regex(slip.pattern))) return message + " (" + slip.hint + ")";
  }
  return message;
}

std::string with_hint(const std::string& message, std::string_view code) {
  static const std::regex place(":([0-9]+): (.*)$");
  std::smatch found;
  if (!std::regex_search(message, found, place)) return message;
  const std::string words = hint(found[2].str(), line_of(code, std::atoi(found[1].str().c_str())));
  return words.empty() ? message : message + " (" + words + ")";
}

}  // namespace lumir::lua
