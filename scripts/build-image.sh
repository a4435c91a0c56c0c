#!/usr/bin/env bash
# Builds a container image of Ringfence as a file, without a container engine and from no base image:
# a Java runtime of the modules that are needed, this machine's C library, and our jars.
#
#   scripts/build-image.sh [-t NAME:TAG] FILE.tar
#
# The file is what `docker load -i`, `podman load -i`, `ctr images import`, `kind load image-archive`
# and `skopeo copy docker-archive:` take. It is for this machine's kind of processor, and the same
# bytes for the same input. Needs a JDK (jlink), GNU tar, sha256sum and ldd.
set -euo pipefail

self=$(readlink -f "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
program=build-image
. "$root/scripts/host.sh"

# What the jars ask for (jdeps), but for java.desktop, of which they would only use annotations.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.sql,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.net
when=2026-01-01T00:00:00Z

main() {
  local tag=ringfence:0.1.0
  if [ "${1:-}" = -t ]; then
    tag=${2:?a name and a tag}
    shift 2
  fi
  local file=${1:?usage: scripts/build-image.sh [-t NAME:TAG] FILE.tar}
  find_jdk
  "$root/ringfence" --version >/dev/null # builds it where it is not built yet
  local run
  run=$root/.ringfence/$(<"$root/.ringfence/current")
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  fill "$work/root" "$run"
  pack "$work" "$tag"
  mv "$work/image.tar" "$file"
  say "$file: $tag, $(du -h "$file" | cut -f1)"
}

# The files of the image.
fill() { # ROOT RUN
  mkdir -p "$1/opt/ringfence/lib" "$1/etc" "$1/tmp" "$1/proc" "$1/sys" "$1/dev" "$1/run/ringfence" "$1/lib64"
  "$jdk/bin/jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files \
    --no-man-pages --compress zip-6 --output "$1/opt/ringfence/java"
  cp "$2"/lib/*.jar "$1/opt/ringfence/lib/"
  chmod 1777 "$1/tmp"
  chmod 700 "$1/run/ringfence"
  printf 'root:x:0:0:root:/:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
  # In the image: `java @/ringfence status`. As `ringfence` starts an agent, within the pod's memory.
  local flags
  java_flags long
  printf '%s\n' "${flags[@]}" -XX:MaxRAMPercentage=60 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError \
    -Xlog:disable -Xlog:all=error:stderr -cp '/opt/ringfence/lib/*' dev.ringfence.cli.Main >"$1/ringfence"
  local library
  libraries "$1/opt/ringfence/java" | while read -r library; do
    mkdir -p "$1${library%/*}"
    cp -L "$library" "$1$library"
  done
  find "$1" -exec touch -h -d "$when" {} +
}

# The C library's parts that the runtime's own libraries and programs name, the loader among them.
libraries() { # FOLDER
  find "$1" -type f \( -name '*.so' -o -path '*/bin/java' \) -exec ldd {} + 2>/dev/null |
    grep -oE '/[^ ]+' | grep -vE ":$|^$1" | sort -u
}

# One layer, what Docker calls an archive of an image.
pack() { # WORK TAG
  local layer config created arch=amd64
  case $(uname -m) in aarch64) arch=arm64 ;; esac
  mkdir "$1/image"
  tarred "$1/root" "$1/image/layer.tar" .
  layer=$(sha256sum "$1/image/layer.tar" | cut -d' ' -f1)
  mv "$1/image/layer.tar" "$1/image/$layer.tar"
  created=$when
  cat >"$1/config" <<JSON
{"architecture":"$arch","os":"linux","created":"$created",
"config":{"User":"0:0","Entrypoint":["/opt/ringfence/java/bin/java","@/ringfence"],"Cmd":["--help"],
"Env":["PATH=/opt/ringfence/java/bin","LANG=C.UTF-8"],
"Labels":{"org.opencontainers.image.title":"ringfence","org.opencontainers.image.licenses":"Apache-2.0"}},
"rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},
"history":[{"created":"$created","created_by":"scripts/build-image.sh"}]}
JSON
  config=$(sha256sum "$1/config" | cut -d' ' -f1)
  mv "$1/config" "$1/image/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s.tar"]}]\n' "$config" "$2" "$layer" \
    >"$1/image/manifest.json"
  find "$1/image" -exec touch -d "$when" {} +
  tarred "$1/image" "$1/image.tar" manifest.json "$config.json" "$layer.tar"
}

# The same bytes for the same files.
tarred() { # FOLDER FILE MEMBER…
  local folder=$1 file=$2
  shift 2
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="$when" --format=gnu -C "$folder" -cf "$file" "$@"
}

main "$@"
