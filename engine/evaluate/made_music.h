// What is said beneath scores of a sample corpus, wherever they are printed.

#pragma once

namespace lumir::evaluate {

constexpr const char* kMadeMusic = "synthetic sample: the music is made, so the scores say nothing about music";

}  // namespace lumir::evaluate
