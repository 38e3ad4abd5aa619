// Whatever LibTorch raises comes through here once, so that one table says all of it anew.

#include "tensor/messages.h"

#include <regex>
#include <utility>
#include <vector>

namespace lumir::tensor {
namespace {

/// The text with 1 added to each number that the pattern's group holds.
std::string count_from_one(const std::string& text, const std::regex& pattern) {
  std::string out;
  auto rest = text.cbegin();
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    const auto& number = (*match)[1];
    out.append(rest, number.first);
    out += std::to_string(std::stoll(number.str()) + 1);
    rest = number.second;
  }
  return out.append(rest, text.cend());
}

/// "Dimension out of range (expected to be in range of [-2, 1], but got 3)" as the user counts.
std::string out_of_range(const std::string& text) {
  static const std::regex pattern(
      R"(Dimension out of range \(expected to be in range of \[-(\d+), \d+\], but got (-?\d+)\))");
  std::smatch match;
  if (!std::regex_search(text, match, pattern)) return "";
  const long long given = std::stoll(match[2].str());
  return "dimension " + std::to_string(given < 0 ? given : given + 1) + " is out of range (1 to " + match[1].str() +
         ", or -" + match[1].str() + " to -1)";
}

std::string single_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == '\n' || c == ' ';
    if (!space) line += c;
    if (space && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
  return line;
}

/// A message, and what is said in its place; "$1" is what the first group holds.
struct Saying {
  std::regex message;
  const char* words;
};

const std::vector<Saying>& sayings() {
  static const std::vector<Saying> all = [] {
    std::vector<Saying> made;
    const std::pair<const char*, const char*> pairs[] = {
        {"backward through the graph a second time",
         "an earlier backward has freed this graph; it needs { retain_graph = true } there"},
        {"^Using backward\\(\\) with create_graph",
         "backward: with create_graph a gradient holds what it was computed from; set grad to nil once it is used, "
         "or the two are never freed (torch.autograd.grad has no such circle)"},
        {"(a view of )?a leaf Variable that requires grad is being used in an in-place operation",
         "a tensor that gradients are kept for (requires_grad) cannot be written into; "
         "torch.no_grad(function() ... end) around it allows that"},
        {"can't allocate memory|Storage size calculation overflowed|numel: integer multiplication overflow",
         "there is not enough memory for this"},
        {"^Could not run 'aten::", "does not work on tensors of this device and layout"},
        {"Trying to create tensor with negative dimension (-[0-9]+)", "sizes are 0 or more, got $1"},
        {"invalid shape dimension (-[0-9]+) at index", "sizes are 0 or more, or -1 for what is left; got $1"},
        {"Dimension size must be non-negative|length must be non-negative", "sizes are 0 or more"},
        {"^index out of range in self$", "a position is beyond the size of what it points into"},
        {"^Class values must be smaller than num_classes", "a class is above 'num_classes'"},
        {"start \\(([0-9]+)\\) \\+ length \\(([0-9]+)\\) exceeds dimension size \\(([0-9]+)\\)",
         "$2 positions from $1 on are more than there are, $3"},
        {"Calculated padded input size per channel: \\(([^)]*)\\)\\. Kernel size: \\(([^)]*)\\)",
         "the input is too small here: $1, padding included, for a kernel of $2"},
        {"Given input size[a-z ]*: \\(([^)]*)\\)\\. Calculated output size.*too small",
         "the input is too small here: $1"},
    };
    for (const auto& [message, words] : pairs) made.push_back({std::regex(message), words});
    return made;
  }();
  return all;
}

/// Positions, which LibTorch counts from 0.
std::string positions_from_one(std::string line) {
  static const std::regex kinds[] = {
      std::regex(R"(\b(?:dim|dimension) ?=? ?(\d+)\b)"),
      std::regex(R"(\b(?:index|Target|tensor number) (\d+) (?:is|out of|in the list))"),
      std::regex(R"(\bstart \((\d+)\) \+ length)"),
  };
  for (const auto& kind : kinds) line = count_from_one(line, kind);
  return line;
}

}  // namespace

std::string in_words(const std::string& message) {
  std::string line = single_line(message.substr(0, message.find("\nException raised from")));
  if (const size_t at = line.find(" (Could this error message be improved?"); at != std::string::npos) line.resize(at);
  if (const std::string text = out_of_range(line); !text.empty()) return text;
  if (const size_t at = line.find("c10::"); at != std::string::npos)
    return in_words(line.substr(0, at) + line.substr(at + 5));
  if (const size_t at = line.find(". Hint: ");
      line.find("set_detect_anomaly") != std::string::npos && at < line.size()) {
    return line.substr(0, at) + "; torch.autograd.detect_anomaly says by which call it was kept";
  }
  line = positions_from_one(line);
  for (const auto& [known, words] : sayings()) {
    std::smatch found;
    if (std::regex_search(line, found, known)) return found.format(words);
  }
  return line;
}

}  // namespace lumir::tensor
