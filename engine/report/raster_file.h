// A raster as the bytes of a PNG, and back.

#pragma once

#include <string>
#include <string_view>

#include "report/canvas.h"

namespace lumir::report {

std::string png_of(const Raster& raster);
/// Throws Error where the bytes are no picture.
Raster raster_of_png(std::string_view bytes);
/// What base64 (markup.h) was made of; throws Error for other text.
std::string bytes_of_base64(std::string_view text);

}  // namespace lumir::report
