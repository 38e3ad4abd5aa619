// Decoding files that are not what they say: no crash, no hang, bounded memory, one line each.
//
// Thousands of files are made from sound files of every kind that this FFmpeg writes, and from the fixtures where they
// are there. They are decoded in a process of their own that is watched. A short run belongs to the suite;
//
//   scripts/fuzz --files=5000
//
// runs a long one and prints its figures. A file that goes wrong is told by its number and what was done to it.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <map>

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "audio/decode.h"
#include "audio/fingerprint.h"
#include "audio/write.h"
#include "core/error.h"
#include "engine/audio/foreign_file.h"
#include "engine/audio/music.h"
#include "engine/audio/wav_bytes.h"
#include "engine/mutation.h"
#include "engine/watched.h"
#include "fixtures.h"

using namespace lumir;
using audio::Clip;
using tests::Folder;
using tests::ForeignKind;
using tests::JobReport;
using tests::SeedFile;
using tests::wav_bytes;

namespace {

namespace fs = std::filesystem;

constexpr double kMostSeconds = 60;       // of the wall clock for one file, sanitizers and busy machines included
constexpr size_t kFew = 200;              // spoilt files of the short run
constexpr size_t kMostSeedBytes = 60000;  // of a fixture that we start from

const std::vector<ForeignKind>& foreign_kinds() {
  static const std::vector<ForeignKind> kinds = {
      {"wav", "wav", "pcm_u8"},
      {"wav", "wav", "pcm_s16le"},
      {"wav", "wav", "pcm_s24le"},
      {"wav", "wav", "pcm_s32le"},
      {"wav", "wav", "pcm_s64le"},
      {"wav", "wav", "pcm_f32le"},
      {"wav", "wav", "pcm_f64le"},
      {"wav", "wav", "pcm_alaw", 8000, 1},
      {"wav", "wav", "pcm_mulaw", 8000, 1},
      {"wav", "wav", "adpcm_ms"},
      {"wav", "wav", "adpcm_ima_wav"},
      {"wav", "wav", "adpcm_yamaha"},
      {"wav", "wav", "g726", 8000, 1},
      {"wav", "wav", "libmp3lame"},
      {"wav", "wav", "pcm_s16le", 48000, 8},
      {"wav", "wav", "pcm_s16le", 384000, 2},
      {"w64", "w64", "pcm_s16le"},
      {"aiff", "aiff", "pcm_s16be"},
      {"aif", "aiff", "pcm_s24be"},
      {"aifc", "aiff", "pcm_f32be"},
      {"au", "au", "pcm_s16be"},
      {"au", "au", "pcm_f64be"},
      {"caf", "caf", "pcm_s24le"},
      {"caf", "caf", "alac"},
      {"voc", "voc", "pcm_u8", 22050, 1},
      {"flac", "flac", "flac"},
      {"flac", "flac", "flac", 96000, 8},
      {"oga", "ogg", "flac"},
      {"ogg", "ogg", "libvorbis", 44100, 2, true},
      {"ogg", "ogg", "libvorbis", 16000, 1, true},
      {"opus", "ogg", "libopus", 48000, 2},
      {"spx", "ogg", "libspeex", 16000, 1},
      {"mp3", "mp3", "libmp3lame", 44100, 2},
      {"mp3", "mp3", "libmp3lame", 44100, 2, true},
      {"mp3", "mp3", "libmp3lame", 16000, 1},
      {"mp2", "mp2", "mp2"},
      {"ac3", "ac3", "ac3", 48000, 6},
      {"eac3", "eac3", "eac3", 48000, 2},
      {"dts", "dts", "dca", 48000, 2},
      {"thd", "truehd", "truehd", 48000, 2},
      {"aac", "adts", "aac"},
      {"m4a", "ipod", "aac"},
      {"m4a", "ipod", "alac"},
      {"mp4", "mp4", "aac", 48000, 6},
      {"mov", "mov", "pcm_s16le"},
      {"3gp", "3gp", "aac"},
      {"mka", "matroska", "flac"},
      {"mka", "matroska", "libvorbis", 44100, 2, true},
      {"webm", "webm", "libopus", 48000, 2},
      {"wma", "asf", "wmav2"},
      {"wma", "asf", "wmav1"},
      {"wv", "wv", "wavpack"},
      {"tta", "tta", "tta"},
      {"avi", "avi", "libmp3lame"},
      {"flv", "flv", "libmp3lame"},
      {"ts", "mpegts", "aac"},
      {"nut", "nut", "libvorbis", 44100, 2, true},
      {"gsm", "gsm", "libgsm", 8000, 1},
      {"rm", "rm", "ac3", 44100, 2},
      {"swf", "swf", "libmp3lame"},
      {"sf", "ircam", "pcm_s16le"},
      {"sox", "sox", "pcm_s32le"},
  };
  return kinds;
}

/// `channels` voices of 0.8 s.
Clip chord(int rate, int channels) {
  Clip clip{{}, channels, rate};
  for (int channel = 0; channel < channels; ++channel) {
    const Clip voice = tests::random_song(static_cast<uint64_t>(channel), 0.8, rate);
    clip.samples.insert(clip.samples.end(), voice.samples.begin(), voice.samples.end());
  }
  return clip;
}

void add_foreign_files(std::vector<SeedFile>& seeds) {
  std::map<std::pair<int, int>, Clip> chords;
  for (const auto& kind : foreign_kinds()) {
    auto& clip = chords[{kind.rate, kind.channels}];
    if (clip.samples.empty()) clip = chord(kind.rate, kind.channels);
    const std::string bytes = foreign_file(kind, clip);
    if (!bytes.empty()) seeds.push_back({kind.ending + " " + kind.encoder, kind.ending, bytes});
  }
}

void add_own_files(std::vector<SeedFile>& seeds) {
  const Clip clip = chord(22050, 2);
  for (const std::string format : {"wav", "flac", "ogg", "mp3"}) {
    audio::WriteOptions options;
    options.format = format;
    seeds.push_back({"our " + format, format, audio::encode(clip, options)});
  }
}

/// Headers that no honest program writes.
void add_forged_files(std::vector<SeedFile>& seeds) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  std::vector<double> numbers;
  for (int i = 0; i < 3000; ++i) numbers.push_back(i % 3 == 0 ? nan : i % 3 == 1 ? inf : 1e300 * (i % 2 ? 1 : -1));
  const std::vector<int16_t> ramp = [] {
    std::vector<int16_t> samples;
    for (int i = 0; i < 6000; ++i) samples.push_back(static_cast<int16_t>(i * 7));
    return samples;
  }();
  seeds.push_back({"wav of NaN", "wav", wav_bytes<double>({.format = 3, .bits = 64}, numbers)});
  for (const uint32_t rate : {0u, 1u, 7u, 768000u, 768001u, 0x7fffffffu, 0xffffffffu}) {
    seeds.push_back({"wav at " + std::to_string(rate) + " Hz", "wav", wav_bytes<int16_t>({.rate = rate}, ramp)});
  }
  for (const uint16_t channels : {0, 3, 8, 64, 255, 65535}) {
    const std::string name = "wav of " + std::to_string(channels) + " channels";
    seeds.push_back({name, "wav", wav_bytes<int16_t>({.channels = channels}, ramp)});
  }
  for (const int64_t size : {int64_t{0}, int64_t{1}, int64_t{0x7fffffff}, int64_t{0xfffffff0}, int64_t{0xffffffff}}) {
    const std::string name = "wav of " + std::to_string(size) + " bytes";
    seeds.push_back({name, "wav", wav_bytes<int16_t>({.data_size = size}, ramp)});
  }
  for (const uint16_t bits : {0, 1, 12, 20, 33, 65535}) {
    const std::string name = "wav of " + std::to_string(bits) + " bits";
    seeds.push_back({name, "wav", wav_bytes<int16_t>({.bits = bits}, ramp)});
  }
  seeds.push_back({"nothing", "mp3", ""});
  seeds.push_back({"one byte", "wav", "R"});
  seeds.push_back({"text", "mp3", "Wer reitet so spät durch Nacht und Wind?\n"});
  seeds.push_back({"playlist", "m3u8", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"});
  seeds.push_back({"concat", "ffconcat", "ffconcat version 1.0\nfile '/etc/passwd'\n"});
  seeds.push_back({"zeros", "mp3", std::string(20000, '\0')});
  seeds.push_back({"ones", "aac", std::string(20000, '\xff')});
}

/// The fixtures' recordings, and files of theirs that are no sound; long ones without their end.
void add_fixtures(std::vector<SeedFile>& seeds) {
  if (!fs::exists(tests::fixtures())) return;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(tests::fixtures())) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::map<std::string, int> taken;
  for (const auto& path : paths) {
    const std::string ending = path.extension().string();
    const bool sound = ending == ".mp3" || ending == ".ogg" || ending == ".wav";
    if (ending.empty() || taken[ending]++ >= (sound ? 20 : 1)) continue;
    seeds.push_back(
        {"fixture " + path.filename().string(), ending.substr(1), read_file(path.string()).substr(0, kMostSeedBytes)});
  }
}

std::vector<SeedFile> make_seeds() {
  std::vector<SeedFile> seeds;
  add_own_files(seeds);
  add_foreign_files(seeds);
  add_forged_files(seeds);
  add_fixtures(seeds);
  return seeds;
}

/// What must hold of a message about a file; empty if it does.
std::string fault_of(const std::string& message, const std::string& path) {
  if (!message.starts_with(path + ": ")) return "WRONG: does not begin with the path: " + message;
  if (message.find('\n') != std::string::npos) return "WRONG: more than one line: " + message;
  if (message.size() > path.size() + 150) return "WRONG: too long: " + message;
  return "";
}

/// A message without the path, its numbers as #.
std::string reason_of(const std::string& message, const std::string& path) {
  std::string reason;
  for (const char c : message.substr(path.size() + 2)) {
    const bool digit = (c >= '0' && c <= '9') || (c == ',' && reason.ends_with('#'));
    if (!digit)
      reason += c;
    else if (!reason.ends_with('#'))
      reason += '#';
  }
  return reason;
}

/// Decodes a file in one of the ways that callers have; "decoded", "decoded, with a warning", a reason or a fault.
std::string listen(const std::string& path, Random& random) {
  static const std::optional<int> rates[] = {{}, 16000, 22050, 44100, audio::kFingerprintRate};
  audio::DecodeOptions options;
  options.rate = rates[random.below(std::size(rates))];
  options.mono = random.below(4) != 0;
  if (random.below(8) == 0) options.offset = random.uniform(0, 2);
  if (random.below(4) == 0) options.duration = random.uniform(0.01, 30);
  try {
    if (random.below(4) == 0) {
      const auto found = audio::probe(path);
      if (!(found.seconds >= 0) || found.rate < 1) return "WRONG: probe tells nonsense";
    }
    const auto decoded = audio::decode(path, options);
    if (decoded.clip.samples.empty()) return "WRONG: nothing decoded, and no word of it";
    for (const float sample : decoded.clip.samples) {
      if (!std::isfinite(sample)) return "WRONG: samples that are no numbers";
    }
    for (const auto& warning : decoded.warnings) {
      if (const std::string fault = fault_of(warning, path); !fault.empty()) return fault;
    }
    if (options.rate == audio::kFingerprintRate && options.mono) audio::fingerprint(decoded.clip);
    return decoded.warnings.empty() ? "decoded" : "decoded, with a warning";
  } catch (const Error& problem) {
    const std::string fault = fault_of(problem.what(), path);
    return fault.empty() ? reason_of(problem.what(), path) : fault;
  } catch (const std::exception& problem) {
    return std::string("WRONG: an exception of a library: ") + problem.what();
  }
}

struct FuzzRun {
  std::vector<JobReport> reports;
  std::vector<std::string> stories;
};

/// What decode may keep (an eighth of the machine's memory, at least 1 GB), half as much again for growing to it.
double most_megabytes() {
  const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  return 1.5 * std::max(1e9, memory / 8) / 1e6 + 100;
}

/// Each seed as it is, and as many spoilt files as are left of `count`.
FuzzRun fuzz(const std::vector<SeedFile>& seeds, size_t count, uint64_t seed, const Folder& folder) {
  const auto file_of = [&](size_t i) {
    Random random(seed, i);
    return i < seeds.size() ? tests::SpoiltFile{seeds[i].name, seeds[i].ending, seeds[i].bytes}
                            : tests::spoil(seeds, random);
  };
  const auto path_of = [&](size_t i) { return folder.path + "/" + std::to_string(i) + "." + file_of(i).ending; };
  FuzzRun run;
  run.reports = tests::run_watched(count, kMostSeconds, [&](size_t i) {
    Random random(seed + 1, i);
    const std::string path = folder.file(fs::path(path_of(i)).filename().string(), file_of(i).bytes);
    const std::string answer = listen(path, random);
    fs::remove(path);
    return answer;
  });
  for (size_t i = 0; i < count; ++i) run.stories.push_back("file " + std::to_string(i) + ", " + file_of(i).story);
  return run;
}

void print_figures(const FuzzRun& run) {
  std::map<std::string, size_t> counts;
  double seconds = 0;
  size_t slowest = 0, largest = 0;
  for (size_t i = 0; i < run.reports.size(); ++i) {
    const JobReport& report = run.reports[i];
    ++counts[report.answer];
    seconds += report.seconds;
    if (report.seconds > run.reports[slowest].seconds) slowest = i;
    if (report.megabytes > run.reports[largest].megabytes) largest = i;
  }
  std::printf("%zu files, %.1f s of processor time\n", run.reports.size(), seconds);
  for (const auto& [answer, count] : counts) std::printf("%8zu  %s\n", count, answer.c_str());
  std::printf("slowest  %.2f s (%s)\n", run.reports[slowest].seconds, run.stories[slowest].c_str());
  std::printf("largest  %.0f MB (%s)\n", run.reports[largest].megabytes, run.stories[largest].c_str());
}

double number_from(const char* variable, double otherwise) {
  const char* given = std::getenv(variable);
  return given && *given ? std::atof(given) : otherwise;
}

}  // namespace

