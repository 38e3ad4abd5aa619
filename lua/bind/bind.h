// The binder: how Lua sees C++ values, and nothing about what they mean.
//
// HOW TO WRITE lua/api/<folder>.cpp
//
//   #include "bind/bind.h"
//   namespace lumir::lua {
//   namespace {
//
//   // 1. A type that Lua handles: once. Values are held by value in the userdata (a shared_ptr is a value too). What is
//   //    said of a name is its entry in the registry, as `help` shows it; examples call the object `clip`.
//   const Class<audio::Clip> clip_class =
//       Class<audio::Clip>("Clip", "Sound: samples of one or more channels, and their rate.", "clip")
//           .text([](const audio::Clip& clip) { return audio::show(clip); })           // tostring, print, the prompt
//           .field("rate", [](const audio::Clip& clip) { return Value(clip.rate); },   // clip.rate
//                  {.summary = "Samples of each channel in a second.", .returns = "an integer, Hz"})
//           .method("channel", one_channel,                                            // clip:channel(1)
//                   {.summary = "One channel of it.",
//                    .returns = "a Clip of [1, samples]",
//                    .example = "clip:channel(1)",
//                    .parameters = {argument("channel", "integer", "which one, from 1")}});
//
//   int one_channel(Call& call) {
//     const auto& clip = call.object<audio::Clip>(1);                                  // argument 1 is the object
//     return call.push(audio::one_channel(clip, call.integer(2, "channel", 1, clip.channels) - 1));
//   }
//
//   // 2. A module of `lumir`: its functions, with words of their own or, where the engine has registered the name, with
//   //    the engine's. What is registered in numbers comes by itself: open_steps.
//   const Module audio_module = Module("audio", open_steps)                            // audio.load, audio.resample ...
//                                   .function("mix", mix)                              // the engine's entry audio.mix
//                                   .function("probe", probe, {.summary = "...", ...});
//
// Parameters are checked before a function runs: that no argument is one too many, that none is missing that must be
// given, and that numbers, text, booleans and functions are what they are declared to be.
//
// Errors: throw ArgumentError / Error (or anything derived from std::exception). The guard adds the caller's line to
// the user's mistakes; the world's (a missing file) stand alone.
// The text begins with the function's name: Call::who() is it ("audio.sine" is said as "sine").
// Never catch (...) around a call into Lua: Lua errors travel as exceptions.

#pragma once

#include <any>
#include <functional>
#include <source_location>
#include <string>
#include <typeindex>
#include <vector>

#include <lua.hpp>

#include "bind/collect.h"
#include "core/schema.h"
#include "core/type.h"
#include "core/value.h"

