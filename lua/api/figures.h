// What the pictures of all kinds have in common when Lua asks for them: a title and a caption.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bind/bind.h"
#include "report/figure.h"

namespace lumir::lua {

struct TitleOptions {
  std::string title;
  std::string caption;
  static Schema schema();
};

/// The schema of a struct that has these and more.
template <class S>
Schema titled(std::vector<Option> options) {
  Schema schema = {Option{"title", &S::title, "stands above the figure"},
                   Option{"caption", &S::caption, "one sentence on what is to be seen"}};
  for (auto& option : options) schema.push_back(option);
  return schema;
}

/// What to print so that this terminal shows the figure at a stack position; "" where there is none, or the terminal
/// shows no pictures.
std::string picture_at(lua_State* L, int index);

template <class F>
report::FigurePtr named(std::shared_ptr<F> figure, const std::string& name, const TitleOptions& options) {
  figure->name = name;
  figure->title = options.title;
  figure->caption = options.caption;
  return figure;
}

}  // namespace lumir::lua
