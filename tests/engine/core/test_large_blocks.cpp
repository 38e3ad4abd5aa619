// Blocks of memory that stand apart: what is freed is taken again, and joined with its neighbours.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/large_blocks.h"
#include "core/memory.h"
#include "sanitized.h"

using namespace lumir;

namespace {

constexpr size_t kBlock = size_t{1} << 20;

void* aligned(size_t bytes) {
  void* block = nullptr;
  REQUIRE(posix_memalign(&block, 64, bytes) == 0);
  REQUIRE(reinterpret_cast<uintptr_t>(block) % 64 == 0);
  return block;
}

}  // namespace

TEST_CASE("a large block that was freed is taken again, whatever small pieces are kept") {
  if (tests::sanitized("blocks of their own")) return;
  std::vector<void*> blocks, pieces;
  for (int i = 0; i < 8; ++i) blocks.push_back(aligned(kBlock));
  std::vector<void*> first = blocks;
  for (int round = 0; round < 50; ++round) {
    for (void* block : blocks) std::free(block);
    pieces.push_back(std::malloc(200));
    for (void*& block : blocks) block = aligned(kBlock);
  }
  std::sort(first.begin(), first.end());
  std::sort(blocks.begin(), blocks.end());
  CHECK(blocks == first);
  for (void* block : blocks) {
    CHECK(is_large_block(block));
    std::free(block);
  }
  for (void* piece : pieces) {
    CHECK_FALSE(is_large_block(piece));
    std::free(piece);
  }
}

TEST_CASE("neighbours that were freed make one block, and what is told to be allocated counts it") {
  if (tests::sanitized("blocks of their own")) return;
  const size_t before = allocated_bytes();
  void *one = aligned(kBlock), *two = aligned(kBlock), *three = aligned(kBlock), *end = aligned(kBlock);
  CHECK(allocated_bytes() >= before + 4 * kBlock);
  std::free(one);
  std::free(three);
  std::free(two);
  void* whole = aligned(3 * kBlock);
  CHECK(whole == std::min({one, two, three}));
  std::free(whole);
  std::free(end);
  CHECK(allocated_bytes() < before + kBlock);
}

TEST_CASE("a large block grows and shrinks as others do") {
  if (tests::sanitized("blocks of their own")) return;
  char* block = static_cast<char*>(aligned(kBlock));
  std::memset(block, 7, kBlock);
  block = static_cast<char*>(std::realloc(block, 3 * kBlock));
  CHECK(block[0] + block[kBlock - 1] == 14);
  block = static_cast<char*>(std::realloc(block, 100));
  CHECK(block[99] == 7);
  std::free(block);
}

TEST_CASE("threads take and free large blocks of each other") {
  if (tests::sanitized("blocks of their own")) return;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 2000; ++i) {
        const size_t bytes = kLeastLarge + static_cast<size_t>((i * 7919 + t) % 300) * 1000;
        char* block = nullptr;
        if (posix_memalign(reinterpret_cast<void**>(&block), 64, bytes) != 0) std::abort();
        block[0] = block[bytes - 1] = static_cast<char>(t);
        std::this_thread::yield();
        if (block[0] != t || block[bytes - 1] != t) std::abort();
        std::free(block);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}
