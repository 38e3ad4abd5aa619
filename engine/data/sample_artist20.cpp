// The sample that stands in for artist20: synthetic singers with albums, as 16 kHz mono mp3 of 32 kbit/s, and a folder
// of unlabelled recordings from albums that are not in it.
//
//   singer_03/harbour/02-tide.mp3     singer, album, song
//   test/0017.mp3, test/0019.wav      recordings to be classified; numbers are left out on purpose
//   truth.csv                         who sings in them: ID,name
//   singers.csv                       what they sing with: artist,sex,voice
//
// Whose voice it is and how an album sounds weigh about as much as in music: a classifier that has heard an album
// before looks better than it is, and hand-made features find most singers, not all. kDifficulty sets that.

#include "audio/write.h"
#include "core/random.h"
#include "data/sample.h"
#include "synth/song.h"

namespace lumir::data {
namespace {

using namespace synth;

struct Artist20Sample : SampleOptions {
  Artist20Sample() { shortest = 12, longest = 22; }
  int artists = 20;
  int albums = 6;
  int songs = 3;
  int unlabelled = 2;
  static Schema schema() {
    return extend(
        SampleOptions::schema(), Option{"artists", &Artist20Sample::artists, "singers", Range{2, 99}},
        Option{"albums", &Artist20Sample::albums, "albums of each", Range{2, 24}},
        Option{"songs", &Artist20Sample::songs, "songs of an album; some have one more", Range{1, 30}},
        Option{"unlabelled", &Artist20Sample::unlabelled, "recordings of each singer to be classified", Range{0, 20}});
  }
};

constexpr int kVersion = 2;
constexpr Difficulty kDifficulty{.album_spread = 1.4, .voice_db = 4, .voice_spread = 4};
constexpr double kShortestUnlabelled = 10, kLongestUnlabelled = 90;

constexpr const char* kAlbums[] = {"meadow", "lantern", "compass", "orchard", "granite", "saffron",
                                   "willow", "ember",   "paper",   "velvet",  "north",   "quarry",
                                   "ivory",  "signal",  "harbour", "mosaic",  "thistle", "copper",
                                   "window", "juniper", "aurora",  "delta",   "feather", "kingdom"};
constexpr const char* kSongs[] = {"amber",  "bridge", "candle", "dawn",   "echo",    "falling",   "garden", "hollow",
                                  "island", "jewel",  "kite",   "letter", "mirror",  "needle",    "ocean",  "prairie",
                                  "quiet",  "river",  "silver", "torch",  "under",   "valley",    "winter", "yellow",
                                  "anchor", "tide",   "cinder", "drift",  "evening", "forest",    "glass",  "heron",
                                  "ink",    "july",   "kernel", "linen",  "marble",  "nightfall", "open",   "parade"};
constexpr int kAlbumNames = std::size(kAlbums);
constexpr int kSongNames = std::size(kSongs);

/// Steps that share no factor with the number of names, so no name comes twice in an album or with a singer.
const char* album_name(int singer, int album) { return kAlbums[(7 * singer + 5 * album) % kAlbumNames]; }
const char* song_name(int singer, int album, int song) {
  return kSongs[(11 * singer + 7 * album + 3 * song) % kSongNames];
}
std::string singer_name(int singer) { return "singer_" + with_digits(singer + 1, 2); }

/// What names the random numbers of one song, and through them the song.
struct Take {
  int singer = 0, album = 0, song = 0;
  double seconds = 0;
  std::string ending = "mp3";
};

std::string bytes_of(const Take& take, uint64_t seed) {
  const std::string album_key = singer_name(take.singer) + "/album " + std::to_string(take.album);
  const std::string song_key = album_key + "/song " + std::to_string(take.song);
  Random album_stream(seed, album_key);
  const Singer singer = make_singer(seed, take.singer);
  const Album album = make_album(album_stream, kDifficulty);
  const audio::Clip clip = make_song(singer, album, kDifficulty, take.seconds, seed, song_key);
  audio::WriteOptions options;
  options.format = take.ending;
  if (take.ending == "mp3") options.bit_rate = 32000.0;
  return audio::encode(clip, options);
}

void add_file(SamplePlan& plan, std::string path, const Take& take, uint64_t seed) {
  plan.files.push_back({std::move(path), take.seconds, [take, seed] { return bytes_of(take, seed); }});
}

void plan_albums(SamplePlan& plan, const Artist20Sample& options, uint64_t seed) {
  for (int singer = 0; singer < options.artists; ++singer) {
    Random random(seed, singer_name(singer) + " lengths");
    for (int album = 0; album < options.albums; ++album) {
      const int songs = options.songs + static_cast<int>(random.below(2));
      for (int song = 0; song < songs; ++song) {
        const Take take{singer, album, song, random.uniform(options.shortest, options.longest)};
        const std::string folder = singer_name(singer) + "/" + album_name(singer, album) + "/";
        add_file(plan, folder + with_digits(song + 1, 2) + "-" + song_name(singer, album, song) + ".mp3", take, seed);
      }
    }
  }
}

/// IDs in ascending order with about every fifth number left out.
std::vector<int> random_ids(int n, Random& random) {
  std::vector<int> ids;
  for (int id = 1; static_cast<int>(ids.size()) < n; ++id) {
    if (random.uniform() < 0.8) ids.push_back(id);
  }
  return ids;
}

void plan_unlabelled(SamplePlan& plan, const Artist20Sample& options, uint64_t seed) {
  const int n = options.artists * options.unlabelled;
  if (n == 0) return;
  Random random(seed, "unlabelled");
  const auto ids = random_ids(n, random);
  const auto order = random.permutation(n);
  std::string truth;
  for (int i = 0; i < n; ++i) {
    const int singer = order[static_cast<size_t>(i)] % options.artists;
    const int album = options.albums + order[static_cast<size_t>(i)] / options.artists;  // one that nobody has heard
    const int id = ids[static_cast<size_t>(i)];
    const Take take{singer, album, 0, random.uniform(kShortestUnlabelled, kLongestUnlabelled),
                    i % 4 == 1 ? "wav" : "mp3"};
    add_file(plan, "test/" + with_digits(id, 4) + "." + take.ending, take, seed);
    truth += std::to_string(id) + "," + singer_name(singer) + "\n";
  }
  add_text(plan, "test/SYNTHETIC", synthetic_note("no person sings in them. See SYNTHETIC one folder above."));
  add_text(plan, "truth.csv", truth);
}

/// Voices by the middle of their range, as choirs call them.
std::string voice_of(const Singer& singer) {
  const double middle = (singer.lowest + singer.highest) / 2;
  if (singer.woman) return middle < 62 ? "alto" : middle < 66 ? "mezzo-soprano" : "soprano";
  return middle < 51 ? "bass" : middle < 55 ? "baritone" : "tenor";
}

void plan_singers(SamplePlan& plan, const Artist20Sample& options, uint64_t seed) {
  std::string list = "artist,sex,voice\n";
  for (int number = 0; number < options.artists; ++number) {
    const Singer singer = make_singer(seed, number);
    list += singer_name(number) + "," + (singer.woman ? "female" : "male") + "," + voice_of(singer) + "\n";
  }
  add_text(plan, "singers.csv", list);
}

SamplePlan plan_artist20(const Artist20Sample& options) {
  const auto seed = static_cast<uint64_t>(options.seed);
  SamplePlan plan;
  plan.about = "Synthetic singers made by Lumir in place of the corpus artist20: no person sings in these recordings.";
  plan.version = kVersion;
  plan_albums(plan, options, seed);
  plan_unlabelled(plan, options, seed);
  plan_singers(plan, options, seed);
  return plan;
}

const RegisterSample<Artist20Sample> artist20_sample{
    "artist20",
    plan_artist20,
    {.summary = "Synthetic singers with albums, and unlabelled recordings of them with their truth.",
     .returns = "a Sample, for data.artist20; its folder test for data.files",
     .example = "data.sample('artist20', { artists = 4 })",
     .source = "Klatt, Software for a Cascade/Parallel Formant Synthesizer (1980)"}};

}  // namespace
}  // namespace lumir::data
