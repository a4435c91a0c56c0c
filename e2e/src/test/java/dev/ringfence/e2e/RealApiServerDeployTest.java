package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/` on a real API server: the agent as its DaemonSet starts it, with the capabilities that
/// it gives, as its service account, does its work, is forbidden nothing, and needs all it may.
@Tag("apiserver")
@EnabledIfSystemProperty(
    named = "ringfence.apiserver",
    matches = ".+",
    disabledReason = "./verify apiserver builds one")
@ExtendWith(NeedsKernel.class)
final class RealApiServerDeployTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ASKED =
      Pattern.compile("\"verb\":\"([a-z]+)\".*\"resource\":\"([a-z]+)\".*\"code\":([0-9]+)");
  private static final String UNDECLARED =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: named, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: a}}
        ingress: [{ports: [{port: nobody, protocol: UDP}]}]
      """;

  @TempDir Path folder;

  /// What the DaemonSet says of its container.
  private static List<String> container(RealApiServer server, String path) {
    String lines =
        server.kubectl(
            "get",
            "daemonset",
            "ringfence-agent",
            "-n",
            "ringfence",
            "-o",
            "jsonpath={range .spec.template.spec.containers[0]." + path + "[*]}{@}{\"\\n\"}{end}");
    return lines.lines().toList();
  }

  private static Running agent(Space node, RealApiServer server) throws Exception {
    String capabilities =
        String.join(
            ",",
            container(server, "securityContext.capabilities.add").stream()
                .map(name -> "+" + name.toLowerCase(Locale.ROOT))
                .toList());
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", node.name()));
    command.addAll(
        List.of(
            "setpriv",
            "--no-new-privs",
            "--inh-caps=-all",
            "--bounding-set=-all," + capabilities,
            "env",
            "NODE_NAME=node-1",
            "POD_NAMESPACE=ringfence"));
    List<String> arguments = new ArrayList<>(container(server, "args"));
    arguments.add("--kubeconfig=" + server.kubeconfigOf("ringfence", "ringfence-agent").toString());
    command.addAll(Ringfence.command(arguments.toArray(new String[0])));
    return Ringfence.start(command);
  }

  @Test
  void theAgentDoesItsWorkWithWhatItIsGivenAndNeedsAllOfIt() throws Exception {
    String binary = System.getProperty("ringfence.apiserver", "");
    try (RealTown town = new RealTown();
        RealApiServer server = RealApiServer.in(town.node(), folder, binary);
        Ear a = Ear.atWires(town.pod("a"))) {
      server.kubectl("apply", "-k", DEPLOY.toString());
      town.makePods(server);
      server.kubectl("delete", "node", "node-2");
      itsPodIsTaken(server);
      try (Running agent = agent(town.node(), server)) {
        RealTown.policies(agent, 0);
        server.apply(RealTown.POLICY);
        RealTown.policies(agent, 1);
        town.denied("c", "c", a);
        town.passing("b", "b", a);
        assertThat(agent.out()).contains("\"unguarded\":0");
        assertThat(town.node().run("curl", "-s", "http://127.0.0.1:9464/readyz")).isEqualTo("ok\n");

        server.apply(UNDECLARED);
        RealTown.policies(agent, 2);
        awaitEvent(server, "PortNameNotDeclared");
        String rollout =
            town.node()
                .run(
                    Ringfence.command(
                            "rollout",
                            "status",
                            "shop/named",
                            "--timeout=30",
                            "--kubeconfig=" + server.kubeconfig())
                        .toArray(new String[0]));
        assertThat(rollout).contains("is in force on 1 of 1 nodes");
        assertThat(agent.err()).doesNotContainIgnoringCase("forbidden").doesNotContain("403");
        assertThat(asked(server.auditLog())).isEqualTo(granted(server));
      }
    }
  }

  /// As the DaemonSet's controller would make it: past Pod Security, of the priority it asks for.
  private static void itsPodIsTaken(RealApiServer server) {
    String spec =
        server.kubectl(
            "get",
            "daemonset",
            "ringfence-agent",
            "-n",
            "ringfence",
            "-o",
            "jsonpath={.spec.template.spec}");
    String pod =
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"it\",\"namespace\":\"%s\"},"
            + "\"spec\":%s}";
    server.apply(pod.formatted("ringfence", spec));
    assertThat(
            server.kubectl(
                "get", "pod", "it", "-n", "ringfence", "-o", "jsonpath={.spec.priority}"))
        .isEqualTo("2000001000");
    server.kubectl("delete", "pod", "it", "-n", "ringfence", "--force");
    server.kubectl("label", "namespace", "shop", "pod-security.kubernetes.io/enforce=baseline");
    assertThatThrownBy(() -> server.apply(pod.formatted("shop", spec)))
        .hasMessageContaining("violates PodSecurity");
    server.kubectl("label", "namespace", "shop", "pod-security.kubernetes.io/enforce-");
  }

  private static void awaitEvent(RealApiServer server, String reason) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String events = "";
    while (!events.contains(reason) && System.nanoTime() < end) {
      Thread.sleep(200);
      events = server.kubectl("get", "events", "-n", "shop");
    }
    assertThat(events).contains(reason, "networkpolicy/named", "named \"nobody\"");
    assertThat(server.kubectl("describe", "networkpolicy", "named", "-n", "shop")).isNotEmpty();
  }

  /// What the agent asked for, `verb resource`; whatever it was forbidden fails.
  private static SortedSet<String> asked(Path log) throws IOException {
    SortedSet<String> out = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      Matcher asked = ASKED.matcher(line);
      if (line.contains("\"system:serviceaccount:ringfence:ringfence-agent\"") && asked.find()) {
        assertThat(asked.group(3)).as(line).isNotEqualTo("403").isNotEqualTo("401");
        out.add(asked.group(1) + " " + asked.group(2));
        if (asked.group(1).equals("patch") && asked.group(3).equals("201")) {
          out.add("create " + asked.group(2)); // which applying what is not there takes as well
        }
      }
    }
    return out;
  }

  /// What the roles let it do.
  private static SortedSet<String> granted(RealApiServer server) {
    String rules = "jsonpath={range .rules[*]}{.verbs[*]}{\"|\"}{.resources[*]}{\"\\n\"}{end}";
    String all =
        server.kubectl("get", "clusterrole", "ringfence-agent", "-o", rules)
            + server.kubectl("get", "role", "ringfence-agent", "-n", "ringfence", "-o", rules);
    SortedSet<String> out = new TreeSet<>();
    all.lines()
        .forEach(line -> {
          String[] parts = line.split("[|]", -1);
          for (String verb : parts[0].split(" ", -1)) {
            for (String resource : parts[1].split(" ", -1)) {
              out.add(verb + " " + resource);
            }
          }
        });
    return out;
  }
}
