// A clip as a picture: amplitude over time.

#pragma once

#include <vector>

#include "audio/clip.h"
#include "report/figure.h"

namespace lumir::report {

/// One panel for each channel, all on one scale. Where a pixel holds many samples, it shows their least and greatest.
class WaveformFigure final : public Figure {
 public:
  explicit WaveformFigure(audio::Clip clip);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  audio::Clip clip_;
};

}  // namespace lumir::report
