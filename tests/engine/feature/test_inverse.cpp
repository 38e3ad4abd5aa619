// Complex spectrograms and the ways back to sound: against the MATLAB references, librosa, and the sound
// itself. Numbers by tests/golden/inverse/make.py.

#include <cmath>

#include <catch2/catch.hpp>

#include "audio/clip.h"
#include "core/file.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "engine/mat_file.h"
#include "engine/worse.h"
#include "feature/complex_tensor.h"
#include "feature/mel.h"
#include "fixtures.h"
#include "signal/kernel.h"
#include "signal/stft.h"
#include "tree.h"

using namespace lumir;

namespace {

std::any apply(const std::string& name, const std::any& input, const Map& options = {}) {
  return make_step("feature." + name, options)->apply(input);
}
audio::Clip sound(const std::string& name, const std::any& input, const Map& options) {
  return std::any_cast<audio::Clip>(apply(name, input, options));
}

audio::Clip beginning(size_t length) {
  auto clip = tests::golden_signal(22050);
  clip.samples.resize(length);
  return clip;
}

/// numpy.allclose with its defaults, and librosa's tests with them.
bool close(std::complex<double> a, std::complex<double> b) { return std::abs(a - b) <= 1e-8 + 1e-5 * std::abs(b); }

/// A rectangle as long as a frame where the reference used none of Hann's.
signal::SpectrumOptions settings_of(const tests::MatFile& golden) {
  signal::SpectrumOptions options;
  options.n_fft = static_cast<int>(golden.number("nfft"));
  options.hop_length = static_cast<int>(golden.number("hop_length"));
  options.center = false;
  const int hann = static_cast<int>(golden.number("hann_w"));
  if (hann == 0) options.window = "boxcar";
  if (hann > 0) options.win_length = hann;
  return options;
}

/// The same magnitudes: how far those of a sound are from others, relative to their size.
double distance(const signal::Spectra& a, const signal::Spectra& b) {
  double difference = 0, size = 0;
  for (size_t i = 0; i < b.re.size(); ++i) {
    const double wanted = std::hypot(b.re[i], b.im[i]);
    difference += std::pow(std::hypot(a.re[i], a.im[i]) - wanted, 2);
    size += wanted * wanted;
  }
  return std::sqrt(difference / size);
}

at::Tensor magnitudes(const audio::Clip& clip) { return std::any_cast<at::Tensor>(apply("stft", clip)).abs(); }

Value golden() {
  const std::string path = LUMIR_ROOT "/tests/golden/inverse/golden.json";
  return from_json(read_file(path), path);
}

}  // namespace

TEST_CASE("complex spectra are the MATLAB reference's") {
  const std::string wave = tests::fixture("golden-matlab/test1_22050.wav");
  if (wave.empty()) return;
  const auto load = make_step("audio.load", {{"mono", true}});
  const auto clip = std::any_cast<audio::Clip>(load->apply(wave));
  for (int number : {3, 4, 5, 6}) {
    const std::string path = tests::fixture("golden-matlab/core-stft-00" + std::to_string(number) + ".mat");
    if (path.empty()) continue;
    INFO(path);
    const tests::MatFile file(path);
    const auto spectra = signal::stft(clip.channel(0), settings_of(file));
    const auto& wanted = file["D"];
    REQUIRE(spectra.bins == static_cast<int>(wanted.rows));
    REQUIRE(spectra.frames == static_cast<long>(wanted.columns));
    long far = 0;
    for (size_t frame = 0; frame < wanted.columns; ++frame) {
      for (size_t bin = 0; bin < wanted.rows; ++bin) {
        const size_t i = spectra.at(static_cast<long>(frame)) + bin;
        // the reference left its spectra conjugated
        far += !close({spectra.re[i], spectra.im[i]}, std::conj(wanted.complex(bin, frame)));
      }
    }
    CHECK(far == 0);
  }
}

