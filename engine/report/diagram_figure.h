// A network as boxes with arrows between them, each with the shape that comes out of it.

#pragma once

#include <string>
#include <vector>

#include "model/block.h"
#include "report/colours.h"
#include "report/figure.h"

namespace lumir::report {

class DiagramFigure final : public Figure {
 public:
  /// A box: what it is, what stands below that, and what comes out of it.
  struct Card {
    std::string name;
    std::string options = {};
    std::vector<std::string> lines = {};
    std::string shape = {};
    Colour colour = kShade;
  };
  /// Boxes of anything that is done one after the other.
  explicit DiagramFigure(std::vector<Card> cards);
  /// Of a network. `input` is the shape of what goes in. Throws ArgumentError where there is no block, or more than kMostBlocks.
  DiagramFigure(const std::vector<int64_t>& input, const std::vector<model::Block>& blocks);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  /// Higher for more rows, in a column of a paper.
  Size size(Medium medium) const override;

  static constexpr size_t kMostBlocks = 40;

 private:
  struct Places;
  static std::vector<std::string> lines_of(const Card& card, double width, const TextStyle& style);
  static Places places_in(const Box& box, const std::vector<Card>& cards, const Look& look);
  static void draw_card(Canvas& canvas, const Card& card, const Box& box, double line, const Look& look);

  std::vector<Card> cards_;
};

}  // namespace lumir::report
