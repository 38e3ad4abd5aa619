// Sentences and boxes of a chain.

#include "report/chain_words.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/readable.h"
#include "report/diagram_figure.h"
#include "report/sentences.h"

namespace lumir::report {
namespace {

/// A number among a step's options; 0 where it has none of that name.
double number_of(const Step& step, const std::string& option) {
  const auto found = step.options().find(option);
  return found != step.options().end() && found->second.number() ? *found->second.number() : 0;
}

std::string count_of(double number) { return show_count(std::lround(number)); }

/// "audio.load" as a word: "load".
std::string short_name(const Step& step) {
  const size_t dot = step.name().rfind('.');
  return step.name().substr(dot == std::string::npos ? 0 : dot + 1);
}

std::string with_ms(double samples, double rate) {
  std::string text = count_of(samples) + " samples";
  if (rate > 0) text += " (" + show_number(std::round(samples / rate * 10000) / 10) + " ms)";
  return text;
}

/// What makes frames of sound: features, in a set or alone.
std::vector<StepPtr> framed_steps(const StepPtr& chain) {
  std::vector<StepPtr> framed;
  for (const auto& step : all_steps(chain)) {
    if (number_of(*step, "hop_length") > 0 && step->entry().words.input == "clip") framed.push_back(step);
  }
  return framed;
}

std::string load_sentence(const StepPtr& chain, double rate) {
  const StepPtr load = step_called(chain, "load");
  if (!load) return "";
  const auto mono = load->options().find("mono");
  const bool one = mono != load->options().end() && mono->second.boolean() && *mono->second.boolean();
  std::string text =
      "Recordings are heard " + (rate > 0 ? "at " + count_of(rate) + " Hz" : std::string("at their own rate"));
  if (one) text += ", in mono";
  const double length = number_of(*load, "duration");
  if (length > 0) text += ", " + show_number(length) + " s of each";
  return text + ".";
}

/// Each way of framing once: "Frames of 2,048 samples (128 ms), one every 512 samples (32 ms)."
std::string frame_sentence(const std::vector<StepPtr>& framed, double rate) {
  std::vector<std::string> ways;
  for (const auto& step : framed) {
    const double length = std::max(number_of(*step, "n_fft"), number_of(*step, "frame_length"));
    if (length == 0) continue;
    const std::string way = with_ms(length, rate) + ", one every " + with_ms(number_of(*step, "hop_length"), rate);
    if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
  }
  return ways.empty() ? "" : "Frames have " + joined(ways) + ".";
}

std::string band_sentence(const std::vector<StepPtr>& framed) {
  std::set<double> counts;
  for (const auto& step : framed) {
    if (number_of(*step, "n_mels") > 0) counts.insert(number_of(*step, "n_mels"));
  }
  std::vector<std::string> words;
  for (const double count : counts) words.push_back(count_of(count));
  return words.empty() ? "" : "A spectrum becomes " + joined(words) + " mel bands where a feature asks for bands.";
}

/// What differs from a step's defaults: "n_bands = 4"; empty for nothing.
std::string options_of(const StepPtr& step) {
  const std::string shown = show_step(step);
  const size_t open = shown.find(" { ");
  return open == std::string::npos ? "" : shown.substr(open + 3, shown.size() - open - 5);
}

/// "spectral contrast (n_bands = 4)"
std::vector<std::string> names_of(const std::vector<StepPtr>& steps) {
  std::vector<std::string> names;
  for (const auto& step : steps) {
    std::string name = short_name(*step);
    std::replace(name.begin(), name.end(), '_', ' ');
    const std::string options = options_of(step);
    names.push_back(name + (options.empty() ? "" : " (" + options + ")"));
  }
  return names;
}

std::vector<std::string> statistics_of(const StepPtr& summary) {
  std::vector<std::string> words;
  if (!summary) return words;
  const auto found = summary->options().find("statistics");
  if (found == summary->options().end() || !found->second.list()) return words;
  for (const auto& word : *found->second.list()) {
    if (word.text()) words.push_back(*word.text());
  }
  return words;
}

/// What stands in a box: what differs from the defaults, or what a set is made of.
DiagramFigure::Card card_of(const StepPtr& step) {
  DiagramFigure::Card card;
  card.name = short_name(*step);
  std::replace(card.name.begin(), card.name.end(), '_', ' ');
  constexpr size_t kMost = 6;
  auto parts = names_of(step->inner());
  if (parts.empty()) parts = statistics_of(card.name == "summary" ? step : nullptr);
  if (parts.size() > kMost) {
    const size_t more = parts.size() - (kMost - 1);
    parts.resize(kMost - 1);
    parts.push_back("and " + std::to_string(more) + " more");
  }
  card.lines = std::move(parts);
  if (!card.lines.empty()) return card;
  card.options = options_of(step);
  return card;
}

}  // namespace

StepPtr step_called(const StepPtr& chain, const std::string& name) {
  if (!chain) return nullptr;
  for (const auto& step : all_steps(chain)) {
    if (short_name(*step) == name) return step;
  }
  return nullptr;
}

std::vector<std::string> sentences_of(const StepPtr& chain, size_t columns) {
  if (!chain) return {};
  const StepPtr load = step_called(chain, "load");
  const double rate = load ? number_of(*load, "rate") : 0;
  const auto framed = framed_steps(chain);
  std::vector<std::string> sentences = {load_sentence(chain, rate), frame_sentence(framed, rate),
                                        band_sentence(framed)};
  if (!framed.empty()) sentences.push_back("Of each frame: " + joined(names_of(framed)) + ".");
  const auto statistics = statistics_of(step_called(chain, "summary"));
  std::string last;
  if (!statistics.empty()) last = "Over time, each row is summed up by its " + joined(statistics) + ".";
  if (columns > 0) {
    last += std::string(last.empty() ? "" : " ") + show_count(static_cast<long>(columns)) +
            " numbers describe a recording.";
  }
  sentences.push_back(last);
  std::erase(sentences, "");
  return sentences;
}

FigurePtr chain_figure(const StepPtr& chain, size_t columns) {
  if (!chain) return nullptr;
  std::vector<DiagramFigure::Card> cards = {{.name = "recording"}};
  for (const auto& step : steps_of(chain)) cards.push_back(card_of(step));
  if (columns > 0) cards.push_back({.name = show_count(static_cast<long>(columns)) + " numbers"});
  auto figure = std::make_shared<DiagramFigure>(std::move(cards));
  figure->name = "chain";
  figure->title = "From sound to numbers";
  figure->caption = "What is done to each recording, one step after the other.";
  return figure;
}

}  // namespace lumir::report
