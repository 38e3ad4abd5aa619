// Finding options by path.

#include "model/path.h"

#include <algorithm>

namespace lumir::model {
namespace {

bool has_option(const Estimator& estimator, const std::string& option) {
  const auto& parameters = estimator.entry().parameters;
  return std::any_of(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == option; });
}

std::vector<std::string> option_names(const Estimator& estimator) {
  std::vector<std::string> names;
  for (const auto& parameter : estimator.entry().parameters) names.push_back(parameter.name);
  return names;
}

/// True for an option in which children are described: it has a path of its own by their names.
bool holds_children(const Estimator& estimator, const std::string& option) {
  const auto children = estimator.children();
  return std::any_of(children.begin(), children.end(), [&](const Child& child) { return child.option == option; });
}

/// Every estimator inside that has an option of that name, and how a path calls it.
struct Owner {
  std::vector<size_t> way;
  std::string path;
  std::string name;
};
void find_owners(const Estimator& estimator, const std::string& option, const Owner& here, std::vector<Owner>& owners) {
  if (has_option(estimator, option) && !holds_children(estimator, option)) owners.push_back(here);
  const auto children = estimator.children();
  for (size_t i = 0; i < children.size(); ++i) {
    Owner inner = here;
    inner.way.push_back(i);
    inner.path += (inner.path.empty() ? "" : ".") + children[i].name;
    inner.name = children[i].estimator->name();
    find_owners(*children[i].estimator, option, inner, owners);
  }
}

void all_option_names(const Estimator& estimator, std::vector<std::string>& names) {
  const auto own = option_names(estimator);
  names.insert(names.end(), own.begin(), own.end());
  for (const auto& child : estimator.children()) all_option_names(*child.estimator, names);
}

class Finder {
 public:
  Finder(const std::string& path, const std::string& who) : path_(path), who_(who) {}

  Address bare(const Estimator& root) const {
    std::vector<Owner> owners;
    find_owners(root, path_, {{}, "", root.name()}, owners);
    if (owners.size() == 1) return {owners[0].way, path_};
    if (owners.empty()) {
      std::vector<std::string> names;
      all_option_names(root, names);
      const char* nobody = root.children().empty() ? " has no option '" : ": no step has an option '";
      const std::string begin = root.children().empty() ? who_ + ": " + root.name() : who_;
      throw ArgumentError(begin + nobody + path_ + "'" + did_you_mean(path_, names));
    }
    std::string names, ways;
    for (size_t i = 0; i < 2; ++i) {
      names += (i == 0 ? "" : " and ") + owners[i].name;
      const std::string way = owners[i].path.empty() ? owners[i].name : owners[i].path;
      ways += (i == 0 ? "'" : " or '") + way + "." + path_ + "'";
    }
    throw ArgumentError(who_ + ": '" + path_ + "' is an option of " + names + "; write " + ways);
  }

  /// `rest` is what of the path is left below `estimator`.
  Address below(const Estimator& estimator, std::string rest, std::vector<size_t> way) const {
    const size_t dot = rest.find('.');
    if (dot == std::string::npos) {
      if (has_option(estimator, rest)) return {std::move(way), rest};
      throw ArgumentError(who_ + ": " + estimator.name() + " has no option '" + rest + "'" +
                          did_you_mean(rest, option_names(estimator)));
    }
    const std::string name = rest.substr(0, dot);
    rest = rest.substr(dot + 1);
    const auto children = estimator.children();
    if (way.empty() && name == estimator.name() && !is_child(children, name)) return below(estimator, rest, way);
    way.push_back(child_of(children, name, rest));
    return below(*children[way.back()].estimator, rest, way);
  }

 private:
  static bool is_child(const std::vector<Child>& children, const std::string& name) {
    return std::any_of(children.begin(), children.end(), [&](const Child& child) { return child.name == name; });
  }

  /// A child by its name or its place (from 1).
  size_t child_of(const std::vector<Child>& children, const std::string& name, const std::string& rest) const {
    std::vector<std::string> names, alike;
    for (size_t i = 0; i < children.size(); ++i) {
      if (name == children[i].name || name == std::to_string(i + 1)) return i;
      names.push_back(children[i].name);
      if (name == children[i].estimator->name()) alike.push_back(children[i].name);
    }
    if (alike.size() > 1) {
      throw ArgumentError(who_ + ": two steps are called '" + name + "'; write '" + alike[0] + "." + rest + "' or '" +
                          alike[1] + "." + rest + "'");
    }
    throw ArgumentError(who_ + ": no step is called '" + name + "' in '" + path_ + "'" + did_you_mean(name, names));
  }

  const std::string& path_;
  const std::string& who_;
};

}  // namespace

Address find_option(const Estimator& root, const std::string& path, const std::string& who) {
  const Finder finder(path, who);
  return path.find('.') == std::string::npos ? finder.bare(root) : finder.below(root, path, {});
}

Value option_at(const Estimator& root, const Address& address) {
  const Estimator* estimator = &root;
  std::vector<Child> children;  // keeps the estimators on the way
  for (const size_t place : address.way) {
    children.push_back(estimator->children()[place]);
    estimator = children.back().estimator.get();
  }
  return estimator->options().at(address.option);
}

void set_option(Value& description, const Estimator& root, const Address& address, const Value& value) {
  Value* at = &description;
  const Estimator* estimator = &root;
  std::vector<Child> children;  // keeps the estimators on the way
  for (const size_t place : address.way) {
    children.push_back(estimator->children()[place]);
    const Child& child = children.back();
    Value& held = at->map()->at("options").map()->at(child.option);
    at = child.place < 0 ? &held : &held.list()->at(static_cast<size_t>(child.place));
    estimator = child.estimator.get();
  }
  (*at->map()->at("options").map())[address.option] = value;
}

}  // namespace lumir::model
