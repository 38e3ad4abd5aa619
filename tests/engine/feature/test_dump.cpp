// Not a test by itself: writes features of raw samples for tests/golden/feature/agreement.py, and times them.
//
//   LUMIR_SAMPLES=x.f32 LUMIR_RATE=22050 LUMIR_STEPS=steps.json LUMIR_OUT=out.f32 lumir-tests "dump features"
//
// x.f32 holds mono floats; steps.json a list of step descriptions; out.f32 gets [rows, frames], and a line on stdout
// says rows, frames, scalars and the CPU milliseconds of one extraction (mean of LUMIR_REPEATS).

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/step.h"
#include "feature/plan.h"

using namespace lumir;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

}  // namespace

TEST_CASE("dump features", "[.]") {
  const char* samples = std::getenv("LUMIR_SAMPLES");
  if (!samples) return;
  const std::string bytes = bytes_of(samples);
  audio::Clip clip;
  clip.rate = std::atoi(std::getenv("LUMIR_RATE"));
  clip.samples.resize(bytes.size() / sizeof(float));
  std::copy(bytes.begin(), bytes.begin() + static_cast<long>(clip.samples.size() * sizeof(float)),
            reinterpret_cast<char*>(clip.samples.data()));
  const Value wanted = from_json(bytes_of(std::getenv("LUMIR_STEPS")), "LUMIR_STEPS");
  std::vector<StepPtr> steps;
  for (const auto& description : *wanted.list()) steps.push_back(make_step(description));
  const feature::Plan plan(steps);
  feature::Frames frames = feature::extract(clip, plan);
  const char* repeats = std::getenv("LUMIR_REPEATS");
  const int count = repeats ? std::atoi(repeats) : 0;
  const double begin = cpu_milliseconds();  // some machines count CPU time in steps of 10 ms: take the mean
  for (int i = 0; i < count; ++i) frames = feature::extract(clip, plan);
  const double mean = count > 0 ? (cpu_milliseconds() - begin) / count : 0;
  if (const char* out = std::getenv("LUMIR_OUT")) {
    std::ofstream file(out, std::ios::binary);
    file.write(reinterpret_cast<const char*>(frames.values.data()),
               static_cast<long>(frames.values.size() * sizeof(float)));
  }
  std::cout << "DUMP " << frames.rows << " " << frames.frames << " " << mean;
  for (double scalar : frames.scalars) std::cout << " " << scalar;
  std::cout << "\n";
}
