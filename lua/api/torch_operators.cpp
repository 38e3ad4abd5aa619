// Lua's arguments to LibTorch's operators, by their own schemas: torch.matmul(a, b), x:sum(1, { keepdim = true }).
//
// An operator has overloads; the first one that takes the arguments is called. They are tried three times, each time
// more generously: as they are; with a number standing for a list (kernel_size = 3); with a trailing list of whole
// numbers spelt out (x:view(2, -1)). If none fits, the error speaks of the overload that came furthest.

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "api/tensor.h"
#include "bind/text.h"
#include "bind/way.h"
#include "tensor/anomaly.h"
#include "tensor/convert.h"
#include "tensor/gpu.h"
#include "tensor/handed.h"
#include "tensor/operator_help.h"
#include "tensor/operators.h"

namespace lumir::lua {
namespace {

using c10::IValue;
using tensor::Kind;
using tensor::Mark;
using tensor::Operator;
using tensor::Overload;
using tensor::Parameter;

enum class Leniency { none, number_for_list, spelt_out };

/// Why one overload does not take the arguments.
struct Refusal {
  size_t progress = 0;                   // parameters that were filled before
  const Parameter* parameter = nullptr;  // null for too many arguments
  std::string given;                     // "" for nothing
  size_t most = 0;                       // arguments by place that it takes
};

struct Arguments {
  int positional = 0;  // 1 .. positional
  int keywords = 0;    // place of the table of keywords; 0 for none
  int given = 0;       // keywords in it that the schema must know
};

const std::map<std::string, at::Layout, std::less<>> kLayouts = {{"strided", at::kStrided}, {"sparse", at::kSparse}};
const std::map<std::string, at::MemoryFormat, std::less<>> kMemoryFormats = {
    {"contiguous", at::MemoryFormat::Contiguous},
    {"preserve", at::MemoryFormat::Preserve},
    {"channels_last", at::MemoryFormat::ChannelsLast},
    {"channels_last_3d", at::MemoryFormat::ChannelsLast3d},
};

std::string join(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// "'none', 'mean' or 'sum'"
std::string choices(const std::vector<std::string>& words) {
  const std::vector<std::string> but_last(words.begin(), words.end() - 1);
  return "'" + join(but_last, "', '") + "' or '" + words.back() + "'";
}

std::string wanted_by(const Parameter& parameter) {
  if (parameter.mark == Mark::word) return choices(tensor::words_of(parameter.name));
  const bool list = parameter.list;
  switch (parameter.kind) {
    case Kind::tensor: return list ? "a list of tensors" : "a tensor";
    case Kind::integer: return list ? "a list of integers" : "an integer";
    case Kind::number:
    case Kind::scalar: return list ? "a list of numbers" : "a number";
    case Kind::boolean: return list ? "a list of booleans" : "true or false";
    case Kind::text: return "text";
    case Kind::dtype: return "an element type ('float32')";
    case Kind::device: return "a device ('cpu')";
    case Kind::layout: return "a layout ('strided')";
    case Kind::memory_format: return "a memory format ('contiguous')";
    default: return "left out";
  }
}

std::string given_at(lua_State* L, int i) {
  const int type = lua_type(L, i);
  if (type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TBOOLEAN) return show(to_value(L, i, ""));
  return kind_at(L, i);
}

/// Whole numbers that a double holds exactly.
std::optional<int64_t> whole_number(lua_State* L, int i) {
  if (lua_type(L, i) != LUA_TNUMBER) return std::nullopt;
  const double number = lua_tonumber(L, i);
  if (number != std::floor(number) || std::abs(number) > 9007199254740992.0) return std::nullopt;
  return static_cast<int64_t>(number);
}

template <class T>
std::optional<IValue> word_of(const std::map<std::string, T, std::less<>>& words, lua_State* L, int i) {
  if (lua_type(L, i) != LUA_TSTRING) return std::nullopt;
  const auto found = words.find(text_at(L, i));
  return found == words.end() ? std::nullopt : std::optional<IValue>(IValue(found->second));
}

std::optional<IValue> read_word(lua_State* L, int i, const Parameter& parameter) {
  if (lua_type(L, i) != LUA_TSTRING) return std::nullopt;
  const auto& words = tensor::words_of(parameter.name);
  const auto found = std::find(words.begin(), words.end(), text_at(L, i));
  if (found == words.end()) return std::nullopt;
  return IValue(static_cast<int64_t>(found - words.begin()));
}

std::optional<IValue> read_scalar(lua_State* L, int i) {
  if (lua_isboolean(L, i)) return IValue(lua_toboolean(L, i) != 0);
  if (const auto whole = whole_number(L, i)) return IValue(*whole);
  if (lua_type(L, i) == LUA_TNUMBER) return IValue(lua_tonumber(L, i));
  return std::nullopt;
}

std::optional<IValue> read_device(lua_State* L, int i) {
  if (lua_type(L, i) != LUA_TSTRING) return std::nullopt;
  const std::string name = text_at(L, i);
  if (!tensor::names_device(name)) return std::nullopt;
  return IValue(tensor::device_of(name, "device"));
}

/// A list of positions may stand for a tensor of them: x:index_select(1, { 1, 3 }).
std::optional<IValue> read_tensor(lua_State* L, int i, const Parameter& parameter) {
  if (const auto* held = test_object<at::Tensor>(L, i)) return IValue(*held);
  if (parameter.mark == Mark::value || !lua_istable(L, i)) return std::nullopt;
  std::vector<double> positions;
  const int length = list_length(L, i, "torch", "'" + parameter.name + "'");
  for (int n = 1; n <= length; ++n) {
    lua_rawgeti(L, i, n);
    const auto whole = whole_number(L, -1);
    lua_pop(L, 1);
    if (!whole) return std::nullopt;
    positions.push_back(static_cast<double>(*whole));
  }
  return IValue(tensor::from_doubles(positions, {static_cast<int64_t>(positions.size())}).to(at::kLong));
}

/// One value of the parameter's kind; none where the Lua value is something else.
std::optional<IValue> read_element(lua_State* L, int i, const Parameter& parameter) {
  if (parameter.mark == Mark::word) return read_word(L, i, parameter);
  switch (parameter.kind) {
    case Kind::tensor: return read_tensor(L, i, parameter);
    case Kind::integer:
      if (const auto whole = whole_number(L, i)) return IValue(*whole);
      return std::nullopt;
    case Kind::number:
      if (lua_type(L, i) == LUA_TNUMBER) return IValue(lua_tonumber(L, i));
      return std::nullopt;
    case Kind::scalar: return read_scalar(L, i);
    case Kind::boolean:
      if (lua_isboolean(L, i)) return IValue(lua_toboolean(L, i) != 0);
      return std::nullopt;
    case Kind::text:
      if (lua_type(L, i) == LUA_TSTRING) return IValue(text_at(L, i));
      return std::nullopt;
    case Kind::dtype:
      if (lua_type(L, i) != LUA_TSTRING) return std::nullopt;
      if (const auto type = tensor::find_dtype(text_at(L, i))) return IValue(*type);
      return std::nullopt;
    case Kind::device: return read_device(L, i);
    case Kind::layout: return word_of(kLayouts, L, i);
    case Kind::memory_format: return word_of(kMemoryFormats, L, i);
    default: return std::nullopt;
  }
}

std::optional<IValue> read_list(lua_State* L, int i, const Parameter& parameter, Leniency leniency) {
  auto list = tensor::list_of(parameter);
  if (!lua_istable(L, i)) {
    if (leniency == Leniency::none || lua_type(L, i) != LUA_TNUMBER) return std::nullopt;
    const auto element = read_element(L, i, parameter);
    if (!element) return std::nullopt;
    for (int n = 0; n < std::max(parameter.length, 1); ++n) list.push_back(*element);
    return IValue(list);
  }
  const int length = list_length(L, i, "torch", "'" + parameter.name + "'");
  for (int n = 1; n <= length; ++n) {
    lua_rawgeti(L, i, n);
    const auto element = read_element(L, lua_gettop(L), parameter);
    lua_pop(L, 1);
    if (!element) return std::nullopt;
    list.push_back(*element);
  }
  return IValue(list);
}

std::optional<IValue> read_argument(lua_State* L, int i, const Parameter& parameter, Leniency leniency) {
  const bool none = lua_isnoneornil(L, i) || (lua_type(L, i) == LUA_TSTRING && parameter.kind != Kind::text &&
                                              std::string_view(lua_tostring(L, i)) == "none");
  if (none && parameter.optional) return IValue();
  return parameter.list ? read_list(L, i, parameter, leniency) : read_element(L, i, parameter);
}

/// The whole numbers from place `first` on as one list; none where one of them is something else.
std::optional<IValue> read_spelt_out(lua_State* L, int first, int last, const Parameter& parameter) {
  if (!parameter.list || parameter.kind != Kind::integer || first >= last) return std::nullopt;
  auto list = tensor::list_of(parameter);
  for (int i = first; i <= last; ++i) {
    const auto whole = whole_number(L, i);
    if (!whole) return std::nullopt;
    list.push_back(IValue(*whole));
  }
  return IValue(list);
}

using Bound = std::vector<std::optional<IValue>>;

size_t places_of(const Overload& overload) {
  return static_cast<size_t>(std::count_if(overload.parameters.begin(), overload.parameters.end(),
                                           [](const Parameter& parameter) { return !parameter.named; }));
}

/// The keyword of that name on top of the stack, or nothing.
bool push_keyword(lua_State* L, const Arguments& arguments, const std::string& name) {
  if (arguments.keywords == 0) return false;
  lua_getfield(L, arguments.keywords, name.c_str());
  if (!lua_isnil(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}

/// The arguments as the overload wants them, or why not.
std::optional<Bound> bind(lua_State* L, const Overload& overload, const Arguments& arguments, Leniency leniency,
                          Refusal& refusal) {
  Bound bound;
  bound.reserve(overload.parameters.size());
  int next = 1, keywords_used = 0;
  refusal.most = places_of(overload);
  for (const Parameter& parameter : overload.parameters) {
    refusal.progress = bound.size();
    refusal.parameter = &parameter;
    std::optional<IValue> value;
    if (!parameter.named && next <= arguments.positional) {
      if (leniency == Leniency::spelt_out) value = read_spelt_out(L, next, arguments.positional, parameter);
      const bool spelt_out = value.has_value();
      if (!value) value = read_argument(L, next, parameter, leniency);
      if (!value) refusal.given = given_at(L, next);
      next = spelt_out ? arguments.positional + 1 : next + 1;
      if (!value) return std::nullopt;
    } else if (push_keyword(L, arguments, parameter.name)) {
      value = read_argument(L, lua_gettop(L), parameter, leniency);
      if (!value) refusal.given = given_at(L, -1);
      lua_pop(L, 1);
      ++keywords_used;
      if (!value) return std::nullopt;
    } else if (!parameter.default_value) {
      return std::nullopt;
    }
    bound.push_back(std::move(value));
  }
  refusal.progress = bound.size();
  refusal.parameter = nullptr;
  if (next <= arguments.positional || keywords_used < arguments.given) return std::nullopt;
  return bound;
}

/// What makes tensors takes requires_grad as well, as in PyTorch; no schema knows it.
bool makes_tensors(const Operator& operation) {
  const auto& parameters = operation.overloads[0].parameters;
  return std::any_of(parameters.begin(), parameters.end(),
                     [](const Parameter& parameter) { return parameter.name == "pin_memory"; });
}

/// Throws for a keyword that no overload knows.
void check_keywords(lua_State* L, const Operator& operation, const Arguments& arguments) {
  std::vector<std::string> known;
  if (makes_tensors(operation)) known.emplace_back("requires_grad");
  for (const auto& overload : operation.overloads) {
    for (const auto& parameter : overload.parameters) known.push_back(parameter.name);
  }
  std::vector<std::string> unknown;
  for (lua_pushnil(L); lua_next(L, arguments.keywords); lua_pop(L, 1)) {
    const std::string name = lua_type(L, -2) == LUA_TSTRING ? text_at(L, -2) : show(to_value(L, -2, ""));
    if (std::find(known.begin(), known.end(), name) == known.end()) unknown.push_back(name);
  }
  std::sort(unknown.begin(), unknown.end());
  if (unknown.empty()) return;
  throw ArgumentError(operation.name + ": unknown option '" + unknown[0] + "'" + did_you_mean(unknown[0], known));
}

/// In words, from the overloads that came furthest.
[[noreturn]] void refuse(const Operator& operation, const std::vector<Refusal>& refusals, const Arguments& arguments) {
  const auto by_progress = [](const Refusal& a, const Refusal& b) { return a.progress < b.progress; };
  const Refusal& furthest = *std::max_element(refusals.begin(), refusals.end(), by_progress);
  size_t most = 0;
  for (const auto& refusal : refusals) most = std::max(most, refusal.most);
  if (static_cast<size_t>(arguments.positional) > most) {
    throw ArgumentError(operation.name + ": takes at most " + std::to_string(most) +
                        (most == 1 ? " argument" : " arguments") + ", got " + std::to_string(arguments.positional));
  }
  if (!furthest.parameter) {
    throw ArgumentError(operation.name + ": these arguments do not go together; torch.help '" + operation.name +
                        "' lists its forms");
  }
  const std::string& name = furthest.parameter->name;
  std::vector<std::string> wanted;
  for (const auto& refusal : refusals) {
    if (refusal.progress != furthest.progress || !refusal.parameter || refusal.parameter->name != name) continue;
    const std::string one = wanted_by(*refusal.parameter);
    if (std::find(wanted.begin(), wanted.end(), one) == wanted.end()) wanted.push_back(one);
  }
  const std::string all = join(wanted, " or ");
  if (furthest.given.empty()) throw ArgumentError(operation.name + ": needs '" + name + "' (" + all + ")");
  throw ArgumentError(operation.name + ": '" + name + "' must be " + all + ", got " + furthest.given);
}

/// A last table with words for keys, or an empty one, holds keywords.
bool may_be_keywords(lua_State* L, int i) {
  if (!lua_istable(L, i)) return false;
  lua_pushnil(L);
  if (!lua_next(L, i)) return true;
  const bool word = lua_type(L, -2) == LUA_TSTRING;
  lua_pop(L, 2);
  return word;
}

int count_keywords(lua_State* L, int table) {
  int count = 0;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) ++count;
  return count;
}

/// The ways to read the call: an empty last table may be a list or no keywords at all.
std::vector<Arguments> readings(lua_State* L) {
  const int count = lua_gettop(L);
  std::vector<Arguments> ways;
  if (count > 0 && may_be_keywords(L, count)) ways.push_back({count - 1, count, count_keywords(L, count)});
  if (ways.empty() || ways[0].given == 0) ways.push_back({count, 0, 0});
  return ways;
}

/// The value of the keyword requires_grad, which is then no longer to be found in the schema.
bool take_requires_grad(lua_State* L, const Operator& operation, Arguments& arguments) {
  if (!push_keyword(L, arguments, "requires_grad")) return false;
  const bool wanted = lua_toboolean(L, -1);
  const bool boolean = lua_isboolean(L, -1);
  lua_pop(L, 1);
  if (!makes_tensors(operation)) return false;
  if (!boolean) throw ArgumentError(operation.name + ": 'requires_grad' must be true or false");
  --arguments.given;
  return wanted;
}

void push_result(lua_State* L, const IValue& value, const tensor::Result& result) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) return void(push_tensor(L, value.toTensor()));
    return lua_pushnil(L);
  }
  if (value.isInt() && result.kind == Kind::dtype) {
    return push_text(L, tensor::dtype_name(value.toScalarType()));
  }
  if (value.isInt()) return lua_pushnumber(L, static_cast<double>(value.toInt()));
  if (value.isDouble()) return lua_pushnumber(L, value.toDouble());
  if (value.isBool()) return lua_pushboolean(L, value.toBool());
  if (value.isString()) return push_text(L, value.toStringRef());
  if (!value.isList()) return lua_pushnil(L);
  lua_newtable(L);
  int n = 0;
  for (const auto& element : value.toListRef()) {
    push_result(L, element, result);
    lua_rawseti(L, -2, ++n);
  }
}

/// What a watch for NaN looks at.
std::vector<at::Tensor> tensors_of(const Bound& values) {
  std::vector<at::Tensor> tensors;
  for (const auto& value : values) {
    if (value && value->isTensor()) tensors.push_back(value->toTensor());
    if (value && value->isTensorList()) {
      for (const at::Tensor& tensor : value->toTensorVector()) tensors.push_back(tensor);
    }
  }
  return tensors;
}

int run(lua_State* L, const Operator& operation, const Overload& overload, Bound bound, bool requires_grad) {
  if (tensor::watches_anomalies()) tensor::call_comes_from(users_place(L));
  const tensor::CallScope scope(operation.name);
  const auto given = scope.watched() ? tensors_of(bound) : std::vector<at::Tensor>{};
  const tensor::Handed handed(operation, overload, bound);
  const std::vector<IValue> results = tensor::call(operation, overload, std::move(bound));
  handed.to(results);
  if (scope.watched()) scope.check(given, tensors_of({results.begin(), results.end()}));
  if (requires_grad) results.at(0).toTensor().requires_grad_(true);
  if (!lua_checkstack(L, static_cast<int>(results.size()) + 4)) throw Error(operation.name + ": too many results");
  for (size_t i = 0; i < results.size(); ++i) push_result(L, results[i], overload.results[i]);
  return static_cast<int>(results.size());
}

int call_by_schema(Call& call, const Operator& operation) {
  std::vector<Refusal> refusals;
  std::vector<Arguments> ways = readings(call.L);
  for (Arguments& arguments : ways) {
    const bool requires_grad = take_requires_grad(call.L, operation, arguments);
    for (const Leniency leniency : {Leniency::none, Leniency::number_for_list, Leniency::spelt_out}) {
      for (const Overload& overload : operation.overloads) {
        Refusal refusal;
        if (auto bound = bind(call.L, overload, arguments, leniency, refusal)) {
          return run(call.L, operation, overload, std::move(*bound), requires_grad);
        }
        refusals.push_back(std::move(refusal));
      }
    }
  }
  if (ways[0].keywords > 0) check_keywords(call.L, operation, ways[0]);
  refuse(operation, refusals, ways[0]);
}

int help(Call& call) {
  const std::string name = call.text(1);
  const Operator* operation = tensor::find_operator(name);
  if (!operation) refuse_operator("torch", name, {});
  return call.push(tensor::signatures(*operation));
}

int names(Call& call) {
  List list;
  for (const auto& name : tensor::operator_names()) list.emplace_back(name);
  return call.push(Value(std::move(list)));
}

/// What PyTorch has under a name of torch that is no operator, and what it is here; "" for nothing.
std::string other_place(const std::string& name) {
  if (tensor::find_dtype(name)) return "; element types are words: { dtype = '" + name + "' }, x:to '" + name + "'";
  if (name == "nn" || name == "optim") return "; lumir." + name + " is a module beside it";
  if (name == "device" || name == "cuda") return "; devices are words: x:to 'cuda', { device = 'auto' }";
  return "";
}

/// torch.name for a name that is no function of ours: an operator, kept in the module's table from then on.
int find_in_module(Call& call) {
  const std::string name = call.is_text(2) ? call.text(2) : kind_at(call.L, 2);
  if (push_operator(call.L, name)) {
    lua_pushvalue(call.L, 2);
    lua_pushvalue(call.L, -2);
    lua_rawset(call.L, 1);
    return 1;
  }
  std::vector<std::string> own;
  for (lua_pushnil(call.L); lua_next(call.L, 1); lua_pop(call.L, 1)) {
    if (lua_type(call.L, -2) == LUA_TSTRING) own.push_back(text_at(call.L, -2));
  }
  refuse_operator("torch", name, std::move(own), other_place(name));
}

void open_operators(ModuleTable& module) {
  lua_getmetatable(module.L, -1);
  push_function(module.L, "torch", find_in_module);
  lua_setfield(module.L, -2, "__index");
  lua_pop(module.L, 1);
}

const Module torch_module =
    Module("torch", open_operators)
        .function("help", help,
                  {.summary = "How an operator of LibTorch is called: one line for each of its forms.",
                   .returns = "text",
                   .example = "torch.help 'softmax'",
                   .source = "LibTorch's own schemas",
                   .parameters = {argument("name", "text", "of the operator")}})
        .function("names", names,
                  {.summary = "All operators of LibTorch that are functions of torch and methods of tensors.",
                   .returns = "a list of text, sorted",
                   .example = "torch.names()",
                   .source = "LibTorch's own schemas"});

}  // namespace

bool push_operator(lua_State* L, const std::string& name) {
  const Operator* operation = tensor::find_operator(name);
  if (!operation) return false;
  push_function(L, name, [operation](Call& call) { return call_by_schema(call, *operation); });
  return true;
}

int call_operator(Call& call, const std::string& name) { return call_by_schema(call, *tensor::find_operator(name)); }

void refuse_operator(const std::string& whose, const std::string& name, std::vector<std::string> own,
                     const std::string& hint) {
  const auto& operators = tensor::operator_names();
  own.insert(own.end(), operators.begin(), operators.end());
  std::sort(own.begin(), own.end());
  const std::string text =
      whose == "Tensor" ? "Tensor: has no '" + name + "'" : whose + "." + name + ": there is no such name";
  throw ArgumentError(text + (hint.empty() ? did_you_mean(name, own) : hint));
}

}  // namespace lumir::lua
