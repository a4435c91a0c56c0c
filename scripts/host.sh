# shellcheck shell=bash disable=SC2154
# What `ringfence` and `verify` share: a JDK, Debian packages, and saying that work goes on.
# Sourced by bash, 3.2 or later. The caller sets $program, which starts every line we say,
# and $root, the folder of the project.

said=
say() {
  said="$*"
  printf '%s: %s\n' "$program" "$said" >&2
}

die() { # EXIT-CODE WORDS…
  local code=$1
  shift
  say "$*"
  exit "$code"
}

# --- JDK: $jdk is its home -------------------------------------------------------------------

oldest_jdk=25

# Sets $major to what the JDK's `release` file says; fails where there is no JDK.
jdk_major() { # HOME
  local line
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  major=
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=*)
        line=${line#*=}
        line=${line//\"/}
        major=${line%%[!0-9]*}
        ;;
    esac
  done <"$1/release"
  [ -n "$major" ]
}

# Takes the first home with exactly the JDK we build for, else remembers the first later one.
try_jdk() { # HOME…
  local home
  for home in "$@"; do
    if jdk_major "$home" && [ "$major" -ge "$oldest_jdk" ]; then
      [ -n "$jdk" ] || jdk=$home
      [ "$major" -ne "$oldest_jdk" ] || { jdk=$home && return 0; }
    fi
  done
  return 1
}

find_jdk() {
  local home java
  jdk=
  if [ -n "${RINGFENCE_JAVA_HOME:-}" ]; then
    jdk_major "$RINGFENCE_JAVA_HOME" && [ "$major" -ge "$oldest_jdk" ] ||
      die 2 "RINGFENCE_JAVA_HOME=$RINGFENCE_JAVA_HOME is no JDK $oldest_jdk or later"
    jdk=$RINGFENCE_JAVA_HOME
    return
  fi
  # What the user chose comes first, even if it is later than the one we build for.
  try_jdk "${JAVA_HOME:-/nowhere}" || [ -n "$jdk" ] && return
  if java=$(command -v java) && java=$(readlink -f "$java"); then
    try_jdk "${java%/bin/java}" || [ -n "$jdk" ] && return
  fi
  try_jdk /usr/lib/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/* /opt/*/* /usr/local/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home && return
  for home in "${HOME:-}" ${SUDO_USER:+"$(getent passwd "$SUDO_USER" 2>/dev/null | cut -d: -f6)"}; do
    [ -n "$home" ] || continue
    try_jdk "$home"/.sdkman/candidates/java/* "$home"/.jdks/* "$home"/.gradle/jdks/* \
      "$home"/.asdf/installs/java/* "$home"/.local/share/mise/installs/java/* \
      "$home"/Library/Java/JavaVirtualMachines/*/Contents/Home && return
  done
  [ -n "$jdk" ] || die 2 "$(how_to_get_a_jdk)"
}

how_to_get_a_jdk() {
  local package=openjdk-$oldest_jdk-jdk-headless
  printf 'needs JDK %s or later and found none: ' "$oldest_jdk"
  if apt-cache show "$package" >/dev/null 2>&1; then
    printf 'run `apt-get install %s`' "$package"
  else
    printf 'unpack one from https://adoptium.net/temurin/releases/?version=%s under /opt' "$oldest_jdk"
  fi
  printf ', or set RINGFENCE_JAVA_HOME to where it is\n'
}

# --- Debian packages -------------------------------------------------------------------------

# Installs the packages whose command is missing; says in one line what it does or what to do.
need_commands() { # WHY COMMAND:PACKAGE…
  local why=$1 pair missing=()
  shift
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || [ -x "/usr/sbin/${pair%%:*}" ] ||
      missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    say "missing ${missing[*]} ($why): install with this system's package manager"
    return 1
  elif [ "$(id -u)" -ne 0 ]; then
    say "missing ${missing[*]} ($why): run \`sudo apt-get install ${missing[*]}\`"
    return 1
  fi
  say "installing ${missing[*]} ($why)"
  local log
  log=$(mktemp)
  if with_progress "installing ${missing[*]} ($why)" "$log" apt_install "${missing[@]}"; then
    rm -f "$log"
  else
    tail -n 20 "$log" >&2
    rm -f "$log"
    say "could not install ${missing[*]}"
    return 1
  fi
}

apt_install() { # PACKAGE…
  local apt=(apt-get -y -q -o DPkg::Lock::Timeout=300)
  export DEBIAN_FRONTEND=noninteractive
  "${apt[@]}" --no-install-recommends install "$@" ||
    { "${apt[@]}" update && "${apt[@]}" --no-install-recommends install "$@"; }
}

# What root has made in somebody's folder becomes theirs, so that they can build there again.
give_back() { # PATH…
  [ "$(id -u)" -ne 0 ] || chown -R --reference="$root" "$@" 2>/dev/null
}

# --- Progress --------------------------------------------------------------------------------

working= # process group of the command in progress

# Runs a command, its output in LOG; once it takes longer than a second, says so on stderr.
# Should LOG hold Maven's words, names the module it is at.
with_progress() { # LABEL LOG COMMAND…
  local label=$1 log=$2 ticks=0 status=0 at
  shift 2
  set -m # a process group of its own, so that an interrupt reaches all of it
  "$@" >"$log" 2>&1 </dev/null &
  working=$!
  set +m
  while kill -0 "$working" 2>/dev/null; do
    sleep 0.1
    ticks=$((ticks + 1))
    if [ -t 2 ] && [ $ticks -ge 10 ]; then
      at=$(sed -n 's/^\[INFO\] Building Ringfence \([a-z][a-z]*\) .*/: \1/p' "$log" | tail -n 1)
      printf '\r\033[K%s: %s%s, %d s' "$program" "$label" "$at" $((ticks / 10)) >&2
    elif [ $ticks -eq 10 ]; then
      [ "$said" = "$label" ] || say "$label"
    elif [ $((ticks % 300)) -eq 0 ]; then
      say "$label, $((ticks / 10)) s"
    fi
  done
  wait "$working" 2>/dev/null || status=$?
  working=
  [ ! -t 2 ] || [ $ticks -lt 10 ] || printf '\r\033[K' >&2
  return $status
}

# Ends what is in progress and then this shell, as the signal would have.
interrupted() { # SIGNAL-NUMBER
  trap '' INT TERM HUP
  if [ -n "$working" ]; then
    kill -TERM -- "-$working" 2>/dev/null
    wait "$working" 2>/dev/null
    [ ! -t 2 ] || printf '\n' >&2
  fi
  exit $((128 + $1))
}

trap 'interrupted 1' HUP
trap 'interrupted 2' INT
trap 'interrupted 15' TERM

# Holds FILE, on descriptor 9, until the shell ends or `unlock`; waits for whoever has it.
lock() { # FILE WHAT-THE-OTHER-DOES
  command -v flock >/dev/null 2>&1 || return 0 # off Linux: one user, one terminal
  exec 9>"$1" || exit 2
  flock -n 9 || with_progress "waiting for $2" /dev/null flock 9
}

unlock() { exec 9>&-; }

# Sets $flags, what a JVM is started with. C1 alone starts fastest and is all that is needed: what C2 makes
# faster is a small part of any of this, and it takes tens of megabytes. Next to nothing of what is made stays,
# so a small nursery is collected in a millisecond; what runs for long gives memory back that it does not need.
java_flags() { # short|long
  flags=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED)
  if [ "$1" = long ]; then
    flags+=(-Xms16m -Xmn8m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:TrimNativeHeapInterval=10000)
  else
    flags+=(-Xmn16m)
  fi
}
