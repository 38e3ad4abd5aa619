"""What PyTorch lacks, written from the papers' formulas with its operators; names and options are Lumir's."""

import math

import librosa
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations
from torchvision.ops import sigmoid_focal_loss


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, after=None):
        super().__init__()
        self.body, self.shortcut, self.after = body, shortcut, after

    def forward(self, x):
        total = self.body(x) + (self.shortcut(x) if self.shortcut else x)
        return self.after(total) if self.after else total


class Parallel(nn.ModuleList):
    def __init__(self, branches, merge="cat", dim=2):
        super().__init__(branches)
        self.merge, self.dim = merge, dim - 1

    def forward(self, x):
        results = [branch(x) for branch in self]
        if self.merge == "cat":
            return torch.cat(results, self.dim)
        total = sum(results)
        return {"sum": total, "mean": total / len(results), "none": results}[self.merge]


def each_true(x, lengths, function):
    """The function of each row [channels, rows, time], as far as it is true."""
    rows = x.reshape(x.shape[0], x.shape[1], -1, x.shape[-1])
    ends = [rows.shape[-1]] * len(rows) if lengths is None else lengths
    return torch.stack([function(row[:, :, :end]) for row, end in zip(rows, ends)])


class GlobalAvgPool(nn.Module):
    def forward(self, x, lengths=None):
        return each_true(x, lengths, lambda row: row.mean((1, 2)))


class GlobalMaxPool(nn.Module):
    def forward(self, x, lengths=None):
        return each_true(x, lengths, lambda row: row.amax((1, 2)))


class StatisticsPool(nn.Module):
    def forward(self, x, lengths=None):
        mean = each_true(x, lengths, lambda row: row.mean((1, 2)))
        return torch.cat([mean, each_true(x, lengths, lambda row: row.flatten(1).std(1, unbiased=False))], 1)


class Normalize(nn.Module):
    def __init__(self, dim=-1, eps=1e-12):
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x):
        return nn.functional.normalize(x, dim=self.dim, eps=self.eps)


class AvgMaxPool1d(nn.Module):
    def forward(self, x, lengths=None):
        return torch.cat([GlobalAvgPool()(x, lengths), GlobalMaxPool()(x, lengths)], 1)


AvgMaxPool2d = AvgMaxPool1d


class LastFrame(nn.Module):
    def forward(self, x, lengths=None):
        x = x[0] if isinstance(x, tuple) else x  # of a recurrent layer
        return x[:, -1] if lengths is None else x[torch.arange(len(x)), lengths - 1]


class DropPath(nn.Module):
    """Huang et al. (2016) as in timm."""

    def __init__(self, drop_prob=0.0, scale_by_keep=True):
        super().__init__()
        self.drop_prob, self.scale_by_keep = drop_prob, scale_by_keep

    def forward(self, x):
        if not self.training or self.drop_prob == 0:
            return x
        keep = 1 - self.drop_prob
        mask = x.new_empty((len(x),) + (1,) * (x.ndim - 1)).bernoulli_(keep)
        return x * (mask / keep if self.scale_by_keep else mask)


class PowerPool(nn.Module):
    """GeM, Radenovic et al. (2018), eq. 3."""

    def __init__(self, p=3.0, eps=1e-6):
        super().__init__()
        self.p, self.eps = nn.Parameter(torch.ones(1) * p), eps

    def forward(self, x, lengths=None):
        return GlobalAvgPool()(x.clamp(min=self.eps) ** self.p, lengths) ** (1 / self.p)


class AttentionPool(nn.Module):
    """Safari et al. (2020), eq. 2: softmax(W H') H."""

    def __init__(self, input_dim):
        super().__init__()
        self.attention = nn.Linear(input_dim, 1)

    def forward(self, x, lengths=None):
        ends = [x.shape[1]] * len(x) if lengths is None else lengths
        return torch.stack([self.attention(row[:end]).softmax(0).T @ row[:end] for row, end in zip(x, ends)])[:, 0]


