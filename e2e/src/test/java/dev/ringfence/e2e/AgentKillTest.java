package dev.ringfence.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.model.Address;
import dev.ringfence.core.model.Family;
import dev.ringfence.e2e.Ringfence.Running;
import dev.ringfence.e2e.wire.Ear;
import dev.ringfence.e2e.wire.NeedsKernel;
import dev.ringfence.e2e.wire.Space;
import dev.ringfence.e2e.wire.Spaces;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.PinnedThread;
import dev.ringfence.lab.netns.Topology;
import dev.ringfence.lab.scenario.End;
import dev.ringfence.lab.scenario.Scenario;
import dev.ringfence.nftables.netlink.NetlinkSocket;
import dev.ringfence.nftables.netlink.NftDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// An agent that is killed, `kill -9`, at any moment: its rules stay, and the next one takes over.
///
/// `enemy` may never reach `server` and `friend` always; `guest` may while the pod of that address
/// is one of the server's friends, which changes while no agent lives.
@Tag("soak")
@ExtendWith(NeedsKernel.class)
final class AgentKillTest {
  private static final int KILLS = Boolean.getBoolean("ringfence.soak") ? 200 : 8;

  private static final int PORT = 8080;

  /// So many of the guest's packets show how an agent that has started treats it.
  private static final int ENOUGH = 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration EACH_MILLISECOND = Duration.ofMillis(1);

