// The tokens before the cursor say what is wanted: a member behind a dot or colon, an option within the braces of a call,
// a word or a file within quotes, else a name.

#include "repl/completion.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <system_error>

#include "bind/bind.h"
#include "bind/text.h"
#include "core/help.h"
#include "core/registry.h"
#include "core/text.h"
#include "repl/lua_text.h"

namespace lumir::lua {
namespace {

using Kind = Token::Kind;

/// Names joined by dots, the last one perhaps by a colon: songs:split.
struct Chain {
  std::vector<std::string> names;
  bool method = false;
};

/// The code before the cursor and its tokens, without comments.
struct Before {
  std::string_view code;
  std::vector<Token> tokens;

  std::string_view at(size_t i) const { return i < tokens.size() ? tokens[i].of(code) : std::string_view(); }
};

/// The chain that ends with token `last`; without names where there is none.
Chain chain_ending(const Before& before, size_t last) {
  Chain chain;
  for (size_t i = last; i < before.tokens.size() && before.tokens[i].kind == Kind::name;) {
    chain.names.insert(chain.names.begin(), std::string(before.at(i)));
    if (i == 0 || (before.at(i - 1) != "." && before.at(i - 1) != ":")) return chain;
    if (before.at(i - 1) == ":") {
      if (chain.names.size() > 1) break;
      chain.method = true;
    }
    if (i < 2) break;
    i -= 2;
  }
  return {};  // it begins with what only running it would tell: f().x
}

/// Leaves the member of the value on top of the stack in its place; nil where it has none. Only what can be read without
/// running the user's code.
void step_into(lua_State* L, const std::string& name) {
  if (lua_istable(L, -1)) {
    lua_pushlstring(L, name.data(), name.size());
    lua_rawget(L, -2);
  } else if (class_at(L, -1)) {
    lua_getfield(L, -1, name.c_str());
  } else {
    lua_pushnil(L);
  }
  lua_remove(L, -2);
}

/// Leaves the value of the first `count` names of a chain.
void push_chain(lua_State* L, const Chain& chain, size_t count) {
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  for (size_t i = 0; i < count; ++i) step_into(L, chain.names[i]);
}

/// The entry of what a chain calls: songs:split is Dataset.split, lumir.audio.load and a local name for it audio.load.
const Entry* entry_called(lua_State* L, const Chain& chain) {
  if (chain.names.empty()) return nullptr;
  const std::string& last = chain.names.back();
  if (chain.names.size() > 1) {
    push_chain(L, chain, chain.names.size() - 1);
    const ClassInfo* info = class_at(L, -1);
    lua_pop(L, 1);
    if (info) return find_entry(info->name + "." + last);
    const std::string& module = chain.names[chain.names.size() - 2];
    if (const Entry* found = find_entry(module + "." + last)) return found;
  }
  if (const Entry* module = find_entry(last + ".__call")) return module;
  push_chain(L, chain, chain.names.size());
  const std::string name = name_of_function(L, -1);
  lua_pop(L, 1);
  for (const Entry* entry : entries()) {
    if (entry->name == (name.empty() ? last : name)) return entry;
  }
  return nullptr;
}

/// Of an entry's summary, what fits a line of a list.
std::string first_words(const std::string& summary) { return summary.substr(0, summary.find(". ")); }

std::string meaning_of(const std::string& full_name) {
  const Entry* entry = find_entry(full_name);
  return entry ? first_words(entry->words.summary) : "";
}

/// Gathers what begins with what was typed, each name once.
class Gathering {
 public:
  explicit Gathering(std::string typed) : typed_(std::move(typed)) {}
  void add(const std::string& text, const std::string& meaning = "") {
    if (text.starts_with(typed_) && known_.insert(text).second) found_.push_back({text, meaning});
  }
  /// These stand before all others, in this order.
  void begin_with(std::span<const std::string_view> first) { first_.assign(first.begin(), first.end()); }
  bool empty() const { return found_.empty(); }
  Completions take(size_t from) {
    const auto place = [this](const Completion& one) { return std::find(first_.begin(), first_.end(), one.text); };
    std::stable_sort(found_.begin(), found_.end(), [&](const Completion& a, const Completion& b) {
      return std::pair(place(a), std::string_view(a.text)) < std::pair(place(b), std::string_view(b.text));
    });
    return {from, std::move(found_)};
  }