TEST_CASE("a sound file of every kind decodes as it is", "[fuzz]") {
  std::vector<SeedFile> seeds;
  add_own_files(seeds);
  add_foreign_files(seeds);
  CHECK(seeds.size() > 30);  // of those that FFmpeg can be built with
  const Folder folder;
  for (const auto& seed : seeds) {
    INFO(seed.name);
    const auto decoded = audio::decode(folder.file("whole." + seed.ending, seed.bytes), {.rate = 16000});
    CHECK(decoded.warnings == std::vector<std::string>{});
    CHECK(decoded.clip.seconds() == Approx(0.8).margin(0.15));
  }
}

TEST_CASE("pipes, devices and folders are no files, and nobody waits for them", "[fuzz]") {
  const Folder folder;
  const std::string pipe = folder.path + "/pipe.wav";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const std::vector<std::string> paths{pipe, "/dev/null", "/dev/zero", folder.path, folder.path + "/none.wav", ""};
  const auto reports = tests::run_watched(paths.size(), kMostSeconds, [&](size_t i) -> std::string {
    try {
      audio::decode(paths[i]);
    } catch (const Error& problem) {
      return problem.what();
    }
    return "decoded";
  });
  std::vector<std::string> answers;
  for (const auto& report : reports) answers.push_back(report.answer);
  CHECK(answers == std::vector<std::string>{pipe + ": not a file", "/dev/null: not a file", "/dev/zero: not a file",
                                            folder.path + ": Is a directory",
                                            folder.path + "/none.wav: No such file or directory",
                                            ": No such file or directory"});
}

