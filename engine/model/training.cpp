// Parts of training sets.

#include "model/training.h"

namespace lumir::model {

Training Training::with(const Matrix& other, const std::vector<std::string>* names) const {
  return {other, y, n_classes, groups, classes, label, level, weights, target, values, group, songs, song, names};
}

Training Training::with(const SharedMatrix& other, const std::vector<std::string>* names) const {
  Training changed = with(*other, names);
  changed.shared = &other;
  return changed;
}

Training Training::with_classes(const std::vector<int>& other, int count) const {
  return {x,       other, count, groups, nullptr, label,  level,   weights, Target::classes,
          nullptr, group, songs, song,   columns, shared, prepared};
}

std::string Training::class_name(int number) const {
  const auto at = static_cast<size_t>(number);
  return classes && at < classes->size() ? "'" + (*classes)[at] + "'" : "class " + std::to_string(number + 1);
}

std::vector<std::string> Training::groups_by(const std::string& by) const {
  return by.empty() || !level ? groups : level(by);
}

TrainingRows::TrainingRows(const Training& whole, std::vector<int> which)
    : whole_(whole),
      which_(std::move(which)),
      x_(whole.x.take(which_)),
      values_(whole.values ? whole.values->take(which_) : Matrix()),
      y_(taken(whole.y, which_)),
      groups_(taken(whole.groups, which_)),
      weights_(taken(whole.weights, which_)),
      song_(taken(whole.song, which_)) {}

Training TrainingRows::training() const {
  Training part{x_,           y_,      whole_.n_classes, groups_,       whole_.classes,
                whole_.label, nullptr, weights_,         whole_.target, nullptr};
  if (whole_.values) part.values = &values_;
  part.group = whole_.group;
  part.songs = whole_.songs;
  part.song = song_;
  part.columns = whole_.columns;
  part.shared = &x_;
  if (whole_.level) {
    part.level = [this](const std::string& by) {
      const auto groups = whole_.level(by);
      return taken(groups, which_);
    };
  }
  return part;
}

}  // namespace lumir::model
