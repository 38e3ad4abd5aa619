// PNG to pixels, by Cairo.

#include "report/pixels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include <cairo.h>

#include "core/error.h"

namespace lumir::report {
namespace {

using SurfacePtr = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using ContextPtr = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

struct Bytes {
  const std::string& all;
  size_t taken = 0;
};

cairo_status_t take(void* from, unsigned char* into, unsigned int count) {
  auto& bytes = *static_cast<Bytes*>(from);
  if (bytes.all.size() - bytes.taken < count) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(into, bytes.all.data() + bytes.taken, count);
  bytes.taken += count;
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) throw Error(std::string("picture: ") + cairo_status_to_string(status));
}

Pixels copied_from(cairo_surface_t* surface) {
  constexpr uint32_t kColour = 0xFFFFFF;
  cairo_surface_flush(surface);
  Pixels picture{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), {}};
  const unsigned char* data = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  picture.colours.reserve(static_cast<size_t>(picture.width) * picture.height);
  for (int row = 0; row < picture.height; ++row) {
    for (int column = 0; column < picture.width; ++column) {
      uint32_t pixel = 0;
      std::memcpy(&pixel, data + static_cast<size_t>(row) * stride + static_cast<size_t>(column) * 4, sizeof pixel);
      picture.colours.push_back(pixel & kColour);
    }
  }
  return picture;
}

}  // namespace

Pixels pixels_of_png(const std::string& png, int most_width, int most_height) {
  Bytes bytes{png};
  const SurfacePtr whole(cairo_image_surface_create_from_png_stream(take, &bytes), &cairo_surface_destroy);
  check(cairo_surface_status(whole.get()));
  const int width = cairo_image_surface_get_width(whole.get()), height = cairo_image_surface_get_height(whole.get());
  const double scale =
      std::min({1.0, static_cast<double>(most_width) / width, static_cast<double>(most_height) / height});
  const auto scaled = [&](int size) { return std::max(1, static_cast<int>(std::floor(size * scale))); };
  const SurfacePtr small(cairo_image_surface_create(CAIRO_FORMAT_RGB24, scaled(width), scaled(height)),
                         &cairo_surface_destroy);
  const ContextPtr context(cairo_create(small.get()), &cairo_destroy);
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_scale(context.get(), static_cast<double>(scaled(width)) / width, static_cast<double>(scaled(height)) / height);
  cairo_set_source_surface(context.get(), whole.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(context.get()), CAIRO_FILTER_GOOD);
  cairo_paint(context.get());
  check(cairo_status(context.get()));
  return copied_from(small.get());
}

}  // namespace lumir::report