TEST_CASE("a rate of 1 Hz that makes gigabytes of a small file is refused before they are made", "[fuzz]") {
  const Folder folder;
  const std::string path =
      folder.file("slow.wav", wav_bytes<uint8_t>({.rate = 1, .bits = 8}, std::vector<uint8_t>(90000, 1)));
  const auto reports = tests::run_watched(1, kMostSeconds, [&](size_t) -> std::string {
    try {
      audio::decode(path, {.rate = 44100});
    } catch (const Error& problem) {
      return problem.what();
    }
    return "decoded";
  });
  CHECK(reports[0].answer.find(": more sound than a clip may hold (") != std::string::npos);
  CHECK(reports[0].megabytes < 100);
}

TEST_CASE("the watch tells of jobs that die and hang, and goes on", "[fuzz]") {
  const auto reports = tests::run_watched(4, 0.5, [](size_t i) -> std::string {
    if (i == 1) std::abort();
    if (i == 2) pause();
    std::fprintf(stderr, "at work on %zu", i);
    return "done";
  });
  REQUIRE(reports.size() == 4);
  CHECK(reports[0].answer == "done");
  CHECK(reports[0].said == "at work on 0");
  CHECK(reports[1].end == JobReport::End::died);
  CHECK(reports[1].answer == "killed by signal: Aborted");
  CHECK(reports[2].end == JobReport::End::hung);
  CHECK(reports[3].answer == "done");
}

TEST_CASE("spoilt files neither break the decoder nor hold it up, and each is one line", "[fuzz]") {
  const Folder folder;
  const auto seeds = make_seeds();
  const auto spoilt = static_cast<size_t>(number_from("LUMIR_FUZZ_FILES", kFew));
  const auto seed = static_cast<uint64_t>(number_from("LUMIR_FUZZ_SEED", 1));
  const FuzzRun run = fuzz(seeds, seeds.size() + spoilt, seed, folder);
  if (spoilt > kFew) {
    std::printf("%zu kinds of file, as they are and spoilt\n", seeds.size());
    print_figures(run);
  }
  for (size_t i = 0; i < run.reports.size(); ++i) {
    const JobReport& report = run.reports[i];
    INFO(run.stories[i] << ": " << report.answer << "\n" << report.said);
    CHECK(report.end == JobReport::End::answered);
    CHECK(!report.answer.starts_with("WRONG"));
    CHECK(report.said.empty());
    CHECK(report.megabytes < most_megabytes());
  }
}
