// Lines of text through Pango: the one place that names fonts.
//
// Hinting is off and metrics are not rounded, so a line has the same width at every scale and on every surface.

#pragma once

#include <memory>
#include <string>

#include <pango/pangocairo.h>

#include "report/canvas.h"

namespace lumir::report {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, Unref>;

/// A layout of one line, or of a paragraph where it gets a width.
LayoutPtr layout_of(const std::string& text, const TextStyle& style);

/// For <text font-family>: the family, and what is nearest where it is not installed.
const char* svg_family(const TextStyle& style);

}  // namespace lumir::report
