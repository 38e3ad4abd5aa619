// Playing and recording with SDL2, through a queue of our own.
//
// SDL has queues too, but gives their thread a stack of 64 KB, in which LibTorch's thread-local storage alone does not
// fit; a thread that calls us back has a stack of the usual size.

#include "audio/device.h"

#include <dlfcn.h>
#include <algorithm>
#include <cmath>
#include <deque>
#include <mutex>
#include <vector>

#include <SDL.h>

#include "core/error.h"
#include "core/interrupt.h"

namespace lumir::audio {
namespace {

constexpr int kMostChannels = 8;    // of SDL
constexpr Uint32 kWait = 10;        // ms between two looks at a queue
constexpr int kPatience = 5000;     // ms without a sample until a device counts as dead
constexpr size_t kPiece = 1 << 14;  // samples of a channel that are queued at once
constexpr Uint16 kBuffer = 1024;    // samples of a channel that the device asks for at once

/// The functions of SDL that are used here, from the library as it is found at run time.
struct Sdl {
  void* library;
  decltype(&SDL_SetMainReady) set_main_ready;
  decltype(&SDL_SetHint) set_hint;
  decltype(&SDL_InitSubSystem) init;
  decltype(&SDL_QuitSubSystem) quit;
  decltype(&SDL_GetError) error;
  decltype(&SDL_GetNumAudioDevices) device_count;
  decltype(&SDL_GetAudioDeviceName) device_name;
  decltype(&SDL_OpenAudioDevice) open;
  decltype(&SDL_CloseAudioDevice) close;
  decltype(&SDL_PauseAudioDevice) pause;
  decltype(&SDL_GetAudioDeviceStatus) status;
  decltype(&SDL_Delay) delay;
};

/// Loaded once; throws where it is not installed.
const Sdl& sdl(const std::string& who) {
  static void* const library = dlopen("libSDL2-2.0.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) throw Error(who + ": SDL2 is not installed (Debian: libsdl2-2.0-0)");
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    if (!function) throw Error(who + ": SDL2 has no " + name);
  };
  static const Sdl loaded = [&] {
    Sdl all{};
    all.library = library;
    find(all.set_main_ready, "SDL_SetMainReady");
    find(all.set_hint, "SDL_SetHint");
    find(all.init, "SDL_InitSubSystem");
    find(all.quit, "SDL_QuitSubSystem");
    find(all.error, "SDL_GetError");
    find(all.device_count, "SDL_GetNumAudioDevices");
    find(all.device_name, "SDL_GetAudioDeviceName");
    find(all.open, "SDL_OpenAudioDevice");
    find(all.close, "SDL_CloseAudioDevice");
    find(all.pause, "SDL_PauseAudioDevice");
    find(all.status, "SDL_GetAudioDeviceStatus");
    find(all.delay, "SDL_Delay");
    return all;
  }();
  return loaded;
}

void say_nothing(const char*, int, const char*, int, const char*, ...) {}  // as ALSA calls it

/// ALSA writes a line to stderr for each thing that it looks for and does not find, while SDL asks it for a device;
/// what matters of that stands in SDL's error.
void quiet_alsa() {
  static void* const library = dlopen("libasound.so.2", RTLD_NOW | RTLD_LOCAL);
  using Handler = decltype(&say_nothing);
  auto* set = library ? reinterpret_cast<int (*)(Handler)>(dlsym(library, "snd_lib_error_set_handler")) : nullptr;
  if (set) set(&say_nothing);
}

/// SDL's sound, from its beginning to its end.
class Sound {
 public:
  explicit Sound(const std::string& who) : sdl_(sdl(who)) {
    quiet_alsa();
    sdl_.set_main_ready();
    sdl_.set_hint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");  // Ctrl-C is ours
    if (sdl_.init(SDL_INIT_AUDIO) != 0) throw Error(who + ": no sound device (" + sdl_.error() + ")");
  }
  ~Sound() { sdl_.quit(SDL_INIT_AUDIO); }
  Sound(const Sound&) = delete;
  Sound& operator=(const Sound&) = delete;

  /// Of all devices of a kind.
  std::vector<std::string> names(bool capture) const {
    std::vector<std::string> all;
    for (int i = 0; i < sdl_.device_count(capture ? 1 : 0); ++i) {
      const char* name = sdl_.device_name(i, capture ? 1 : 0);
      all.emplace_back(name ? name : "");
    }
    return all;
  }

