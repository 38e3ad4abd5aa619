// Learners whose try_settings works out several settings at once: one kernel, one forest, one search for neighbours.

#pragma once

namespace lumir::learn {

/// A mark beside the class of the learner: a search asks such a learner for all settings together, any other for one
/// after the other, so that each is written down as soon as it is known.
class SharesWork {
 protected:
  SharesWork() = default;
  virtual ~SharesWork() = default;
  SharesWork(const SharesWork&) = default;
  SharesWork(SharesWork&&) = default;
  SharesWork& operator=(const SharesWork&) = default;
  SharesWork& operator=(SharesWork&&) = default;
};

}  // namespace lumir::learn
