#!/usr/bin/env bash
# Runs kernel tests on another Linux than this machine's: one that Debian packages, booted by qemu.
# Inside is this machine's own file system, seen through a layer that forgets what is written.
# See docs/kernels.md.
set -eu

self=$(readlink -f "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
state=$root/.ringfence/kernel
program=kernel
. "$root/scripts/host.sh"

usage() {
  cat >&2 <<'WORDS'
usage: scripts/kernel.sh PACKAGE test MODULE TEST-CLASS...
       scripts/kernel.sh PACKAGE run COMMAND...
  scripts/kernel.sh linux-image-6.1.0-56-amd64 test nftables dev.ringfence.nftables.netlink.NftKernelTest
  scripts/kernel.sh linux-image-6.1.0-56-amd64 run nft list ruleset
In the environment, how much of this machine it takes and what java is given:
  CPUS=2 MEMORY=4G SECONDS_AT_MOST=3600 JVM=""
WORDS
  exit 2
}

main() {
  [ $# -ge 3 ] || usage
  local package=$1 what=$2
  shift 2
  case $what in
    test) [ $# -ge 2 ] || usage ;;
    run) ;;
    *) usage ;;
  esac
  need_commands "to boot a kernel" qemu-system-x86_64:qemu-system-x86 busybox:busybox-static \
    cpio:cpio modprobe:kmod || exit 2
  find_jdk
  unpack "$package"
  local out
  out=$(mktemp -d "$state/run.XXXXXX")
  start_file >"$out/init"
  initrd "$out"
  [ "$what" = run ] || classpath "$1"
  { before && "$what"_words "$@" && after; } >"$out/inside.sh"
  boot "$out"
  say "its words are in $out"
  [ "$(cat "$out/status" 2>/dev/null)" = 0 ]
}

# Sets $version and $kernel, where the package lies unpacked.
unpack() { # PACKAGE
  version=${1#linux-image-}
  kernel=$state/$1
  [ ! -e "$kernel/lib/modules/$version/modules.dep" ] || return 0
  mkdir -p "$kernel"
  say "fetching $1"
  (cd "$kernel" && apt-get -q download "$1" && dpkg -x "$1"_*.deb . && rm "$1"_*.deb) >"$state/$1.log" 2>&1 ||
    die 2 "no package $1: see $state/$1.log"
  depmod -b "$kernel" "$version"
}

# The first program: brings up what reaches this machine's files, and hands over to them.
start_file() {
  cat <<WORDS
#!/busybox sh
export PATH=/
/busybox mkdir -p /proc /dev /host /layer /new
/busybox mount -t devtmpfs dev /dev
for m in /modules/*.ko; do /busybox insmod \$m; done
/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=524288 host /host
/busybox mount -t tmpfs -o size=2g tmpfs /layer
/busybox mkdir -p /layer/upper /layer/work
/busybox mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work overlay /new
/busybox mount -t proc proc /new/proc
/busybox mount -t sysfs sys /new/sys
/busybox mount -t devtmpfs dev /new/dev
/busybox mount -t tmpfs tmpfs /new/run
/busybox mkdir -p /new/lib/modules /new/run/netns /new/run/out
/busybox mount -o bind /new$kernel/lib/modules /new/lib/modules
/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 out /new/run/out
exec /busybox switch_root /new /bin/bash /run/out/inside.sh
WORDS
}

initrd() { # FOLDER
  local tree=$1/initrd number=10 path
  mkdir -p "$tree/modules"
  install "$1/init" "$tree/init"
  cp "$(command -v busybox)" "$tree/busybox"
  for path in $(for m in virtio_pci 9p 9pnet_virtio overlay; do
    modprobe -d "$kernel" -S "$version" --show-depends "$m" | sed -n 's/^insmod //p'
  done | awk '!seen[$1]++'); do
    cp "$path" "$tree/modules/$number-${path##*/}"
    number=$((number + 1))
  done
  (cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1) >"$1/initrd.gz"
}

# Sets $classes, all that the tests of MODULE and who runs them need.
classpath() { # MODULE
  local list=$root/$1/target/kernel.classpath
  say "compiling"
  maven -pl "$1" -am -Dspotless.check.skip=true test-compile dependency:build-classpath \
    -Dmdep.outputFile="$list" || die 2 "it does not compile"
  find_runner
  classes=$root/$1/target/classes:$root/$1/target/test-classes:$(cat "$list"):$runner
}

# Sets $runner, JUnit's program that runs tests by name.
find_runner() {
  local repository=$HOME/.m2/repository version
  version=$(sed -n 's:.*<junit.version>\(.*\)</junit.version>.*:\1:p' "$root/pom.xml")
  local console=$repository/org/junit/platform/junit-platform-console/$version/junit-platform-console-$version.jar
  [ -e "$console" ] || maven dependency:get -Dartifact="org.junit.platform:junit-platform-console:$version"
  runner=$(printf '%s:' "$repository"/org/junit/platform/junit-platform-{console,launcher,reporting}/"$version"/*"$version".jar \
    "$repository"/info/picocli/picocli/*/*.jar "$repository"/org/opentest4j/reporting/*/*/*.jar)
}

# $MAVEN: -o where nothing has to be fetched.
# shellcheck disable=SC2086 # several words or none
maven() { (cd "$root" && JAVA_HOME=$jdk mvn -B -q -ntp ${MAVEN:-} "$@" </dev/null); }

# What is done inside, as a script: its first lines, then one of two, and its last.
before() {
  cat <<WORDS
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=$HOME JAVA_HOME=$jdk LANG=C.UTF-8
uname -r
sysctl -qw net.ipv4.ip_forward=1
ip link set lo up
modprobe br_netfilter
cd $root
WORDS
}

test_words() { # MODULE TEST-CLASS…
  local module=$1
  shift
  cat <<WORDS
cd $module
time $jdk/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${JVM:-} --enable-native-access=ALL-UNNAMED \\
  -cp $classes org.junit.platform.console.ConsoleLauncher execute $(printf -- '-c %s ' "$@") \\
  --details=testfeed --disable-banner --disable-ansi-colors --reports-dir=/run/out/reports 2>&1
WORDS
}

run_words() { # COMMAND…
  printf '%q ' "$@"
  printf '2>&1\n'
}

after() {
  cat <<'WORDS'
echo $? >/run/out/status
sync
echo o >/proc/sysrq-trigger
sleep 60
WORDS
}

boot() { # FOLDER
  say "booting $version"
  timeout "${SECONDS_AT_MOST:-3600}" qemu-system-x86_64 -machine q35 -accel tcg,thread=multi,tb-size=512 -cpu max \
    -smp "${CPUS:-2}" -m "${MEMORY:-4G}" -display none -serial stdio -monitor none -no-reboot -nic none \
    -kernel "$kernel/boot/vmlinuz-$version" -initrd "$1/initrd.gz" \
    -append "console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off no_timer_check tsc=reliable" \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs local,path="$1",mount_tag=out,security_model=none </dev/null | tee "$1/console" || true
}

main "$@"
