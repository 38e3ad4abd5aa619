// Fields of csv files (RFC 4180).

#pragma once

#include <string>
#include <string_view>

namespace lumir {

/// A field as it stands in the file: quoted where it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

}  // namespace lumir
