// Mel and chroma filters against the MATLAB code that they descend from: Ellis' chroma and mel filters, which librosa
// is tested with too. Tolerances are those of librosa's own tests (numpy.allclose: 1e-5 of the number, and 1e-8).

#include <cmath>
#include <cstdio>
#include <numbers>

#include <catch2/catch.hpp>

#include "core/step.h"
#include "engine/mat_file.h"
#include "feature/mel.h"
#include "feature/plan/plan.h"
#include "fixtures.h"
#include "signal/mel_scale.h"

using namespace lumir;
using tests::MatArray;
using tests::MatFile;

namespace {

/// "feature-melfb" and 7 to ".../feature-melfb-007.mat"; empty where it is missing.
std::string numbered_fixture(const std::string& name, int number) {
  char tail[16];
  std::snprintf(tail, sizeof tail, "-%03d.mat", number);
  return tests::fixture("golden-matlab/" + name + tail);
}

bool close(double ours, double wanted) { return std::fabs(ours - wanted) <= 1e-8 + 1e-5 * std::fabs(wanted); }

/// How many of [rows, bins] lie beyond the tolerance from the first bins of the golden table.
template <class At>
long far_numbers(const MatArray& wanted, size_t bins, At ours) {
  long far = 0;
  for (size_t row = 0; row < wanted.rows; ++row) {
    for (size_t bin = 0; bin < bins; ++bin) far += close(ours(row, bin), wanted(row, bin)) ? 0 : 1;
  }
  return far;
}

void check_mel_filters(const MatFile& golden, std::optional<std::string> norm) {
  signal::MelOptions options;
  options.n_fft = static_cast<int>(golden.number("nfft"));
  options.n_mels = static_cast<int>(golden.number("nfilts"));
  options.fmin = golden.number("fmin");
  options.fmax = golden.number("fmax");
  options.htk = golden.number("htk") != 0;
  options.norm = norm;
  const auto bank = signal::mel_filters(options, static_cast<int>(golden.number("sr")));
  const MatArray& wanted = golden["wts"];
  REQUIRE(bank.filters.size() == wanted.rows);
  const auto at = [&](size_t row, size_t bin) {
    const auto& filter = bank.filters[row];
    const long place = static_cast<long>(bin) - filter.first;
    return place < 0 || place >= static_cast<long>(filter.weights.size()) ? 0.0
                                                                          : filter.weights[static_cast<size_t>(place)];
  };
  CHECK(far_numbers(wanted, static_cast<size_t>(options.bins()), at) == 0);
}

/// Frames side by side, frame k a cosine in the middle of bin k: their chroma are the filters' columns.
audio::Clip cosines(int n_fft, int rate) {
  audio::Clip clip;
  clip.rate = rate;
  for (int bin = 0; bin <= n_fft / 2; ++bin) {
    // amplitudes that give each bin a power of 1
    const bool edge = bin == 0 || bin == n_fft / 2;
    const double amplitude = (edge ? 1.0 : 2.0) / n_fft;
    for (int i = 0; i < n_fft; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(static_cast<long>(bin) * i % n_fft) / n_fft;
      clip.samples.push_back(static_cast<float>(amplitude * std::cos(angle)));
    }
  }
  return clip;
}

void check_chroma_filters(const MatFile& golden) {
  const int n_fft = static_cast<int>(golden.number("nfft"));
  const int n_chroma = static_cast<int>(golden.number("nchroma"));
  const double octwidth = golden.number("octwidth");
  const auto step = make_step("feature.chroma_stft", {{"n_fft", n_fft},
                                                      {"hop_length", n_fft},
                                                      {"center", false},
                                                      {"window", "boxcar"},
                                                      {"n_chroma", n_chroma},
                                                      {"norm", "none"},
                                                      {"base_c", false},
                                                      {"tuning", n_chroma * std::log2(golden.number("a440") / 440)},
                                                      {"ctroct", golden.number("ctroct")},
                                                      {"octwidth", octwidth == 0 ? Value("none") : Value(octwidth)}});
  const auto clip = cosines(n_fft, static_cast<int>(golden.number("sr")));
  const auto frames = std::any_cast<feature::Frames>(step->apply(clip));
  const MatArray& wanted = golden["wts"];
  REQUIRE(frames.rows == wanted.rows);
  const auto at = [&](size_t row, size_t bin) { return static_cast<double>(frames.row(row)[bin]); };
  CHECK(far_numbers(wanted, static_cast<size_t>(n_fft / 2 + 1), at) == 0);
}

/// A function of one number against its golden results; `f` is the golden argument's name.
template <class Function>
void check_conversion(const std::string& name, int files, const std::string& f, Function function) {
  for (int i = 1; i <= files; ++i) {
    const std::string path = numbered_fixture(name, i);
    if (path.empty()) return;
    INFO(path);
    const MatFile golden(path);
    for (size_t k = 0; k < golden[f].values.size(); ++k) {
      CHECK(close(function(golden[f].values[k], golden), golden["result"].values[k]));
    }
  }
}

bool htk(const MatFile& golden) { return golden.number("htk") != 0; }

}  // namespace

TEST_CASE("Hz become mel and mel Hz as in MATLAB") {
  check_conversion("feature-hz_to_mel", 4, "f",
                   [](double hz, const MatFile& golden) { return signal::hz_to_mel(hz, htk(golden)); });
  check_conversion("feature-mel_to_hz", 4, "f",
                   [](double mel, const MatFile& golden) { return signal::mel_to_hz(mel, htk(golden)); });
}

TEST_CASE("mel filters are MATLAB's") {
  for (int i = 1; i <= 144; ++i) {
    const std::string path = numbered_fixture("feature-melfb", i);
    if (path.empty()) return;
    INFO(path);
    check_mel_filters(MatFile(path), "slaney");
  }
  const std::string path = numbered_fixture("feature-melfbnorm", 2);
  if (!path.empty()) check_mel_filters(MatFile(path), std::nullopt);
}

TEST_CASE("chroma filters are MATLAB's") {
  for (int i = 1; i <= 32; ++i) {
    const std::string path = numbered_fixture("feature-chromafb", i);
    if (path.empty()) return;
    INFO(path);
    check_chroma_filters(MatFile(path));
  }
}