class AttentiveStatisticsPool(nn.Module):
    """Okabe et al. (2018), eqs. 1 to 6, by channel and with context as in Desplanques et al. (2020), eqs. 1 to 4."""

    def __init__(self, channels, attention_channels=128, global_context=True):
        super().__init__()
        self.tdnn = nn.Conv1d(channels * (3 if global_context else 1), attention_channels, 1)
        self.conv = nn.Conv1d(attention_channels, channels, 1)
        self.global_context = global_context

    def forward(self, x, lengths=None):
        ends = [x.shape[2]] * len(x) if lengths is None else lengths
        return torch.stack([self.one(row[:, :end]) for row, end in zip(x, ends)])

    def one(self, h):
        seen = h
        if self.global_context:
            mean, deviation = h.mean(1, True), h.var(1, unbiased=False, keepdim=True).clamp(min=1e-12).sqrt()
            seen = torch.cat([h, mean.expand_as(h), deviation.expand_as(h)])
        alpha = self.conv(torch.tanh(self.tdnn(seen[None])))[0].softmax(1)
        mean = (alpha * h).sum(1)
        return torch.cat([mean, ((alpha * h * h).sum(1) - mean * mean).clamp(min=1e-12).sqrt()])


class PositionalEncoding(nn.Module):
    """Vaswani et al. (2017), sec. 3.5."""

    def __init__(self, d_model, dropout=0.1, max_len=5000, batch_first=True):
        super().__init__()
        self.drop, self.batch_first, self.d_model = nn.Dropout(dropout), batch_first, d_model

    def forward(self, x):
        time = x.shape[1 if self.batch_first else 0]
        table = torch.tensor([[(math.sin if i % 2 == 0 else math.cos)(p / 10000 ** ((i - i % 2) / self.d_model))
                               for i in range(self.d_model)] for p in range(time)])
        return self.drop(x + (table[None] if self.batch_first else table[:, None]))


class LearnedPositionalEncoding(nn.Module):
    def __init__(self, d_model, dropout=0.1, max_len=5000, batch_first=True):
        super().__init__()
        self.weight = nn.Parameter(nn.init.normal_(torch.empty(max_len, d_model), 0, 0.02))
        self.drop, self.batch_first = nn.Dropout(dropout), batch_first

    def forward(self, x):
        table = self.weight[:x.shape[1 if self.batch_first else 0]]
        return self.drop(x + (table[None] if self.batch_first else table[:, None]))


class RelativePositionBias(nn.Module):
    """Raffel et al. (2020): buckets of distances, half of them exact, half evenly spaced by logarithm."""

    def __init__(self, num_heads, num_buckets=32, max_distance=128, bidirectional=True, batch_first=True):
        super().__init__()
        self.weight = nn.Parameter(nn.init.normal_(torch.empty(num_buckets, num_heads), 0, 0.02))
        self.num_buckets, self.max_distance = num_buckets, max_distance
        self.bidirectional, self.batch_first = bidirectional, batch_first

    def bucket(self, away):
        buckets, first = self.num_buckets, 0
        if self.bidirectional:
            buckets //= 2
            first, distance = (buckets if away > 0 else 0), abs(away)
        else:
            distance = max(-away, 0)
        exact = buckets // 2
        if distance < exact:
            return first + distance
        large = exact + int(math.log(distance / exact) / math.log(self.max_distance / exact) * (buckets - exact))
        return first + min(large, buckets - 1)

    def forward(self, x):
        time, batch = x.shape[1 if self.batch_first else 0], x.shape[0 if self.batch_first else 1]
        rows = torch.tensor([[self.bucket(key - query) for key in range(time)] for query in range(time)])
        return self.weight[rows].permute(2, 0, 1).repeat(batch, 1, 1)


