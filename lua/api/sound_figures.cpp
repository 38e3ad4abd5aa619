// lumir.report, its pictures of sound and of what features found: by the axes that a tensor carries.
//
//   report.show(tensor | clip | figure, { ... })   draws in terminals that show pictures, else writes a file and says where
//   report.matrix(tensor, { colours = 'magma', ylim = { 0, 4000 } })
//   report.waveform(clip)
//   report.timeline({ clip, mel, beats = beats, f0 = pitch })   panels on one axis of time, what has a name over them

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include <ATen/core/Tensor.h>

#include "api/drawable.h"
#include "api/figures.h"
#include "api/run.h"
#include "audio/clip.h"
#include "bind/text.h"
#include "core/file.h"
#include "report/described_panels.h"
#include "report/terminal_picture.h"
#include "tensor/convert.h"
#include "tensor/described.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;
using report::TimePanelPtr;

struct WaveShow : LimitOptions {
  static Schema schema() { return limited<WaveShow>({}); }
};

/// What panels have in common; labels and names are those that features carry.
struct TimelineShow : MatrixShow {
  static Schema schema() {
    return limited<TimelineShow>(joined(range_options<TimelineShow>(), {level_options<TimelineShow>()}));
  }
};

/// A tensor as it is drawn: [rows, columns] over time or [rows] of one moment, and what it knows of itself; no axes
/// where it does not know both.
struct Seen {
  at::Tensor values;
  tensor::Described known;
  bool over_time() const { return known.axes && known.runs(tensor::Along::time); }
};

/// Rows upwards and time across, however the tensor has them; dimensions of one place that are neither, a channel or a
/// batch, are left out.
Seen seen_in(const at::Tensor& tensor) {
  using tensor::Along;
  using tensor::Dimensions;
  Seen seen{tensor, tensor::described(tensor)};
  if (!seen.known.axes) return seen;
  Dimensions& dimensions = seen.known.dimensions;
  for (int64_t d = tensor.dim() - 1; d >= 0; --d) {
    if (dimensions[static_cast<size_t>(d)] != Along::other || tensor.size(d) != 1) continue;
    seen.values = seen.values.squeeze(d);
    dimensions.erase(dimensions.begin() + d);
  }
  if (dimensions == Dimensions{Along::time, Along::rows}) seen.values = seen.values.t();
  if (dimensions == Dimensions{Along::time}) seen.values = seen.values.unsqueeze(0);
  const bool fits = seen.over_time() ? seen.values.dim() == 2 && seen.known.axes->step() > 0 : seen.values.dim() == 1;
  return fits && !seen.known.runs(Along::other) ? seen : Seen{tensor, {}};
}

/// With what the call says in words of its own; all else is as the tensor knows it.
Axes merged(Axes axes, size_t rows, const MatrixShow& options, const std::string& who) {
  if (options.frame_rate > 0) {
    axes.rate = options.frame_rate;
    axes.hop_length = 1;
  }
  if (options.fmax > 0) {
    axes.places = row_frequencies(rows, options);
    axes.names.clear();
    axes.rows = "frequency";
    axes.rows_unit = "Hz";
  }
  if (!options.names.empty()) {
    check_names(options.names, rows, "rows", who);
    axes.names = options.names;
    axes.places.clear();
    axes.rows_unit.clear();
  }
  return axes;
}

/// The other way round: what the call does not say itself, the tensor says, in a figure of rows and columns.
MatrixShow merged(MatrixShow options, const Axes& axes) {
  if (options.y.empty()) options.y = labelled(axes.rows, axes.rows_unit);
  if (options.unit.empty()) options.unit = labelled(axes.values, axes.unit);
  if (options.frame_rate == 0 && options.columns.empty() && options.x.empty()) options.frame_rate = 1 / axes.step();
  if (options.names.empty()) options.names = axes.names;
  return options;
}

/// Real numbers of a tensor: sizes, where they are complex.
Matrix numbers_of(const at::Tensor& tensor, const std::string& who) {
  return tensor::to_matrix(tensor.is_complex() ? tensor.abs() : tensor, who);
}

/// The same, if any of them can be drawn.
Matrix drawn_of(const at::Tensor& tensor, const std::string& who) {
  Matrix numbers = numbers_of(tensor, who);
  check_drawable(numbers.values, who);
  return numbers;
}

report::DescribedLook look_of(const MatrixShow& options) {
  report::DescribedLook look;
  look.low = options.low;
  look.high = options.high;
  look.map = report::colour_map(options.colours);
  look.limits = limits_at(options.ylim);
  look.db = options.db;
  look.top_db = options.top_db;
  look.label = options.y;
  look.unit = options.unit;
  look.scale = options.fmax > 0 ? "" : options.scale.value_or("");  // else it says how rows lie, as of any matrix
  return look;
}

