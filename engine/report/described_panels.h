// What a feature found, as panels over time: its axes say how it is to be looked at.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "report/time_panels.h"

namespace lumir::report {

/// A panel for each channel of a clip, all on one scale;
/// with the same limits upwards, where they are given.
std::vector<TimePanelPtr> panels_of(const audio::Clip& clip,
                                    const std::optional<std::pair<double, double>>& limits = {});

struct DescribedLook : ImageLook {
  bool db = true;          // spectra in decibels below their greatest number
  double top_db = 80;      // as far down as that
  std::string unit = "";   // of the values, in place of what the axes say
  std::string scale = "";  // 'linear', 'mel' or 'log': frequencies at other distances than the rows have
};

/// `values` is [rows, columns]. A single row is a curve, a pitch a curve where there is voice above the probability of
/// it, other rows are a picture: spectra in decibels, cepstra without their few great numbers, lags as the tempi that
/// they stand for, by octaves.
std::vector<TimePanelPtr> panels_of(const Matrix& values, const Axes& axes, const DescribedLook& look);

/// One number of each row, as one moment or a mean over time has them: a curve over what rows are.
std::shared_ptr<CurveFigure> rows_figure(const std::vector<double>& values, const Axes& axes,
                                         const DescribedLook& look);

/// The pitch or the single row as a line over other panels; nothing where the rows are a picture.
std::optional<TimeLine> line_of(const Matrix& values, const Axes& axes);

/// One recording as it is heard: its wave above its spectrogram, [rows, columns] in `values`, of the first 10 s.
FigurePtr example_figure(const audio::Clip& clip, std::span<const float> values, const Axes& axes,
                         const std::string& name, bool synthetic);

}  // namespace lumir::report
