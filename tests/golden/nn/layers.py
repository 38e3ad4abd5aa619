"""The table of layers: of each, several sets of options. Names and options are Lumir's."""

import torch
import torchvision
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import references
from golden import Cases, layer

LENGTHS = torch.tensor([7, 3])
case = Cases()


def by_length(recurrent, x, *states, lengths):
    first = recurrent.batch_first
    packed = pack_padded_sequence(x, lengths, batch_first=first, enforce_sorted=False)
    states = states[0] if len(states) == 1 else states or None
    output, after = recurrent(packed, states)
    output, _ = pad_packed_sequence(output, batch_first=first, total_length=x.shape[1 if first else 0])
    return output, after


def with_states(recurrent, x, *states):
    return recurrent(x, states if len(states) == 2 else states[0])


# convolutions and those that go the other way, of one, two and three dimensions
SHAPES = {1: (9,), 2: (6, 7), 3: (4, 5, 6)}
for rank, places in SHAPES.items():
    two = {"in_channels": 2, "out_channels": 4, "kernel_size": 3}
    mixed = [2, 3, 4][:rank]
    case(f"Conv{rank}d", two, (2, 2, *places))
    case(f"Conv{rank}d", two, (2, *places))
    case(f"Conv{rank}d", two | {"stride": 2, "padding": 1, "bias": False}, (2, 2, *places))
    case(f"Conv{rank}d", two | {"out_channels": 6, "groups": 2}, (2, 2, *places))
    case(f"Conv{rank}d", {"in_channels": 4, "out_channels": 6, "kernel_size": mixed, "padding": "same",
                          "dilation": [2, 1, 1][:rank], "groups": 2}, (2, 4, *places))
    for mode in ("reflect", "circular", "replicate"):
        case(f"Conv{rank}d", two | {"kernel_size": mixed, "padding": 1, "padding_mode": mode}, (2, 2, *places))
    case(f"Conv{rank}d", two | {"padding": "same", "padding_mode": "reflect"}, (2, 2, *places))
    case(f"LazyConv{rank}d", {"out_channels": 4, "kernel_size": 3, "padding": 1}, (2, 3, *places), lazy=True)
    case(f"LazyConv{rank}d", {"out_channels": 4, "kernel_size": 2, "groups": 2}, (2, 4, *places), lazy=True)
    case(f"ConvTranspose{rank}d", two, (2, 2, *places))
    case(f"ConvTranspose{rank}d", two, (2, *places))
    case(f"ConvTranspose{rank}d", two | {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2, "bias": False},
         (2, 2, *places))
    case(f"ConvTranspose{rank}d", two | {"kernel_size": mixed, "dilation": [2, 1, 1][:rank], "stride": [1, 2, 1][:rank]},
         (2, 2, *places))

    # pooling
    case(f"MaxPool{rank}d", {"kernel_size": 3}, (2, 2, *places))
    case(f"MaxPool{rank}d", {"kernel_size": mixed, "stride": 2, "padding": 1, "ceil_mode": True}, (2, 2, *places))
    case(f"MaxPool{rank}d", {"kernel_size": 2, "dilation": 2}, (2, 2, *places))
    case(f"AvgPool{rank}d", {"kernel_size": mixed}, (2, 2, *places))
    case(f"AvgPool{rank}d", {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False, "ceil_mode": True},
         (2, 2, *places))
    if rank > 1:
        case(f"AvgPool{rank}d", {"kernel_size": 2, "divisor_override": 3}, (2, 2, *places))
    for kind in ("AdaptiveAvgPool", "AdaptiveMaxPool"):
        case(f"{kind}{rank}d", {"output_size": 2}, (2, 2, *places))
        case(f"{kind}{rank}d", {"output_size": [3, 2, 1][:rank]}, (2, 2, *places))

    # norms and dropouts of channels
    case(f"BatchNorm{rank}d", {"num_features": 3}, (2, 3, *places))
    case(f"BatchNorm{rank}d", {"num_features": 3}, (2, 3, *places), training=False)
    case(f"BatchNorm{rank}d", {"num_features": 3, "momentum": "none", "eps": 1e-3}, (2, 3, *places))
    case(f"BatchNorm{rank}d", {"num_features": 3, "affine": False, "track_running_stats": False}, (2, 3, *places),
         training=False)
    case(f"InstanceNorm{rank}d", {"num_features": 3}, (2, 3, *places))
    case(f"InstanceNorm{rank}d", {"num_features": 3, "affine": True, "eps": 1e-3}, (3, *places))
    case(f"InstanceNorm{rank}d", {"num_features": 3, "track_running_stats": True}, (2, 3, *places))
    case(f"InstanceNorm{rank}d", {"num_features": 3, "track_running_stats": True}, (2, 3, *places), training=False)
    case(f"Dropout{rank}d", {"p": 0.4}, (3, 4, *places))
    case(f"Dropout{rank}d", {"p": 0.4}, (3, 4, *places), training=False)

