// Results as Lua holds them: with the models behind the numbers, so that the best one can go on to work.

#pragma once

#include <map>
#include <memory>

#include "api/learn.h"
#include "evaluate/results.h"

namespace lumir::lua {

struct Judged {
  evaluate::Results results;
  std::map<std::string, ModelPtr> models;  // by the name in results
};
using JudgedPtr = std::shared_ptr<Judged>;

}  // namespace lumir::lua