  /// So many addresses are others at each change, so that a transaction takes its time.
  private static final int STRANGERS = 600;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: server, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: server}}
        ingress:
        - from: [{podSelector: {matchLabels: {role: friend}}}]
        - from:
      """;

  private final Random random = new Random(Long.getLong("seed", 4711L));
  private final AtomicInteger lookings = new AtomicInteger();
  private final AtomicBoolean done = new AtomicBoolean();

  /// What was done when, to tell it if something is wrong.
  private final NavigableMap<Long, String> events = new ConcurrentSkipListMap<>();

  @TempDir Path folder;
  private Instance instance = Instance.DEFAULT;
  private Scenario scenario =
      Town.scenario("enemy@node-1", "friend@node-1", "guest@node-1", "server@node-1");

  @BeforeEach
  void prepare() throws Exception {
    instance = Spaces.fresh();
    new Topology(instance).build(scenario);
    write("policy.yaml", policy());
    write("cluster.yaml", cluster(true));
  }

  @AfterEach
  void clear() throws IOException {
    Leftovers.clear(instance);
  }

  @Test
  void rulesAreNeverAbsentAndRightAfterRestart() throws Exception {
    kill(start(), 0); // the first may be killed before it has programmed anything
    Running agent = inForce(start());
    long overflowed = Stream.overflowed();
    int kills = 1;
    int starting = 0;
    try (Ear ear = Ear.atUdp(space("server"), PORT);
        PinnedThread look = PinnedThread.in(instance.node("node-1"));
        Stream enemy = stream("enemy");
        Stream friend = stream("friend");
        Stream guest = stream("guest")) {
      Future<Boolean> present = look.submit(this::look);
      try {
        while (kills < KILLS) {
          boolean isFriend = random.nextBoolean();
          edit(random.nextInt(400));
          kill(agent, 0);
          kills++;
          write("cluster.yaml", cluster(isFriend));
          if (kills < KILLS && random.nextBoolean()) {
            kill(start(), random.nextInt(1_200));
            kills++;
            starting++;
          }
          agent = inForce(start());
          requireRight(guest, isFriend, ear, "after " + kills + " kills");
          requireNone(enemy.sent(), ear.marks(), "of the enemy's after " + kills + " kills");
        }
        kill(agent, 0);
      } finally {
        done.set(true);
      }
      assertThat(PinnedThread.await(present)).as("the table was there at each look").isTrue();
      enemy.end();
      friend.end();
      Thread.sleep(300);
      Set<Integer> heard = ear.marks();
      requireNone(enemy.sent(), heard, "of the enemy's at the end");
      Set<Integer> lost = new HashSet<>(friend.sent());
      lost.removeAll(heard);
      long dropped = Stream.overflowed() - overflowed;
      assertThat((long) lost.size())
          .as("lost though allowed: %s", told(friend, lost))
          .isLessThanOrEqualTo(dropped);
      System.out.printf(
          "kill -9: %d times, %d of them while starting; %d looks at the table, each found it;"
              + " %d packets that were denied all the time, none passed; %d that were allowed,"
              + " %d lost (the machine dropped %d)%n",
          kills,
          starting,
          lookings.get(),
          enemy.sent().size(),
          friend.sent().size(),
          lost.size(),
          dropped);
    }
  }

  /// What was sent after the agent said that its state is in force.
  private void requireRight(Stream guest, boolean mayPass, Ear ear, String when) throws Exception {
    long from = System.nanoTime();
    long end = from + PATIENCE.toNanos();
    while (guest.sent(from, System.nanoTime()).size() < ENOUGH) {
      assertThat(System.nanoTime()).as("too few are sent, " + when).isLessThan(end);
      Thread.sleep(20);
    }
    long to = System.nanoTime();
    Thread.sleep(60);
    Set<Integer> sent = guest.sent(from, to);
    Set<Integer> arrived = new HashSet<>(sent);
    arrived.retainAll(ear.marks());
    if (mayPass) {
      assertThat(arrived).as("the guest may pass, " + when).isNotEmpty();
    } else {
      assertThat(arrived).as("the guest may not pass, " + when).isEmpty();
    }
  }

  /// When they were sent: after what, and how long before the next thing was done.
  private String told(Stream stream, Set<Integer> marks) {
    StringBuilder out = new StringBuilder();
    for (int mark : marks) {
      long at = stream.sentAt(mark);
      out.append(
          "%n%s of %d: %s, %s"
              .formatted(
                  mark,
                  marks.size(),
                  told(events.floorEntry(at), at),
                  told(events.ceilingEntry(at), at)));
    }
    return out
        + "\n"
        + space("server").run("cat", "/proc/net/snmp")
        + new Space(instance.node("node-1")).run("nft", "list", "counters");
  }

  private static String told(Map.@Nullable Entry<Long, String> event, long at) {
    return event == null
        ? "nothing"
        : "%s at %+d us".formatted(event.getValue(), (event.getKey() - at) / 1_000);
  }

  private void event(String what) {
    events.put(System.nanoTime(), what);
  }

  private static void requireNone(Set<Integer> denied, Set<Integer> heard, String whose) {
    Set<Integer> passed = new HashSet<>(denied);
    passed.retainAll(heard);
    assertThat(passed).as("passed though denied, " + whose).isEmpty();
  }

  /// Whether the table is there, each millisecond until all is done.
  private boolean look() throws InterruptedException {
    try (NetlinkSocket socket = NetlinkSocket.netfilter()) {
      NftDump dump = new NftDump(socket);
      boolean always = true;
      while (!done.get()) {
        always &=
            dump.tables().stream().anyMatch(table -> table.name().name().startsWith("ringfence"));
        lookings.incrementAndGet();
        Thread.sleep(EACH_MILLISECOND);
      }
      return always;
    }
  }

  private Stream stream(String from) {
    return new Stream(
        space(from),
        family -> address(from, family),
        family -> address("server", family),
        PORT,
        EACH_MILLISECOND);
  }

  private Running start() throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", instance.node("node-1")));
    command.addAll(
        Ringfence.command("agent", "--node", "node-1", "--watch", "-f", folder.toString()));
    event("start");
    return Ringfence.start(command);
  }

  private Running inForce(Running agent) throws Exception {
    agent.awaitOut(text -> text.contains("\"generation\":1,"));
    event("in force");
    return agent;
  }

  private void kill(Running agent, int afterMillis) throws Exception {
    Thread.sleep(afterMillis);
    event("kill");
    agent.close();
    event("killed");
  }

  /// Keeps the agent busy for some time: every change is a transaction of many elements.
  private void edit(int millis) throws Exception {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    while (System.nanoTime() < end) {
      write("policy.yaml", policy());
      Thread.sleep(random.nextInt(1, 30));
    }
  }

  private String policy() {
    StringBuilder out = new StringBuilder(POLICY);
    for (int i = 0; i < STRANGERS; i++) {
      out.append(
          "    - ipBlock: {cidr: 172.%d.%d.%d/32}\n"
              .formatted(16 + random.nextInt(16), random.nextInt(256), random.nextInt(256)));
    }
    return out.toString();
  }

  private String cluster(boolean friendly) {
    StringBuilder out = new StringBuilder();
    for (End.OfPod pod : scenario.pods()) {
      String name = pod.pod().name().name();
      boolean isFriend = name.equals("friend") || (name.equals("guest") && friendly);
      // Another pod with the address that the guest had, not the same with other labels.
      String called = name.equals("guest") && friendly ? "guest-of-honour" : name;
      out.append(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: %s, namespace: shop, labels: {app: %s, role: %s}}
          spec: {nodeName: node-1, containers: [{name: main, image: main}]}
          status: {phase: Running, podIPs: [{ip: "%s"}, {ip: "%s"}]}
          ---
          """
              .formatted(
                  called,
                  name,
                  isFriend ? "friend" : "other",
                  address(name, Family.IPV4),
                  address(name, Family.IPV6)));
    }
    return out.toString();
  }

  /// Whole or not at all, as editors and tools replace files.
  private void write(String file, String text) throws IOException {
    event(file);
    Path fresh = Files.writeString(folder.resolve(file + ".new"), text);
    Files.move(fresh, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  private Space space(String pod) {
    return new Space(instance.pod(end(pod).pod()));
  }

  private Address address(String pod, Family family) {
    return end(pod).address(family).orElseThrow();
  }

  private End.OfPod end(String pod) {
    return scenario.pods().stream()
        .filter(end -> end.pod().name().name().equals(pod))
        .findFirst()
        .orElseThrow();
  }
}
