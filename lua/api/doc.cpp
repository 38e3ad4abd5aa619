// lumir.doc: the words of a function that is written in Lua, and what reads its arguments by them.
//
//   local read = lumir.doc { name = 'mine.loudest', ..., parameters = {
//     { name = 'clip', type = 'Clip', text = 'the sound' },
//     { name = 'channel', type = 'integer', text = 'in which it is sought', default = 1, least = 1 },
//   } }
//   function mine.loudest(clip, given)
//     local options = read(clip, given)      -- checked as those of any function are; options.channel is 1 unless given
//
// A type is a plain one (number, integer, boolean, text, word, function, table, value), the name of a class, a list of
// such, or several of them: 'Dataset, Table or table'. Plain values are read by the same schema as options of the
// engine; objects and functions go through as they are.

#include <algorithm>

#include "bind/bind.h"
#include "bind/text.h"
#include "core/type.h"

namespace lumir::lua {
namespace {

/// One argument of a function that is written in Lua.
struct WrittenParameter {
  std::string name, type, text, unit;
  Value default_value;
  std::vector<std::string> choices;
  Value least, most, above, below;
  bool optional = false, named = false;
  static Schema schema() {
    const Kind bound{"number or text"};
    return {Option{"name", &WrittenParameter::name, "its name", kRequired},
            Option{"type", &WrittenParameter::type, "what it must be: 'number', 'table', 'Clip'", kRequired},
            Option{"text", &WrittenParameter::text, "what it means", kRequired},
            Option{"unit", &WrittenParameter::unit, "of a number"},
            Option{"default", &WrittenParameter::default_value, "makes it an option, which is given by name"},
            Option{"named", &WrittenParameter::named, "an option, too, which has no default"},
            Option{"choices", &WrittenParameter::choices, "the words that it may be"},
            Option{"least", &WrittenParameter::least, "a number, or the name of another parameter", bound},
            Option{"most", &WrittenParameter::most, "the same", bound},
            Option{"above", &WrittenParameter::above, "the same; the bound itself is out of range", bound},
            Option{"below", &WrittenParameter::below, "the same; the bound itself is out of range", bound},
            Option{"optional", &WrittenParameter::optional, "it may be left out"}};
  }
};

struct WrittenWords {
  std::string name, summary, returns, example, source;
  Value parameters = List{};
  static Schema schema() {
    return {
        Option{"name", &WrittenWords::name, "of the function, with its module: 'mine.loudest'", kRequired},
        Option{"summary", &WrittenWords::summary, "what it does, in a sentence", kRequired},
        Option{"returns", &WrittenWords::returns, "what it gives, with shape and unit"},
        Option{"example", &WrittenWords::example, "a call of it"},
        Option{"source", &WrittenWords::source, "paper or reference implementation"},
        Option{"parameters", &WrittenWords::parameters,
               "its arguments in order, each { name, type, text, unit, default, named, choices, least, most, above, "
               "below, optional } by these names",
               Kind{"list of tables"}}};
  }
};

/// Options of a function that is written in Lua have no struct: they are read into a Map.
template <class T>
void read_as(Parameter& parameter) {
  const Parameter self = parameter;
  parameter.set = [self](void* options, const Value& value, const std::string& who) {
    (*static_cast<Map*>(options))[self.name] = detail::Field<T>::write(detail::Field<T>::read(who, self, value));
  };
  parameter.get = [name = parameter.name](const void* options) {
    const Map& map = *static_cast<const Map*>(options);
    const auto found = map.find(name);
    return found == map.end() ? Value() : found->second;
  };
}

/// Types whose values are plain; all others are looked at where Lua has them.
void set_reader(Parameter& parameter) {
  if (parameter.type == "number") read_as<double>(parameter);
  if (parameter.type == "integer") read_as<int>(parameter);
  if (parameter.type == "boolean") read_as<bool>(parameter);
  if (parameter.type == "text" || parameter.type == "word") read_as<std::string>(parameter);
}

void check_bounds_of(const WrittenParameter& given) {
  const auto check = [&](const char* name, const Value& bound) {
    if (bound.is_nil() || bound.number() || bound.text()) return;
    throw ArgumentError("doc: '" + std::string(name) + "' of '" + given.name +
                        "' must be a number or the name of another parameter, got " + show(bound));
  };
  check("least", given.least);
  check("most", given.most);
  check("above", given.above);
  check("below", given.below);
  const bool two_low = !given.least.is_nil() && !given.above.is_nil();
  if (two_low || (!given.most.is_nil() && !given.below.is_nil())) {
    const char* pair = two_low ? "'least' or 'above'" : "'most' or 'below'";
    throw ArgumentError("doc: '" + given.name + "' takes either " + pair + ", got both");
  }
}

/// `closed` or `open`, whichever is given; no bound where neither is.
Bound bound_of(const Value& closed, const Value& open, double none) {
  const Value& given = closed.is_nil() ? open : closed;
  if (given.is_nil()) return above(Bound(none));
  const Bound bound = given.text() ? Bound(*given.text()) : Bound(*given.number());
  return closed.is_nil() ? above(bound) : bound;
}

Parameter parameter_from(const WrittenParameter& given) {
  check_bounds_of(given);
  const bool option = given.named || !given.default_value.is_nil();
  Parameter parameter;
  parameter.name = given.name;
  parameter.type = given.type;
  parameter.help = given.text;
  parameter.unit = given.unit;
  parameter.choices = given.choices;
  parameter.range = {bound_of(given.least, given.above, -kInfinity), bound_of(given.most, given.below, kInfinity)};
  parameter.default_value = given.default_value;
  parameter.place = {.positional = !option, .required = !option && !given.optional};
  if (option) set_reader(parameter);
  return parameter;
}

void check_bounds(const Schema& schema) {
  for (const auto& parameter : schema) {
    for (const Bound& bound : {parameter.range.low, parameter.range.high}) {
      const auto named = [&](const Parameter& other) { return other.get && other.name == bound.option; };
      if (bound.option.empty() || std::any_of(schema.begin(), schema.end(), named)) continue;
      throw ArgumentError("doc: '" + bound.option + "', which bounds '" + parameter.name + "', is no plain option");
    }
  }
}

Schema schema_from(const Value& parameters) {
  Schema schema;
  for (const auto& row : parameters.list() ? *parameters.list() : List{}) {
    if (!row.map()) throw ArgumentError("doc: a parameter must be a table with named members, got " + show(row));
    schema.push_back(parameter_from(read_options<WrittenParameter>(*row.map(), "doc")));
  }
  check_bounds(schema);
  return schema;
}

/// Whether what stands at `i` is of a kind that the type names: "list of Clip", "Dataset, Table or table".
bool is_of_type(lua_State* L, int i, std::string_view type) {
  for (const std::string_view between : {", ", " or "}) {
    const size_t at = type.find(between);
    if (at == std::string_view::npos) continue;
    return is_of_type(L, i, type.substr(0, at)) || is_of_type(L, i, type.substr(at + between.size()));
  }
  constexpr std::string_view kList = "list of ";
  if (type.starts_with(kList)) {
    bool fits = lua_istable(L, i);
    for (int place = 1; fits && place <= static_cast<int>(lua_objlen(L, i)); ++place) {
      lua_rawgeti(L, i, place);
      fits = is_of_type(L, lua_gettop(L), type.substr(kList.size()));
      lua_pop(L, 1);
    }
    return fits;
  }
  if (type == "number" || type == "integer") return lua_type(L, i) == LUA_TNUMBER;
  if (type == "text" || type == "word") return lua_type(L, i) == LUA_TSTRING;
  if (type == "boolean") return lua_isboolean(L, i);
  return type == "value" || type == luaL_typename(L, i) || type == kind_at(L, i);
}

std::string with_article(const std::string& type) {
  static const std::vector<std::string> counted{"number", "boolean", "function", "table", "list"};
  const auto starts = [&](const std::string& word) { return type.starts_with(word); };
  if (type == "integer") return "an " + type;
  return std::any_of(counted.begin(), counted.end(), starts) ? "a " + type : type == "word" ? "text" : type;
}

/// Names the first element that is none, where a list is asked for: "position 2 of 'augment' must be ...".
void check_elements(const Call& call, int i, const Parameter& parameter) {
  const size_t list = parameter.type.rfind("list of ");
  if (list == std::string::npos || !lua_istable(call.L, i)) return;
  const std::string element = parameter.type.substr(list + std::string("list of ").size());
  for (int place = 1; place <= static_cast<int>(lua_objlen(call.L, i)); ++place) {
    lua_rawgeti(call.L, i, place);
    const int top = lua_gettop(call.L);
    const bool plain = lua_type(call.L, top) == LUA_TNUMBER || lua_type(call.L, top) == LUA_TSTRING;
    if (!is_of_type(call.L, top, element)) {
      throw ArgumentError(call.who() + ": position " + std::to_string(place) + " of '" + parameter.name +
                          "' must be a " + element + ", got " +
                          (plain ? show(to_value(call.L, top, call.who())) : kind_at(call.L, top)));
    }
    lua_pop(call.L, 1);
  }
}

void check_type(const Call& call, int i, const Parameter& parameter) {
  if (is_of_type(call.L, i, parameter.type)) return;
  check_elements(call, i, parameter);
  call.wrong(i, parameter.name.c_str(), with_article(parameter.type));
}

/// Takes the table of options at `i` apart: objects go into the one on top of the stack as they are, into `plain` what
/// the schema reads. `false` is how Lua leaves an option out.
void take_options(Call& call, int i, const Schema& schema, Map& plain) {
  const int taken = lua_gettop(call.L);
  for (lua_pushnil(call.L); lua_next(call.L, i); lua_pop(call.L, 1)) {
    const int value = lua_gettop(call.L);
    const std::string name = lua_type(call.L, value - 1) == LUA_TSTRING ? text_at(call.L, value - 1)
                                                                        : show(to_value(call.L, value - 1, call.who()));
    const auto found = std::find_if(schema.begin(), schema.end(), [&](const Parameter& p) { return p.name == name; });
    if (found == schema.end()) {
      plain[name] = {};  // which the schema refuses
      continue;
    }
    if (found->type != "boolean" && lua_isboolean(call.L, value) && !lua_toboolean(call.L, value)) continue;
    check_type(call, value, *found);
    if (found->set) {
      plain[name] = to_value(call.L, value, call.who());
    } else {
      lua_pushvalue(call.L, value);
      set_member(call.L, taken, name);
    }
  }
}

/// Into the table on top of the stack what it has not.
void add_missing(lua_State* L, const Map& values) {
  for (const auto& [name, value] : values) {
    lua_getfield(L, -1, name.c_str());
    const bool missing = lua_isnil(L, -1);
    lua_pop(L, 1);
    if (!missing) continue;
    push_value(L, value);
    set_member(L, -2, name);
  }
}

/// What the function that lumir.doc answers does: the arguments are checked, and every option stands in a new table.
int read_call(Call& call, const Entry& entry) {
  Schema options;
  int i = 0;
  for (const auto& parameter : entry.parameters) {
    if (!parameter.place.positional) {
      options.push_back(parameter);
    } else if (++i; parameter.place.required || !call.is_nil(i)) {
      check_type(call, i, parameter);
    }
  }
  lua_settop(call.L, ++i);
  if (!call.is_nil(i) && !call.is_table(i)) call.wrong(i, "options", "a table");
  lua_newtable(call.L);
  Map given, read;
  if (call.is_table(i)) take_options(call, i, options, given);
  for (const auto& option : options) {
    if (!option.default_value.is_nil()) read[option.name] = option.default_value;
  }
  read_options(&read, options, given, call.who());
  add_missing(call.L, read);
  return 1;
}

/// The place of the call of lumir.doc: a file and a line.
std::pair<std::string, int> written_at(lua_State* L) {
  lua_Debug caller{};
  if (lua_getstack(L, 1, &caller)) lua_getinfo(L, "Sl", &caller);
  const std::string source = caller.source ? caller.source : "=?";
  return {source.substr(1), caller.currentline};
}

/// lumir.doc { name = 'mine.loudest', summary = ... }. A file that is loaded again, edited perhaps, says it anew.
int doc(Call& call) {
  const auto words = call.options<WrittenWords>(1);
  const size_t dot = words.name.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == words.name.size()) {
    throw ArgumentError("doc: 'name' = '" + words.name + "' needs a module before it: 'mine." + words.name + "'");
  }
  const auto [file, line] = written_at(call.L);
  const Entry* known = find_entry(words.name);
  if (known && known->file != file) {
    throw ArgumentError("doc: '" + words.name + "' is described already in " + known->file);
  }
  Entry said{words.name.substr(0, dot),
             words.name.substr(dot + 1),
             Words{words.summary, words.returns, words.example, words.source},
             schema_from(words.parameters),
             file,
             line};
  const Entry* entry = known ? &replace_entry(std::move(said)) : &register_entry(std::move(said));
  push_function(call.L, entry->name, checked(*entry, 1, [entry](Call& read) { return read_call(read, *entry); }));
  return 1;
}

const Module doc_module = Module("lumir").function(
    "doc", doc,
    {.summary =
         "Describes a function that is written in Lua, so that help and completion know it, and reads what it is "
         "called with as what is written in C++ is read: types, ranges, defaults, names that are mistyped.",
     .returns = "a function that takes the arguments of a call and answers its options by name: those that were given, "
                "defaults for others",
     .example = "lumir.doc { name = 'mine.loudest', summary = 'The loudest sample of a clip.' }",
     .source = "Lumir's own",
     .parameters = schema_of<WrittenWords>()});

}  // namespace
}  // namespace lumir::lua