TEST_CASE("sound comes back as the MATLAB reference has it where frames do not overlap") {
  const std::string path = tests::fixture("golden-matlab/core-istft-005.mat");
  if (path.empty()) return;
  const tests::MatFile file(path);
  const auto& spectrum = file["D"];
  signal::Spectra spectra{static_cast<int>(spectrum.rows), static_cast<long>(spectrum.columns), {}, {}};
  for (size_t frame = 0; frame < spectrum.columns; ++frame) {
    for (size_t bin = 0; bin < spectrum.rows; ++bin) {
      const auto value = std::conj(spectrum.complex(bin, frame));
      spectra.re.push_back(static_cast<float>(value.real()));
      spectra.im.push_back(static_cast<float>(value.imag()));
    }
  }
  const auto options = settings_of(file);
  const auto& wanted = file["Dinv"].values;
  const auto got = signal::istft(spectra, options, signal::istft_length(spectra.frames, options));
  REQUIRE(got.size() == wanted.size());
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) worst = testing::worse(worst, std::fabs(got[i] - wanted[i]));
  CHECK(worst < 1e-7);  // the spectra are kept in float here
}

TEST_CASE("istft takes stft back, whatever the frames") {
  const auto clip = beginning(20000);
  for (const Map& frames :
       {Map{}, Map{{"n_fft", 1000}, {"hop_length", 250}}, Map{{"window", "hamming"}, {"win_length", 1500}},
        Map{{"n_fft", 512}, {"hop_length", 128}, {"window", "blackman"}}}) {
    INFO(to_json(frames));
    Map back = frames;
    back["rate"] = 22050;
    back["length"] = 20000;
    const auto again = sound("istft", apply("stft", clip, frames), back);
    REQUIRE(again.rate == 22050);
    REQUIRE(again.samples.size() == clip.samples.size());
    double worst = 0;
    for (size_t i = 0; i < clip.samples.size(); ++i)
      worst = testing::worse(worst, std::fabs(static_cast<double>(again.samples[i] - clip.samples[i])));
    CHECK(worst < 1e-6);
  }
}

TEST_CASE("Griffin-Lim without chance is librosa's") {
  const Value all = golden();
  const auto clip = beginning(static_cast<size_t>(*all["samples"].number()));
  for (const Value& wanted : *all["griffinlim"].list()) {
    INFO(to_json(wanted["options"]));
    Map options = *wanted["options"].map();
    options["rate"] = 22050;
    const auto got = sound("griffinlim", magnitudes(clip), options);
    REQUIRE(got.samples.size() == static_cast<size_t>(*wanted["length"].number()));
    const List& places = *wanted["places"].list();
    double worst = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      const float value = got.samples[static_cast<size_t>(*places[i].number())];
      worst = testing::worse(worst, std::fabs(value - *(*wanted["values"].list())[i].number()));
    }
    CHECK(worst < 2e-4 * *wanted["rms"].number());
  }
}

TEST_CASE("Griffin-Lim finds a sound of nearly the magnitudes given, and the same one for a seed") {
  const auto clip = beginning(22528);
  const at::Tensor sizes = magnitudes(clip);
  const Map options{{"rate", 22050}, {"seed", 3}};
  const auto first = sound("griffinlim", sizes, options), second = sound("griffinlim", sizes, options);
  CHECK(first.samples == second.samples);
  CHECK(distance(signal::stft(first.channel(0), {}), signal::stft(clip.channel(0), {})) < 0.1);
  const auto other = sound("griffinlim", sizes, {{"rate", 22050}, {"seed", 4}});
  CHECK(first.samples != other.samples);
}

TEST_CASE("magnitudes out of mel bands have those bands, as nearly as librosa's have") {
  const Value all = golden();
  const auto clip = beginning(static_cast<size_t>(*all["samples"].number()));
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    signal::use_level(level);
    for (const Value& wanted : *all["mel_to_stft"].list()) {
      INFO(level << " " << to_json(wanted["options"]));
      const Map bands_options = *wanted["options"].map();
      Map options = bands_options;
      options.erase("n_mels");
      options["rate"] = 22050;
      const auto bands = std::any_cast<feature::Frames>(apply("melspectrogram", clip, bands_options));
      const auto sizes = std::any_cast<at::Tensor>(apply("mel_to_stft", bands, options));
      const auto found = feature::spectra_of(sizes, "test").front();
      // the shortest spectrum that has the bands is where both begin; librosa stops its search nearer to there
      CHECK(distance(found, signal::stft(clip.channel(0), {})) < *wanted["distance"].number() + 0.03);
      signal::MelOptions mel;
      mel.n_mels = static_cast<int>(bands.rows);
      const auto bank = signal::mel_filters(mel, 22050);
      double error = 0, size = 0;
      for (size_t frame = 0; frame < bands.frames; ++frame) {
        for (size_t row = 0; row < bands.rows; ++row) {
          double sum = 0;
          const auto& filter = bank.filters[row];
          for (size_t i = 0; i < filter.weights.size(); ++i) {
            const double size_of_bin =
                found.re[found.at(static_cast<long>(frame)) + static_cast<size_t>(filter.first) + i];
            sum += filter.weights[i] * size_of_bin * size_of_bin;
          }
          error += std::pow(sum - bands.row(row)[frame], 2);
          size += std::pow(bands.row(row)[frame], 2);
        }
      }
      CHECK(std::sqrt(error / size) <= *wanted["residual"].number() + 1e-5);
    }
  }
  signal::use_level(before);
}