/// What is drawn of it: of complex numbers their sizes.
Axes axes_shown(const Seen& seen, const MatrixShow& options, const std::string& who) {
  check_range(options, who);
  Axes shown = merged(*seen.known.axes, static_cast<size_t>(seen.values.size(0)), options, who);
  if (shown.measure == Measure::complex) shown.measure = Measure::magnitude;
  return shown;
}

std::vector<TimePanelPtr> panels_of(const Seen& seen, const MatrixShow& options, const std::string& who) {
  return report::panels_of(drawn_of(seen.values, who), axes_shown(seen, options, who), look_of(options));
}

/// "spectral_centroid" as a title.
std::string title_of(const Axes& axes) {
  std::string title = axes.of;
  std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

FigurePtr over_time(report::TimeFigure figure, const std::string& name, const LimitOptions& options) {
  auto made = std::make_shared<report::TimeFigure>(std::move(figure));
  made->limits = limits_at(options.xlim);
  const auto [from, to] = made->seconds();
  if (made->limits && (made->limits->first >= to || made->limits->second <= from)) {
    throw ArgumentError("show: 'xlim' = { " + show_number(made->limits->first) + ", " +
                        show_number(made->limits->second) + " } lies beyond the time that is shown (" +
                        show_number(from) + " to " + show_number(to) + " s)");
  }
  return named(made, name, options);
}

FigurePtr waveform_at(Call& call) {
  const auto options = call.options<WaveShow>(2);
  const auto& clip = call.object<audio::Clip>(1, "clip");
  if (clip.length() > 0) check_drawable(clip.samples, call.who());
  return over_time(report::TimeFigure(report::panels_of(clip, limits_at(options.ylim))), "waveform", options);
}

int waveform(Call& call) { return call.push(waveform_at(call)); }

/// Options that only spectra over time have a use for are refused where they would change nothing.
void check_plain(Call& call, const MatrixShow& options) {
  if (call.count() < 2 || !call.is_table(2)) return;
  const Map given = call.map(2);
  for (const char* option : {"db", "top_db"}) {
    if (!given.contains(option)) continue;
    throw ArgumentError(call.who() + ": '" + option +
                        "' is for what a feature gave, drawn over time; power_to_db makes decibels of any " +
                        "numbers");
  }
  if (options.scale && options.fmax <= 0) {
    throw ArgumentError(call.who() + ": 'scale' = '" + *options.scale + "' needs 'fmax', or a tensor that knows its " +
                        "axes");
  }
}

/// A number of each row: a mean over time, one moment.
FigurePtr rows_at(const Seen& seen, const MatrixShow& options, const std::string& who) {
  const at::Tensor column = seen.values.unsqueeze(1);
  const Axes shown = axes_shown(seen, options, who);
  report::DescribedLook look = look_of(options);
  look.label = options.x;
  look.limits = limits_at(options.ylim);
  auto figure = report::rows_figure(drawn_of(column, who).values, shown, look);
  figure->x_limits = limits_at(options.xlim);
  return named(figure, shown.of.empty() ? "curve" : shown.of, options);
}

FigurePtr tensor_figure(Call& call) {
  const auto& tensor = call.object<at::Tensor>(1, "values");
  const auto options = call.options<MatrixShow>(2);
  const Seen seen = seen_in(tensor);
  const AxesPtr& axes = seen.known.axes;
  const bool in_cells = options.numbers || !options.columns.empty();  // of columns that are no time
  if (!axes || in_cells) check_plain(call, options);
  if (!axes) return matrix_at(call, options);
  if (!seen.over_time()) return rows_at(seen, options, call.who());
  if (in_cells) {
    const bool hertz = axes->rows_unit == "Hz" && options.names.empty() && options.y.empty();
    return matrix_at(call, merged(options, *axes), hertz ? axes->places : std::vector<double>());
  }
  report::TimeFigure figure(panels_of(seen, options, call.who()));
  if (!options.x.empty()) figure.across = options.x;
  return over_time(std::move(figure), axes->of.empty() ? "matrix" : axes->of, options);
}

int matrix(Call& call) { return call.push(tensor_figure(call)); }

/// Whatever can be looked at, as a figure.
FigurePtr figure_at(Call& call) {
  if (call.is<FigurePtr>(1)) return call.object<FigurePtr>(1);
  if (call.is<audio::Clip>(1)) return waveform_at(call);
  if (!call.is<at::Tensor>(1)) call.wrong(1, "what", "a tensor, a clip or a figure");
  const auto& tensor = call.object<at::Tensor>(1);
  if (tensor.dim() == 1 && !seen_in(tensor).known.axes) return curve_at(call);
  return tensor_figure(call);
}

/// What a timeline is made of, as it is found in a table.
struct Timeline {
  std::vector<TimePanelPtr> panels;
  std::vector<report::TimeMarks> marks;
  std::vector<report::TimeLine> lines;
  std::optional<std::string> unit;  // what goes upwards in the first feature, which 'ylim' is of
};

/// What 'ylim' is in: the unit of rows, or of the numbers of a curve.
std::string unit_upwards(const Axes& axes) {
  if (axes.rows == "pitch") return axes.unit;
  return axes.rows.empty() ? axes.unit : axes.rows_unit;
}

void add_panel(Call& call, int at, int place, TimelineShow options, Timeline& timeline) {
  std::vector<TimePanelPtr> panels;
  std::string title;
  if (const auto* clip = test_object<audio::Clip>(call.L, at)) {
    panels = report::panels_of(*clip);
    title = "waveform";
  } else {
    const auto* tensor = test_object<at::Tensor>(call.L, at);
    const Seen seen = tensor ? seen_in(*tensor) : Seen{};
    if (!seen.over_time()) {
      throw ArgumentError("timeline: position " + std::to_string(place) +
                          " of 'parts' must be a clip or what a feature gave (a tensor that has .axes), got " +
                          kind_at(call.L, at));
    }
    const std::string unit = unit_upwards(*seen.known.axes);
    if (timeline.unit.value_or(unit) != unit) options.ylim.clear();
    if (!timeline.unit) timeline.unit = unit;
    panels = panels_of(seen, options, call.who());
    title = title_of(*seen.known.axes);
  }
  for (size_t i = 0; i < panels.size(); ++i) {
    auto panel = std::const_pointer_cast<report::TimePanel>(panels[i]);
    if (i == 0) panel->title = title;
    timeline.panels.push_back(std::move(panel));
  }
}

void add_over(Call& call, int at, const std::string& name, Timeline& timeline) {
  const auto* tensor = test_object<at::Tensor>(call.L, at);
  const Seen seen = tensor ? seen_in(*tensor) : Seen{};
  if (tensor && tensor->dim() == 1 && !seen.known.axes) {
    timeline.marks.push_back({name, tensor::to_doubles(*tensor, call.who())});
    return;
  }
  if (seen.over_time()) {
    if (auto line = report::line_of(numbers_of(seen.values, call.who()), *seen.known.axes)) {
      line->name = name;
      timeline.lines.push_back(std::move(*line));
      return;
    }
  }
  throw ArgumentError("timeline: '" + name +
                      "' must be moments in s (a tensor of one dimension) or a feature of one row, got " +
                      kind_at(call.L, at));
}

/// Numbers that are no moments, Hz for example, are told from them where all of them lie beyond what is shown.
void check_moments(const std::vector<report::TimeMarks>& marks, double end) {
  for (const auto& mark : marks) {
    const auto beyond = [&](double second) { return !(second <= end); };
    if (mark.seconds.empty() || !std::all_of(mark.seconds.begin(), mark.seconds.end(), beyond)) continue;
    throw ArgumentError("timeline: '" + mark.name + "' must be moments in s, but all of them (from " +
                        show_number(*std::min_element(mark.seconds.begin(), mark.seconds.end())) + ") lie beyond the " +
                        show_number(end) + " s that are shown");
  }
}

/// report.timeline({ clip, mel, beats = beats, f0 = pitch }, options)
int timeline(Call& call) {
  call.at_most(2);
  if (!call.is_table(1)) call.wrong(1, "parts", "a table of clips and features");
  const auto options = call.options<TimelineShow>(2);
  Timeline all;
  const int n = static_cast<int>(lua_objlen(call.L, 1));
  for (int i = 1; i <= n; ++i) {
    lua_rawgeti(call.L, 1, i);
    add_panel(call, lua_gettop(call.L), i, options, all);
    lua_pop(call.L, 1);
  }
  if (!options.ylim.empty() && !all.unit) throw ArgumentError("timeline: 'ylim' is of features, and 'parts' has none");
  std::vector<std::string> names;
  for (lua_pushnil(call.L); lua_next(call.L, 1); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) == LUA_TSTRING) names.push_back(text_at(call.L, -2));
  }
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    push_text(call.L, name);
    lua_gettable(call.L, 1);
    add_over(call, lua_gettop(call.L), name, all);
    lua_pop(call.L, 1);
  }
  const std::vector<report::TimeMarks> marks = all.marks;
  report::TimeFigure figure(std::move(all.panels), std::move(all.marks), std::move(all.lines));
  check_moments(marks, figure.seconds().second);
  return call.push(over_time(std::move(figure), "timeline", options));
}

