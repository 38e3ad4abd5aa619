// Model files: what is saved answers as what was fitted, and what is no model is refused with its path.

#include <catch2/catch.hpp>

#include <filesystem>
#include <limits>

#include "core/error.h"
#include "core/file.h"
#include "engine/learn/blobs.h"
#include "model/model_file.h"
#include "program.h"
#include "tensor/safetensors.h"

using namespace lumir;
using namespace lumir::model;

namespace {

struct ScaleOptions {
  double by = 2;
  static Schema schema() { return {Option{"by", &ScaleOptions::by, "factor"}}; }
};

double scale(const double& input, const ScaleOptions& options) { return input * options.by; }

const RegisterStep<ScaleOptions, double, double> scale_step{"testing",
                                                            "scale",
                                                            scale,
                                                            "a number",
                                                            {.summary = "Multiplies.",
                                                             .returns = "a number",
                                                             .example = "testing.scale { by = 3 }",
                                                             .source = "the tests of model files",
                                                             .version = 4}};

const std::vector<std::string> kNames{"Björk", "邱冠銘", "u2"};

Model fitted_model() {
  Model model;
  const Value steps = List{Map{{"name", "learn.RobustScaler"}, {"options", Map{}}},
                           Map{{"name", "learn.SVC"}, {"options", Map{{"C", 10}}}}};
  model.estimator = tests::estimator("Pipeline", {{"steps", steps}});
  model.estimator->fit(tests::blobs(60, 6, 3, 1.5, 5).training());
  model.chain = make_chain({make_step("testing.scale", {{"by", 3}})});
  for (int i = 1; i <= 6; ++i) model.columns.push_back("mfcc_0" + std::to_string(i) + "_mean");
  model.classes = kNames;
  model.label = "artist";
  model.synthetic = true;
  model.level = "v3";
  return model;
}

/// The text of the error that loading gives, without the folder.
std::string problem_of(const std::string& path) {
  try {
    load_model(path);
  } catch (const Error& problem) {
    std::string text = problem.what();
    return text.starts_with(path) ? "PATH" + text.substr(path.size()) : text;
  }
  return "none";
}

/// Saves the fitted model with its metadata changed.
template <class Change>
std::string changed(const tests::Scratch& place, Change change) {
  const std::string path = place / "changed.safetensors";
  save_model(path, fitted_model());
  auto file = tensor::load_safetensors(path);
  file.metadata.erase("checksum");  // as one who wrote other contents would have none, or another one
  change(file);
  tensor::save_safetensors(path, file);
  return path;
}

}  // namespace

TEST_CASE("a loaded model answers as the fitted one, bit by bit") {
  const tests::Scratch place("model-file");
  const Model model = fitted_model();
  const std::string path = place / "deep/model.safetensors";
  save_model(path, model);
  const Model loaded = load_model(path);
  const Matrix rows = tests::blobs(40, 6, 3, 1.5, 6).x;
  CHECK(loaded.estimator->scores(rows).values == model.estimator->scores(rows).values);
  CHECK(loaded.estimator->predict(rows) == model.estimator->predict(rows));
  CHECK(loaded.estimator->description() == model.estimator->description());
  CHECK(loaded.chain->description() == model.chain->description());
  CHECK(std::any_cast<double>(loaded.chain->apply(2.0)) == 6);
  CHECK(loaded.classes == kNames);
  CHECK(loaded.columns == model.columns);
  CHECK(loaded.label == "artist");
  CHECK(loaded.synthetic);
  CHECK(loaded.level == "v3");
}

TEST_CASE("equal models are equal bytes, and saving what was loaded changes none") {
  const tests::Scratch place("model-file");
  save_model(place / "a", fitted_model());
  save_model(place / "b", fitted_model());
  save_model(place / "c", load_model(place / "a"));
  CHECK(read_file(place / "a") == read_file(place / "b"));
  CHECK(read_file(place / "a") == read_file(place / "c"));
}

TEST_CASE("a model without a chain stays without one") {
  const tests::Scratch place("model-file");
  Model model = fitted_model();
  model.chain = nullptr;
  save_model(place / "m", model);
  CHECK(load_model(place / "m").chain == nullptr);
}

TEST_CASE("what is not fitted is not saved") {
  const tests::Scratch place("model-file");
  Model model = fitted_model();
  model.estimator = tests::estimator("SVC");
  CHECK_THROWS_WITH(save_model(place / "m", model), "save: SVC is not fitted yet");
  CHECK_FALSE(std::filesystem::exists(place / "m"));
}

TEST_CASE("what is no model is refused with its path") {
  const tests::Scratch place("model-file");
  CHECK(problem_of(place / "none") == "PATH: No such file or directory");
  write_file(place / "text", "hello");
  CHECK(problem_of(place / "text").starts_with("PATH: "));
  tensor::save_safetensors(place / "arrays", {{{"a", {{1}, {1}}}}, {}});
  CHECK(problem_of(place / "arrays") == "PATH: holds arrays, but is no model of Lumir");
  save_model(place / "whole", fitted_model());
  const std::string bytes = read_file(place / "whole");
  write_file(place / "half", std::string_view(bytes).substr(0, bytes.size() / 2));
  CHECK(problem_of(place / "half").starts_with("PATH: "));
}