namespace lumir::lua {

class Call;
using Function = std::function<int(Call&)>;

/// What a function, method or field is, in words, and its arguments; kept as an entry of the registry.
struct Describe {
  std::string summary;
  std::string returns = "";
  std::string example = "";  // a field's own is its name: "clip.rate"
  std::string source = "";
  Schema parameters = {};  // with_arguments({ ... }, schema_of<Options>()) where a table of options may follow
};

/// An argument of a function with what is known of it besides its words: a Unit, a Range, Choices, kPlace for one that
/// may be left out. One that is called "..." stands for any number of them.
template <class... Extras>
Argument argument(std::string name, std::string type, std::string text, Extras... extras) {
  Argument made(std::move(name), std::move(type), std::move(text));
  [[maybe_unused]] const auto add = [&made](auto extra) {
    if constexpr (std::is_same_v<decltype(extra), Unit>) made.unit = extra.text;
    if constexpr (std::is_same_v<decltype(extra), Range>) made.range = extra;
    if constexpr (std::is_same_v<decltype(extra), Choices>) made.choices = extra.words;
    if constexpr (std::is_same_v<decltype(extra), Place>) made.place = extra;
  };
  (add(extras), ...);
  return made;
}

/// What the binder knows of a class of objects; one for each C++ type, made by Class<T>.
struct ClassInfo {
  std::string name;
  Type* type = nullptr;                     // its place in the engine's table of types
  std::map<std::string, Function> fields;   // read as object.name; called with the object as argument 1
  std::map<std::string, Function> methods;  // object:name(...)
  std::map<std::string, Function> metas;    // "__add", "__len", "__call" ...
  Function index;                           // for keys that are neither; null for none
  bool index_has_methods = false;           // a function that `index` finds by a word is every object's
  std::function<std::vector<std::string>(const void*)> more_names;  // what `index` knows of an object; null: not told
  std::function<std::string(const void*)> text;
  std::function<std::string(const void*)> title;  // of an object whose own class is written in Lua; null: the name
  std::function<Value(const void*)> as_value;     // how the object stands in options and records; null: as an object
  std::function<Object(const void*)> as_object;
  std::function<std::any(const void*)> as_any;
  std::function<void(lua_State*, std::any)> push_any;
  std::function<void(void*)> destroy;
};

/// The class of a C++ type; null where none is defined.
ClassInfo* find_class(std::type_index type);
ClassInfo& define_class(std::type_index type, const std::string& name, const std::string& summary,
                        const std::string& variable);
/// Registers a member of a class.
const Entry& describe_member(ClassInfo& info, const std::string& name, Form form, const Describe& words,
                             std::source_location where);
/// `body` behind a check of its arguments, of which `first` is the first that the entry declares.
Function checked(const Entry& entry, int first, Function body);
/// "Clip.part" for every field, method and operation of every class, sorted.
std::vector<std::string> member_names();
/// The object at a stack position if it is of that class, else null.
void* test_object(lua_State* L, int index, const ClassInfo& info);
/// The class of the object at a stack position; null where there is no object of ours.
const ClassInfo* class_at(lua_State* L, int index);
/// In a function that is asked for a member which its object (argument 1) has not: a hint where the object is `self` of
/// whoever asks, who was then called by a dot in place of a colon; else "".
std::string called_by_dot(lua_State* L);
/// Leaves the class's metatable on the stack.
void push_metatable(lua_State* L, const ClassInfo& info);

template <class T>
void push_object(lua_State* L, T value) {
  ClassInfo* info = find_class(typeid(T));
  if (!info) throw std::logic_error(std::string("no Lua class for ") + typeid(T).name());
  collect_when_grown(L);
  new (lua_newuserdata(L, sizeof(T))) T(std::move(value));
  push_metatable(L, *info);
  lua_setmetatable(L, -2);
}
template <class T>
T* test_object(lua_State* L, int index) {
  const ClassInfo* info = find_class(typeid(T));
  return info ? static_cast<T*>(test_object(L, index, *info)) : nullptr;
}

/// A plain value; lists count from 1.
void push_value(lua_State* L, const Value& value);
/// Whatever a step gave: an object of a known class, text, a number. Throws for a type that no class was made for. What
/// is moved here is not copied.
void push_any(lua_State* L, std::any value);
/// nil, booleans, numbers, text, lists, maps, and objects: as the value that they stand for (steps, estimators), else as
/// they are. Throws ArgumentError naming the place of a hole in a list, of a mixed table or of a function.
Value to_value(lua_State* L, int index, const std::string& who);
/// How many positions a table has. Lua's own length ends at any hole; here ArgumentError names the place of the first:
/// "compare: position 2 of 'models' is nil", where `what` is "'models'".
int list_length(lua_State* L, int index, const std::string& who, const std::string& what);
/// "number", "nil", "Clip", "table": what an error calls the thing at `index`.
std::string kind_at(lua_State* L, int index);

/// "ReLU" of a function of ours at a stack position; "" of others.
std::string name_of_function(lua_State* L, int index);

/// One call from Lua: its arguments, counted from 1, and a way to answer.
class Call {
 public:
  Call(lua_State* state, const std::string& who) : L(state), who_(who) {}
  lua_State* const L;
  /// The function's name without its module, as errors begin.
  const std::string& who() const { return who_; }
  int count() const { return lua_gettop(L); }
  bool missing(int i) const { return lua_isnone(L, i); }
  bool is_nil(int i) const { return lua_isnoneornil(L, i); }
  bool is_text(int i) const { return lua_type(L, i) == LUA_TSTRING; }
  bool is_number(int i) const { return lua_type(L, i) == LUA_TNUMBER; }
  bool is_table(int i) const { return lua_istable(L, i); }
  bool is_function(int i) const { return lua_isfunction(L, i); }
  template <class T>
  bool is(int i) const {
    return test_object<T>(L, i) != nullptr;
  }