class PatchEmbedding(nn.Module):
    def __init__(self, in_channels, embed_dim, patch_size=16, stride=None):
        super().__init__()
        self.proj = nn.Conv2d(in_channels, embed_dim, patch_size, stride or patch_size)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class SqueezeExcite(nn.Module):
    """Hu et al. (2018), eqs. 2 to 4."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        few = max(1, channels // reduction)
        self.fc1, self.fc2 = nn.Linear(channels, few), nn.Linear(few, channels)

    def forward(self, x, lengths=None):
        s = torch.sigmoid(self.fc2(torch.relu(self.fc1(GlobalAvgPool()(x, lengths)))))
        return x * s.reshape(s.shape + (1,) * (x.ndim - 2))


class Resize(nn.Module):
    """What torchvision.transforms.v2.functional.resize does to tensors (make.py compares them where it is installed)."""

    def __init__(self, size, interpolation="bilinear", antialias=True):
        super().__init__()
        self.size = (size, size) if isinstance(size, int) else size
        self.interpolation, self.antialias = interpolation, antialias

    def forward(self, x):
        return F.interpolate(x, self.size, mode=self.interpolation, align_corners=False, antialias=self.antialias)


class STFT(nn.Module):
    def __init__(self, n_fft=2048, hop_length=512, win_length=None, window="hann", center=True, pad_mode="constant",
                 power=1.0):
        super().__init__()
        self.n_fft, self.hop, self.center, self.pad_mode, self.power = n_fft, hop_length, center, pad_mode, power
        window = librosa.filters.get_window(window, win_length or n_fft, fftbins=True)
        self.register_buffer("window", torch.tensor(librosa.util.pad_center(window, size=n_fft)).float(), False)

    def spectrum(self, x):
        if self.center:
            x = F.pad(x, (self.n_fft // 2, self.n_fft // 2), mode=self.pad_mode)
        return torch.stft(x, self.n_fft, self.hop, window=self.window, center=False, return_complex=True)

    def magnitude(self, x, power):
        return self.spectrum(x).abs() ** power

    def forward(self, x):
        if self.power is None:
            spectrum = self.spectrum(x)
            return torch.stack([spectrum.real, spectrum.imag], -3)
        return self.magnitude(x, self.power)


class MelSpectrogram(STFT):
    def __init__(self, rate=22050, n_fft=2048, hop_length=512, n_mels=128, fmin=0.0, fmax=None, htk=False,
                 norm="slaney", power=2.0, **beside):
        super().__init__(n_fft, hop_length, **beside)
        self.mel_power = power
        basis = librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax, htk=htk, norm=norm)
        self.register_buffer("mel_basis", torch.tensor(basis), False)

    def forward(self, x):
        return self.mel_basis @ self.magnitude(x, self.mel_power)


class LogMel(MelSpectrogram):
    def __init__(self, ref=1.0, amin=1e-10, top_db=80.0, **beside):
        super().__init__(**beside)
        self.ref, self.amin, self.top_db = ref, amin, top_db

    def forward(self, x):
        db = 10 * torch.log10(super().forward(x).clamp(min=self.amin)) - 10 * math.log10(max(self.amin, self.ref))
        return db if self.top_db is None else torch.maximum(db, db.amax((-2, -1), keepdim=True) - self.top_db)


class PCEN(nn.Module):
    """Wang et al. (2017), eqs. 1 and 2; the smoothing and its beginning are librosa.pcen's."""

    def __init__(self, n_bands, rate=22050, hop_length=512, gain=0.98, bias=2.0, power=0.5, time_constant=0.4, eps=1e-6,
                 trainable=True):
        super().__init__()
        for name, value in (("gain", gain), ("bias", bias), ("power", power)):
            numbers = torch.full((n_bands,), value)
            self.register_parameter(name, nn.Parameter(numbers)) if trainable else self.register_buffer(name, numbers)
        frames = time_constant * rate / hop_length
        self.b, self.eps = (math.sqrt(1 + 4 * frames ** 2) - 1) / (2 * frames ** 2), eps

    def forward(self, x):
        past, smooth = torch.ones_like(x[..., 0]), []
        for t in range(x.shape[-1]):
            past = (1 - self.b) * past + self.b * x[..., t]
            smooth.append(past)
        gain, bias, power = (value[:, None] for value in (self.gain, self.bias, self.power))
        return (x / (self.eps + torch.stack(smooth, -1)) ** gain + bias) ** power - bias ** power


