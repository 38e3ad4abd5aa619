// Pictures of tables and models: clouds in space, named bars, histograms, several pictures in one.

#include <catch2/catch.hpp>

#include <cmath>

#include "core/error.h"
#include "core/random.h"
#include "engine/report/placed.h"
#include "report/histogram_figure.h"
#include "report/named_bars_figure.h"
#include "report/panels_figure.h"
#include "report/space_figure.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

/// Two flat clouds that lie on each other from everywhere but along one direction of the floor, in degrees.
Matrix sheets(double along, std::vector<int>& which) {
  Random random(1, "sheets");
  const double turn = along * 3.14159265358979 / 180;
  Matrix points(400, 3);
  for (size_t row = 0; row < points.rows; ++row) {
    which.push_back(static_cast<int>(row % 2));
    const double apart = (row % 2 == 0 ? 1 : -1) + 0.1 * random.normal(), wide = 3 * random.normal();
    points(row, 0) = std::cos(turn) * apart - std::sin(turn) * wide;
    points(row, 1) = std::sin(turn) * apart + std::cos(turn) * wide;
    points(row, 2) = 3 * random.normal();
  }
  return points;
}

/// The angle from which sheets that lie apart along `along` are seen edge on, up to half a turn.
double off_edge(double along, double azimuth) { return std::fabs(std::remainder(azimuth - along - 90, 180)); }

std::string trouble_of(const Figure& figure, Medium medium) {
  return trouble(drawing_of(figure, medium), figure.size(medium));
}

}  // namespace

TEST_CASE("a space is turned so that its classes lie apart", "[report]") {
  for (const double along : {0.0, 35.0, 110.0}) {
    std::vector<int> which;
    const Matrix points = sheets(along, which);
    const View view = good_view(points, which);
    INFO(along << " " << view.azimuth);
    CHECK(off_edge(along, view.azimuth) <= (along == 0 ? 20 : 5));  // not along an axis
    CHECK((view.elevation >= 15 && view.elevation <= 45));
  }
  // one class: where the points spread most; none at all: somewhere
  CHECK(std::isfinite(good_view(Matrix(1, 3), {0}).azimuth));
  CHECK(std::isfinite(good_view(Matrix(0, 3), {}).azimuth));
}

TEST_CASE("a space's labels lie inside and apart on a slide", "[report]") {
  std::vector<int> which;
  const Matrix points = sheets(20, which);
  SpaceFigure figure(points, which, {"rock", "hip-hop"}, "genre");
  figure.title = "PCA";
  CHECK(trouble_of(figure, Medium::slide).empty());
  const std::string text = all_text(drawing_of(figure, Medium::slide));
  for (const char* word : {"dimension 1", "dimension 2", "dimension 3", "rock", "hip-hop", "genre"}) {
    CHECK(text.find(word) != std::string::npos);
  }
  CHECK_THROWS_WITH(SpaceFigure(Matrix(2, 2), {0, 0}, {"a"}, ""), "scatter: 'points' has 2 columns, must have 3");
  CHECK_THROWS_WITH(cloud_figure(Matrix(2, 4), {0, 0}, {"a"}, "", {}),
                    "scatter: 'points' has 4 columns, must have 2 or 3");
}

TEST_CASE("named bars say counts as counts and shares with three digits", "[report]") {
  const NamedBarsFigure counts({{"rock", 1200}, {"pop", 7}}, "songs");
  CHECK(all_text(drawing_of(counts, Medium::slide)) == "rock\n1,200\npop\n7\n0\n500\n1,000\n1,500\nsongs\n");
  std::vector<std::pair<std::string, double>> many{{"mfcc_01_mean", 0.25}, {"lost", -0.125}};
  for (int i = 0; i < 38; ++i) many.emplace_back("a_column_with_a_long_name_" + std::to_string(i), 0.001 * i);
  const NamedBarsFigure figure(many);
  CHECK(trouble_of(figure, Medium::slide).empty());
  CHECK(all_text(drawing_of(figure, Medium::slide)).starts_with("mfcc_01_mean\n0.250\nlost\n-0.125\n"));
  CHECK_THROWS_WITH(NamedBarsFigure({}), "bars: there is nothing to draw");
}

TEST_CASE("whiskers and a line of named bars have room on their scale", "[report]") {
  NamedBarsFigure figure({{"alto (9)", 0.556}, {"tenor (6)", 0.5}}, "share");
  figure.whiskers = {{0.556, 0.2, 1.4}, {0.5, 0.5, 0.5}};
  figure.line = 0.9;
  CHECK(trouble_of(figure, Medium::slide).empty());
  CHECK(all_text(drawing_of(figure, Medium::slide)) ==
        "alto (9)\n0.556\ntenor (6)\n0.500\n0.0\n0.5\n1.0\n1.5\nshare\n");
}

TEST_CASE("histograms stand in panels, each column under its name, and leave out what is missing", "[report]") {
  Random random(3, "columns");
  Matrix x(300, 6);
  std::vector<int> which;
  for (size_t row = 0; row < x.rows; ++row) {
    which.push_back(static_cast<int>(row % 3));
    for (size_t j = 0; j < x.columns; ++j) x(row, j) = random.normal() * std::pow(10, static_cast<double>(j));
  }
  x(5, 2) = std::nan("");
  const std::vector<std::string> names{"a", "b", "c", "d", "e", "f"};
  const HistogramFigure figure(x, names, 20, which, {"rock", "pop", "folk"}, "genre");
  CHECK(trouble_of(figure, Medium::slide).empty());
  const std::string text = all_text(drawing_of(figure, Medium::slide));
  for (const auto& name : names) CHECK(text.find("\n" + name + "\n") != std::string::npos);
  CHECK(text.find("folk") != std::string::npos);
  CHECK_THROWS_WITH(HistogramFigure(Matrix(0, 1), {"a"}, 3), "hist: there is nothing to draw");
}

TEST_CASE("panels keep each figure in its own cell", "[report]") {
  const auto look = Look::of(Medium::slide);
  const auto cells = cells_of({0, 0, 900, 450}, 8, look);
  REQUIRE(cells.size() == 8);
  CHECK(cells[0].y == cells[2].y);
  CHECK(cells[3].y > cells[0].bottom());
  for (const Box& cell : cells) CHECK((cell.right() <= 900.01 && cell.bottom() <= 450.01));
  std::vector<FigurePtr> figures;
  for (int i = 0; i < 8; ++i) {
    const auto bars = std::make_shared<NamedBarsFigure>(std::vector<std::pair<std::string, double>>{{"rock", i}});
    bars->title = "panel " + std::to_string(i);
    figures.push_back(bars);
  }
  const PanelsFigure panels(figures);
  CHECK(trouble_of(panels, Medium::slide).empty());
  CHECK(all_text(drawing_of(panels, Medium::slide)).find("panel 7") != std::string::npos);
  CHECK_THROWS_WITH(PanelsFigure({}), "panels: there is nothing to draw");
}
