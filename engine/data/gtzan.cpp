// GTZAN: 1,000 excerpts of 30 s in ten folders, one for each genre (Tzanetakis and Cook, 2002).
//
//   genres/<genre>/<genre>.00000.au               as it was published
//   Data/genres_original/<genre>/<genre>.00000.wav       as it is handed on today
//
// People point at the folder of genres, or at one above it, or at two.
//
// It names no artists, and some of its recordings come twice or come from one album (Sturm, The GTZAN dataset, 2013). So
// Kereliuk, Sturm and Larsen (Deep Learning and Music Adversaries, 2015) drew a split without its faults, which lists of
// names hold: split 'given' takes them.

#include "data/corpus.h"
#include "data/layout.h"
#include "data/places.h"

namespace lumir::data {
namespace {

Dataset read_gtzan(const std::string& root, const NoOptions&) {
  return read_layout({.name = "gtzan",
                      .root = root,
                      .folder = folder_below(root, {"genres_original", "genres"}).string(),
                      .layout = "{genre}/{track}",
                      .label = "genre"});
}

const RegisterCorpus<NoOptions> gtzan{
    "gtzan",
    read_gtzan,
    {.summary =
         "Excerpts by genre, as .wav or .au; the root may stand at the folder of genres (genres_original, genres), "
         "or one or two folders above. split 'given' takes the lists of the fault-filtered split: "
         "songs:split('given', { train = 'train_filtered.txt', valid = 'valid_filtered.txt', test = "
         "'test_filtered.txt' }), where missing = 'told' passes over files that are not there.",
     .returns = "a dataset: columns id, path, track, title, seconds, genre; label genre",
     .example = "data.gtzan(genres)",
     .source = "Tzanetakis and Cook, Musical Genre Classification of Audio Signals, IEEE Transactions on Speech and "
               "Audio Processing 10(5), 2002"}};

}  // namespace
}  // namespace lumir::data