class SincConv(nn.Module):
    """Ravanelli and Bengio (2018), eqs. 4 to 7."""

    def __init__(self, out_channels, kernel_size, rate=16000, stride=1, padding=0, dilation=1, min_low_hz=50.0,
                 min_band_hz=50.0):
        super().__init__()
        self.size, self.rate = kernel_size + (kernel_size % 2 == 0), rate
        self.stride, self.padding, self.dilation = stride, padding, dilation
        self.min_low_hz, self.min_band_hz = min_low_hz, min_band_hz
        mel = lambda hz: 2595 * np.log10(1 + hz / 700)
        highest = rate / 2 - (min_low_hz + min_band_hz)
        edges = 700 * (10 ** (np.linspace(mel(30), mel(highest), out_channels + 1) / 2595) - 1)
        self.low_hz_ = nn.Parameter(torch.tensor(edges[:-1, None]).float())
        self.band_hz_ = nn.Parameter(torch.tensor(edges).float().diff()[:, None])

    def forward(self, x):
        low = self.min_low_hz + self.low_hz_.abs()
        high = torch.clamp(low + self.min_band_hz + self.band_hz_.abs(), self.min_low_hz, self.rate / 2)
        half = self.size // 2
        t = torch.arange(-half, half + 1) / self.rate
        g = 2 * high * torch.special.sinc(2 * high * t) - 2 * low * torch.special.sinc(2 * low * t)
        n = torch.cat([torch.linspace(0, self.size / 2 - 1, half), torch.tensor([self.size / 2]),
                       torch.linspace(0, self.size / 2 - 1, half).flip(0)])
        window = 0.54 - 0.46 * torch.cos(2 * math.pi * n / self.size)
        window[half] = 1
        filters = g * window / (2 * (high - low))
        return F.conv1d(x, filters[:, None], None, self.stride, self.padding, self.dilation)


