// Models as Lua holds them: what other files of this folder take and give.

#pragma once

#include <memory>

#include "api/rows.h"
#include "model/model.h"

namespace lumir::lua {

/// An estimator and, once fitted on a table, where its rows came from.
using ModelPtr = std::shared_ptr<model::Model>;

/// Every estimator that is registered in the module, as a constructor.
void open_estimators(ModuleTable& module);

/// Argument i as a model: an estimator, or a network, whose classes are called as in `table`, unless it knows (null: it
/// must know).
ModelPtr model_at(Call& call, int i, const data::Table* table);
/// The same of a stack position; null where there is neither.
ModelPtr find_model(lua_State* L, int i, const data::Table* table);

/// The labels that a model gives to the data of argument 2, by the options of argument 3: model:predict, net:predict.
int predict(Call& call, const ModelPtr& model);

/// "SVC": what a pipeline ends in, and a search searches; a vote is a Voting, whoever votes; a network's class.
std::string short_name(const model::Estimator& estimator);

}  // namespace lumir::lua
