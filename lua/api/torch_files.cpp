// torch.save and torch.load: tensors, and what holds numbers, in files that NumPy and safetensors read; what PyTorch
// writes is read too.

#include <utility>

#include <ATen/ops/scalar_tensor.h>

#include "api/pickled.h"
#include "api/run.h"
#include "api/tensor.h"
#include "bind/text.h"
#include "data/table.h"
#include "feature/plan/frames.h"
#include "tensor/array_file.h"
#include "tensor/convert.h"
#include "tensor/torch_file.h"

namespace lumir::lua {
namespace {

using tensor::NamedArrays;
using tensor::Texts;

Texts texts_of(const std::vector<std::string>& words) { return {{static_cast<int64_t>(words.size())}, words}; }

void add(NamedArrays& file, const feature::Frames& frames) {
  const std::vector<int64_t> shape{static_cast<int64_t>(frames.rows), static_cast<int64_t>(frames.frames)};
  file.arrays["values"] = tensor::to_array(tensor::from_floats(frames.values, shape), "save");
  file.arrays["frame_rate"] = Array({}, {frames.frame_rate});
  file.texts["names"] = texts_of(frames.names);
}

void add(NamedArrays& file, const feature::Description& description) {
  file.arrays["values"] = Array(description.values);
  file.texts["names"] = texts_of(description.names);
}

/// A number, a truth value, a text or a list of texts.
void add_plain(NamedArrays& file, const std::string& name, const Value& value, const std::string& who) {
  if (const double* number = value.number()) {
    file.arrays[name] = Array({}, {*number});
  } else if (const bool* truth = value.boolean()) {
    file.arrays[name] = tensor::to_array(at::scalar_tensor(*truth, at::kBool), who);
  } else if (const std::string* text = value.text()) {
    file.texts[name] = {{}, {*text}};
  } else if (value.list()) {
    Texts& texts = file.texts[name];
    for (const auto& one : *value.list()) {
      if (!one.text()) throw ArgumentError(who + ": '" + name + "' must be a list of text, got " + show(one));
      texts.words.push_back(*one.text());
    }
    texts.shape = {static_cast<int64_t>(texts.words.size())};
  } else {
    throw ArgumentError(who + ": '" + name + "' must be a tensor, a number, a boolean, a text or a list of text, got " +
                        show(value));
  }
}

/// { x = tensor, names = { 'a', 'b' } }, or { tensor, tensor } under the names that NumPy gives: arr_0, arr_1.
void add_table(NamedArrays& file, Call& call, int i) {
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const bool is_word = lua_type(call.L, -2) == LUA_TSTRING;
    const std::string name = is_word ? text_at(call.L, -2) : "arr_" + std::to_string(lua_tointeger(call.L, -2) - 1);
    const int value = lua_gettop(call.L);
    if (file.arrays.contains(name) || file.texts.contains(name)) {
      throw ArgumentError(call.who() + ": two arrays are called '" + name + "'");
    }
    if (const auto* numbers = test_object<at::Tensor>(call.L, value)) {
      file.arrays[name] = tensor::to_array(*numbers, call.who());
    } else {
      add_plain(file, name, call.value(value), call.who());
    }
  }
}

/// What is saved, by names; a tensor by itself has none.
NamedArrays arrays_at(Call& call, int i) {
  NamedArrays file;
  if (const auto* one = test_object<at::Tensor>(call.L, i)) {
    file.arrays[""] = tensor::to_array(*one, call.who());
  } else if (const auto* frames = test_object<feature::Frames>(call.L, i)) {
    add(file, *frames);
  } else if (const auto* description = test_object<feature::Description>(call.L, i)) {
    add(file, *description);
  } else if (const auto* table = test_object<data::Table>(call.L, i)) {
    file = data::to_arrays(*table, call.who());
  } else if (call.is_table(i)) {
    add_table(file, call, i);
  } else if (call.is_number(i) || call.is_text(i) || lua_isboolean(call.L, i)) {
    add_plain(file, "", call.value(i), call.who());
  } else {
    if (kind_at(call.L, i) == "Module") {
      throw ArgumentError(call.who() +
                          ": 'value' is a Module: net:save(path) writes all of it, net:state_dict() is a " +
                          "table of its tensors");
    }
    call.wrong(i, "value",
               "a Tensor, a Table, Frames, a Description, a number, a boolean, a text or a table of tensors by name");
  }
  return file;
}

struct SaveOptions {
  bool compressed = false;
  static Schema schema() {
    return {Option{"compressed", &SaveOptions::compressed, "deflate what is in an .npz, as numpy.savez_compressed"}};
  }
};

/// What has no name gets the one that NumPy gives it among others.
template <class Named>
void name_lone(Named& all) {
  auto lone = all.extract("");
  if (!lone) return;
  lone.key() = "arr_0";
  all.insert(std::move(lone));
}

/// PyTorch's own files are read only.
void refuse_pickles(const Call& call, const std::string& path) {
  for (const char* ending : {".pth", ".pt", ".pkl", ".bin"}) {
    if (!path.ends_with(ending)) continue;
    throw ArgumentError(call.who() + ": 'path' = " + show(Value(path)) + ": PyTorch's " + ending +
                        " is read here, not written; a .safetensors file holds tensors by name, and PyTorch reads it "
                        "by safetensors.torch.load_file");
  }
}

int save(Call& call) {
  NamedArrays file = arrays_at(call, 1);
  const std::string path = output_path(call.L, call.path(2));
  const auto options = call.options<SaveOptions>(3);
  refuse_pickles(call, path);
  const bool lone = file.arrays.contains("") || file.texts.contains("");
  if (lone && path.ends_with(".safetensors")) {
    throw ArgumentError(call.who() + ": a .safetensors file holds arrays by name (torch.save({ x = tensor }, path))");
  }
  if (lone && !path.ends_with(".npy")) {
    name_lone(file.arrays);
    name_lone(file.texts);
  }
  tensor::save_arrays(path, file, call.who(), options.compressed);
  return call.push(path);
}

/// Words of any shape as nested lists, from `at` on.
Value nested(const Texts& texts, size_t dimension, size_t& at) {
  if (dimension == texts.shape.size()) return texts.words.at(at++);
  List list;
  for (int64_t i = 0; i < texts.shape[dimension]; ++i) list.push_back(nested(texts, dimension + 1, at));
  return list;
}

void push_texts(Call& call, const Texts& texts) {
  size_t at = 0;
  call.push(nested(texts, 0, at));
}

int load(Call& call) {
  const std::string path = input_path(call.L, call.path(1));
  if (tensor::is_pickled(path)) {
    auto pickled = tensor::load_pickled(path);
    return push_pickled(call.L, pickled);
  }
  const NamedArrays file = tensor::load_arrays(path);
  if (file.arrays.contains("")) return push_tensor(call.L, tensor::from_array(file.arrays.at("")));
  if (file.texts.contains("")) return push_texts(call, file.texts.at("")), 1;
  lua_newtable(call.L);
  for (const auto& [name, array] : file.arrays) {
    push_tensor(call.L, tensor::from_array(array));
    set_member(call.L, -2, name);
  }
  for (const auto& [name, texts] : file.texts) {
    push_texts(call, texts);
    set_member(call.L, -2, name);
  }
  return 1;
}

const Module files_module =
    Module("torch")
        .function("save", save,
                  {.summary = "Writes tensors as .npy (one), .npz (several by name, and text) or .safetensors (several "
                              "by name). A plain number or boolean is a tensor without dimensions, whose :item() "
                              "gives it back. A recipe's relative paths lie in its run folder.",
                   .returns = "the path that was written",
                   .example = "torch.save({ x = x, names = { 'a', 'b' } }, place .. '/x.npz')",
                   .source = "numpy.save, numpy.savez; safetensors.torch.save_file",
                   .parameters = with_arguments(
                       {argument("value", "Tensor, Table, Frames, Description, number, boolean, text or table",
                                 "what is written; of a table every tensor, number, boolean, text and list of text by "
                                 "its name"),
                        argument("path", "text", "the file; its ending is the format")},
                       schema_of<SaveOptions>())})
        .function(
            "load", load,
            {.summary = "Reads what PyTorch (.pth, .pt, .pkl of any age, by a reader that runs no code and refuses "
                        "every name that it does not know), NumPy (.npy, .npz) or safetensors wrote, told apart by "
                        "their first bytes. What this run wrote is found by the relative path that it was written "
                        "to.",
             .returns = "what was saved: a Tensor (or text), or tables of them by name; Python's lists count from "
                        "1, None is nil, in a list false; tensors come to the CPU",
             .example = "torch.load(torch.save(x, place .. '/x.npy'))",
             .source = "torch.load with weights_only; numpy.load; safetensors.torch.load_file",
             .parameters = {argument("path", "text", "the file")}});

}  // namespace
}  // namespace lumir::lua
