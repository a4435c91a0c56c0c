#!/usr/bin/env bash
# Builds a real kube-apiserver from the Go module it is published as, once; prints where it is.
#
#   scripts/build-apiserver.sh FOLDER
#
# About 10 to 18 minutes on two cores the first time. Needs Go and its module proxy.
set -euo pipefail

version=1.37.2
folder=${1:?usage: scripts/build-apiserver.sh FOLDER}
binary=$folder/kube-apiserver-$version

main() {
  if [ ! -x "$binary" ]; then
    build >&2
  fi
  printf '%s\n' "$binary"
}

build() {
  local work
  work=$folder/apiserver-source
  rm -rf "$work"
  mkdir -p "$work"
  cd "$work"
  local mod
  mod=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^.*"GoMod": "\(.*\)",*$/\1/p')
  module_file <"$mod" >go.mod
  cat >main.go <<'GO'
package main

import (
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}
GO
  local set="-X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=37"
  GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0 go build -trimpath -ldflags "-s -w $set" -o "$binary.part" .
  mv "$binary.part" "$binary"
  cd ..
  rm -rf "$work"
}

# Kubernetes' own go.mod with its staging folders replaced by the modules they are published as.
module_file() {
  printf 'module ringfence.dev/apiserver\n'
  awk -v staged="v0.${version#1.}" -v version="v$version" '
    /^module / { next }
    /sample-cli-plugin|sample-controller/ { next }
    /=> \.\/staging\// {
      sub(/^[ \t]*replace[ \t]+/, ""); split($0, parts, / *=> */)
      gsub(/[ \t]/, "", parts[1]); replaced[parts[1]] = 1; next
    }
    { print }
    END {
      for (one in replaced) printf "replace %s => %s %s\n", one, one, staged
      printf "require k8s.io/kubernetes %s\n", version
    }
  ' | sed -E "/=> k8s.io/!s#^([[:space:]]*k8s.io/(api|apiextensions-apiserver|apimachinery|apiserver|cli-runtime|client-go|cloud-provider|cluster-bootstrap|code-generator|component-base|component-helpers|controller-manager|cri-api|cri-client|cri-streaming|csi-translation-lib|dynamic-resource-allocation|endpointslice|externaljwt|kms|kube-aggregator|kube-controller-manager|kube-proxy|kube-scheduler|kubectl|kubelet|metrics|mount-utils|pod-security-admission)) v0.0.0#\1 v0.${version#1.}#"
}

main