  /// Argument i as an object; `name` is the argument's name in the error.
  template <class T>
  T& object(int i, const char* name = nullptr) const {
    if (T* held = test_object<T>(L, i)) return *held;
    const ClassInfo* info = find_class(typeid(T));
    wrong(i, name, info ? info->name : "another object");
  }
  std::string text(int i, const char* name = nullptr) const;
  /// Text that names a file or a folder: not empty, and without a zero byte, which no file system takes.
  std::string path(int i, const char* name = "path") const;
  double number(int i, const char* name = nullptr) const;
  /// A whole number within limits.
  long integer(int i, const char* name, long low, long high) const;
  bool boolean(int i, const char* name = nullptr) const;
  Value value(int i) const { return to_value(L, i, who_); }
  /// A table with word keys as a map; none or nil gives an empty one.
  Map map(int i, const char* name = nullptr) const;
  /// A list; an empty table is one too. `wanted` is what the error asks for.
  List list(int i, const char* name, const std::string& wanted = "a list") const;
  /// A list of labels or names: text; numbers and truth values stand as they are written.
  std::vector<std::string> words(int i, const char* name) const;
  /// A table read by a schema; none or nil gives the defaults.
  template <class S>
  S options(int i) const {
    return read_options<S>(map(i, "options"), who_);
  }
  /// More arguments than `n` are an error.
  void at_most(int n) const;
  /// "split: 'by' must be text, got nil"
  [[noreturn]] void wrong(int i, const char* name, const std::string& wanted) const;

  int push(const Value& value) const { return push_value(L, value), 1; }
  int push(const char* text) const { return push_value(L, Value(text)), 1; }
  int push(const std::string& text) const { return push_value(L, Value(text)), 1; }
  int push(double number) const { return lua_pushnumber(L, number), 1; }
  int push(int number) const { return lua_pushnumber(L, number), 1; }
  int push(size_t number) const { return lua_pushnumber(L, static_cast<double>(number)), 1; }
  int push(bool truth) const { return lua_pushboolean(L, truth), 1; }
  template <class T>
  requires(!std::is_convertible_v<T, Value>) int push(T object) const {
    return push_object<T>(L, std::move(object)), 1;
  }

