// Pictures over time: panels are aligned, no label is cut or meets another, and spreads are numpy's and scipy's.

#include <catch2/catch.hpp>

#include <cmath>

#include "core/error.h"
#include "engine/report/placed.h"
#include "report/described_panels.h"
#include "report/place_ticks.h"
#include "report/spread_figure.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

audio::Clip made_up_clip(int channels) {
  audio::Clip clip;
  clip.rate = 8000;
  clip.channels = channels;
  for (int i = 0; i < 16000 * channels; ++i) clip.samples.push_back(static_cast<float>(std::sin(i * 0.05)));
  return clip;
}

Axes made_up_axes(const std::string& rows, const std::string& unit) {
  Axes axes;
  axes.of = "made_up";
  axes.rate = 8000;
  axes.hop_length = 200;
  axes.rows = rows;
  axes.rows_unit = unit;
  axes.values = "power";
  axes.measure = Measure::power;
  return axes;
}

/// 80 columns of 2 s.
Matrix made_up_rows(size_t rows) {
  Matrix values(rows, 80);
  for (size_t i = 0; i < values.values.size(); ++i) values.values[i] = 1 + std::fabs(std::sin(static_cast<double>(i)));
  return values;
}

std::vector<double> evenly(size_t n, double last) {
  std::vector<double> places;
  for (size_t i = 0; i < n; ++i) places.push_back(last * static_cast<double>(i) / static_cast<double>(n - 1));
  return places;
}

/// A wave, a spectrogram, chroma and a curve, with beats and a pitch over them.
TimeFigure whole_figure() {
  Axes spectrum = made_up_axes("frequency", "Hz");
  spectrum.places = evenly(129, 4000);
  Axes chroma = made_up_axes("pitch class", "");
  chroma.names = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};
  chroma.measure = Measure::plain;
  Axes centroid = made_up_axes("", "");
  centroid.values = "spectral centroid";
  centroid.unit = "Hz";
  auto panels = panels_of(made_up_clip(1));
  for (auto& more : {panels_of(made_up_rows(129), spectrum, {}), panels_of(made_up_rows(12), chroma, {}),
                     panels_of(made_up_rows(1), centroid, {})}) {
    panels.insert(panels.end(), more.begin(), more.end());
  }
  TimeFigure figure(panels, {{"beats", {0.5, 1, 1.5}}}, {{"f0", "Hz", {0.1, 0.2, 0.3}, {200, 210, NAN}}});
  figure.title = "All of it";
  return figure;
}

}  // namespace

TEST_CASE("no label of a figure over time is cut or meets another, in each size") {
  const TimeFigure figure = whole_figure();
  for (const Medium medium : {Medium::slide, Medium::column, Medium::page}) {
    INFO(static_cast<int>(medium));
    CHECK(trouble(drawing_of(figure, medium), size_of(figure, medium)) == "");
  }
}

TEST_CASE("panels over time begin and end at the same place, so that a moment is one upright line") {
  std::vector<double> edges;
  class Spy final : public TimePanel {
   public:
    Spy(std::vector<double>& seen, std::string label) : seen_(seen), label_(std::move(label)) {}
    std::pair<double, double> seconds() const override { return {0, 2}; }
    Axis upwards(double, const Look&) const override { return {label_, 0, 1e6}; }
    void draw(Canvas&, const Frame& frame, const Look&) const override {
      seen_.push_back(frame.plot.x);
      seen_.push_back(frame.plot.right());
    }
    std::optional<double> place_of(double, const std::string&) const override { return std::nullopt; }

   private:
    std::vector<double>& seen_;
    std::string label_;
  };
  Axes axes = made_up_axes("frequency", "Hz");
  axes.places = evenly(9, 4000);
  std::vector<TimePanelPtr> panels = {std::make_shared<Spy>(edges, ""), std::make_shared<Spy>(edges, "a label")};
  for (auto& panel : panels_of(made_up_rows(9), axes, {})) panels.push_back(panel);
  texts_of(drawing_of(TimeFigure(panels), Medium::slide));
  REQUIRE(edges.size() == 4);
  CHECK(edges[0] == edges[2]);
  CHECK(edges[1] == edges[3]);
}