 private:
  const Sdl& sdl_;
};

/// An open device for float samples, channel beside channel.
class Device {
 public:
  Device(const std::string& who, bool capture, int rate, int channels, const std::optional<std::string>& name)
      : sound_(who), sdl_(sdl(who)), who_(who) {
    SDL_AudioSpec wanted{};
    wanted.freq = rate;
    wanted.format = AUDIO_F32SYS;
    wanted.channels = static_cast<Uint8>(channels);
    wanted.samples = kBuffer;
    wanted.callback = capture ? &heard : &asked;
    wanted.userdata = this;
    id_ = sdl_.open(name ? name->c_str() : nullptr, capture ? 1 : 0, &wanted, nullptr, 0);
    if (id_ != 0) return;
    const std::string detail = sdl_.error();
    const std::string reason = name ? "no device '" + *name + "'" + known(capture) : "no sound device";
    throw Error(who_ + ": " + reason + " (" + detail + ")");
  }
  ~Device() { sdl_.close(id_); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  void start() { sdl_.pause(id_, 0); }
  void put(const std::vector<float>& samples) {
    const std::lock_guard lock(guard_);
    queue_.insert(queue_.end(), samples.begin(), samples.end());
  }
  /// Fills as much of `samples` as is there; how much that is.
  size_t take(float* samples, size_t count) {
    const std::lock_guard lock(guard_);
    const size_t some = std::min(count, queue_.size());
    std::copy_n(queue_.begin(), some, samples);
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<long>(some));
    return some;
  }
  /// Samples that wait to be played.
  size_t waiting() const {
    const std::lock_guard lock(guard_);
    return queue_.size();
  }
  /// Waits a moment; throws after Ctrl-C, and where the device has gone.
  void wait(Uint32 milliseconds = kWait) const {
    check_interrupt();
    if (sdl_.status(id_) == SDL_AUDIO_STOPPED) throw Error(who_ + ": the device has gone");
    sdl_.delay(milliseconds);
  }

 private:
  /// The device asks for sound: what waits, then silence.
  static void asked(void* self, Uint8* bytes, int size) {
    const auto count = static_cast<size_t>(size) / sizeof(float);
    auto* samples = reinterpret_cast<float*>(bytes);
    const size_t some = static_cast<Device*>(self)->take(samples, count);
    std::fill(samples + some, samples + count, 0.0f);
  }
  /// The device has heard something.
  static void heard(void* self, Uint8* bytes, int size) {
    auto& device = *static_cast<Device*>(self);
    const auto* samples = reinterpret_cast<const float*>(bytes);
    const std::lock_guard lock(device.guard_);
    device.queue_.insert(device.queue_.end(), samples, samples + static_cast<size_t>(size) / sizeof(float));
  }

  /// "; there are 'a', 'b'" or nothing.
  std::string known(bool capture) const {
    std::string names;
    for (const auto& name : sound_.names(capture)) {
      names += (names.empty() ? "; there are '" : ", '") + name + "'";
    }
    return names;
  }

  Sound sound_;
  const Sdl& sdl_;
  std::string who_;
  SDL_AudioDeviceID id_ = 0;
  mutable std::mutex guard_;
  std::deque<float> queue_;  // to be played, or heard and not yet taken
};

void check_channels(const std::string& who, int channels) {
  if (channels >= 1 && channels <= kMostChannels) return;
  throw ArgumentError(who + ": a device has 1 to " + std::to_string(kMostChannels) + " channels, not " +
                      std::to_string(channels));
}

/// Samples `from` to before `to`, channel beside channel, cut off at full scale.
std::vector<float> interleaved(const Clip& clip, size_t from, size_t to) {
  const auto channels = static_cast<size_t>(clip.channels);
  std::vector<float> out((to - from) * channels);
  for (size_t c = 0; c < channels; ++c) {
    const auto samples = clip.channel(static_cast<int>(c));
    for (size_t i = from; i < to; ++i) {
      const float sample = std::isfinite(samples[i]) ? samples[i] : 0;
      out[(i - from) * channels + c] = std::clamp(sample, -1.0f, 1.0f);
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> device_names(bool capture) { return Sound(capture ? "record" : "play").names(capture); }

void play(const Clip& clip, const std::optional<std::string>& device) {
  if (clip.rate < 1) throw ArgumentError("play: the clip's rate is " + std::to_string(clip.rate) + " Hz");
  check_channels("play", clip.channels);
  Device out("play", false, clip.rate, clip.channels, device);
  out.start();
  const size_t enough = 2 * kPiece * static_cast<size_t>(clip.channels);
  for (size_t from = 0; from < clip.length(); from += kPiece) {
    out.put(interleaved(clip, from, std::min(from + kPiece, clip.length())));
    while (out.waiting() > enough) out.wait();
  }
  while (out.waiting() > 0) out.wait();
  out.wait(static_cast<Uint32>(2 * 1000 * kBuffer / clip.rate + 1));  // what the device holds itself
}

Clip record(size_t length, int rate, int channels, const std::optional<std::string>& device) {
  const auto width = static_cast<size_t>(channels);
  check_channels("record", channels);
  Device in("record", true, rate, channels, device);
  Clip clip{Floats(length * width), channels, rate};
  std::vector<float> piece(kPiece * width);
  in.start();
  int silent = 0;
  for (size_t done = 0; done < length;) {
    // SDL hands out whole frames
    const size_t got = in.take(piece.data(), std::min(kPiece, length - done) * width) / width;
    for (size_t i = 0; i < got; ++i) {
      for (size_t c = 0; c < width; ++c) clip.channel(static_cast<int>(c))[done + i] = piece[i * width + c];
    }
    done += got;
    silent = got > 0 ? 0 : silent + static_cast<int>(kWait);
    if (silent > kPatience) throw Error("record: the device gives no sound");
    if (got == 0) in.wait();
  }
  return clip;
}

}  // namespace lumir::audio
