// Options of an estimator and of all that it holds, by path.
//
//   C                        of the one estimator inside that has an option C
//   SVC.C                    of the child called SVC
//   1.k                      of the first child
//   Voting.SVC.C             of the SVC inside the Voting inside
//   GridSearch.estimator.C   of what the search inside searches
//
// A path may begin with the name of the estimator itself.

#pragma once

#include <string>
#include <vector>

#include "model/estimator.h"

namespace lumir::model {

/// Where an option stands: the children on the way (places from 0), then its name.
struct Address {
  std::vector<size_t> way;
  std::string option;
  bool operator==(const Address&) const = default;
};

/// Throws ArgumentError, begun by `who`, where no option, or more than one, is meant; the text names the ways out.
Address find_option(const Estimator& root, const std::string& path, const std::string& who);
/// The option at an address.
Value option_at(const Estimator& root, const Address& address);
/// Replaces the option at an address in a description of `root`, which says where its children are described.
void set_option(Value& description, const Estimator& root, const Address& address, const Value& value);

}  // namespace lumir::model
