// Lays an entry out for a terminal.

#include "core/help.h"

#include <algorithm>
#include <cmath>

#include "core/step.h"

namespace lumir {
namespace {

std::string bound(const Bound& b) { return b.option.empty() ? show_number(b.number) : b.option; }

std::string limits(const Parameter& p) {
  if (!p.choices.empty()) {
    std::string words;
    for (const auto& word : p.choices) words += (words.empty() ? "" : ", ") + word;
    return words;
  }
  if (!p.has_range()) return "";
  const bool no_low = p.range.low.option.empty() && std::isinf(p.range.low.number);
  const bool no_high = p.range.high.option.empty() && std::isinf(p.range.high.number);
  const std::string from = (p.range.low.open ? "above " : "at least ") + bound(p.range.low);
  const std::string to = (p.range.high.open ? "below " : "at most ") + bound(p.range.high);
  if (no_high) return from;
  if (no_low) return to;
  if (p.range.low.open || p.range.high.open) return from + ", " + to;
  return bound(p.range.low) + " to " + bound(p.range.high);
}

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

/// " = 128"; "   list of models" for what must be given.
std::string default_of(const Parameter& p) { return p.place.required ? "   " + p.type : " = " + show(p.default_value); }

std::string signature(const Entry& entry) {
  std::string given = entry.words.input;
  bool has_options = false;
  for (const auto& p : entry.parameters) {
    if (!p.place.positional) has_options = true;
    if (p.place.positional) given += (given.empty() ? "" : ", ") + p.name;
  }
  const std::string options = has_options ? "options" : "";
  const std::string both = given.empty() || options.empty() ? given + options : given + ", " + options;
  // words of a function stand behind its name: feature.set 'fma'
  const bool word = entry.module.find('.') != std::string::npos;
  std::string text = word ? entry.module + " '" + entry.name + "'" : entry.full_name() + "(" + both + ")";
  if (!entry.words.returns.empty()) text += " -> " + entry.words.returns;
  if (is_step(entry.full_name())) text += "        " + entry.full_name() + "(" + options + ") -> Step";
  return text;
}

}  // namespace

std::string help_text(const Entry& entry) {
  std::string text = signature(entry) + "\n  " + entry.words.summary + "\n";
  size_t name_width = 0, value_width = 0, help_width = 0;
  for (const auto& p : entry.parameters) {
    name_width = std::max(name_width, p.name.size());
    value_width = std::max(value_width, default_of(p).size());
    help_width = std::max(help_width, p.help.size() + (p.unit.empty() ? 0 : p.unit.size() + 2));
  }
  for (const auto& p : entry.parameters) {
    const std::string meaning = p.unit.empty() ? p.help : p.help + ", " + p.unit;
    std::string line = "    " + padded(p.name, name_width) + padded(default_of(p), value_width) + "   " +
                       padded(meaning, help_width) + "  " + limits(p);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  text += "  Example   " + entry.words.example + "\n  Source    " + entry.words.source + "\n  Written   " + entry.file +
          "\n";
  return text;
}

std::string help_text(std::string_view name) {
  std::string text;
  std::vector<std::string> names;
  for (const Entry* entry : entries()) {
    names.push_back(entry->name);
    if (entry->name == name || entry->full_name() == name) text += (text.empty() ? "" : "\n") + help_text(*entry);
  }
  if (text.empty()) throw ArgumentError("help: nothing is called '" + std::string(name) + "'" + did_you_mean(name, names));
  return text;
}

}  // namespace lumir
