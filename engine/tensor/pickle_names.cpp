// The list of names: Python's plain containers, PyTorch's tensors and storages, NumPy's numbers.

#include "tensor/pickle_names.h"

#include <algorithm>
#include <map>

#include <c10/core/ScalarType.h>

#include "tensor/convert.h"
#include "tensor/torch_file.h"

namespace lumir::tensor {
namespace {

using Arguments = std::vector<Item>;

constexpr size_t kStepsOfTensor = 32;  // a tensor takes as much memory as so many steps of a pickle
constexpr size_t kMostDimensions = 64;

const Item& argument(Unpickler& pickle, const Arguments& arguments, size_t i, const char* callee) {
  if (i >= arguments.size()) pickle.refuse(std::string(callee) + " has too few arguments");
  return arguments[i];
}

// Python's own.

/// Nothing, a dict, or a list of pairs.
Item make_dict(Unpickler& pickle, const Arguments& arguments) {
  Entries made;
  if (!arguments.empty()) {
    if (const auto* dict = pickle.store().as<Entries>(arguments[0])) {
      pickle.store().count_steps(dict->entries.size());
      made.entries = dict->entries;
    } else {
      for (const Item& one : pickle.items(arguments[0], "a dict's content")) {
        const auto& pair = pickle.items(one, "an entry of a dict");
        if (pair.size() != 2) pickle.refuse("an entry of a dict is no pair");
        pickle.store().count_steps(1);
        made.entries.emplace_back(pair[0], pair[1]);
      }
    }
  }
  return pickle.store().add(std::move(made));
}

/// Its argument makes what is missing, which is not asked for here.
Item make_default_dict(Unpickler& pickle, const Arguments&) { return pickle.store().add(Entries{}); }

Item make_namespace(Unpickler& pickle, const Arguments&) {
  Entries made;
  made.has_attributes = true;
  return pickle.store().add(std::move(made));
}

/// A tuple, a set or a size from a list.
Item make_items(Unpickler& pickle, const Arguments& arguments) {
  Items made;
  if (!arguments.empty()) made.items = pickle.items(arguments[0], "what a list is made of");
  pickle.store().count_steps(made.items.size());
  return pickle.store().add(std::move(made));
}

std::string joined(Unpickler& pickle, const Arguments& arguments, const char* between) {
  std::string all;
  for (const Item& one : arguments) {
    if (!all.empty() && !all.ends_with(between)) all += between;
    const auto* number = std::get_if<int64_t>(&one);
    const std::string_view part = number ? std::string_view() : pickle.text(one, "a part of a path");
    pickle.store().count_bytes(part.size());
    all += number ? std::to_string(*number) : std::string(part);
  }
  return all;
}

Item make_path(Unpickler& pickle, const Arguments& arguments) {
  return pickle.store().add(Text{pickle.store().keep(joined(pickle, arguments, "/"))});
}

/// torch.device('cuda', 0)
Item make_device(Unpickler& pickle, const Arguments& arguments) {
  return pickle.store().add(Text{pickle.store().keep(joined(pickle, arguments, ":"))});
}

/// _codecs.encode(text, 'latin1'): how Python 3 writes bytes for Python 2.
Item make_bytes(Unpickler& pickle, const Arguments& arguments) {
  const std::string_view text = pickle.text(argument(pickle, arguments, 0, "_codecs.encode"), "what is encoded");
  const std::string_view code = pickle.text(argument(pickle, arguments, 1, "_codecs.encode"), "an encoding");
  if (code != "latin1" && code != "latin-1") pickle.refuse("its bytes are encoded in another way than latin1");
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const bool wide = first == 0xc2 || first == 0xc3;
    if (first >= 0x80 && (!wide || i + 1 == text.size())) pickle.refuse("its bytes hold more than latin1 has");
    bytes += static_cast<char>(wide ? (first << 6) | (text[++i] & 0x3f) : first);
  }
  pickle.store().count_bytes(bytes.size());
  return pickle.store().add(Text{pickle.store().keep(std::move(bytes))});
}

// PyTorch's.

/// Sizes, strides.
std::vector<int64_t> numbers(Unpickler& pickle, const Item& item, const char* what) {
  std::vector<int64_t> all;
  for (const Item& one : pickle.items(item, what)) all.push_back(pickle.whole(one, what));
  if (all.size() > kMostDimensions)
    pickle.refuse(std::string(what) + " has " + std::to_string(all.size()) + " numbers");
  return all;
}

/// (storage, offset, sizes, strides ...)
TensorView view_of(Unpickler& pickle, const Arguments& arguments) {
  if (arguments.size() < 4) pickle.refuse("a tensor has too few arguments");
  const auto* part = pickle.store().as<StoragePart>(arguments[0]);
  if (!part) pickle.refuse("a tensor has no storage");
  TensorView view{*part, pickle.whole(arguments[1], "the offset of a tensor"),
                  numbers(pickle, arguments[2], "the shape of a tensor"),
                  numbers(pickle, arguments[3], "the strides of a tensor")};
  if (view.sizes.size() != view.strides.size()) pickle.refuse("a tensor has other strides than sizes");
  pickle.store().count_steps(kStepsOfTensor + view.sizes.size());
  return view;
}

Item add_view(Unpickler& pickle, TensorView view) {
  return pickle.store().add(std::make_shared<const TensorView>(std::move(view)));
}

Item make_tensor(Unpickler& pickle, const Arguments& arguments) { return add_view(pickle, view_of(pickle, arguments)); }

/// The seventh argument is the type of its elements; its storage is bytes.
Item make_typed_tensor(Unpickler& pickle, const Arguments& arguments) {
  TensorView view = view_of(pickle, arguments);
  const auto* type = pickle.store().as<const KnownName*>(argument(pickle, arguments, 6, "a tensor"));
  if (!type || !(*type)->dtype) pickle.refuse("a tensor has no type");
  const auto before = static_cast<int64_t>(c10::elementSize(view.part.type));
  view.part.type = *(*type)->dtype;
  const auto after = static_cast<int64_t>(c10::elementSize(view.part.type));
  int64_t bytes = 0;
  if (view.part.begin != 0 || __builtin_mul_overflow(view.part.count, before, &bytes)) {
    pickle.refuse("a tensor has a type that its storage has not");
  }
  if (view.part.count >= 0) view.part.count = bytes / after;
  return add_view(pickle, std::move(view));
}

/// (tensor, requires_grad ...): the tensor itself.
Item make_parameter(Unpickler& pickle, const Arguments& arguments) {
  const Item& data = argument(pickle, arguments, 0, "a parameter");
  if (!pickle.store().as<std::shared_ptr<const TensorView>>(data)) pickle.refuse("a parameter is no tensor");
  return data;
}

/// A storage as pickle.dump writes it: in bytes that are a stream of their own. They cannot hold such bytes again.
Item make_storage(Unpickler& pickle, const Arguments& arguments) {
  const auto stream = pickle.text(argument(pickle, arguments, 0, "a storage"), "what a storage is read from");
  Pickled& store = pickle.store();
  store.count_bytes(stream.size());
  if (store.nested) pickle.refuse("a storage stands within a storage");
  store.nested = true;
  const Item made = load_stream(store, stream);
  store.nested = false;
  if (!store.as<StoragePart>(made)) pickle.refuse("what a storage is read from is none");
  return made;
}

/// (function, type, arguments, attributes): a tensor with attributes, which are left out.
Item make_from_type(Unpickler& pickle, const Arguments& arguments) {
  const auto* function = pickle.store().as<const KnownName*>(argument(pickle, arguments, 0, "a tensor"));
  const bool makes_tensor = function && ((*function)->make == make_tensor || (*function)->make == make_typed_tensor ||
                                         (*function)->make == make_parameter);
  if (!makes_tensor) pickle.refuse("a tensor is made by no function of tensors");
  return (*function)->make(pickle, pickle.items(argument(pickle, arguments, 2, "a tensor"), "what makes a tensor"));
}

using Names = std::map<std::string, KnownName, std::less<>>;

void add_plain(Names& names) {
  const std::pair<const char*, decltype(KnownName::make)> plain[] = {
      {"collections.OrderedDict", make_dict},
      {"collections.Counter", make_dict},
      {"collections.defaultdict", make_default_dict},
      {"argparse.Namespace", make_namespace},
      {"types.SimpleNamespace", make_namespace},
      {"pathlib.PosixPath", make_path},
      {"pathlib.PurePosixPath", make_path},
      {"pathlib.WindowsPath", make_path},
      {"pathlib._local.PosixPath", make_path},
      {"_codecs.encode", make_bytes},
      {"torch.Size", make_items},
      {"torch.device", make_device},
      {"torch.storage._load_from_bytes", make_storage},
      {"torch.Tensor", nullptr},
      {"torch.nn.parameter.Parameter", nullptr},
      {"torch._utils._rebuild_tensor", make_tensor},
      {"torch._utils._rebuild_tensor_v2", make_tensor},
      {"torch._utils._rebuild_tensor_v3", make_typed_tensor},
      {"torch._utils._rebuild_parameter", make_parameter},
      {"torch._utils._rebuild_parameter_with_state", make_parameter},
      {"torch._tensor._rebuild_from_type_v2", make_from_type},
      {"numpy.dtype", make_numpy_type},
      {"numpy.ndarray", nullptr},
  };
  for (const auto& [name, make] : plain) names[name].make = make;
  for (const std::string module : {"builtins.", "__builtin__."}) {
    for (const char* name : {"set", "frozenset", "tuple", "list"}) names[module + name].make = make_items;
    names[module + "dict"].make = make_dict;
    for (const char* name : {"int", "float", "str", "bool"}) names[module + name] = {};
  }
  for (const std::string module : {"numpy.core.multiarray.", "numpy._core.multiarray."}) {
    names[module + "scalar"].make = make_numpy_scalar;
    names[module + "_reconstruct"].make = make_numpy_array;
  }
  for (const char* name : {"numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer"}) {
    names[name].make = make_numpy_from_buffer;
  }
}

/// torch.FloatStorage, torch.cuda.FloatStorage, torch.FloatTensor, torch.float32 ...
void add_types(Names& names) {
  const std::pair<const char*, at::ScalarType> types[] = {{"Float", at::kFloat},
                                                          {"Double", at::kDouble},
                                                          {"Half", at::kHalf},
                                                          {"BFloat16", at::kBFloat16},
                                                          {"Long", at::kLong},
                                                          {"Int", at::kInt},
                                                          {"Short", at::kShort},
                                                          {"Char", at::kChar},
                                                          {"Byte", at::kByte},
                                                          {"Bool", at::kBool},
                                                          {"ComplexFloat", at::kComplexFloat},
                                                          {"ComplexDouble", at::kComplexDouble},
                                                          {"Untyped", at::kByte}};
  for (const std::string module : {"torch.", "torch.cuda.", "torch.storage."}) {
    for (const auto& [word, type] : types) {
      names[module + word + "Storage"].elements = type;
      names[module + word + "Tensor"] = {};
    }
  }
  for (int i = 0; i < static_cast<int>(at::ScalarType::NumOptions); ++i) {
    const auto type = static_cast<at::ScalarType>(i);
    const std::string name = dtype_name(type);
    if (find_dtype(name)) names["torch." + name].dtype = type;
  }
}

Names make_names() {
  Names names;
  add_plain(names);
  add_types(names);
  for (auto& [name, known] : names) known.name = name;
  return names;
}

}  // namespace

const KnownName* find_known_name(std::string_view module, std::string_view name) {
  static const Names names = make_names();
  const auto found = names.find(std::string(module) + "." + std::string(name));
  return found == names.end() ? nullptr : &found->second;
}

}  // namespace lumir::tensor
