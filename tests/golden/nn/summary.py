"""What torchinfo (1.8.0) says of some networks. `network` is the same network as Lumir describes it."""

import math

import torchinfo

import golden

PLACES = {
    "Conv2d": ["in_channels", "out_channels", "kernel_size"],
    "BatchNorm1d": ["num_features"],
    "BatchNorm2d": ["num_features"],
    "MaxPool2d": ["kernel_size"],
    "Dropout": ["p"],
    "Linear": ["in_features", "out_features"],
    "LSTM": ["input_size", "hidden_size"],
    "Sequential": ["modules"],
    "Residual": ["body"],
}


def layer(name, *places, **options):
    return golden.layer(name, **dict(zip(PLACES.get(name, []), places)) | options)


def block(into, out, stride):
    options = {}
    if stride != 1 or into != out:
        shortcut = [layer("Conv2d", into, out, 1, stride=stride, bias=False), layer("BatchNorm2d", out)]
        options["shortcut"] = layer("Sequential", shortcut)
    body = [
        layer("Conv2d", into, out, 3, stride=stride, padding=1, bias=False), layer("BatchNorm2d", out), layer("ReLU"),
        layer("Conv2d", out, out, 3, padding=1, bias=False), layer("BatchNorm2d", out),
    ]
    return layer("Residual", layer("Sequential", body), after=layer("ReLU"), **options)


def resnet():
    return layer("Sequential", [
        layer("Conv2d", 1, 64, 7, stride=2, padding=3, bias=False), layer("BatchNorm2d", 64), layer("ReLU"),
        layer("MaxPool2d", 3, stride=2, padding=1),
        block(64, 64, 1), block(64, 64, 1), block(64, 128, 2), block(128, 128, 1), block(128, 256, 2),
        block(256, 256, 1), layer("AvgMaxPool2d"),
        layer("Dropout", 0.5), layer("Linear", 512, 256), layer("BatchNorm1d", 256), layer("ReLU"),
        layer("Dropout", 0.3), layer("Linear", 256, 20),
    ])


def seven_blocks():
    parts, into = [], 3
    for out in (8, 16, 32, 64, 128, 256, 512):
        parts += [layer("Conv2d", into, out, 3, padding=1), layer("BatchNorm2d", out), layer("ReLU"),
                  layer("MaxPool2d", 2)]
        into = out
    return layer("Sequential", parts + [
        layer("Flatten"), layer("Linear", 5120, 1024), layer("ReLU"), layer("Dropout", 0.5), layer("Linear", 1024, 20),
    ])


def recurrent():
    lstm = layer("LSTM", 13, 64, num_layers=2, batch_first=True, bidirectional=True)
    return layer("Sequential", [lstm, layer("LastFrame"), layer("Linear", 128, 10)])


def case(title, network, shape):
    module = golden.built(network["name"][3:], network["options"])
    found = torchinfo.summary(module, input_size=shape, verbose=0)
    return {
        "title": title, "network": network, "shape": shape, "parameters": found.total_params,
        "mult_adds": found.total_mult_adds, "output_bytes": found.total_output_bytes,
        "parameter_bytes": found.total_param_bytes,
        "input_bytes": 4 * math.prod(shape),  # torchinfo's holds 64 bytes of the Python object, too
    }


def cases():
    return [
        case("seven blocks", seven_blocks(), [4, 3, 128, 1292]),
        case("a residual network", resnet(), [2, 1, 64, 500]),
        case("a recurrent network, whose length counts", recurrent(), [4, 100, 13]),
    ]
