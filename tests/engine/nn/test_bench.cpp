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

namespace {

/// A program in PyTorch's place that counts how often it runs, in $n, and then does what is given.
std::string counting_python(const tests::Scratch& place, const std::string& what) {
  write_file(place / "python",
             "#!/bin/sh\n"
             "echo >>'" +
                 (place / "count") +
                 "'\n"
                 "n=$(wc -l <'" +
                 (place / "count") + "')\n" + what);
  std::filesystem::permissions(place / "python", std::filesystem::perms::owner_all);
  return "bench nn --only=rnn --steps=1 --threads=1 --shipped-steps=0 --python=" + (place / "python");
}

const std::string kAnswer =
    "echo 'PyTorch of a test'\n"
    "echo 'answers\t0.00002'\n"
    "echo \"step\t$((1000000 * n * n))\t1\tdrawn\"\n"
    "echo 'memory\t77'\n";

}  // namespace

TEST_CASE("of an even number of times the median is the mean of the two in the middle") {
  const tests::Scratch place("bench-median");
  const auto even = run(place.folder(), counting_python(place, kAnswer) + " --processes=4");
  CHECK_THAT(even.out, Catch::Contains("  PyTorch tuned        CPU ms 6500000.0 (1000000.0 to 16000000.0)"));
  CHECK_THAT(even.out, !Catch::Contains("rounds"));
  std::filesystem::remove(place / "count");
  const auto odd = run(place.folder(), counting_python(place, kAnswer) + " --processes=3");
  CHECK_THAT(odd.out, Catch::Contains("  PyTorch tuned        CPU ms 4000000.0 (1000000.0 to 9000000.0)"));
}

TEST_CASE("what a bench has measured is told where an error or a signal cuts it short") {
  const std::string measured = "rnn\n  lumir                CPU ms ";
  const tests::Scratch place("bench-cut");
  const auto broken =
      run(place.folder(), counting_python(place, "test $n -ge 3 && exit 1\n" + kAnswer) + " --processes=4");
  INFO(broken.out << broken.err);
  CHECK(broken.status == 1);
  CHECK(broken.err == "error: bench: PyTorch tuned did not end its 1 steps of rnn\n");
  CHECK_THAT(broken.out, Catch::Contains("after 2 of 4 rounds:\n" + measured));
  CHECK_THAT(broken.out, Catch::Contains("  PyTorch tuned        CPU ms 2500000.0 (1000000.0 to 4000000.0)"));

  std::filesystem::remove(place / "count");
  const std::string kill =
      "p=$PPID\n"
      "grep -qx lumir /proc/$p/comm || p=$(cut -d' ' -f4 /proc/$p/stat)\n"
      "test $n -ge 2 && kill -TERM $p && exit\n";
  const auto stopped = run(place.folder(), counting_python(place, kill + kAnswer) + " --processes=4");
  INFO(stopped.out << stopped.err);
  CHECK(stopped.status == 130);
  CHECK_THAT(stopped.out, Catch::Contains("after 1 of 4 rounds:\n" + measured));
  CHECK_THAT(stopped.out, Catch::Contains("  PyTorch tuned        CPU ms 1000000.0 (1000000.0 to 1000000.0)"));
}