case("BatchNorm1d", {"num_features": 5}, (4, 5))
case("Dropout1d", {"p": 0.4}, (6, 5))
case("LayerNorm", {"normalized_shape": 6}, (2, 3, 6))
case("LayerNorm", {"normalized_shape": [3, 4], "bias": False}, (2, 3, 4))
case("LayerNorm", {"normalized_shape": 4, "elementwise_affine": False, "eps": 1e-2}, (2, 3, 4))
case("RMSNorm", {"normalized_shape": 6}, (2, 3, 6))
case("RMSNorm", {"normalized_shape": [3, 4], "eps": 1e-2, "elementwise_affine": False}, (2, 3, 4))
case("GroupNorm", {"num_groups": 2, "num_channels": 6}, (2, 6, 5))
case("GroupNorm", {"num_groups": 3, "num_channels": 6, "affine": False, "eps": 1e-2}, (2, 6, 3, 4))
case("GroupNorm", {"num_groups": 6, "num_channels": 6}, (4, 6, 2))
case("Dropout", {"p": 0.3}, (4, 10))
case("Dropout", {"p": 0.3}, (4, 10), training=False)
case("DropPath", {"drop_prob": 0.4}, (8, 3, 2))
case("DropPath", {"drop_prob": 0.4, "scale_by_keep": False}, (8, 3))
case("DropPath", {"drop_prob": 0.4}, (8, 3), training=False)

# pooling of all positions
for name in ("GlobalAvgPool", "GlobalMaxPool", "StatisticsPool"):
    case(name, {}, (2, 3, 4, 5))
    case(name, {}, (2, 3, 7), named={"lengths": LENGTHS})
    case(name, {}, (2, 3, 2, 7), named={"lengths": LENGTHS})
case("AvgMaxPool1d", {}, (2, 3, 6))
case("AvgMaxPool1d", {}, (2, 3, 7), named={"lengths": LENGTHS})
case("AvgMaxPool2d", {}, (2, 3, 4, 5))
case("AvgMaxPool2d", {}, (2, 3, 4, 7), named={"lengths": LENGTHS})
case("PowerPool", {}, (2, 3, 7), positive=True)
case("PowerPool", {"p": 1.5, "eps": 0.1}, (2, 3, 4, 7))
case("PowerPool", {}, (2, 3, 7), positive=True, named={"lengths": LENGTHS})
case("AttentionPool", {"input_dim": 5}, (2, 7, 5))
case("AttentionPool", {"input_dim": 5}, (2, 7, 5), named={"lengths": LENGTHS})
case("AttentiveStatisticsPool", {"channels": 3, "attention_channels": 4}, (2, 3, 7))
case("AttentiveStatisticsPool", {"channels": 3, "attention_channels": 4}, (2, 3, 7), named={"lengths": LENGTHS})
case("AttentiveStatisticsPool", {"channels": 3, "attention_channels": 4, "global_context": False}, (2, 3, 7))
case("LastFrame", {}, (2, 7, 3))
case("LastFrame", {}, (2, 7, 3), named={"lengths": LENGTHS})

# activations
for name in ("ReLU", "Tanh", "Sigmoid", "SELU", "SiLU", "Mish", "Hardswish"):
    case(name, {}, (5, 9))
    case(name, {}, (2, 3, 4))
case("LeakyReLU", {}, (5, 9))
case("LeakyReLU", {"negative_slope": 0.2}, (5, 9))
case("PReLU", {}, (5, 9))
case("PReLU", {"num_parameters": 3, "init": 0.1}, (2, 3, 4))
case("ELU", {}, (5, 9))
case("ELU", {"alpha": 0.7}, (5, 9))
case("GELU", {}, (5, 9))
case("GELU", {"approximate": "tanh"}, (5, 9))
for name in ("Softmax", "LogSoftmax", "GLU"):
    case(name, {"dim": -1}, (2, 3, 4))
    case(name, {"dim": 2}, (2, 4, 3), build=lambda: getattr(nn, name)(1))

