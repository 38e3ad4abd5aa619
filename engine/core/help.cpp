// Lays an entry out for a terminal.

#include "core/help.h"

#include <algorithm>
#include <cmath>

#include "core/step.h"
#include "core/type.h"

namespace lumir {
namespace {

std::vector<HelpSource>& sources() {
  static std::vector<HelpSource> all;
  return all;
}

std::string bound(const Bound& b) { return b.option.empty() ? show_number(b.number) : b.option; }

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

/// " = 128"; "   list of models" for what must be given or has no default to show.
std::string default_of(const Parameter& p) {
  return p.place.required || p.default_value.is_nil() ? "   " + p.type : " = " + show(p.default_value);
}

bool has_options(const Entry& entry) {
  return std::any_of(entry.parameters.begin(), entry.parameters.end(),
                     [](const auto& p) { return !p.place.positional; });
}

/// "clips, options": what stands between the brackets of a call.
std::string arguments(const Entry& entry) {
  std::string given = entry.words.input;
  for (const Parameter* p : positional(entry.parameters)) given += (given.empty() ? "" : ", ") + p->name;
  if (has_options(entry)) given += given.empty() ? "options" : ", options";
  return given;
}

/// How a member of a type is written: "clip.rate", "clip:part(start, stop)", "clip + clip".
std::string member(const Entry& entry, const Type& type) {
  const auto found = type.members.find(entry.name);
  const Form form = found == type.members.end() ? Form::method : found->second;
  if (form == Form::operation) return entry.words.example;
  if (form == Form::field) return type.variable + "." + entry.name;
  return type.variable + ":" + entry.name + "(" + arguments(entry) + ")";
}

std::string signature(const Entry& entry) {
  std::string text = written_as(entry);
  if (!entry.words.returns.empty()) text += " -> " + entry.words.returns;
  if (is_step(entry.full_name())) {
    text += "        " + entry.full_name() + "(" + (has_options(entry) ? "options" : "") + ") -> Step";
  }
  return text;
}

/// Every name of a module or type with its summary, one a line.
std::string overview(std::string_view module) {
  std::string text;
  if (const Type* type = find_type(module)) text = type->name + "\n  " + type->summary + "\n";
  size_t width = 0;
  const auto all = entries(module);
  for (const Entry* entry : all) width = std::max(width, written_as(*entry).size());
  for (const Entry* entry : all)
    text += "    " + padded(written_as(*entry), width) + "   " + entry->words.summary + "\n";
  return text;
}

std::string meaning_of(const Parameter& p) { return p.unit.empty() ? p.help : p.help + ", " + p.unit; }

/// A parameter a line, in columns. One whose type or meaning is longer than a column is wide does not push the others
/// out: what stands behind a long type goes below it.
std::string parameter_lines(const Schema& parameters) {
  constexpr size_t kWidestValue = 16, kWidestMeaning = 60;
  size_t name_width = 0, value_width = 0, meaning_width = 0;
  const auto widen = [](size_t& width, size_t size, size_t most) {
    if (size <= most) width = std::max(width, size);
  };
  for (const auto& p : parameters) {
    name_width = std::max(name_width, p.name.size());
    widen(value_width, default_of(p).size(), kWidestValue);
    widen(meaning_width, meaning_of(p).size(), kWidestMeaning);
  }
  std::string text;
  for (const auto& p : parameters) {
    std::string line = "    " + padded(p.name, name_width) + padded(default_of(p), value_width);
    if (default_of(p).size() > value_width) line += "\n" + std::string(4 + name_width + value_width, ' ');
    line += "   " + padded(meaning_of(p), meaning_width) + "  " + limits_of(p);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace

std::string limits_of(const Parameter& p) {
  if (!p.choices.empty()) {
    std::string words;
    for (const auto& word : p.choices) words += (words.empty() ? "" : ", ") + word;
    if (p.type.ends_with(" or 'none'")) words += ", none";
    return words;
  }
  if (!p.has_range()) return "";
  const bool no_low = p.range.low.option.empty() && std::isinf(p.range.low.number);
  const bool no_high = p.range.high.option.empty() && std::isinf(p.range.high.number);
  std::string from = (p.range.low.open ? "above " : "at least ") + bound(p.range.low);
  std::string to = (p.range.high.open ? "below " : "at most ") + bound(p.range.high);
  if (no_high) return from;
  if (no_low) return to;
  if (p.range.low.open || p.range.high.open) return from + ", " + to;
  return bound(p.range.low) + " to " + bound(p.range.high);
}

std::string written_as(const Entry& entry) {
  if (const Type* type = find_type(entry.module)) return member(entry, *type);
  // words of a function stand behind its name: feature.set 'fma'
  if (find_entry(entry.module)) return entry.module + " '" + entry.name + "'";
  if (entry.words.example == entry.full_name()) return entry.full_name();  // a value: lumir.version
  // a module that is called itself: report('title', { ... })
  return (entry.name == "__call" ? entry.module : entry.full_name()) + "(" + arguments(entry) + ")";
}

void add_help(HelpSource source) { sources().push_back(std::move(source)); }

std::vector<std::string> names_explained_elsewhere() {
  std::vector<std::string> names;
  for (const auto& source : sources()) {
    for (auto& known : source.names()) names.push_back(std::move(known));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string help_text(const Entry& entry) {
  std::string text = signature(entry) + "\n  " + entry.words.summary + "\n" + parameter_lines(entry.parameters);
  if (!entry.words.example.empty()) text += "  Example   " + entry.words.example + "\n";
  if (!entry.words.source.empty()) text += "  Source    " + entry.words.source + "\n";
  return text + "  Written   " + entry.file + "\n";
}

std::string help_text(std::string_view name) {
  std::string text;
  std::vector<std::string> names;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "\n") + part; };
  for (const Entry* entry : entries()) {
    names.push_back(entry->name);
    names.push_back(entry->module);
    if (entry->name == name || entry->full_name() == name) add(help_text(*entry));
  }
  if (const std::string all = name.empty() ? "" : overview(name); !all.empty()) add(all);
  for (const auto& source : sources()) {  // that may take a library to be opened
    if (text.empty()) text = source.text(name);
  }
  if (text.empty()) {
    for (auto& known : names_explained_elsewhere()) names.push_back(std::move(known));
    throw ArgumentError("help: nothing is called '" + std::string(name) + "'" + did_you_mean(name, names));
  }
  return text;
}

}  // namespace lumir