 private:
  const std::string& who_;
};

/// The thread of Lua (a coroutine, or the main one) that called the function of ours which runs now; null where none
/// runs. Who calls back into Lua does it there, so that errors and coroutines find their way.
lua_State* running_thread();

/// Leaves a Lua function on the stack that calls `body` behind the guard; the Lua state owns it.
void push_function(lua_State* L, std::string name, Function body);

/// Defines the class of T; see the top of this file. Keep it as a const at file scope.
template <class T>
class Class {
 public:
  using Place = std::source_location;
  /// `variable` is what examples call an object of this class.
  Class(const std::string& name, const std::string& summary, const std::string& variable)
      : info_(&define_class(typeid(T), name, summary, variable)) {
    info_->destroy = [](void* object) { static_cast<T*>(object)->~T(); };
    info_->as_any = [](const void* object) { return std::any(static_cast<const T*>(object)); };
    info_->as_object = [](const void* object) {
      return std::make_shared<const std::any>(*static_cast<const T*>(object));
    };
    info_->push_any = [](lua_State* L, std::any value) { push_object<T>(L, std::any_cast<T&&>(std::move(value))); };
  }
  Class& text(std::string (*describe)(const T&)) {
    info_->text = [describe](const void* object) { return describe(*static_cast<const T*>(object)); };
    return *this;
  }
  /// What errors call an object of a class that is written in Lua.
  Class& title(std::string (*called)(const T&)) {
    info_->title = [called](const void* object) { return called(*static_cast<const T*>(object)); };
    return *this;
  }
  /// `get` returns a Value or anything that Call::push takes.
  template <class Get>
  Class& field(const std::string& name, Get get, const Describe& words, Place where = Place::current()) {
    return field_with(
        name, [get](Call& call) { return call.push(get(call.object<T>(1))); }, words, where);
  }
  /// A field whose function pushes by itself.
  Class& field_with(const std::string& name, Function body, const Describe& words = {},
                    Place where = Place::current()) {
    describe_member(*info_, name, Form::field, words, where);
    info_->fields[name] = std::move(body);
    return *this;
  }
  Class& method(const std::string& name, Function body, const Describe& words, Place where = Place::current()) {
    const Entry& entry = describe_member(*info_, name, Form::method, words, where);
    info_->methods[name] = [run = checked(entry, 2, std::move(body))](Call& call) {
      call.object<T>(1);  // said first where a dot stands in place of the colon
      return run(call);
    };
    return *this;
  }
  /// "__add", "__len", "__call": the example shows how it is written.
  Class& meta(const std::string& name, Function body, const Describe& words, Place where = Place::current()) {
    const Entry& entry = describe_member(*info_, name, Form::operation, words, where);
    info_->metas[name] = name == "__call" ? checked(entry, 2, std::move(body)) : std::move(body);
    return *this;
  }
  /// Called with (object, key) for what is neither field nor method; returns 0 to say that there is no such thing.
  Class& index(Function body, const Describe& words, Place where = Place::current()) {
    describe_member(*info_, "__index", Form::operation, words, where);
    info_->index = std::move(body);
    return *this;
  }
  /// The same where a function that is found by a word is a method of every object, as operators are of tensors: it is
  /// kept, and not asked for again.
  Class& index_with_methods(Function body, const Describe& words, Place where = Place::current()) {
    info_->index_has_methods = true;
    return index(std::move(body), words, where);
  }
  /// The names that `index` knows of an object, so that one that is mistyped finds its neighbour.
  Class& index_names(std::vector<std::string> (*names)(const T&)) {
    info_->more_names = [names](const void* object) { return names(*static_cast<const T*>(object)); };
    return *this;
  }
  Class& as_value(Value (*convert)(const T&)) {
    info_->as_value = [convert](const void* object) { return convert(*static_cast<const T*>(object)); };
    return *this;
  }
  Class& as_any(std::any (*convert)(const T&)) {
    info_->as_any = [convert](const void* object) { return convert(*static_cast<const T*>(object)); };
    return *this;
  }

 private:
  ClassInfo* info_;
};

/// How a type that has no class of its own reaches Lua from a std::any (frames become a tensor).
void register_any_pusher(std::type_index type, std::function<void(lua_State*, std::any)> push);

/// One module while it is being opened.
class ModuleTable {
 public:
  ModuleTable(lua_State* state, std::string name) : L(state), name_(std::move(name)) {}
  lua_State* const L;  // the module's table is on top of the stack
  const std::string& name() const { return name_; }
  /// A name that is registered in numbers (a step, a metric), or one that users do not see.
  void function(const std::string& name, Function body);

 private:
  std::string name_;
};

struct Opening;
/// A field of Lua's `lumir`. Several files may open one module: their names join. Keep it as a const at file scope.
class Module {
 public:
  using Place = std::source_location;
  /// `open` adds what is registered in numbers; it runs once for each Lua state.
  explicit Module(const std::string& name, std::function<void(ModuleTable&)> open = nullptr);
  /// A function with its words.
  Module& function(const std::string& name, Function body, const Describe& words, Place where = Place::current());
  /// A function whose words the engine has registered under the same name.
  Module& function(const std::string& name, Function body);
  /// Makes the module itself callable: report('title', { ... }). Arguments count from 1 as usual.
  Module& call(Function body, const Describe& words, Place where = Place::current());

 private:
  Opening* opening_;
};

/// Makes the table of every module, strict: reading an unknown name is an error with the nearest one.
void push_modules(lua_State* L);

/// Texts of exceptions whose what() is not fit for users (LibTorch's backtraces); returns "" to decline.
void add_message_filter(std::function<std::string(const std::exception&)> filter);
std::string message_of(const std::exception& problem);

}  // namespace lumir::lua
