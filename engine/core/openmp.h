// How the threads of OpenMP wait, which LibTorch computes with.
//
// Between two loops they spin, unless told otherwise: libgomp's threads look three hundred thousand times whether there
// is something to do before they sleep. Where every thread has a core of its own that saves them being woken; where it
// has not (another program runs, or this one makes batches ahead) a thread that spins keeps those from working that it
// waits for, and a loop of small steps took a hundred times as long. Mean time of a training step on two cores, ms, in
// turns, twice each; in brackets the fastest twentieth, as on a machine without other work:
//
//                                         busy (load 10)                       alone
//   how they wait                         128 x 256 -> 512 -> 10   two convolutions   128 x 256 -> 512 -> 10
//   as libgomp does                       438, more than 500       1477, 2678         (0.7)
//   10,000 looks (GOMP_SPINCOUNT)         51, 65                   288, 438           (1.6)
//   1,000 looks                           8, 5                     89, 195            (2.1)
//   asleep (OMP_WAIT_POLICY=passive)      4, 8                     105, 132           (1.2)
//   one thread (OMP_NUM_THREADS=1)        9, 12                    157, 185           (1.0)
//
// So they sleep: half a millisecond of a tiny step alone is the price, and larger ones pay none.

#pragma once

namespace lumir {

/// Has threads of OpenMP sleep while they wait, where the user has not said how they do (OMP_WAIT_POLICY,
/// GOMP_SPINCOUNT). Called once, when the program starts: the runtime looks when it is loaded (core/late.cpp).
void let_waiting_threads_sleep();

}  // namespace lumir
