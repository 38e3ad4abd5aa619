// Rasters through Cairo's PNG.

#include "report/raster_file.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>

#include <cairo.h>

#include "core/error.h"
#include "report/pixels.h"

namespace lumir::report {
namespace {

struct Destroy {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using SurfacePtr = std::unique_ptr<cairo_surface_t, Destroy>;

void check(const SurfacePtr& surface) {
  const cairo_status_t status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) throw Error(std::string("a picture: ") + cairo_status_to_string(status));
}

cairo_status_t append(void* to, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

uint32_t pixel_of(const Colour& colour) {
  const auto byte = [](double part) { return static_cast<uint32_t>(part * 255 + 0.5); };
  return 0xFF000000u | byte(colour.red) << 16 | byte(colour.green) << 8 | byte(colour.blue);
}

}  // namespace

std::string png_of(const Raster& raster) {
  const SurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, raster.columns, raster.rows));
  check(surface);
  const int stride = cairo_image_surface_get_stride(surface.get());
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  for (int row = 0; row < raster.rows; ++row) {
    for (int column = 0; column < raster.columns; ++column) {
      const uint32_t pixel = pixel_of(
          raster.cells[static_cast<size_t>(row) * static_cast<size_t>(raster.columns) + static_cast<size_t>(column)]);
      std::memcpy(data + static_cast<ptrdiff_t>(row) * stride + column * 4, &pixel, 4);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  std::string bytes;
  cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  return bytes;
}

Raster raster_of_png(std::string_view bytes) {
  constexpr int kAsItIs = std::numeric_limits<int>::max();
  const Pixels pixels = pixels_of_png(std::string(bytes), kAsItIs, kAsItIs);
  Raster raster{pixels.width, pixels.height, {}};
  for (const uint32_t pixel : pixels.colours) raster.cells.push_back(Colour::hex(pixel));
  return raster;
}

std::string bytes_of_base64(std::string_view text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t held = 0;
  int bits = 0;
  for (const char letter : text) {
    if (letter == '=') break;
    const size_t value = kLetters.find(letter);
    if (value == std::string_view::npos) throw Error("a picture: no base64");
    held = held << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xFF);
  }
  return bytes;
}

}  // namespace lumir::report