class HarmonicFilters(STFT):
    """Won et al. (2020), sec. 2.1: triangles at multiples of each fundamental, of width (alpha f + beta) / Q."""

    def __init__(self, rate=16000, n_fft=512, hop_length=256, n_harmonic=6, semitone_scale=2, bw_Q=1.0, learn_bw=True,
                 db=True):
        super().__init__(n_fft, hop_length)
        self.n_harmonic, self.db = n_harmonic, db
        highest = librosa.note_to_midi(librosa.hz_to_note(rate / (2 * n_harmonic)))
        lowest = librosa.note_to_midi("C1")
        self.level = int((highest - lowest) * semitone_scale)
        f0 = librosa.midi_to_hz(np.linspace(lowest, highest, self.level + 1)[:-1])
        self.f = torch.tensor(np.concatenate([f0 * (k + 1) for k in range(n_harmonic)])).float()[:, None]
        self.hz = torch.linspace(0, rate / 2, n_fft // 2 + 1)[None]
        q = torch.tensor([bw_Q])
        self.register_parameter("bw_Q", nn.Parameter(q)) if learn_bw else self.register_buffer("bw_Q", q)

    def forward(self, x):
        width = (0.1079 * self.f + 24.7) / self.bw_Q
        filters = torch.relu(1 - (2 * (self.hz - self.f) / width).abs())
        bands = (filters @ self.magnitude(x, 2)).unflatten(-2, (self.n_harmonic, self.level))
        return 10 * torch.log10(bands.clamp(min=1e-10)) if self.db else bands


def weight_norm(module, name="weight", dim=1):
    return parametrizations.weight_norm(module, name, None if dim is None else dim - 1)


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    return parametrizations.spectral_norm(module, name, n_power_iterations, eps, None if dim is None else dim - 1)


# losses


def reduced(losses, reduction):
    return {"mean": losses.mean, "sum": losses.sum, "none": lambda: losses}[reduction]()


class FocalLoss(nn.Module):
    """Lin et al. (2017), eq. 5, with a softmax."""

    def __init__(self, gamma=2.0, weight=None, ignore_index=-99, reduction="mean"):
        super().__init__()
        self.gamma, self.ignored, self.reduction = gamma, ignore_index - 1, reduction
        self.register_buffer("weight", None if weight is None else torch.tensor(weight))

    def forward(self, x, target):
        counts = target != self.ignored
        target = target.clamp(min=0)
        p = x.softmax(1).gather(1, target[:, None])[:, 0]
        losses = -(1 - p) ** self.gamma * p.log()
        losses = losses * (1 if self.weight is None else self.weight[target]) * counts
        return losses.sum() / counts.sum() if self.reduction == "mean" else reduced(losses, self.reduction)


class SigmoidFocalLoss(nn.Module):
    """Lin et al. (2017), eq. 5, as torchvision has it."""

    def __init__(self, alpha=0.25, gamma=2.0, reduction="mean"):
        super().__init__()
        self.how = {"alpha": -1 if alpha is None else alpha, "gamma": gamma, "reduction": reduction}

    def forward(self, x, target):
        return sigmoid_focal_loss(x, target, **self.how)


class NTXentLoss(nn.Module):
    """Chen et al. (2020), eq. 1."""

    def __init__(self, temperature=0.5, reduction="mean"):
        super().__init__()
        self.temperature, self.reduction = temperature, reduction

    def forward(self, first, second):
        z, losses = torch.cat([first, second]), []
        for i in range(len(z)):
            similar = torch.cosine_similarity(z[i][None], z, 1) / self.temperature
            others = torch.cat([similar[:i], similar[i + 1:]]).exp().sum().log()
            losses.append(others - similar[(i + len(first)) % len(z)])
        return reduced(torch.stack(losses), self.reduction)


class VICRegLoss(nn.Module):
    """Bardes et al. (2022), eqs. 1 to 6."""

    def __init__(self, sim_coeff=25.0, std_coeff=25.0, cov_coeff=1.0, eps=1e-4):
        super().__init__()
        self.coefficients, self.eps = (sim_coeff, std_coeff, cov_coeff), eps

    def forward(self, first, second):
        sim, std, cov = self.coefficients
        v = sum(torch.relu(1 - torch.sqrt(z.var(0) + self.eps)).mean() / 2 for z in (first, second))
        c = 0
        for z in (first, second):
            covariance = torch.cov(z.T)
            c = c + (covariance - torch.diag(covariance.diagonal())).pow(2).sum() / z.shape[1]
        return sim * F.mse_loss(first, second) + std * v + cov * c


class CenterLoss(nn.Module):
    """Wen et al. (2016), eq. 2."""

    def __init__(self, num_classes, feat_dim, reduction="mean"):
        super().__init__()
        self.centers = nn.Parameter(nn.init.normal_(torch.empty(num_classes, feat_dim)))
        self.reduction = reduction

    def forward(self, x, target):
        return reduced((x - self.centers[target]).pow(2).sum(1) / 2, self.reduction)


class ArcFaceLoss(nn.Module):
    """Deng et al. (2019), eq. 3; where the angle would be beyond 180 degrees, cos less margin sin(pi - margin)."""

    def __init__(self, num_classes, embedding_size, margin=0.5, scale=64.0, easy_margin=False, reduction="mean"):
        super().__init__()
        self.weight = nn.Parameter(nn.init.xavier_uniform_(torch.empty(num_classes, embedding_size)))
        self.margin, self.scale, self.easy, self.reduction = margin, scale, easy_margin, reduction

    def forward(self, x, target):
        cosine = F.normalize(x) @ F.normalize(self.weight).T
        own = cosine.gather(1, target[:, None])
        larger = torch.cos(torch.acos(own) + self.margin)
        if self.easy:
            larger = torch.where(own > 0, larger, own)
        else:
            turn = math.pi - self.margin
            larger = torch.where(own > math.cos(turn), larger, own - self.margin * math.sin(turn))
        return F.cross_entropy(self.scale * cosine.scatter(1, target[:, None], larger), target,
                               reduction=self.reduction)


class AAMSoftmaxLoss(ArcFaceLoss):
    def __init__(self, num_classes, embedding_size, margin=0.2, scale=30.0, **beside):
        super().__init__(num_classes, embedding_size, margin, scale, **beside)
