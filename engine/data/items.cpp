// Parts of items.

#include "data/items.h"

#include <vector>

namespace lumir::data {
namespace {

class TakenItems final : public Items {
 public:
  TakenItems(ItemsPtr items, std::span<const int> which) : items_(std::move(items)) {
    for (const int i : which) which_.push_back(static_cast<size_t>(i));
  }
  size_t size() const override { return which_.size(); }
  std::any at(size_t i) const override { return items_->at(which_.at(i)); }

 private:
  ItemsPtr items_;
  std::vector<size_t> which_;
};

}  // namespace

ItemsPtr take_items(ItemsPtr items, std::span<const int> which) {
  return std::make_shared<TakenItems>(std::move(items), which);
}

}  // namespace lumir::data