/// A free name in the run folder, or among temporary files at the prompt.
std::string free_path(lua_State* L, const std::string& name) {
  const std::string folder =
      recipe_is_running(L) ? run_record(L).folder() : std::filesystem::temp_directory_path().string() + "/lumir";
  for (int n = 1;; ++n) {
    std::string path = folder + "/" + name + "_" + std::to_string(n) + ".png";
    if (!std::filesystem::exists(path)) return path;
  }
}

/// report.show(tensor, options) -> Figure, and the path where the terminal shows no pictures
int show_thing(Call& call) {
  const FigurePtr figure = figure_at(call);
  const std::string png = report::render(*figure, "png");
  const auto way = report::picture_way();
  if (way != report::PictureWay::none) std::puts(report::terminal_picture(png, way).c_str());
  std::string path;
  if (way == report::PictureWay::none || way == report::PictureWay::blocks) {
    path = free_path(call.L, figure->name.empty() ? "figure" : figure->name);
    write_file(path, png);
    std::puts(path.c_str());
  }
  std::fflush(stdout);
  call.push(figure);
  if (path.empty()) return 1;
  call.push(path);
  return 2;
}

const Module sound_figures =
    Module("report")
        .function(
            "show", show_thing,
            {.summary = "Shows a figure in a terminal that has pictures (sixel, kitty's, iTerm2's; $LUMIR_PICTURES = "
                        "sixel, kitty, iterm, blocks or off forces a way); elsewhere writes it as .png and prints "
                        "where, below blocks of colour where the terminal has 24 bits of them. "
                        "A clip is its waveform. What a feature gave is drawn by its axes: time in s, rows in their "
                        "unit, spectra in decibels, tempograms by octaves of BPM (scale = 'linear': as their rows "
                        "lie), a single row or a pitch as a curve, a mean over time or one moment as a curve over "
                        "what rows are. Another tensor of one dimension is a curve (options: x, y), of two a matrix "
                        "of rows and columns.",
             .returns = "the Figure, and the path where a file was written",
             .example = "report.show(feature.melspectrogram(clip), { ylim = { 0, 4000 }, colours = 'magma' })",
             .source = "librosa's specshow",
             .parameters = with_arguments({{"what", "Tensor, Clip or Figure", "what is to be looked at"}},
                                          schema_of<MatrixShow>())})
        .function("waveform", waveform,
                  {.summary = "The amplitude of a clip over time, a panel for each channel.",
                   .returns = "a Figure",
                   .example = "report.waveform(clip, { title = 'A clip', xlim = { 0, 0.1 } })",
                   .source = "librosa's waveshow",
                   .parameters = with_arguments({{"clip", "Clip", "sound"}}, schema_of<WaveShow>())})
        .function("matrix", matrix,
                  {.summary = "A matrix as a picture, the first row at the bottom: spectrograms, chroma, weights. Its "
                              "axes are those that the tensor carries, or what the options say.",
                   .returns = "a Figure",
                   .example = "report.matrix(torch.rand(3, 2), { names = { 'low', 'middle', 'high' }, numbers = true, "
                              "colours = 'blues' })",
                   .source = "librosa's specshow, seaborn's heatmap",
                   .parameters = with_arguments({{"values", "Tensor", "[rows, columns]"}}, schema_of<MatrixShow>())})
        .function("timeline", timeline,
                  {.summary = "Clips and features below each other on one axis of time. What stands under a name is "
                              "drawn over them: moments (beats, onsets) as upright lines, a pitch or another single "
                              "row over every panel that has its unit. ylim is of the first feature and of those "
                              "in its unit.",
                   .returns = "a Figure",
                   .example = "report.timeline({ clip, marks = torch.tensor { 0.1, 0.2 } }, { title = 'Two moments' })",
                   .source = "librosa.display's shared axes",
                   .parameters = with_arguments(
                       {{"parts", "table", "clips and what features gave, in their order; moments and lines by name"}},
                       schema_of<TimelineShow>())});

}  // namespace

std::string picture_at(lua_State* L, int index) {
  const FigurePtr* figure = test_object<FigurePtr>(L, index);
  if (!figure) return "";
  const auto way = report::picture_way();
  return way == report::PictureWay::none ? "" : report::terminal_picture(report::render(**figure, "png"), way);
}

}  // namespace lumir::lua