TEST_CASE("sound out of mel bands and out of cepstral coefficients has bands like theirs") {
  const auto clip = beginning(22528);
  const auto bands = apply("melspectrogram", clip);
  const auto again = sound("mel_to_audio", bands, {{"rate", 22050}, {"seed", 1}});
  CHECK(again.samples.size() == clip.samples.size());
  const auto got = std::any_cast<feature::Frames>(apply("melspectrogram", again)),
             wanted = std::any_cast<feature::Frames>(bands);
  double error = 0, size = 0;
  for (size_t i = 0; i < wanted.values.size(); ++i) {
    error += std::pow(std::sqrt(got.values[i]) - std::sqrt(wanted.values[i]), 2);
    size += wanted.values[i];
  }
  CHECK(std::sqrt(error / size) < 0.2);
  const auto rough = sound("mfcc_to_audio", apply("mfcc", clip), {{"rate", 22050}, {"n_iter", 4}});
  CHECK(rough.samples.size() == clip.samples.size());
  CHECK(rough.rate == 22050);
}

TEST_CASE("what inverses cannot take is one line") {
  const at::Tensor sizes = magnitudes(beginning(8192));
  CHECK_THROWS_WITH(sound("istft", sizes, {}),
                    "istft: 'rate' must be given, because a tensor does not know the rate of its sound");
  CHECK_THROWS_WITH(sound("istft", sizes, {{"rate", 8000}, {"n_fft", 1000}}),
                    "istft: 'n_fft' = 1000 has 501 bins, the tensor has 1025");
  CHECK_THROWS_WITH(sound("griffinlim", sizes, {{"rate", 8000}, {"length", 4000}}),
                    "griffinlim: a sound of 4000 samples has 8 frames, the spectrogram has 17");
  CHECK_THROWS_WITH(sound("griffinlim", apply("stft", beginning(8192)), {{"rate", 8000}}),
                    "griffinlim: takes magnitudes, got complex numbers; istft takes those");
  CHECK_THROWS_WITH(apply("mfcc_to_mel", apply("mfcc", beginning(8192)), {{"n_mels", 10}}),
                    "mfcc_to_mel: 'n_mels' = 10 is fewer than the 20 coefficients");
}

TEST_CASE("by default a sound comes back from its spectrogram, whatever n_fft is") {
  const audio::Clip clip = beginning(9000);
  for (const int n_fft : {16, 100, 255, 400, 512, 1000, 1024, 2048, 4096, 8192}) {
    INFO(n_fft);
    const std::any spectra = apply("stft", clip, {{"n_fft", n_fft}});
    CHECK(std::any_cast<const at::Tensor&>(spectra).size(-1) == 1 + 9000 / (n_fft / 4));
    const audio::Clip back = sound("istft", spectra, {{"rate", clip.rate}, {"n_fft", n_fft}, {"length", 9000}});
    double worst = 0;
    for (size_t i = 0; i < clip.length(); ++i)
      worst = testing::worse(worst, std::abs(back.samples[i] - clip.samples[i]));
    CHECK(worst < 1e-5);
  }
  const std::any narrow = apply("stft", clip, {{"n_fft", 2048}, {"win_length", 400}});
  CHECK(std::any_cast<const at::Tensor&>(narrow).size(-1) == 1 + 9000 / 100);
}
