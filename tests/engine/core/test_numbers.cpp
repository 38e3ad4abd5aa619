// Numbers are a vector that is copied by all threads, is zero where nobody wrote, and can be given away.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <memory>
#include <utility>

#include "core/matrix.h"
#include "core/parallel.h"

using namespace lumir;

TEST_CASE("numbers grow, shrink and are compared as those of a vector are") {
  Numbers numbers;
  CHECK(numbers.empty());
  std::vector<double> expected;
  for (int i = 0; i < 1000; ++i) {
    numbers.push_back(i);
    expected.push_back(i);
  }
  CHECK(numbers == expected);
  numbers.resize(3);
  CHECK(numbers == Numbers{0, 1, 2});
  numbers.resize(5);
  CHECK(numbers == Numbers{0, 1, 2, 0, 0});
  numbers.append(std::vector<double>{7, 8});
  CHECK(numbers.back() == 8);
  CHECK(numbers.size() == 7);
  CHECK(std::vector<double>(numbers) == std::vector<double>{0, 1, 2, 0, 0, 7, 8});
  CHECK(Numbers(3, 0.5) == Numbers{0.5, 0.5, 0.5});
  CHECK_FALSE(Numbers(3) == Numbers(4));
}

TEST_CASE("a copy has numbers of its own, whatever the number of threads, and what moves leaves none") {
  const int before = thread_count();
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    Numbers large(1000003);
    for (size_t i = 0; i < large.size(); ++i) large[i] = static_cast<double>(i);
    Numbers copy = large;
    CHECK(copy == large);
    copy[1000002] = -1;
    CHECK(large.back() == 1000002);
    const double* place = large.data();
    const Numbers moved = std::move(large);
    CHECK(moved.data() == place);
    copy = moved;
    CHECK(copy == moved);
  }
  set_thread_count(before);
}

TEST_CASE("numbers that are given away are freed by who has them") {
  Numbers numbers{1, 2};
  double* memory = numbers.give_away();
  CHECK(numbers.empty());
  CHECK(memory[1] == 2);
  Numbers::free_memory(memory);
  CHECK(Numbers().give_away() == nullptr);
}

TEST_CASE("a shared matrix keeps who has its numbers, and a copy of it can be written") {
  auto owner = std::make_shared<std::vector<double>>(std::vector<double>{1, 2, 3, 4, 5, 6});
  const std::weak_ptr<std::vector<double>> alive = owner;
  const double* place = owner->data();
  {
    const SharedMatrix shared = SharedMatrix::on(place, 2, 3, std::move(owner));
    CHECK(shared->values.data() == place);
    CHECK(shared(1, 2) == 6);
    Matrix copy = *shared;
    copy(1, 2) = 0;
    CHECK(shared(1, 2) == 6);
    CHECK(shared->take(std::vector<int>{1}).values == Numbers{4, 5, 6});
    CHECK_FALSE(alive.expired());
  }
  CHECK(alive.expired());
}
