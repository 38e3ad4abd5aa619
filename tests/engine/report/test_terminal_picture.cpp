// Pictures for terminals, decoded again from the bytes that are printed.

#include <cstdlib>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "core/error.h"
#include "program.h"
#include "report/figure.h"
#include "report/pixels.h"
#include "report/sixel.h"
#include "report/terminal_picture.h"

namespace lumir::report {
namespace {

using tests::Scratch;

/// Whole numbers from `at` on that semicolons part.
std::vector<int> numbers_at(const std::string& text, size_t& at) {
  std::vector<int> numbers;
  do {
    size_t used = 0;
    numbers.push_back(std::stoi(text.substr(at), &used));
    at += used;
  } while (at < text.size() && text[at] == ';' && ++at > 0);
  return numbers;
}

/// A terminal's reading of sixel.
class SixelReader {
 public:
  explicit SixelReader(const std::string& text) {
    size_t at = text.find('q') + 1;
    while (at < text.size() && text[at] != '\033') read(text, at);
  }
  Pixels picture;

 private:
  void read(const std::string& text, size_t& at) {
    const char letter = text[at++];
    if (letter == '"') {
      const auto size = numbers_at(text, at);
      picture = {size.at(2), size.at(3), std::vector<uint32_t>(static_cast<size_t>(size.at(2)) * size.at(3), 0x123456)};
    } else if (letter == '#') {
      const auto numbers = numbers_at(text, at);
      colour_ = numbers[0];
      if (numbers.size() > 1) colours_[colour_] = colour_of(numbers);
    } else if (letter == '!') {
      const int count = numbers_at(text, at)[0];
      draw(text[at++], count);
    } else if (letter == '$' || letter == '-') {
      column_ = 0;
      row_ += letter == '-' ? 6 : 0;
    } else {
      draw(letter, 1);
    }
  }
  static uint32_t colour_of(const std::vector<int>& numbers) {
    uint32_t colour = 0;
    for (size_t i = 2; i < 5; ++i) colour = colour << 8 | static_cast<uint32_t>((numbers[i] * 255 + 50) / 100);
    return colour;
  }
  void draw(char letter, int count) {
    for (; count > 0; --count, ++column_) {
      for (int bit = 0; bit < 6; ++bit) {
        if (((letter - '?') >> bit & 1) == 0) continue;
        REQUIRE(column_ < picture.width);
        REQUIRE(row_ + bit < picture.height);
        picture.colours[static_cast<size_t>(row_ + bit) * picture.width + column_] = colours_.at(colour_);
      }
    }
  }