TEST_CASE("a model that this Lumir cannot follow is refused with the reason") {
  const tests::Scratch place("model-file");
  CHECK(problem_of(changed(place, [](auto& file) { file.metadata["lumir"] = 99; })) ==
        "PATH: was made by a newer Lumir");
  CHECK(problem_of(changed(place, [](auto& file) {
          file.metadata["estimator"] = Map{{"name", "learn.SVX"}};
        })) == "PATH: no estimator is called 'learn.SVX' (did you mean 'SVC'?)");
  CHECK(problem_of(changed(place, [](auto& file) {
          file.metadata["classes"] = List{"a", "b"};
        })) == "PATH: names 2 classes, its classifier knows 3");
  CHECK(problem_of(changed(place, [](auto& file) {
          file.metadata["versions"] = List{Map{{"name", "testing.scale"}, {"version", 3}}};
        })) == "PATH: was made with version 3 of testing.scale, this Lumir has version 4");
  CHECK(problem_of(changed(place, [](auto& file) {
          file.metadata["versions"] = List{Map{{"name", "testing.gone"}, {"version", 1}}};
        })) == "PATH: needs the step 'testing.gone', which this Lumir has not");
  CHECK(problem_of(changed(place, [](auto& file) { file.metadata["versions"] = List{3}; })).starts_with("PATH: "));
  CHECK(problem_of(changed(place, [](auto& file) { file.arrays.clear(); })).starts_with("PATH: "));
}

TEST_CASE("a model is checked whole: numbers, names, format") {
  const tests::Scratch place("model-whole");
  const auto name = [](const char* list, List words) {
    return [list, words](tensor::SafeTensors& file) { file.metadata[list] = words; };
  };
  CHECK(problem_of(changed(place, name("classes", {"u2", "u2", "a"}))) == "PATH: names the class 'u2' twice");
  CHECK(problem_of(changed(place, name("classes", {"u2", "", "a"}))) == "PATH: has a class without a name");
  CHECK(problem_of(changed(place, name("columns", {"one"}))) ==
        "PATH: names 1 columns, but RobustScaler: was fitted on 6 columns, got 1");
  CHECK(problem_of(changed(place, [](tensor::SafeTensors& file) { file.metadata["lumir"] = -5; })) ==
        "PATH: its format -5 is none of Lumir's");
  const std::string damaged = changed(place, [](tensor::SafeTensors& file) {
    for (auto& [array, numbers] : file.arrays) {
      if (!array.ends_with("intercept")) continue;
      auto values = numbers.doubles();
      values[0] = std::numeric_limits<double>::quiet_NaN();
      numbers = Array(values);
    }
  });
  CHECK(problem_of(damaged) == "PATH: SVC: 'intercept' of the model holds NaN or an infinite number");
}

TEST_CASE("a model file that was cut off, or of which a bit was turned, is refused in one line") {
  const tests::Scratch scratch("damaged-model");
  const std::string path = scratch / "model.safetensors";
  save_model(path, fitted_model());
  const std::string whole = read_file(path);
  const auto refusal = [&](const std::string& bytes) {
    write_file(path, bytes, Sync::no);
    return problem_of(path);
  };
  const auto is_one_line = [](const std::string& text) {
    return text.starts_with("PATH") && text.find('\n') == std::string::npos;
  };
  for (size_t size = 0; size < whole.size(); size += 1024) {
    INFO("cut off at " << size);
    CHECK(is_one_line(refusal(whole.substr(0, size))));
  }
  for (size_t at = 0; at < whole.size(); at += 97) {
    std::string turned = whole;
    turned[at] = static_cast<char>(turned[at] ^ (1 << at % 8));
    if (turned.find("checksum") == std::string::npos) continue;  // in its name: then nothing is compared
    INFO("bit " << at % 8 << " of byte " << at << " turned");
    CHECK(is_one_line(refusal(turned)));
  }
  std::string last = whole;
  last.back() = static_cast<char>(last.back() ^ 1);
  CHECK(refusal(last) == "PATH: is damaged: its contents are not those that were written");
}

TEST_CASE("files of other programs are no models") {
  const tests::Scratch scratch("foreign-model");
  const std::string path = scratch / "model.safetensors";
  tensor::save_safetensors(path, {{{"weight", Array({2, 2}, {1, 2, 3, 4})}}, {{"format", "pt"}}});
  CHECK(problem_of(path) == "PATH: holds arrays, but is no model of Lumir");
  for (const char* text : {"", "{}", R"({"estimator": "SVC"})", "PK\x03\x04 a zip file", "id,genre\n1,rock\n"}) {
    write_file(path, text);
    INFO(text);
    const std::string problem = problem_of(path);
    CHECK((problem.starts_with("PATH: not a whole safetensors file") && problem.find('\n') == std::string::npos));
  }
}
