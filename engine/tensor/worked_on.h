// Which batch is worked on: errors name it, and layers that take a batch or one sequence know by it what came in.

#pragma once

#include <cstdint>

namespace lumir::tensor {

struct WorkedOn {
  long epoch = 0;         // from 1; 0: none
  long batch = 0;         // from 1; 0: none
  int64_t flat_rows = 0;  // how many rows it has, where each is a list of numbers without time; else 0
};

/// Of the innermost WorkingOn of this thread; where there is none, what the loops say.
WorkedOn worked_on();

/// Says it for as long as it lives.
class WorkingOn {
 public:
  explicit WorkingOn(const WorkedOn& work);
  ~WorkingOn();
  WorkingOn(const WorkingOn&) = delete;
  WorkingOn& operator=(const WorkingOn&) = delete;

 private:
  const WorkedOn work_;
  const WorkedOn* before_;
};

/// Who is asked about loops over batches: whoever runs them knows which have ended, by an error too.
void ask_about_loops(WorkedOn (*loops)());

}  // namespace lumir::tensor
