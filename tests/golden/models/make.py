"""What the networks of models/ must give, by the code of others from weights that both sides draw (seeded.py).

    HOME=/tmp/home PYTHONPATH=. python make.py panns images voices speech pitch

panns_inference asks for ~/panns_data/class_labels_indices.csv when it is imported: any file of 528 lines "0,/m/0,a" does.
Made with torch 2.15.0, torchvision 0.29.2, panns-inference 0.1.1, torchlibrosa 0.1.0, librosa 0.11.0, Resemblyzer 0.1.4,
silero-vad 6.2.3, torchcrepe 0.0.24, on two threads.
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "nn"))
from golden import described  # noqa: E402

import seeded  # noqa: E402

torch.set_num_threads(2)


def panns():
    from panns_inference.models import Cnn14

    kinds = {}
    for rate, window, hop, highest in ((32000, 1024, 320, 14000), (16000, 512, 160, 8000)):
        net = Cnn14(rate, window, hop, 64, 50, highest, 527)
        seeded.fill(net, 14, ("spectrogram_extractor.", "logmel_extractor.")).eval()
        torch.manual_seed(15)
        with torch.no_grad():
            given = net(torch.randn(2, rate) * 0.1)
        kinds[str(rate)] = {"embedding": described(given["embedding"]), "scores": described(given["clipwise_output"])}
    kinds["parameters"] = sum(p.numel() for p in net.parameters() if p.requires_grad)
    return kinds


def step(net, picture):
    """Loss, and the norm and product of each gradient, of one batch of two pictures, in float64."""
    torch.manual_seed(22)
    x, y = torch.randn(2, 3, *picture).double(), torch.tensor([3, 8])
    net.double()
    loss = torch.nn.functional.cross_entropy(net(x), y)
    loss.backward()
    return {"loss": loss.item(), "parameters": sum(p.numel() for p in net.parameters()),
            "gradients": {name: described(p.grad) for name, p in net.named_parameters()}}


def images():
    import torchvision.models as zoo

    found = {}
    for name, picture in (("resnet18", (64, 64)), ("resnet34", (64, 64)), ("resnet50", (64, 64)), ("vgg16", (32, 32)),
                          ("vgg19", (32, 32)), ("vit_b_16", (224, 224))):
        net = seeded.fill(getattr(zoo, name)(num_classes=10), 21)
        net.train()
        for part in net.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0
        found[name] = step(net, picture)
    return found


FIXTURES = HERE.parents[3] / "shared" / "fixtures"


def voices():
    """Embeddings of spoken digits from the same samples: 8 kHz, each sample twice, so that both sides have the same."""
    import numpy
    import soundfile
    from resemblyzer.voice_encoder import VoiceEncoder

    encoder = VoiceEncoder("cpu", verbose=False)
    found = {}
    for path in sorted((FIXTURES / "fsdd-mini").glob("*.wav")):
        samples, _ = soundfile.read(path, dtype="float32")
        found[path.name] = described(torch.from_numpy(encoder.embed_utterance(numpy.repeat(samples, 2))))
    whole = numpy.concatenate([numpy.repeat(soundfile.read(path, dtype="float32")[0], 2)
                               for path in sorted((FIXTURES / "fsdd-mini").glob("*george*.wav"))])
    found["george"] = described(torch.from_numpy(encoder.embed_utterance(whole)))
    return found


def speech():
    """How likely each window of a recording is speech, by the way of silero_vad/tinygrad_model.py with the weights of the
    fixtures; its samples are taken as if they came at 16 kHz, so that both sides have the same. (The package's TorchScript
    holds another training's weights.)"""
    import soundfile
    from safetensors.torch import load_file
    from torch.nn import functional as F

    name = "5703-47212-0000.ogg"
    samples, _ = soundfile.read(FIXTURES / "audio-cc" / name, dtype="float32")
    weights = load_file(FIXTURES / "weights" / "silero_vad_16k.safetensors")
    cell = torch.nn.LSTMCell(128, 128)
    cell.load_state_dict({key[10:]: value for key, value in weights.items() if key.startswith("lstm_cell.")})
    padded, state, likely = F.pad(torch.from_numpy(samples[:64000])[None], (64, 0)), None, []
    with torch.no_grad():
        for start in range(64, padded.shape[1], 512):
            x = F.pad(padded[:, start - 64:start + 512], (0, 64), mode="reflect")[:, None]
            x = F.conv1d(x, weights["stft_conv.weight"], stride=128)
            x = (x[:, :129] ** 2 + x[:, 129:] ** 2).sqrt()
            for i, stride in ((1, 1), (2, 2), (3, 2), (4, 1)):
                x = F.relu(F.conv1d(x, weights[f"conv{i}.weight"], weights[f"conv{i}.bias"], stride=stride, padding=1))
            state = cell(x.squeeze(-1), state)
            x = F.conv1d(F.relu(state[0])[:, :, None], weights["final_conv.weight"], weights["final_conv.bias"])
            likely.append(float(f"{torch.sigmoid(x).item():.6g}"))
    return {"name": name, "likely": likely}


def pitch():
    """What CREPE's tiny and full networks make of noise, by weights that both sides draw."""
    from torchcrepe.model import Crepe

    found = {}
    for size in ("tiny", "full"):
        net = seeded.fill(Crepe(size), 31).eval()
        torch.manual_seed(32)
        with torch.no_grad():
            found[size] = {"likely": described(net(torch.randn(3, 1024))),
                           "parameters": sum(p.numel() for p in net.parameters())}
    return found


def main():
    for name in sys.argv[1:]:
        path = HERE / f"{name}.json"
        path.write_text(json.dumps(globals()[name](), indent=None, separators=(",", ":")) + "\n")
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