# linear layers, shapes, containers
case("Linear", {"in_features": 5, "out_features": 3}, (2, 4, 5))
case("Linear", {"in_features": 5, "out_features": 3, "bias": False}, (5,))
case("LazyLinear", {"out_features": 3}, (2, 5), lazy=True)
case("LazyLinear", {"out_features": 3, "bias": False}, (2, 4, 5), lazy=True)
case("Identity", {}, (2, 3))
case("Flatten", {}, (2, 3, 4))
case("Flatten", {"start_dim": 3, "end_dim": 4}, (2, 3, 2, 2), build=lambda: nn.Flatten(2, 3))
case("Permute", {"dims": [1, 3, 2]}, (2, 3, 4), build=lambda: torchvision.ops.Permute([0, 2, 1]))
case("Permute", {"dims": [3, 1, 4, 2]}, (2, 3, 4, 2), build=lambda: torchvision.ops.Permute([2, 0, 3, 1]))
case("Normalize", {}, (2, 3, 4))
case("Normalize", {"dim": 2, "eps": 10.0}, (2, 3, 4), build=lambda: references.Normalize(1, 10.0))
case("ZeroPad2d", {"padding": 1}, (2, 3, 4, 5))
case("ZeroPad2d", {"padding": [1, 0, -1, 2]}, (2, 3, 4, 5), build=lambda: nn.ZeroPad2d((1, 0, -1, 2)))
case("Unflatten", {"dim": 2, "unflattened_size": [2, 3]}, (2, 6, 2), build=lambda: nn.Unflatten(1, (2, 3)))
case("Unflatten", {"dim": -1, "unflattened_size": [2, -1]}, (2, 6), build=lambda: nn.Unflatten(-1, (2, -1)))
for mode, shape in (("nearest", (2, 3, 5)), ("nearest", (2, 3, 4, 5)), ("nearest", (1, 2, 3, 4, 5)),
                    ("nearest-exact", (2, 3, 5)), ("nearest-exact", (2, 3, 4, 5)), ("nearest-exact", (1, 2, 3, 4, 5)),
                    ("linear", (2, 3, 5)), ("bilinear", (2, 3, 4, 5)), ("bicubic", (2, 3, 4, 5)),
                    ("trilinear", (1, 2, 3, 4, 5))):
    case("Upsample", {"scale_factor": 1.7, "mode": mode}, shape)
    case("Upsample", {"size": [7, 6, 5][:len(shape) - 2], "mode": mode}, shape)
    if not mode.startswith("nearest"):
        case("Upsample", {"size": 7, "mode": mode, "align_corners": True}, shape)
for interpolation in ("bilinear", "bicubic"):
    for antialias in (True, False):
        case("Resize", {"size": [5, 9], "interpolation": interpolation, "antialias": antialias}, (2, 2, 13, 7))
case("Resize", {"size": 224}, (1, 1, 128, 331))
case("Sequential", {"modules": [layer("Linear", in_features=5, out_features=4), layer("ReLU"),
                                layer("Linear", in_features=4, out_features=2)]}, (3, 5))
CONV = layer("Conv2d", in_channels=2, out_channels=4, kernel_size=3, padding=1)
case("Residual", {"body": CONV, "shortcut": layer("Conv2d", in_channels=2, out_channels=4, kernel_size=1),
                  "after": layer("ReLU")}, (2, 2, 5, 4))
case("Residual", {"body": layer("Linear", in_features=4, out_features=4)}, (3, 4))
BRANCH = layer("Linear", in_features=4, out_features=3)
for merge in ("cat", "sum", "mean", "none"):
    case("Parallel", {"branches": [BRANCH, BRANCH], "merge": merge}, (2, 4))
