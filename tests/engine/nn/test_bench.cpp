// `lumir bench nn` as a user runs it, with a program that answers in PyTorch's place.

#include <catch2/catch.hpp>

#include <filesystem>

#include "program.h"

using namespace lumir;
using tests::run;

TEST_CASE("bench nn times a network by itself") {
  const tests::Scratch place("bench");
  const auto outcome = run(place.folder(), "bench nn --only=rnn --processes=1 --steps=1 --threads=1");
  INFO(outcome.out << outcome.err);
  CHECK(outcome.status == 0);
  CHECK_THAT(outcome.out, Catch::Contains("1 processes of 1 steps each, 1 threads\nrnn\n"));
  CHECK_THAT(outcome.out, Catch::Contains("  lumir                CPU ms ") && Catch::Contains(" MB\n"));
  CHECK_THAT(outcome.out, Catch::Contains("\nlumir: lumir ") && Catch::Contains(", 1 threads\n"));
}

TEST_CASE("bench nn sets another program's steps beside ours, and compares losses") {
  const tests::Scratch place("bench-beside");
  write_file(place / "python",
             "#!/bin/sh\n"
             "echo 'PyTorch of a test'\n"
             "test -s \"$2/arrays.safetensors\" && echo 'answers\t0.00002'\n"
             "echo 'step\t1000000\t2000000\t2.5'\n"
             "echo 'memory\t77'\n");
  std::filesystem::permissions(place / "python", std::filesystem::perms::owner_all);
  const auto outcome =
      run(place.folder(), "bench nn --only=rnn --processes=2 --steps=1 --threads=1 --python=" + (place / "python"));
  INFO(outcome.out << outcome.err);
  CHECK(outcome.status == 0);
  for (const std::string name : {"as shipped", "tuned     "}) {
    CHECK_THAT(outcome.out, Catch::Contains("  PyTorch " + name + "   CPU ms 1000000.0 (1000000.0 to 1000000.0)"));
  }
  CHECK_THAT(outcome.out, Catch::Contains("     77 MB   answers within 2e-05, losses within "));
  CHECK_THAT(outcome.out, Catch::Contains("PyTorch tuned: PyTorch of a test\n"));
}

TEST_CASE("bench nn counts no times of a network that answers otherwise") {
  const tests::Scratch place("bench-otherwise");
  write_file(place / "python",
             "#!/bin/sh\n"
             "echo 'answers\t0.02'\n"
             "echo 'step\t1\t1\tdrawn'\n"
             "echo 'memory\t77'\n");
  std::filesystem::permissions(place / "python", std::filesystem::perms::owner_all);
  const auto outcome =
      run(place.folder(),
          "bench nn --only=rnn-inference --processes=1 --steps=1 --shipped-steps=0 --python=" + (place / "python"));
  CHECK(outcome.status == 1);
  CHECK(outcome.err ==
        "error: bench: PyTorch tuned answers otherwise than lumir in rnn-inference, by 0.02 of the largest\n");
}

TEST_CASE("bench nn says which program did not end its steps") {
  const tests::Scratch place("bench-broken");
  const auto outcome = run(place.folder(), "bench nn --only=rnn --processes=1 --steps=1 --python=/bin/false");
  CHECK(outcome.status == 1);
  CHECK_THAT(outcome.err, Catch::Contains("bench: PyTorch as shipped did not end its 1 steps of rnn"));
  CHECK_THAT(run(place.folder(), "bench nn --only=rn").err,
             Catch::Contains("'rn' is no network (did you mean 'rnn'?)"));
}
