// What g++ has and clang lacks, so that clang-tidy reads the files that compute in lanes. scripts/lint puts this before
// every file that it looks at; nothing is compiled with it.

#pragma once

#ifdef __clang__  // cmake tries the compiler with it, which is g++

template <class Vector, class Mask>
Vector __builtin_shuffle(Vector, Mask);
template <class Vector, class Mask>
Vector __builtin_shuffle(Vector, Vector, Mask);

// clang 19 does not work these out while compiling; any number does where nothing runs
constexpr double lint_constant(double number) { return number; }
#define __builtin_cos lint_constant
#define __builtin_sin lint_constant

#endif
