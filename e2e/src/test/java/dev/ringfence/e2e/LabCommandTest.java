package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.e2e.Ringfence.Result;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The lab as a person drives it, every command a process: it does what it says, and leaves
/// nothing.
@ExtendWith(NeedsKernel.class)
final class LabCommandTest {
  private static final String SHOP =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: api, namespace: shop, labels: {app: api}}
      spec:
        nodeName: node-1
        containers: [{name: main, image: main, ports: [{containerPort: 8080}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: api, namespace: shop}
      spec: {selector: {app: api}, ports: [{port: 8080}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: node-2, containers: [{name: main, image: main}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other, namespace: shop, labels: {app: other}}
      spec: {nodeName: node-1, containers: [{name: main, image: main}]}
      """;

  private static final String ONLY_WEB =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: api, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: api}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: web}}}]
          ports: [{port: 8080}]
      """;

  private static final Pattern TOTAL =
      Pattern.compile("(?m)^([0-9]+) probes: ([0-9]+) allowed, ([0-9]+) denied, 0 differ$");

  @TempDir Path folder;
  private Instance instance = Instance.DEFAULT;
  private Path policy = Path.of("policy.yaml");
  private Map<String, String> before = Map.of();

  @BeforeEach
  void prepare() throws IOException {
    instance = Spaces.fresh();
    Files.writeString(folder.resolve("shop.yaml"), SHOP);
    policy = Files.writeString(folder.resolve("policy.yaml"), ONLY_WEB);
    before = MainNamespace.look();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    Result down = lab("down");
    assertThat(down.exit()).as(down.err()).isZero();
    assertThat(Leftovers.any(instance)).isFalse();
    assertThat(instance.state()).doesNotExist();
    assertThat(MainNamespace.look()).isEqualTo(before);
  }

  private Result lab(String verb, String... more) throws Exception {
    return Ringfence.run(arguments(verb, more));
  }

  /// The options go first: what follows `--` belongs to another command.
  private String[] arguments(String verb, String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "lab";
    all[1] = verb;
    all[2] = "--instance=" + instance.name();
    System.arraycopy(more, 0, all, 3, more.length);
    return all;
  }

  private Result up(String... options) throws Exception {
    String[] all = new String[options.length + 1];
    all[0] = folder.toString();
    System.arraycopy(options, 0, all, 1, options.length);
    Result up = lab("up", all);
    assertThat(up.exit()).as(up.out() + up.err()).isZero();
    assertThat(up.out())
        .contains(total(up.out()) + "\n")
        .endsWith(
            "export KUBECONFIG=" + instance.state().resolve("api").resolve("kubeconfig") + "\n");
    return up;
  }

  private static String total(String text) {
    Matcher found = TOTAL.matcher(text);
    String last = "";
    while (found.find()) {
      last = found.group();
    }
    assertThat(last).as(text).isNotEmpty();
    return last;
  }

  private Result curl(String from) throws Exception {
    return lab("exec", from, "--", "curl", "-sS", "-m", "1", "http://api:8080");
  }

  @Test
  void standsAnswersAndEnds() throws Exception {
    String total = total(up().out());
    assertThat(lab("status").out()).contains("shop/api", "shop/web", "node-1", "node-2");
    Result again = lab("probe");
    assertThat(again.exit()).isZero();
    assertThat(total(again.out())).isEqualTo(total);
    Result service = lab("probe", "shop/web", "shop/service/api");
    assertThat(service.exit()).as(service.err()).isZero();
    assertThat(service.out()).contains("service shop/api TCP/8080", " 0 differ");

    Result allowed = curl("web");
    assertThat(allowed.exit()).as(allowed.err()).isZero();
    assertThat(allowed.out()).isEqualTo("shop/api\n");
    assertThat(curl("other").exit()).as("curl's own code for a timeout").isEqualTo(28);
    assertThat(lab("exec", "shop/web", "--", "sh", "-c", "exit 7").exit()).isEqualTo(7);
    nobodyElseEditsTheTable();

    Result second = up();
    assertThat(total(second.out())).as("a second up over the first").isEqualTo(total);
    assertThat(curl("web").out()).isEqualTo("shop/api\n");
  }

  private void nobodyElseEditsTheTable() throws Exception {
    Result refused = inNode("nft", "delete", "table", "inet", "ringfence");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("Operation not permitted");
    assertThat(inNode("nft", "flush", "ruleset").exit()).isZero();
    assertThat(curl("other").exit()).isEqualTo(28);
  }

  private Result inNode(String... command) throws Exception {
    String[] all = new String[command.length + 2];
    all[0] = "node/node-1";
    all[1] = "--";
    System.arraycopy(command, 0, all, 2, command.length);
    return lab("exec", all);
  }

  @Test
  void watchEnforcesWhatIsSaved() throws Exception {
    up();
    try (Running watch = Ringfence.start(Ringfence.command(arguments("watch")))) {
      watch.awaitOut(text -> TOTAL.matcher(text).find());
      assertThat(curl("other").exit()).isEqualTo(28);
      Files.writeString(policy, ONLY_WEB.replace("app: web", "app: other"));
      watch.awaitOut(text -> TOTAL.matcher(text).results().count() == 2);
      assertThat(curl("other").out()).isEqualTo("shop/api\n");
      assertThat(curl("web").exit()).isEqualTo(28);
      Files.writeString(policy, "kind: [");
      Files.writeString(
          folder.resolve("more.yaml"),
          SHOP.replaceAll("(?s)---.*", "")
              .replace("name: api", "name: more")
              .replace("app: api", "app: more"));
      watch.awaitOut(text -> text.contains("shop/more"));
      assertThat(curl("web").exit()).as("of a broken file the last state stays").isEqualTo(28);
    }
  }

  @Test
  void killedInTheMiddleOfUpItStartsAnew() throws Exception {
    try (Running up = Ringfence.start(Ringfence.command(arguments("up", folder.toString())))) {
      awaitNamespaces(up);
      killLab();
      up.kill();
    }
    assertThat(Leftovers.namespaces(instance)).isNotEmpty();
    String total = total(up().out());
    killLab();
    assertThat(lab("status").exit()).isEqualTo(2);
    assertThat(total(up().out())).isEqualTo(total);
    killLab();
  }

  private void awaitNamespaces(Running up) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (Leftovers.namespaces(instance).size() < 2) {
      assertThat(System.nanoTime()).as("no namespaces: " + up.err()).isLessThan(end);
      Thread.sleep(1);
    }
  }

  /// Its process leaves its id in its folder.
  private void killLab() throws Exception {
    String pid = Files.readString(instance.state().resolve("pid")).split(" ", -1)[0];
    ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    // The JDK tells no more than the first page of it.
    String command = Files.readString(Path.of("/proc", pid, "cmdline"));
    assertThat(command).contains(instance.name());
    process.destroyForcibly();
    process.onExit().get();
  }

  @Test
  void whatSomebodyTookOutOfTheTableIsFoundOut() throws Exception {
    up("--table-owner=off", "--resync=0");
    String table = inNode("nft", "list", "table", "inet", "ringfence").out();
    Matcher set =
        Pattern.compile("set (peers_[0-9a-f]+_4) \\{[^}]*elements = \\{ ([0-9.]+) \\}")
            .matcher(table);
    assertThat(set.find()).as(table).isTrue();
    String element = "{ " + set.group(2) + " }";
    Result deleted = inNode("nft", "delete", "element", "inet", "ringfence", set.group(1), element);
    assertThat(deleted.exit()).as(deleted.err()).isZero();
    Result probe = lab("probe");
    assertThat(probe.exit()).isEqualTo(1);
    assertThat(probe.out())
        .contains("DIFFERS shop/web -> shop/api TCP/8080: answer allowed, packet denied")
        .contains(" 2 differ");
  }
}