TEST_CASE("spectra are in decibels below their greatest number, by power or by magnitude") {
  for (const auto& [measure, shown] : {std::pair{Measure::power, "-10"}, {Measure::magnitude, "-20"}}) {
    Axes axes = made_up_axes("frequency", "Hz");
    axes.measure = measure;
    axes.places = {100, 200};
    Matrix values(2, 3, 1);
    values(0, 0) = 10;
    const TimeFigure figure(panels_of(values, axes, {}));
    const std::string text = all_text(drawing_of(figure, Medium::slide));
    CHECK(text.find(std::string(shown) + "\n") != std::string::npos);
    CHECK(text.find("level (dB)") != std::string::npos);
  }
}

TEST_CASE("a bar of colours says two numbers at least, whatever its range") {
  for (const double low : {-80.0, -60.0, -45.0, -41.0, -1.1}) {
    std::vector<std::string> numbers;
    const auto drawn = [&](Canvas& canvas) {
      draw_range_bar(&canvas, {0, 0, 80, 60}, low, 0, "dB", viridis, Look::of(Medium::slide));
    };
    for (const auto& text : texts_of(drawn)) {
      if (text.line != "dB") numbers.push_back(text.line);
    }
    INFO(low);
    CHECK(numbers.size() >= 2);
  }
}

TEST_CASE("a wave that is too low for the word amplitude still has a name") {
  const auto panels = panels_of(made_up_clip(1));
  const Look look = Look::of(Medium::slide);
  CHECK(panels[0]->upwards(200, look).label == "amplitude");
  CHECK(panels[0]->upwards(45, look).label == "wave");
}

TEST_CASE("places that are evenly spaced have even ticks, others 1, 2 and 5") {
  const Look look;
  std::vector<double> values;
  for (const Tick& tick : place_ticks(evenly(1025, 11025), 400, look)) values.push_back(tick.value);
  for (size_t i = 2; i < values.size(); ++i) {
    CHECK(values[i] - values[i - 1] == Approx(values[1] - values[0]));
  }
  std::vector<double> octaves;
  for (int i = 0; i < 84; ++i) octaves.push_back(32.7 * std::exp2(i / 12.0));
  std::vector<std::string> labels;
  for (const Tick& tick : place_ticks(octaves, 400, look)) labels.push_back(tick.label);
  CHECK(labels == std::vector<std::string>{"50", "100", "200", "500", "1000", "2000"});
}

TEST_CASE("quartiles are numpy's, and what lies beyond 1.5 times their distance stands alone") {
  // numpy.percentile([1, 2, 3, 4, 100], [25, 50, 75]) is 2, 3, 4
  const Quartiles of = quartiles_of({100, 3, 1, 4, 2});
  CHECK(of.first == 2);
  CHECK(of.median == 3);
  CHECK(of.third == 4);
  CHECK(of.low == 1);
  CHECK(of.high == 4);
  CHECK(of.beyond == std::vector<double>{100});
}

TEST_CASE("densities are scipy's gaussian_kde") {
  // scipy 1.17.1: gaussian_kde([1, 2, 4, 7])([0, 2, 5])
  const auto density = density_of({1, 2, 4, 7}, {0, 2, 5});
  CHECK(density[0] == Approx(0.08108294).epsilon(1e-6));
  CHECK(density[1] == Approx(0.12613148).epsilon(1e-6));
  CHECK(density[2] == Approx(0.09721182).epsilon(1e-6));
}

TEST_CASE("boxes and violins keep their labels inside and apart, also with one number and with equal ones") {
  std::vector<Group> groups;
  for (int i = 0; i < 12; ++i)
    groups.push_back({"a group with quite a long name " + std::to_string(i), {0.1 * i, 0.5}});
  groups.push_back({"one", {0.3}});
  groups.push_back({"equal", {0.3, 0.3, 0.3}});
  for (const auto form : {SpreadFigure::Form::box, SpreadFigure::Form::violin}) {
    const SpreadFigure figure(groups, "accuracy", form);
    for (const Medium medium : {Medium::slide, Medium::column, Medium::page}) {
      CHECK(trouble(drawing_of(figure, medium), size_of(figure, medium)) == "");
    }
  }
  CHECK_THROWS_WITH(SpreadFigure({{"empty", {NAN}}}, "", SpreadFigure::Form::box), "there are no numbers to draw");
}
