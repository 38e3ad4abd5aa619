// Where in a folder a corpus begins: people point at its songs, or at a folder one or two above them.
//
// For the files of this folder only.

#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace lumir::data {

bool is_folder(const std::filesystem::path& path);
bool is_file(const std::filesystem::path& path);

/// The root, then the folders in it in the order of their bytes.
std::vector<std::filesystem::path> places_in_root(const std::string& root);
/// Throws Error where nothing of that name is there: what is looked for in it need not be spoken of then.
void require_there(const std::string& root);

/// The first folder of one of these names in the root or in a folder of it; the root where there is none.
std::filesystem::path folder_below(const std::string& root, std::initializer_list<const char*> names);

/// The folder that holds this one; that of "" is "..".
std::filesystem::path folder_above(const std::filesystem::path& folder);

}  // namespace lumir::data
