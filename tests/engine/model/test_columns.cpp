// The columns that a model asks for: those that it was fitted on, by name.

#include <catch2/catch.hpp>

#include "data/table.h"
#include "model/model.h"

using namespace lumir;

TEST_CASE("a model from before rows of a chroma were notes takes tables of today") {
  model::Model model;
  model.columns = {"rms_mean", "chroma_stft_01_mean", "chroma_stft_02_mean", "chroma_cqt_12"};
  data::Table table;
  table.columns = {"rms_mean", "chroma_stft_C_mean", "chroma_stft_C#_mean", "chroma_cqt_B"};
  CHECK_NOTHROW(model::check_columns(model, table, "predict"));
}
