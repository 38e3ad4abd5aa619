// lumir.nn.attention_weights: where the layers of a network look.
//
//   for _, map in ipairs(nn.attention_weights(net, x)) do print(map.name, map.weights.shape) end

#include "nn/attention.h"

#include "api/nn.h"
#include "api/tensor.h"

namespace lumir::lua {
namespace {

struct AttentionWeightsOptions {
  bool average_attn_weights = false;
  static Schema schema() {
    return {Option{"average_attn_weights", &AttentionWeightsOptions::average_attn_weights,
                   "the mean of all heads, [rows, queries, keys]"}};
  }
};

int attention_weights(Call& call) {
  const auto net = call.object<nn::ModulePtr>(1, "network");
  const nn::Flow input = example_at(call, 2, *net);
  const bool average = call.options<AttentionWeightsOptions>(3).average_attn_weights;
  lua_newtable(call.L);
  int place = 0;
  for (const auto& map : nn::attention_maps(net, input)) {
    lua_createtable(call.L, 0, 2);
    call.push(map.path);
    lua_setfield(call.L, -2, "name");
    push_tensor(call.L, average ? map.weights.mean(1) : map.weights);
    lua_setfield(call.L, -2, "weights");
    lua_rawseti(call.L, -2, ++place);
  }
  return 1;
}

const lua::Module attention_module = lua::Module("nn").function(
    "attention_weights", attention_weights,
    {.summary = "How much each place looks at each other one, in every MultiheadAttention of a network, those of "
                "Transformers included, in the order in which they are called; in eval, without gradients.",
     .returns = "a list of tables: name, the layer's path; weights, a Tensor [rows, heads, queries, keys] whose rows "
                "sum to one; an empty list where nothing attends",
     .example = "nn.attention_weights(nn.TransformerEncoderLayer(8, 2), torch.randn(5, 1, 8))[1].weights.shape",
     .source = "torch.nn.MultiheadAttention's need_weights and average_attn_weights",
     .parameters = with_arguments({argument("network", "Module", "what is looked at"),
                                   argument("input", "Tensor or list", "a batch, a list of tensors, or a shape")},
                                  schema_of<AttentionWeightsOptions>())});

}  // namespace
}  // namespace lumir::lua
