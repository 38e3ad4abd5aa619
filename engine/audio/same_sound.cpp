// Finding equal fingerprints: parts of words that agree vote for a shift, and shifts with votes are measured bit by bit.

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <tuple>

#include "audio/fingerprint.h"
#include "core/parallel.h"
#include "core/value.h"

namespace lumir::audio {
namespace {

constexpr double kSecondsPerWord = 256.0 / kFingerprintRate;
constexpr size_t kFewest = 32;        // words that must be compared: 2 s
constexpr double kMostErrors = 0.26;  // of bits, where many are compared
constexpr size_t kVotes = 2;          // parts of words that agree at one shift make a candidate
constexpr size_t kCommon = 40;        // times its fair share: a part so common tells nothing

/// Bytes of a word that make a key together.
using Part = std::vector<int>;

/// Two bytes of four tell few words apart, but survive many errors; three are for corpora in which two would agree
/// everywhere by chance.
std::vector<Part> parts_for(size_t words) {
  constexpr size_t kFew = size_t{1} << 21;
  if (words < kFew) return {{0, 1}, {2, 3}};
  return {{0, 1, 2}, {0, 1, 3}, {0, 2, 3}, {1, 2, 3}};
}

/// Where each value of one part of a word occurs.
class Index {
 public:
  Index(const std::vector<Fingerprint>& prints, Part part)
      : part_(std::move(part)), begins_((size_t{1} << 8 * part_.size()) + 1) {
    const auto each = [&](auto&& visit) {
      for (size_t print = 0; print < prints.size(); ++print) {
        for (size_t at = 0; at < prints[print].words.size(); ++at) {
          const uint32_t word = prints[print].words[at];
          if (word != 0) visit(key(word), Place{static_cast<uint32_t>(print), static_cast<uint32_t>(at)});
        }
      }
    };
    each([&](size_t key, Place) { ++begins_[key + 1]; });
    for (size_t key = 1; key < begins_.size(); ++key) begins_[key] += begins_[key - 1];
    places_.resize(begins_.back());
    // filling moves each beginning to the next one; they are moved back afterwards
    each([&](size_t key, Place place) { places_[begins_[key]++] = place; });
    for (size_t key = begins_.size() - 1; key > 0; --key) begins_[key] = begins_[key - 1];
    begins_[0] = 0;
  }

  struct Place {
    uint32_t print = 0;
    uint32_t at = 0;
  };
  /// Of the prints after `own`; empty where the part is everywhere.
  std::span<const Place> find(uint32_t word, size_t own) const {
    const size_t from = begins_[key(word)], to = begins_[key(word) + 1];
    if (to - from > kCommon * (places_.size() / (begins_.size() - 1) + 1)) return {};
    const auto after =
        std::partition_point(places_.begin() + static_cast<long>(from), places_.begin() + static_cast<long>(to),
                             [&](const Place& place) { return place.print <= own; });
    return {after, places_.begin() + static_cast<long>(to)};
  }

 private:
  size_t key(uint32_t word) const {
    size_t key = 0;
    for (const int byte : part_) key = key << 8 | (word >> 8 * byte & 0xff);
    return key;
  }
  Part part_;
  std::vector<size_t> begins_;
  std::vector<Place> places_;
};

struct Compared {
  size_t words = 0;
  double error_rate = 1;
};

/// Word at of `a` against word at + shift of `b`, where neither is 0.
Compared compare(const Fingerprint& a, const Fingerprint& b, long shift) {
  const long n = static_cast<long>(a.words.size()), m = static_cast<long>(b.words.size());
  size_t words = 0, errors = 0;
  for (long at = std::max(0L, -shift); at < std::min(n, m - shift); ++at) {
    const uint32_t x = a.words[static_cast<size_t>(at)], y = b.words[static_cast<size_t>(at + shift)];
    if (x == 0 || y == 0) continue;
    ++words;
    errors += static_cast<size_t>(std::popcount(x ^ y));
  }
  return {words, words == 0 ? 1.0 : static_cast<double>(errors) / (32.0 * static_cast<double>(words))};
}

size_t telling_words(const Fingerprint& print) {
  return print.words.size() - static_cast<size_t>(std::count(print.words.begin(), print.words.end(), 0u));
}

/// Neighbouring words depend on each other, so errors of different music spread as 0.2 / sqrt(words) around
/// 0.5 (measured). Seven times that must lie between.
bool is_same(const Compared& compared, size_t shorter) {
  const double words = static_cast<double>(compared.words);
  if (compared.words < kFewest || words < kSharedLength * static_cast<double>(shorter)) return false;
  return compared.error_rate < std::min(kMostErrors, 0.5 - 7 * 0.2 / std::sqrt(words));
}

/// The prints after `own` that sound the same, as far as one part of the words leads to them.
std::vector<SameSound> find_after(size_t own, const std::vector<Fingerprint>& prints,
                                  const std::vector<size_t>& telling, const Index& index) {
  const Fingerprint& print = prints[own];
  std::vector<uint64_t> votes;  // the other print, then the shift, counted from the longest way back
  const auto back = static_cast<long>(print.words.size());
  for (long at = 0; at < back; ++at) {
    const uint32_t word = print.words[static_cast<size_t>(at)];
    if (word == 0) continue;
    for (const auto& place : index.find(word, own)) {
      votes.push_back(uint64_t{place.print} << 32 | static_cast<uint64_t>(static_cast<long>(place.at) - at + back));
    }
  }
  std::sort(votes.begin(), votes.end());
  std::vector<SameSound> found;
  for (size_t i = 0; i < votes.size();) {
    const uint64_t vote = votes[i];
    size_t n = 0;
    while (i < votes.size() && votes[i] == vote) ++i, ++n;
    if (n < kVotes) continue;
    const size_t other = vote >> 32;
    const long shift = static_cast<long>(vote & 0xffffffff) - back;
    const Compared compared = compare(print, prints[other], shift);
    if (!is_same(compared, std::min(telling[own], telling[other]))) continue;
    found.push_back({own, other, static_cast<double>(compared.words) * kSecondsPerWord, compared.error_rate});
  }
  return found;
}

/// One of each pair: the shift at which fewest bits differ.
std::vector<SameSound> best_of_pairs(std::vector<SameSound> all) {
  std::sort(all.begin(), all.end(), [](const SameSound& a, const SameSound& b) {
    return std::tuple(a.first, a.second, a.error_rate) < std::tuple(b.first, b.second, b.error_rate);
  });
  const auto same = [](const SameSound& a, const SameSound& b) { return a.first == b.first && a.second == b.second; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

}  // namespace

std::string heard_in_words() {
  return "the first " + show_number(kFingerprintSeconds) + " s of each, " + show_number(100 * kSharedLength) +
         " % of the shorter in common";
}

std::vector<SameSound> find_same_sounds(const std::vector<Fingerprint>& prints) {
  size_t words = 0;
  std::vector<size_t> telling;
  for (const auto& print : prints) {
    words += print.words.size();
    telling.push_back(telling_words(print));
  }
  std::vector<SameSound> all;
  for (const auto& part : parts_for(words)) {  // one after the other: an index is as large as all prints
    const Index index(prints, part);
    std::vector<std::vector<SameSound>> found(prints.size());
    parallel_for(prints.size(), [&](size_t own) { found[own] = find_after(own, prints, telling, index); });
    for (const auto& some : found) all.insert(all.end(), some.begin(), some.end());
  }
  return best_of_pairs(std::move(all));
}

}  // namespace lumir::audio
