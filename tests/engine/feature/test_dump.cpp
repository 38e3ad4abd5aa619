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
#include <span>

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

/// The sound that the environment names; empty where it names none.
audio::Clip given_clip() {
  audio::Clip clip;
  const char* samples = std::getenv("LUMIR_SAMPLES");
  if (!samples) return clip;
  const std::string bytes = bytes_of(samples);
  clip.rate = std::atoi(std::getenv("LUMIR_RATE"));
  clip.samples.resize(bytes.size() / sizeof(float));
  std::copy(bytes.begin(), bytes.begin() + static_cast<long>(clip.samples.size() * sizeof(float)),
            reinterpret_cast<char*>(clip.samples.data()));
  return clip;
}

int repeats() {
  const char* given = std::getenv("LUMIR_REPEATS");
  return given ? std::atoi(given) : 0;
}

void write_floats(std::span<const float> numbers) {
  const char* path = std::getenv("LUMIR_OUT");
  if (!path) return;
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(numbers.data()), static_cast<long>(numbers.size() * sizeof(float)));
}

/// Numbers of whatever a step gives.
std::vector<float> numbers_of(const std::any& result) {
  if (const auto* clip = std::any_cast<audio::Clip>(&result)) return {clip->samples.begin(), clip->samples.end()};
  const auto& frames = std::any_cast<const feature::Frames&>(result);
  std::vector<float> numbers(frames.values.begin(), frames.values.end());
  numbers.insert(numbers.end(), frames.scalars.begin(), frames.scalars.end());
  for (const auto& times : frames.times) numbers.insert(numbers.end(), times.seconds.begin(), times.seconds.end());
  return numbers;
}

}  // namespace

TEST_CASE("dump features", "[.]") {
  const audio::Clip clip = given_clip();
  if (clip.samples.empty()) return;
  const Value wanted = from_json(bytes_of(std::getenv("LUMIR_STEPS")), "LUMIR_STEPS");
  std::vector<StepPtr> steps;
  for (const auto& description : *wanted.list()) steps.push_back(make_step(description));
  const feature::Plan plan(steps);
  feature::Frames frames = feature::extract(clip, plan);
  const int count = repeats();
  const double begin = cpu_milliseconds();  // some machines count CPU time in steps of 10 ms: take the mean
  for (int i = 0; i < count; ++i) frames = feature::extract(clip, plan);
  const double mean = count > 0 ? (cpu_milliseconds() - begin) / count : 0;
  write_floats(frames.values);
  std::cout << "DUMP " << frames.rows << " " << frames.frames << " " << mean;
  for (double scalar : frames.scalars) std::cout << " " << scalar;
  std::cout << "\n";
}

// The same for one step that gives anything: the numbers of its clip, frames or times; the line has their count.
TEST_CASE("dump a step", "[.]") {
  const audio::Clip clip = given_clip();
  if (clip.samples.empty()) return;
  const auto step = make_step((*from_json(bytes_of(std::getenv("LUMIR_STEPS")), "LUMIR_STEPS").list())[0]);
  std::any result = step->apply(clip);
  const int count = repeats();
  const double begin = cpu_milliseconds();
  for (int i = 0; i < count; ++i) result = step->apply(clip);
  const double mean = count > 0 ? (cpu_milliseconds() - begin) / count : 0;
  const auto numbers = numbers_of(result);
  write_floats(numbers);
  std::cout << "DUMP 1 " << numbers.size() << " " << mean << "\n";
}