case("PatchEmbedding", {"in_channels": 2, "embed_dim": 6, "patch_size": 4}, (2, 2, 9, 8))
case("PatchEmbedding", {"in_channels": 1, "embed_dim": 5, "patch_size": [4, 3], "stride": [2, 3]}, (2, 1, 9, 8))
case("SqueezeExcite", {"channels": 8, "reduction": 4}, (2, 8, 4, 5))
case("SqueezeExcite", {"channels": 4}, (2, 4, 7), named={"lengths": LENGTHS})
for wrapped, x in ((BRANCH, (2, 4)), (CONV, (2, 2, 5, 4)),
                   (layer("ConvTranspose1d", in_channels=2, out_channels=3, kernel_size=3), (2, 2, 6))):
    case("weight_norm", {"module": wrapped}, x)
    case("spectral_norm", {"module": wrapped}, x)
case("weight_norm", {"module": BRANCH, "dim": "none"}, (2, 4))
case("weight_norm", {"module": CONV, "dim": 2}, (2, 2, 5, 4))
case("spectral_norm", {"module": CONV, "n_power_iterations": 3, "dim": 2}, (2, 2, 5, 4))
case("spectral_norm", {"module": BRANCH}, (2, 4), training=False)

# recurrent layers
SIZES = {"input_size": 3, "hidden_size": 4}
for name, states in (("RNN", 1), ("LSTM", 2), ("GRU", 1)):
    both = SIZES | {"num_layers": 2, "batch_first": True, "bidirectional": True}
    case(name, SIZES, (5, 2, 3))
    case(name, SIZES, (5, 3))
    case(name, both, (2, 5, 3), *[(4, 2, 4)] * states, forward=with_states)
    case(name, SIZES | {"num_layers": 2, "dropout": 0.5}, (5, 2, 3))
    case(name, both | {"bias": False}, (3, 6, 3), named={"lengths": torch.tensor([2, 6, 4])}, forward=by_length)
    case(name, SIZES, (6, 3, 3), *[(1, 3, 4)] * states, named={"lengths": torch.tensor([2, 5, 4])}, forward=by_length)
case("RNN", SIZES | {"nonlinearity": "relu"}, (5, 2, 3))

# words, places and attention
WORDS = torch.tensor([[0, 3, 1], [4, 1, 1]])
case("Embedding", {"num_embeddings": 5, "embedding_dim": 3}, WORDS)
case("Embedding", {"num_embeddings": 5, "embedding_dim": 3, "padding_idx": 2}, WORDS,
     build=lambda: nn.Embedding(5, 3, padding_idx=1))
for name in ("PositionalEncoding", "LearnedPositionalEncoding"):
    case(name, {"d_model": 6, "max_len": 9}, (2, 7, 6))
    case(name, {"d_model": 5, "max_len": 9, "dropout": 0.0, "batch_first": False}, (7, 2, 5))
case("RelativePositionBias", {"num_heads": 2, "num_buckets": 8, "max_distance": 12}, (2, 17, 3))
case("RelativePositionBias", {"num_heads": 3, "bidirectional": False, "batch_first": False}, (70, 1, 2))
HEADS = {"embed_dim": 8, "num_heads": 2}
FIRST = HEADS | {"batch_first": True}
CAUSAL = torch.ones(5, 5, dtype=torch.bool).triu(1)
ADDED = torch.linspace(-1, 1, 20).reshape(4, 5)
PADDED = torch.tensor([[False] * 5, [False, False, False, True, True]])
TRUE = torch.tensor([5, 3])
case("MultiheadAttention", HEADS, (4, 2, 8), (5, 2, 8), (5, 2, 8))
case("MultiheadAttention", FIRST, (2, 4, 8), (2, 5, 8), (2, 5, 8),
     named={"attn_mask": ADDED, "key_padding_mask": torch.zeros(2, 5).masked_fill(PADDED, float("-1e9"))})
case("MultiheadAttention", FIRST | {"dropout": 0.4}, (2, 5, 8), named={"attn_mask": CAUSAL},
     forward=lambda m, x, attn_mask: m(x, x, x, attn_mask=attn_mask))
case("MultiheadAttention", FIRST | {"dropout": 0.4, "bias": False, "need_weights": False}, (2, 5, 8),
     build=lambda: nn.MultiheadAttention(8, 2, dropout=0.4, bias=False, batch_first=True),
     forward=lambda m, x: m(x, x, x, need_weights=False)[0])
case("MultiheadAttention", FIRST, (2, 5, 8), named={"lengths": TRUE},
     forward=lambda m, x, lengths: m(x, x, x, key_padding_mask=PADDED))
