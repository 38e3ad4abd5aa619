// Tensors from plain numbers and back, slices, and how every kind of tensor prints.

#include <ATen/ops/arange.h>
#include <ATen/ops/complex.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include "core/error.h"
#include "core/parallel.h"
#include "tensor/convert.h"
#include "tensor/exposed.h"
#include "tensor/show.h"
#include "tensor/slice.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;

TEST_CASE("a matrix survives the way to a tensor and back") {
  Matrix matrix(2, 3);
  for (size_t i = 0; i < 6; ++i) matrix.values[i] = static_cast<double>(i) / 3;
  const at::Tensor held = tensor::from_matrix(matrix);
  CHECK(held.scalar_type() == at::kDouble);
  const Matrix back = tensor::to_matrix(held, "f");
  CHECK(back.rows == 2);
  CHECK(back.columns == 3);
  CHECK(back.values == matrix.values);
}

TEST_CASE("a matrix that is given away is not copied, and the tensor of it can share its numbers in turn") {
  Matrix matrix(300, 7, 0.5);
  const double* numbers = matrix.values.data();
  at::Tensor held = tensor::from_matrix(std::move(matrix));
  CHECK(held.const_data_ptr<double>() == numbers);
  const SharedMatrix shared = tensor::to_shared_matrix(held, "f");
  CHECK(shared->values.data() == numbers);
  held.fill_(2);
  CHECK(shared(299, 6) == 0.5);
  CHECK(held[299][6].item<double>() == 2);
  CHECK(tensor::from_matrix(Matrix(0, 3)).sizes() == at::IntArrayRef({0, 3}));
}

TEST_CASE("rows stand on the memory of a tensor until somebody writes to it") {
  at::Tensor x = at::arange(12, at::kDouble).reshape({4, 3});
  const double* numbers = x.const_data_ptr<double>();
  const SharedMatrix whole = tensor::to_shared_matrix(x, "f");
  const SharedMatrix part = tensor::to_shared_matrix(x.slice(0, 1, 3), "f");
  CHECK(whole->values.data() == numbers);
  CHECK(part->values.data() == numbers + 3);
  CHECK(part->rows == 2);
  at::Tensor view = x[2];
  view.mul_(-1);
  CHECK(x[2][0].item<double>() == -6);
  CHECK(whole(2, 0) == 6);
  CHECK(part(1, 0) == 6);
  x.resize_({40, 3});
  CHECK(whole(3, 2) == 11);
}

TEST_CASE("rows that are a small part of a tensor are copied, so that the rest need not be kept") {
  at::Tensor x = at::arange(30, at::kDouble).reshape({10, 3});
  const double* numbers = x.const_data_ptr<double>();
  const SharedMatrix half = tensor::to_shared_matrix(x.slice(0, 5, 10), "f");
  const SharedMatrix few = tensor::to_shared_matrix(x.slice(0, 1, 3), "f");
  CHECK(half->values.data() == numbers + 15);
  CHECK(few->values.data() != numbers + 3);
  CHECK(few(1, 2) == 8);
  x[2][2] = -1;
  CHECK(few(1, 2) == 8);
}

TEST_CASE("rows of numbers whose address is known outside are copied, and so are those of other types and orders") {
  const at::Tensor x = at::arange(12, at::kDouble).reshape({4, 3});
  tensor::note_exposed(x);
  const SharedMatrix copy = tensor::to_shared_matrix(x, "f");
  x.mutable_data_ptr<double>()[4] = -1;
  CHECK(copy(1, 1) == 4);
  CHECK(tensor::to_shared_matrix(at::arange(12).reshape({3, 4}).t(), "f")(3, 1) == 7);
  const at::Tensor floats = at::arange(3000000, at::kFloat).reshape({3000, 1000});
  const int before = thread_count();
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    const SharedMatrix doubles = tensor::to_shared_matrix(floats, "f");
    CHECK(doubles(0, 1) == 1);
    CHECK(doubles(2999, 999) == 2999999);
  }
  set_thread_count(before);
  CHECK(tensor::to_shared_matrix(at::zeros({0, 3}), "f")->columns == 3);
}

TEST_CASE("views are read in the order that they show") {
  const at::Tensor turned = tensor::from_floats(std::vector<float>{1, 2, 3, 4}, {2, 2}).t();
  CHECK(tensor::to_doubles(turned, "f") == std::vector<double>{1, 3, 2, 4});
}

TEST_CASE("one dimension is a column, three are an error") {
  CHECK(tensor::to_matrix(at::arange(4), "f").columns == 1);
  CHECK_THROWS_WITH(tensor::to_matrix(at::zeros({1, 1, 1}), "f"),
                    "f: needs a tensor of [rows, columns], got one of 3 dimensions");
}

TEST_CASE("element types have the names of PyTorch") {
  for (const char* name : {"float32", "float64", "float16", "bfloat16", "int64", "uint8", "bool", "complex64"}) {
    CHECK(tensor::dtype_name(tensor::dtype_of(name, "f")) == name);
  }
  CHECK_THROWS_WITH(tensor::dtype_of("flaot32", "f"),
                    "f: 'dtype' = 'flaot32' is no element type (did you mean 'float32'?)");
}

TEST_CASE("a slice of columns after a dropped row counts dimensions as they were written") {
  const at::Tensor cube = at::arange(24, at::kLong).reshape({2, 3, 4});
  CHECK(tensor::slice(cube, "2, 1, 2:3").equal(at::arange(13, 15, at::kLong)));
  CHECK_THROWS_WITH(tensor::slice(cube, "2, 1, 2:5"), "slice: '2, 1, 2:5' reaches past dimension 3, which has 4");
}

TEST_CASE("every kind of tensor prints") {
  CHECK(tensor::show(at::zeros({0, 3})) == "Tensor [0, 3] float32 cpu · empty");
  CHECK(tensor::show(at::full({2}, 0.5, at::kHalf)) ==
        "Tensor [2] float16 cpu · 0.5 to 0.5 · mean 0.5\n  0.500  0.500");
  CHECK(tensor::show(at::full({1}, 3, at::kByte)) == "Tensor [1] uint8 cpu · 3 to 3 · mean 3\n  3");
  CHECK(tensor::show(at::complex(at::full({1}, 1.5), at::full({1}, -2.0))) == "Tensor [1] complex64 cpu\n  1.5-2i");
  CHECK(tensor::show(at::zeros({2}, at::TensorOptions(at::kMeta))) == "Tensor [2] float32 meta");
  CHECK(tensor::show(at::full({2}, 2e-6)) ==
        "Tensor [2] float32 cpu · 2e-06 to 2e-06 · mean 2e-06\n"
        "  2.000e-06  2.000e-06");
  CHECK(tensor::show(at::zeros({2, 2}).to_sparse()).starts_with("Tensor [2, 2] float32 cpu"));
}
