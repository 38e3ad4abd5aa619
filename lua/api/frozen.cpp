// net:step: a network that learns no more, within chains.
//
//   songs:map(lumir.chain { audio.load { rate = 32000, mono = true }, net:step 'embedding' })

#include "api/nn.h"
#include "nn/frozen_step.h"

namespace lumir::lua {

int step_of(Call& call) {
  const bool layered = call.is_text(2);
  if (!layered && !call.missing(2) && !call.is_table(2)) call.wrong(2, "layer", "text");
  const auto options = call.options<nn::FrozenOptions>(layered ? 3 : 2);
  const nn::BuildClassScope scope(builder_of_classes(call.L, true));
  return call.push(nn::frozen_step(call.object<nn::ModulePtr>(1), layered ? call.text(2) : "", options));
}

const Describe& step_words() {
  static const Describe words{
      .summary =
          "What a part of the network gives, as a step for chains: 'embedding' is what lies before the last "
          "layer of those in models/. It has the weights as they are now. Results are kept on disk by the "
          "sha256 of weights and source, and rows of one shape go through it in batches, across files. "
          "Descriptions come out where the part gives a row of numbers: a learner's table or another "
          "network's, whose head then trains on what is stored. What is written in Lua runs beside the session, with "
          "copies of its functions and of what they use.",
      .returns = "a Step",
      .example = "nn.Sequential { nn.Linear(4, 2), nn.Linear(2, 3), names = { 'embedding', 'head' } }:step 'embedding'",
      .source = "Lumir's own",
      .parameters = with_arguments({argument("layer", "text", "the path of a part; unless given the network", kPlace)},
                                   schema_of<nn::FrozenOptions>())};
  return words;
}

}  // namespace lumir::lua