case("MultiheadAttention", HEADS | {"kdim": 3, "vdim": 4}, (4, 2, 8), (5, 2, 3), (5, 2, 4))
case("MultiheadAttention", HEADS, (4, 8), (5, 8), (5, 8))
LAYER = {"d_model": 8, "nhead": 2, "dim_feedforward": 12}
NORM_FIRST = LAYER | {"dropout": 0.0, "activation": "gelu", "batch_first": True, "norm_first": True}
case("TransformerEncoderLayer", LAYER, (5, 2, 8))
case("TransformerEncoderLayer", NORM_FIRST, (2, 5, 8), named={"src_mask": CAUSAL, "src_key_padding_mask": PADDED})
case("TransformerEncoderLayer", LAYER | {"batch_first": True}, (2, 5, 8), training=False)
case("TransformerEncoderLayer", LAYER | {"bias": False, "layer_norm_eps": 1e-3}, (5, 8))
ENCODER = {"encoder_layer": layer("TransformerEncoderLayer", **LAYER, batch_first=True), "num_layers": 2}
NORM = {"norm": layer("LayerNorm", normalized_shape=8)}
case("TransformerEncoder", ENCODER, (2, 5, 8))
case("TransformerEncoder", ENCODER | NORM, (2, 5, 8), named={"lengths": TRUE},
     forward=lambda m, x, lengths: m(x, src_key_padding_mask=PADDED))
case("TransformerDecoderLayer", LAYER, (4, 2, 8), (5, 2, 8))
SEEN = {"tgt_mask": CAUSAL[:4, :4], "memory_mask": ADDED, "tgt_key_padding_mask": PADDED[:, 1:],
        "memory_key_padding_mask": PADDED}
case("TransformerDecoderLayer", NORM_FIRST, (2, 4, 8), (2, 5, 8), named=SEEN)
case("TransformerDecoderLayer", LAYER | {"batch_first": True}, (2, 5, 8), (2, 5, 8), training=False,
     named={"lengths": TRUE, "memory_lengths": TRUE},
     forward=lambda m, x, memory, lengths, memory_lengths: m(x, memory, tgt_key_padding_mask=PADDED,
                                                             memory_key_padding_mask=PADDED))
DECODER = {"decoder_layer": layer("TransformerDecoderLayer", **LAYER, batch_first=True), "num_layers": 2}
case("TransformerDecoder", DECODER, (2, 4, 8), (2, 5, 8))
case("TransformerDecoder", DECODER | NORM, (2, 4, 8), (2, 5, 8), named={"tgt_mask": CAUSAL[:4, :4]})

# what hears samples
WAVE = {"n_fft": 64, "hop_length": 16}
case("STFT", WAVE, (2, 200))
case("STFT", WAVE | {"power": 2, "center": False, "window": "hamming"}, (2, 200))
case("STFT", WAVE | {"power": "none", "win_length": 40, "pad_mode": "reflect"}, (2, 200))
MEL = WAVE | {"rate": 8000, "n_mels": 10}
case("MelSpectrogram", MEL, (2, 200))
case("MelSpectrogram", MEL | {"fmin": 100, "fmax": 3000, "htk": True, "norm": "none", "power": 1}, (2, 200))
case("LogMel", MEL, (2, 200))
case("LogMel", MEL | {"ref": 0.5, "amin": 0.01, "top_db": 10}, (2, 200))
case("LogMel", MEL | {"top_db": "none"}, (2, 200))
case("PCEN", {"n_bands": 3}, (2, 3, 9), positive=True)
case("PCEN", {"n_bands": 3, "rate": 8000, "hop_length": 64, "gain": 0.8, "bias": 1.0, "power": 0.3,
              "time_constant": 0.06, "eps": 1e-3, "trainable": False}, (2, 3, 9), positive=True)
case("SincConv", {"out_channels": 4, "kernel_size": 31}, (2, 1, 120))
case("SincConv", {"out_channels": 3, "kernel_size": 16, "rate": 8000, "stride": 2, "padding": 3, "dilation": 2,
                  "min_low_hz": 20, "min_band_hz": 30}, (2, 1, 120))
case("HarmonicFilters", {"n_fft": 128, "hop_length": 64, "n_harmonic": 2, "semitone_scale": 1}, (2, 300))
case("HarmonicFilters", {"rate": 8000, "n_harmonic": 3, "bw_Q": 2.0, "learn_bw": False, "db": False}, (2, 600))