 private:
  std::string typed_;
  std::set<std::string> known_;
  std::vector<std::string_view> first_;
  std::vector<Completion> found_;
};

/// Of the hundreds of methods of a tensor those that are asked of features and networks most.
constexpr std::string_view kOfTensors[] = {"mean", "std",  "sum",    "max",     "min",       "abs",
                                           "item", "size", "tolist", "reshape", "transpose", "unsqueeze",
                                           "log",  "sqrt", "pow",    "argmax",  "float",     "clone"};

bool is_name(std::string_view text) {
  const auto tokens = tokens_of(text);
  return tokens.size() == 1 && tokens[0].kind == Kind::name && tokens[0].end == text.size();
}

/// The names in the table on top of the stack. `module` is where they may be registered.
void add_keys(lua_State* L, const std::string& module, Gathering& found) {
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const std::string name = text_at(L, -2);
    if (is_name(name) && !name.starts_with("__")) found.add(name, meaning_of(module + "." + name));
  }
}

/// Of the object on top of the stack.
void add_members(lua_State* L, const ClassInfo& info, bool methods, Gathering& found) {
  const auto add = [&](const std::string& name) { found.add(name, meaning_of(info.name + "." + name)); };
  for (const auto& [name, function] : methods ? info.methods : info.fields) add(name);
  if (!methods && info.more_names) {
    for (const auto& name : info.more_names(lua_touserdata(L, -1))) {
      if (is_name(name)) add(name);
    }
  }
  if (methods && info.index_has_methods) {
    found.begin_with(kOfTensors);
    for (const auto& name : names_explained_elsewhere()) found.add(name);
  }
}

/// What stands behind the dot or colon after token `last`.
void add_after(lua_State* L, const Before& before, size_t last, bool methods, Gathering& found) {
  const Chain chain = chain_ending(before, last);
  if (chain.names.empty() || chain.method) return;
  push_chain(L, chain, chain.names.size());
  if (const ClassInfo* info = class_at(L, -1)) {
    add_members(L, *info, methods, found);
  } else if (lua_type(L, -1) == LUA_TSTRING) {
    lua_getglobal(L, "string");
    add_keys(L, "", found);
    lua_pop(L, 1);
  } else if (lua_istable(L, -1)) {
    add_keys(L, chain.names.back(), found);
    for (const Entry* entry : entries(chain.names.back())) found.add(entry->name, first_words(entry->words.summary));
    if (chain.names.back() == "torch") {
      for (const auto& name : names_explained_elsewhere()) found.add(name);
    }
  }
  lua_pop(L, 1);
}

/// The brackets that are open at the end, from the outermost, by the places of their tokens.
std::vector<size_t> open_brackets(const Before& before) {
  std::vector<size_t> open;
  for (size_t i = 0; i < before.tokens.size(); ++i) {
    const std::string_view sign = before.at(i);
    if (before.tokens[i].kind != Kind::sign) continue;
    if (sign == "(" || sign == "{" || sign == "[") open.push_back(i);
    if ((sign == ")" || sign == "}" || sign == "]") && !open.empty()) open.pop_back();
  }
  return open;
}

/// Whose table of options is open at the cursor: f { ... and f(x, { ....
struct OptionsOf {
  Chain chain;
  size_t brace = 0;  // the token
};
std::optional<OptionsOf> options_at(const Before& before) {
  const auto open = open_brackets(before);
  if (open.empty() || before.at(open.back()) != "{" || open.back() == 0) return std::nullopt;
  const size_t brace = open.back();
  const bool in_call = before.at(brace - 1) == "(" || before.at(brace - 1) == ",";
  if (!in_call) return OptionsOf{chain_ending(before, brace - 1), brace};
  if (open.size() < 2 || before.at(open[open.size() - 2]) != "(" || open[open.size() - 2] == 0) return std::nullopt;
  return OptionsOf{chain_ending(before, open[open.size() - 2] - 1), brace};
}

/// The names that the table of options has already.
std::set<std::string> given_options(const Before& before, size_t brace) {
  std::set<std::string> given;
  for (size_t i = brace + 1; i + 1 < before.tokens.size(); ++i) {
    if (before.tokens[i].kind == Kind::name && before.at(i + 1) == "=") given.insert(std::string(before.at(i)));
  }
  return given;
}

void add_options(lua_State* L, const Before& before, Gathering& found) {
  const auto options = options_at(before);
  if (!options) return;
  const std::string_view previous = before.at(before.tokens.size() - 1);
  if (previous != "{" && previous != "," && previous != ";") return;
  const Entry* entry = entry_called(L, options->chain);
  if (!entry) return;
  const auto given = given_options(before, options->brace);
  for (const auto& parameter : entry->parameters) {
    if (parameter.place.positional || parameter.place.listed || given.count(parameter.name) > 0) continue;
    const std::string unit = parameter.unit.empty() ? "" : ", " + parameter.unit;
    const std::string value = parameter.place.required ? "" : show(parameter.default_value) + "   ";
    found.add(parameter.name + " = ", value + parameter.help + unit);
  }
}

void add_names(lua_State* L, Gathering& found) {
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  add_keys(L, "lumir", found);
  lua_pop(L, 1);
  for (const char* word :
       {"and",   "break", "do",  "else", "elseif", "end",    "false", "for",  "function", "if",   "in",
        "local", "nil",   "not", "or",   "repeat", "return", "then",  "true", "until",    "while"}) {
    found.add(word);
  }
}

/// Files and folders that a path begins; folders end in a stroke.
void add_files(const std::string& typed, Gathering& found) {
  const size_t stroke = typed.rfind('/');
  const std::string folder = stroke == std::string::npos ? "" : typed.substr(0, stroke + 1);
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, problem)) {
    const std::string name = entry.path().filename().string();
    const bool hidden = name.starts_with(".") && !typed.substr(folder.size()).starts_with(".");
    if (!hidden) found.add(folder + name + (entry.is_directory(problem) ? "/" : ""));
  }
}

