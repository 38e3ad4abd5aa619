// Layouts: what the folders above a sound file say about it. "{artist}/{album}/{track}".

#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace lumir::data {

/// A path with named fields; each field is a part of one name, folders and file are separated by '/'.
class Layout {
 public:
  /// Throws ArgumentError, in the name of `who`, for a text that names no field, names one twice, or leaves a
  /// brace open.
  Layout(const std::string& text, const std::string& who);

  /// In the order of the text.
  const std::vector<std::string>& fields() const { return fields_; }
  /// Every field but track and title, whether a folder or a part of a name spells it. A folder belongs to those above
  /// it, up to whoever makes the sound: an artist is the same in every genre. A part of a name stands for itself, but
  /// an album is its artist's: two artists have albums of one name.
  std::vector<Level> levels() const;
  /// The fields' texts for a path below the root without its ending; nothing where it does not fit.
  std::optional<std::vector<std::string>> match(const std::string& path) const;
  /// "artist/album/track.mp3": for error texts.
  std::string example() const;

 private:
  struct Piece {
    bool is_field;
    std::string text;
  };
  using Name = std::vector<Piece>;  // of one folder or file

  std::vector<Name> names_;
  std::vector<std::string> fields_;
};

/// What lies below a folder: sound files by their endings, and what looked like one or could not be looked into.
struct Sounds {
  std::vector<std::string> paths;  // from the root, sorted by bytes
  std::vector<LeftOut> left_out;
};
/// Every folder is walked once, whatever links lead to it; what is no regular file is left out. Throws Error where
/// `root` is no folder or cannot be read.
Sounds find_sounds(const std::string& root);
/// True for a path that ends as sound files do: .mp3, .wav ...
bool has_sound_ending(const std::filesystem::path& path);
/// How many names a path has: 1 for a file in the root itself.
size_t depth_of(const std::string& path);
/// "312 audio files at depth 1, 2 at depth 3".
std::string depths_in_words(const std::vector<std::string>& paths);

/// By the names of columns what is known of each label: { sex = { madonna = "female" } }.
using KnownOfMakers = std::map<std::string, std::map<std::string, std::string>>;

/// What a corpus adds to a layout.
struct LayoutCorpus {
  std::string name;    // "artist20"
  std::string root;    // as the user gave it: what error texts begin with
  std::string folder;  // where the layout begins: the root or a folder in it
  std::string layout;
  std::string label;            // empty: nothing is to be predicted
  std::string aside = {};       // a folder of unlabelled recordings beside the songs: passed over in silence
  std::string train_list = {};  // lists of paths that come with it
  std::string valid_list = {};
  KnownOfMakers known = {};  // columns behind those of the layout, where they know every label
};
/// The files of a folder that fit, as a Dataset; those that do not are counted in one warning. The discs of an album
/// (CD1, Disc 2) belong to it. Throws Error where none fits.
Dataset read_layout(const LayoutCorpus& wanted);

/// True for the fields that name whoever makes the sound: artist, speaker, singer and the like.
bool is_maker(const std::string& field);
/// The file name without folders and ending: a song's title.
std::string title_of(const std::string& path);

}  // namespace lumir::data
