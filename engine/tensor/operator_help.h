// What is said of LibTorch's operators, which have a schema but no words: how they are written in Lua, what each
// argument is, what counts from 1, and a call that was tried with the shapes that went in and came out.

#pragma once

#include <string>

namespace lumir::tensor {

struct Operator;

/// "torch.topk(self, k, dim = -1, largest = true, sorted = true) -> values, indices", a line for each form.
std::string signatures(const Operator& operation);
/// What `help 'topk'` prints.
std::string help_text(const Operator& operation);

}  // namespace lumir::tensor
