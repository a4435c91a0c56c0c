#!/usr/bin/env bash
# Hunts in the manifest reader for longer than ./verify does: scripts/fuzz.sh [SECONDS], else an hour.
# What is found lies in fuzz/target/hunt as a file that reproduces it.
set -u

self=$(readlink -f "${BASH_SOURCE[0]}")
root=${self%/*/*}
program=fuzz
. "$root/scripts/host.sh"

find_jdk
cd "$root" || exit 2
hunt=$root/fuzz/target/hunt
mkdir -p "$hunt/corpus"
JAVA_HOME=$jdk mvn -q -B -ntp -pl core,fuzz -DskipTests package \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath \
  -Dmdep.outputFile=target/classpath -Dmdep.includeScope=test || exit 2
cd "$hunt" || exit 2
exec "$jdk/bin/java" -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -Xshare:off -Xmx1g \
  -cp "$root/fuzz/target/test-classes:$(cat "$root/fuzz/target/classpath")" \
  com.code_intelligence.jazzer.Jazzer --target_class=dev.ringfence.core.manifest.ReaderProperties \
  "--instrumentation_includes=dev.ringfence.**:org.snakeyaml.**" \
  "$hunt/corpus" "$root/fuzz/src/test/resources/dev/ringfence/core/manifest/ReaderFuzzTestInputs/reading" \
  -max_total_time="${1:-3600}" -timeout=10 -max_len=8192 -print_final_stats=1