  std::map<int, uint32_t> colours_;
  int colour_ = 0, column_ = 0, row_ = 0;
};

/// The greatest difference of a channel.
int farthest(const Pixels& a, const Pixels& b) {
  int most = 0;
  for (size_t i = 0; i < a.colours.size(); ++i) {
    for (const int shift : {16, 8, 0}) {
      const auto channel = [shift](uint32_t pixel) { return static_cast<int>(pixel >> shift & 0xFF); };
      most = std::max(most, std::abs(channel(a.colours[i]) - channel(b.colours[i])));
    }
  }
  return most;
}

std::string decoded(const std::string& letters) {
  const std::string order = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t held = 0;
  int bits = 0;
  for (const char letter : letters) {
    const size_t value = order.find(letter);
    if (value == std::string::npos) break;
    held = held << 6 | static_cast<uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(held >> bits & 0xFF);
  }
  return bytes;
}

/// Half red, half blue, with a green column, for 11 rows: bands that are not full.
Pixels flag() {
  Pixels picture{9, 11, {}};
  for (int row = 0; row < picture.height; ++row) {
    for (int column = 0; column < picture.width; ++column) {
      picture.colours.push_back(column == 4 ? 0x00FF00 : row < 5 ? 0xFF0000 : 0x0000FF);
    }
  }
  return picture;
}

TEST_CASE("a sixel picture of few colours is the picture") {
  const Pixels picture = flag();
  const SixelReader read(sixel(picture));
  CHECK(read.picture.width == 9);
  CHECK(read.picture.height == 11);
  CHECK(read.picture.colours == picture.colours);
}

TEST_CASE("a sixel picture of many colours has at most 256 of them, near the true ones") {
  Pixels picture{120, 100, {}};
  for (int row = 0; row < 100; ++row) {
    for (int column = 0; column < 120; ++column) {
      picture.colours.push_back(static_cast<uint32_t>(column * 2) << 16 | static_cast<uint32_t>(row) << 8 | 0x40);
    }
  }
  const SixelReader read(sixel(picture));
  CHECK(farthest(read.picture, picture) <= 16);
}

struct LineFigure : Figure {
  void draw(Canvas& canvas, const Box& box, const Look&) const override { canvas.fill(box, Colour{1, 0, 0}); }
  Size size(Medium) const override { return {200, 100}; }
};

TEST_CASE("kitty gets the PNG in pieces of at most 4096 letters") {
  const std::string png(10000, '\xA7');
  const std::string text = terminal_picture(png, PictureWay::kitty);
  std::string letters;
  size_t pieces = 0;
  for (size_t at = text.find("\033_G"); at != std::string::npos; at = text.find("\033_G", at + 1)) {
    const size_t from = text.find(';', at) + 1, end = text.find("\033\\", from);
    CHECK(end - from <= 4096);
    letters += text.substr(from, end - from);
    const bool last = text.find("\033_G", end) == std::string::npos;
    CHECK(text.substr(from - 4, 4) == (last ? "m=0;" : "m=1;"));
    ++pieces;
  }
  CHECK(pieces == 4);
  CHECK(decoded(letters) == png);
}

TEST_CASE("a PNG becomes pixels, smaller where there is less room, and refuses what is none") {
  const std::string png = render(LineFigure{}, "png");
  const Pixels whole = pixels_of_png(png, 4000, 4000);
  CHECK(whole.width == 400);
  CHECK(whole.height == 200);
  CHECK(whole.at(200, 100) == 0xFF0000);
  const Pixels small = pixels_of_png(png, 100, 4000);
  CHECK(small.width == 100);
  CHECK(small.height == 50);
  CHECK(small.at(50, 25) == 0xFF0000);
  CHECK(small.at(1, 1) == 0xFFFFFF);
  CHECK_THROWS_AS(pixels_of_png("no picture", 10, 10), Error);
}

TEST_CASE("blocks show two rows of pixels in a row of letters") {
  const std::string text = terminal_picture(render(LineFigure{}, "png"), PictureWay::blocks);
  CHECK(text.find("38;2;255;0;0;48;2;255;0;0m▀") != std::string::npos);
  CHECK(text.ends_with("\033[0m"));
}

TEST_CASE("the way is what LUMIR_PICTURES says, also into a file, and none into a pipe otherwise") {
  const Scratch scratch("pictures");
  const std::string code = " -e \"report.show(torch.rand(8, 8))\"";
  setenv("LUMIR_PICTURES", "sixel", 1);
  const auto drawn = tests::run(scratch.folder(), code);
  const auto result = tests::run(scratch.folder(), "-e \"report.bars { a = 1, b = 2 }\"");
  setenv("LUMIR_PICTURES", "sixels", 1);
  const auto refused = tests::run(scratch.folder(), code);
  unsetenv("LUMIR_PICTURES");
  const auto plain = tests::run(scratch.folder(), code);
  CHECK(drawn.status == 0);
  CHECK(drawn.out.starts_with("\033P0;1q\"1;1;"));
  CHECK(result.out.starts_with("\033P0;1q\"1;1;"));
  CHECK(result.out.ends_with("\nFigure bars\n"));
  CHECK(refused.status == 1);
  CHECK(refused.err.find("'sixels' is none of 'off', 'blocks', 'sixel', 'kitty', 'iterm'") != std::string::npos);
  CHECK(plain.out.find('\033') == std::string::npos);
  const size_t path = plain.out.find(".png");
  REQUIRE(path != std::string::npos);
  CHECK(plain.out.find(".png", path + 1) == std::string::npos);  // said once
}

}  // namespace
}  // namespace lumir::report