/// The words that an option takes, or the columns and parts of the object that is asked: songs:split { by = '.
void add_words_of_option(lua_State* L, const Before& before, Gathering& found) {
  const auto options = options_at(before);
  const size_t count = before.tokens.size();
  if (!options || count < 2 || before.at(count - 1) != "=") return;
  const Entry* entry = entry_called(L, options->chain);
  if (!entry) return;
  for (const auto& parameter : entry->parameters) {
    if (parameter.name != before.at(count - 2)) continue;
    for (const auto& word : parameter.choices) found.add(word);
    if (!parameter.choices.empty() || !options->chain.method) return;
    push_chain(L, options->chain, options->chain.names.size() - 1);
    const ClassInfo* info = class_at(L, -1);
    if (info && info->more_names) {
      for (const auto& name : info->more_names(lua_touserdata(L, -1))) found.add(name);
    }
    lua_pop(L, 1);
  }
}

/// Of the object whose method takes them: songs:where('..., rows:select { '....
void add_columns(lua_State* L, const Before& before, Gathering& found) {
  const auto open = open_brackets(before);
  const size_t bracket = open.empty() ? before.tokens.size() : open.back();
  const Chain chain = bracket > 0 ? chain_ending(before, bracket - 1) : Chain();
  const Entry* entry = chain.method ? entry_called(L, chain) : nullptr;
  if (!entry || entry->parameters.empty()) return;
  const std::string& wanted = entry->parameters.front().name;
  const bool first = bracket + 1 >= before.tokens.size();
  push_chain(L, chain, chain.names.size() - 1);
  const ClassInfo* info = class_at(L, -1);
  if (info && info->more_names && wanted == "column" && first) {
    for (const auto& name : info->more_names(lua_touserdata(L, -1))) found.add(name);
  } else if (info && wanted == "columns") {
    lua_getfield(L, -1, "columns");
    const Value columns = to_value(L, lua_gettop(L), "");
    for (const auto& name : columns.list() ? *columns.list() : List{}) found.add(*name.text());
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

void add_registered(Gathering& found) {
  for (const Entry* entry : entries()) {
    found.add(entry->name == "__call" ? entry->module : entry->name, first_words(entry->words.summary));
    found.add(entry->module);
  }
  for (const auto& name : names_explained_elsewhere()) found.add(name);
}

/// Within quotes: words of an option, else of the function that takes the text, else files.
void add_within_quotes(lua_State* L, const Before& before, const std::string& typed, Gathering& found) {
  add_words_of_option(L, before, found);
  if (found.empty()) add_columns(L, before, found);
  if (!found.empty() || before.tokens.empty()) return;
  const size_t last = before.tokens.size() - (before.at(before.tokens.size() - 1) == "(" ? 2 : 1);
  const Chain called = chain_ending(before, last);
  if (!called.names.empty() && called.names.back() == "help") {
    add_registered(found);
    return;
  }
  if (const Entry* entry = entry_called(L, called); entry && !entry->parameters.empty()) {
    for (const auto& word : entry->parameters.front().choices) found.add(word);
    for (const Entry* word : entries(entry->full_name())) found.add(word->name, first_words(word->words.summary));
  }
  if (found.empty()) add_files(typed, found);
}

/// Where the name in a question begins, `? mfcc`; npos in other code, and where it is the name of a member.
size_t name_asked_about(std::string_view code) {
  const size_t question = code.find_first_not_of(" \t\n");
  if (question == std::string_view::npos || code[question] != '?') return std::string_view::npos;
  const size_t begin = std::min(code.find_first_not_of("? ", question), code.size());
  return code.find_first_of(".:", begin) == std::string_view::npos ? begin : std::string_view::npos;
}

Completions gathered(lua_State* L, std::string_view code) {
  if (const size_t name = name_asked_about(code); name != std::string_view::npos) {
    Gathering found{std::string(code.substr(name))};
    add_registered(found);
    add_names(L, found);
    return found.take(name);
  }
  Before before{code, tokens_of(code)};
  const bool in_comment = !before.tokens.empty() && before.tokens.back().kind == Kind::comment &&
                          (before.tokens.back().open || before.tokens.back().end == code.size());
  if (in_comment) return {};
  std::erase_if(before.tokens, [](const Token& token) { return token.kind == Kind::comment; });
  size_t from = code.size();
  if (!before.tokens.empty()) {
    const Token last = before.tokens.back();
    const bool touches = last.end == code.size();
    if (last.kind == Kind::text && last.open) {
      from = last.begin + 1;
      before.tokens.pop_back();
      Gathering found{std::string(code.substr(from))};
      add_within_quotes(L, before, std::string(code.substr(from)), found);
      return found.take(from);
    }
    if (touches && (last.kind == Kind::name || last.kind == Kind::keyword)) {
      from = last.begin;
      before.tokens.pop_back();
    }
  }
  Gathering found{std::string(code.substr(from))};
  const size_t count = before.tokens.size();
  const std::string_view sign = count > 0 ? before.at(count - 1) : std::string_view();
  if (sign == "." || sign == ":") {
    if (count > 1) add_after(L, before, count - 2, sign == ":", found);
    return found.take(from);
  }
  add_options(L, before, found);
  if (found.empty()) add_names(L, found);
  return found.take(from);
}

/// What lua_cpcall carries through.
struct Asked {
  std::string_view code;
  Completions answer;
};

}  // namespace

Completions completions(lua_State* L, std::string_view code, size_t cursor) {
  Asked asked{code.substr(0, cursor), {}};
  lua_pushcfunction(L, [](lua_State* state) {
    auto& wanted = *static_cast<Asked*>(lua_touserdata(state, 1));
    try {
      wanted.answer = gathered(state, wanted.code);
    } catch (const std::exception&) {  // the object that is asked about has gone: nothing to say
      wanted.answer = {};
    }
    return 0;
  });
  lua_pushlightuserdata(L, &asked);
  if (lua_pcall(L, 1, 0, 0) != 0) lua_pop(L, 1);
  return asked.answer;
}

}  // namespace lumir::lua
