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

/// What Lua stumbled over, what stands in the line, and the hint that goes with both; the first that fits.
struct Misspelling {
  const char* problem;
  const char* line;
  const char* hint;
};

const Misspelling kMisspellings[] = {
    {"near '!'", "!=", "Lua writes ~= for !="},
    {"near '[-+*/]'", "[-+*/]=[^=]", "Lua has no +=; write x = x + 1"},
    {"near '\\+'", "\\+\\+", "Lua has no ++; write x = x + 1"},
    {"'\\)' expected near '='", "", "options go in a table: f(x, { name = value })"},
    {"'\\)' expected near ','", "\\(\\(", "Lua has no tuples: (2, 3) is { 2, 3 }"},
    {"'\\]' expected near ','", "", "parts of a tensor are text: x['1, 2'], x['2:5, :']"},
    {"near '\\['", "", "lists stand in braces: { 1, 2 }"},
    {"'\\}' expected near", "", "commas stand between the elements of a table: { 1, 2 }"},
    {"'then' expected near 'else'", " if ", "Lua writes c and a or b for: a if c else b"},
    {"", "^\\s*(import|from)\\s",
     "modules are fields of lumir: local torch = lumir.torch; files come by require 'name'"},
    {"", "\\b(def|lambda)\\s", "Lua writes: function f(x) return x end"},
    {"near '%'", "^\\s*%", "what begins with % in IPython is a function here: timeit 'f(x)', run 'recipe.lua'"},
    {"", "&&|\\|\\|", "Lua writes and, or, not"},
};

std::string hint(const std::string& problem, std::string_view line) {
  constexpr size_t kLongest = 1000;  // a regex takes some of the stack for each letter
  if (line.size() > kLongest) return "";
  for (const Misspelling& slip : kMisspellings) {
    const bool here = std::regex_search(line.begin(), line.end(), std::regex(slip.line));
    if (here && std::regex_search(problem, std::regex(slip.problem))) return slip.hint;
  }
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
