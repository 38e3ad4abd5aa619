// Tar archives, as PyTorch wrote its files before 0.1.10: members by name. Nothing else of the format.

#pragma once

#include <map>
#include <string>
#include <string_view>

namespace lumir::tensor {

bool is_tar(std::string_view file);
/// The plain files of an archive, on its bytes; `where` begins errors. Throws Error for what is no whole archive.
std::map<std::string, std::string_view> read_tar(const std::string& where, std::string_view file);

}  // namespace lumir::tensor
