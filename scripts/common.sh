# What the shell scripts share: where the project is, how a line looks, how time is told. Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
libtorch_version=2.15.0
libtorch_oldest=2.11
# cmake/libtorch.cmake looks here too
libtorch_home=${HOME:?is not set}/.cache/lumir/libtorch-$libtorch_version

# milliseconds since the epoch
now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# stage NAME TEXT STARTED: one line for a stage of the work, with the seconds that it took
stage() {
  local took=$(($(now) - $3)) width=$((78 - ${#2}))
  printf '%-8s%s%*s %5d.%d s\n' "$1" "$2" "$((width > 0 ? width : 0))" '' $((took / 1000)) $((took % 1000 / 100))
}

# in_words SECONDS: "1 h 52 min", "4 min 05 s", "24 s"
in_words() {
  if (($1 < 60)); then
    echo "$1 s"
  elif (($1 < 3600)); then
    printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60))
  else
    printf '%d h %d min\n' $((($1 + 30) / 3600)) $((($1 + 30) % 3600 / 60))
  fi
}

# show_steps NAME: reads what ninja says, "[12/310] Building ...", and tells how many steps are done and how long the rest
# may take. In a terminal that is one line, drawn again and again; elsewhere a line every half minute
# ($LUMIR_SAY_EVERY seconds), so that long work is not silent.
show_steps() {
  local line name=$1 started=$SECONDS said=$SECONDS every=${LUMIR_SAY_EVERY:-30} text
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    text=$(printf '%-8s%s' "$name" "$(steps_left "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" $((SECONDS - started)))")
    if [[ -t 1 ]]; then
      printf '\r\033[K%s' "$text"
    elif ((SECONDS - said >= every)); then
      printf '%s\n' "$text"
      said=$SECONDS
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

# steps_left DONE ALL SECONDS: "120/310   about 2 min 30 s left", by what the steps took until now
steps_left() {
  local text="$1/$2"
  (($3 < 5 || $1 == 0 || $1 == $2)) || text+="   about $(in_words $(($3 * ($2 - $1) / $1))) left"
  echo "$text"
}

# compilers that may run at once, by cores and by memory (1.5 GB each)
compilers_at_once() {
  local by_memory
  by_memory=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
  local cores
  cores=$(nproc)
  echo $((by_memory < 1 ? 1 : by_memory < cores ? by_memory : cores))
}

# fail NAME TEXT: one clear line, and the end
fail() {
  printf '%s: %s\n' "$1" "$2" >&2
  exit 1
}

# usage_error NAME TEXT
usage_error() {
  printf '%s: %s; --help lists what it takes\n' "$1" "$2" >&2
  exit 2
}

# help_of FILE: the comment at the top of a script
help_of() { sed -n '2,/^$/s/^# \{0,1\}//p' "$1"; }

# the folder of the LibTorch that a build will use (the order of DESIGN section 8), or nothing
find_libtorch() {
  local folder candidates=("${LIBTORCH:-}")
  [[ -n ${LIBTORCH:-} ]] || candidates=("$(python_torch)" "$libtorch_home/torch")
  for folder in "${candidates[@]}"; do
    if [[ -e $folder/lib/libtorch_cpu.so ]] && new_enough "$(libtorch_version_of "$folder")"; then
      echo "$folder"
      return 0
    fi
  done
}

# the folder of the Python package torch, or nothing
python_torch() {
  python3 -c 'import importlib.util as u
s = u.find_spec("torch")
print(s.submodule_search_locations[0] if s else "")' 2>/dev/null || true
}

# libtorch_version_of FOLDER: "2.15.0", as cmake/libtorch.cmake reads it
libtorch_version_of() {
  if [[ -e $1/version.py ]]; then
    sed -n "s/^__version__ = '\([0-9.]*\).*/\1/p" "$1/version.py"
  elif [[ -e $1/build-version ]]; then
    sed 's/[^0-9.].*//' "$1/build-version"
  fi
}

# new_enough VERSION: not older than libtorch_oldest
new_enough() { [[ -n $1 && $(printf '%s\n' "$libtorch_oldest" "$1" | sort -V | head -1) == "$libtorch_oldest" ]]; }
