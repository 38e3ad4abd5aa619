// The user's word for a Clip.

#include "audio/clip.h"

#include "core/step.h"

namespace lumir::audio {
namespace {

const KindName<Clip> clip_word{"a clip"};

}  // namespace
}  // namespace lumir::audio
