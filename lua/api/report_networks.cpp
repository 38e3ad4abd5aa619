// Networks that a recipe gives to a report, as tables of their parts.

#include "api/report.h"
#include "core/readable.h"
#include "nn/network.h"
#include "nn/summary.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

/// "layer1", what it is, and how many parameters it has.
std::vector<std::string> part_row(const std::string& name, nn::Module& part) {
  const std::string shown = part.children().empty() ? part.show() : part.title();
  return {name, shown, show_count(static_cast<long>(nn::count_parameters(part)))};
}

/// A row for each part; what a list of modules holds stands in its place.
void add_parts(const nn::Module& network, const std::string& above, std::vector<std::vector<std::string>>& rows) {
  for (const auto& child : network.children()) {
    const std::string name = above + child.name;
    if (child.module->name() == "ModuleList") {
      add_parts(*child.module, name + ".", rows);
    } else {
      rows.push_back(part_row(name, *child.module));
    }
  }
}

/// A number of a table; nothing for none.
std::string count_text(int64_t number) { return number == 0 ? "" : show_count(static_cast<long>(number)); }

}  // namespace

std::string judged_name(const nn::ModulePtr& network, const std::vector<JudgedPtr>& tables) {
  for (const auto& table : tables) {
    for (const auto& [name, learner] : table->models) {
      if (network && nn::module_of(*learner) == network) return name;
    }
  }
  return "";
}

report::NetworkTable network_table(const nn::ModulePtr& network, const std::vector<JudgedPtr>& tables) {
  const std::string judged = judged_name(network, tables);
  report::NetworkTable table{judged.empty() ? network->title() : judged, {"parameters"}, {part_row("all", *network)}};
  add_parts(*network, "", table.parts);
  return table;
}

report::NetworkTable summary_table(const nn::Summary& summary) {
  report::NetworkTable table{summary.rows.at(0).shown, {"output", "parameters", "mult-adds"}, {}};
  for (size_t i = 0; i < summary.rows.size(); ++i) {
    const auto& outer = summary.rows[i];
    if (i == 0 || !outer.called) continue;
    int64_t parameters = outer.parameters, mult_adds = outer.mult_adds;
    for (; i + 1 < summary.rows.size() && summary.rows[i + 1].depth > outer.depth; ++i) {
      parameters += summary.rows[i + 1].parameters;
      mult_adds += summary.rows[i + 1].mult_adds;
    }
    table.parts.push_back(
        {outer.path, outer.shown, tensor::show_shape(outer.output), count_text(parameters), count_text(mult_adds)});
  }
  table.remark = show_count(static_cast<long>(summary.parameters())) + " parameters, " +
                 show_count(static_cast<long>(summary.mult_adds())) + " multiplications with an addition for a batch.";
  return table;
}

}  // namespace lumir::lua
