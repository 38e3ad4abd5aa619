// Finding equal fingerprints: half words that agree vote for a shift, and shifts with votes are measured bit by bit.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "audio/fingerprint.h"
#include "core/parallel.h"

namespace lumir::audio {
namespace {

constexpr double kSecondsPerWord = 256.0 / kFingerprintRate;
constexpr size_t kFewest = 32;        // words that must be compared: 2 s
constexpr double kShare = 0.6;        // of the shorter print
constexpr double kMostErrors = 0.26;  // of bits, where many are compared
constexpr int kVotes = 2;             // half words that agree at one shift make a candidate
constexpr size_t kCommon = 40;        // times its fair share: a half word so common tells nothing

/// Where each half word occurs: the low or the high 16 bits of a word.
class HalfWords {
 public:
  HalfWords(const std::vector<Fingerprint>& prints, int shift) : shift_(shift), begins_(kKeys + 1) {
    const auto each = [&](auto&& visit) {
      for (size_t print = 0; print < prints.size(); ++print) {
        for (size_t at = 0; at < prints[print].words.size(); ++at) {
          if (prints[print].words[at] != 0) visit(key(prints[print].words[at]), Place{print, at});
        }
      }
    };
    each([&](size_t key, Place) { ++begins_[key + 1]; });
    for (size_t key = 0; key < kKeys; ++key) begins_[key + 1] += begins_[key];
    places_.resize(begins_.back());
    auto next = begins_;
    each([&](size_t key, Place place) { places_[next[key]++] = place; });
  }

  struct Place {
    size_t print = 0;
    size_t at = 0;
  };
  /// Empty where the half word is everywhere.
  std::span<const Place> find(uint32_t word) const {
    const size_t from = begins_[key(word)], to = begins_[key(word) + 1];
    if (to - from > kCommon * (places_.size() / kKeys + 1)) return {};
    return {places_.data() + from, to - from};
  }

 private:
  static constexpr size_t kKeys = 65536;
  size_t key(uint32_t word) const { return word >> shift_ & 0xffff; }
  int shift_;
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
  if (compared.words < kFewest || words < kShare * static_cast<double>(shorter)) return false;
  return compared.error_rate < std::min(kMostErrors, 0.5 - 7 * 0.2 / std::sqrt(words));
}

/// Counts votes for (print, shift); one for each thread at work.
class Votes {
 public:
  explicit Votes(const std::vector<Fingerprint>& prints) {
    size_t longest = 0;
    for (const auto& print : prints) longest = std::max(longest, print.words.size());
    longest_ = longest;
    bases_.push_back(0);
    for (const auto& print : prints) bases_.push_back(bases_.back() + print.words.size() + longest);
    counts_.resize(bases_.back());
  }
  /// True when the shift has just become a candidate.
  bool add(size_t print, long shift) {
    uint8_t& count = counts_[bases_[print] + static_cast<size_t>(shift + static_cast<long>(longest_))];
    if (count == 0) touched_.push_back(&count);
    if (count < 255) ++count;
    return count == kVotes;
  }
  void clear() {
    for (uint8_t* count : touched_) *count = 0;
    touched_.clear();
  }

 private:
  size_t longest_ = 0;
  std::vector<size_t> bases_;
  std::vector<uint8_t> counts_;
  std::vector<uint8_t*> touched_;
};

/// The prints after `own` that sound the same.
std::vector<SameSound> find_after(size_t own, const std::vector<Fingerprint>& prints,
                                  const std::vector<size_t>& telling, const std::array<HalfWords, 2>& index,
                                  Votes& votes) {
  const Fingerprint& print = prints[own];
  std::map<size_t, Compared> best;
  for (size_t at = 0; at < print.words.size(); ++at) {
    if (print.words[at] == 0) continue;
    for (const auto& half : index) {
      for (const auto& place : half.find(print.words[at])) {
        const long shift = static_cast<long>(place.at) - static_cast<long>(at);
        if (place.print <= own || !votes.add(place.print, shift)) continue;
        const Compared compared = compare(print, prints[place.print], shift);
        if (!is_same(compared, std::min(telling[own], telling[place.print]))) continue;
        Compared& known = best[place.print];
        if (compared.error_rate < known.error_rate) known = compared;
      }
    }
  }
  votes.clear();
  std::vector<SameSound> found;
  for (const auto& [other, compared] : best) {
    found.push_back({own, other, static_cast<double>(compared.words) * kSecondsPerWord, compared.error_rate});
  }
  return found;
}

}  // namespace

std::vector<SameSound> find_same_sounds(const std::vector<Fingerprint>& prints) {
  const std::array<HalfWords, 2> index = {HalfWords(prints, 0), HalfWords(prints, 16)};
  std::vector<size_t> telling;
  for (const auto& print : prints) telling.push_back(telling_words(print));
  std::vector<std::vector<SameSound>> found(prints.size());
  std::mutex guard;
  std::vector<std::unique_ptr<Votes>> idle;
  parallel_for(prints.size(), [&](size_t own) {
    std::unique_ptr<Votes> votes;
    {
      const std::lock_guard lock(guard);
      if (!idle.empty()) {
        votes = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (!votes) votes = std::make_unique<Votes>(prints);
    found[own] = find_after(own, prints, telling, index, *votes);
    const std::lock_guard lock(guard);
    idle.push_back(std::move(votes));
  });
  std::vector<SameSound> all;
  for (const auto& some : found) all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace lumir::audio
