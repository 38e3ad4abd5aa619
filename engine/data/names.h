// What the numbers of described recordings are called: the same for all that one chain describes, so kept once.
//
// For the files of this folder only.

#pragma once

#include <memory>
#include <string>
#include <vector>

namespace lumir::data {

struct Names {
  std::vector<std::string> list;  // "mfcc_03_mean"
  std::string id;                 // tells lists apart; entries of the cache hold it in their place
};
using NamesPtr = std::shared_ptr<const Names>;

/// The one copy of a list in this process, while somebody holds it.
NamesPtr shared_names(const std::vector<std::string>& list);
/// Lets the cache know a list by its id.
void keep_names(const Names& names);
/// A list that was kept; null where neither the process nor the cache knows it.
NamesPtr names_of(const std::string& id);

}  // namespace lumir::data
