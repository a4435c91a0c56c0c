package dev.ringfence.lab.control;

import dev.ringfence.agent.FileState;
import dev.ringfence.agent.FileWatch;
import dev.ringfence.agent.Provable;
import dev.ringfence.agent.socket.JsonLines;
import dev.ringfence.lab.Lab;
import dev.ringfence.lab.LabOptions;
import dev.ringfence.lab.cluster.Cluster;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.netns.ProcessMark;
import dev.ringfence.report.Json;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabStatus;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The lab's process: one lab, its control socket, and whoever speaks on it.
///
/// Everything that touches the lab happens on one thread, in turn. The namespaces are not cleared
/// here but by whoever ends this process, in the same way as after a crash.
public final class LabServer {
  /// Environment variable by which a starting process knows whether it was overtaken.
  static final String START = "RINGFENCE_LAB_START";

  private static final System.Logger LOG = System.getLogger("ringfence.lab");
  private static final Duration LOOK_FOR_CLIENT = Duration.ofMillis(500);

  private final Instance instance;
  private final LabFolder folder;
  private final ServerSocketChannel door;
  private final String startedAt = Instant.now().toString();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("lab").daemon().factory());
  private @Nullable FileState files;
  private @Nullable Cluster cluster;
  private @Nullable Reconciler reconciler;
  private final AtomicBoolean waiting = new AtomicBoolean();

  private LabServer(Instance instance) throws IOException {
    this.instance = instance;
    this.folder = new LabFolder(instance);
    ProcessMark self =
        ProcessMark.of(ProcessHandle.current().pid())
            .orElseThrow(() -> new IOException("/proc does not show this process"));
    String start = System.getenv(START);
    if (start != null && !folder.isOfStart(start)) {
      throw new IOException("this lab was started anew meanwhile");
    }
    folder.create();
    folder.process(self);
    Files.deleteIfExists(folder.socket());
    door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(folder.socket()));
  }

  /// Serves until it is told to end.
  ///
  /// @throws IOException if the control socket cannot be made, or another start overtook this one
  public static void serve(Instance instance) throws IOException {
    new LabServer(instance).run();
  }

  private void run() throws IOException {
    try {
      while (true) {
        SocketChannel client = door.accept();
        Thread.ofPlatform().name("client").daemon().start(() -> speak(client));
      }
    } catch (ClosedChannelException ended) {
      worker.shutdown();
    }
  }

  private void speak(SocketChannel client) {
    try (JsonLines with = new JsonLines(client)) {
      answer(with.receive(Request.class), with);
    } catch (IOException gone) {
      // Whoever asked is not there any more; what was asked is done or not, as it was.
    }
  }

  private void answer(Request request, JsonLines with) throws IOException {
    try {
      switch (request.verb()) {
        case Request.UP -> up(request, with);
        case Request.STATUS -> with.send(Reply.status(inTurn(() -> status())).line());
        case Request.PROBE ->
            with.send(
                Reply.report(
                        inTurn(() -> probe(request.arguments(), step -> tell(with, step))), true)
                    .line());
        case Request.WATCH -> watch(with);
        case Request.NAMESPACE_OF ->
            with.send(Reply.value(inTurn(() -> namespaceOf(request.arguments()))).line());
        case Request.TABLE ->
            with.send(Reply.value(inTurn(() -> table(request.arguments()))).line());
        case Request.PROOF -> with.send(Reply.value(proof(request.arguments())).line());
        default -> with.send(Reply.failed("no such request: " + request.verb()).line());
      }
    } catch (IOException gone) {
      throw gone;
    } catch (Exception failed) {
      with.send(Reply.failed(LabException.words(failed)).line());
    }
  }

  /// Does the work on the lab's thread, after what others wanted before.
  private <T> T inTurn(Callable<T> work) throws Exception {
    try {
      return worker.submit(work).get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case Exception cause -> throw cause;
        case null, default -> throw failed;
      }
    }
  }

  private void up(Request request, JsonLines with) throws Exception {
    LabOptions options = request.options() == null ? LabOptions.STANDARD : request.options();
    boolean stands =
        inTurn(() -> {
          if (reconciler != null) {
            throw new LabException("this lab is up already");
          }
          files = new FileState(request.arguments(), folder.standardInput());
          FileState.Reading reading = files.read();
          if (!reading.complete()) {
            with.send(Reply.refused(reading.refusals(), true).line());
            return false;
          }
          Cluster made = openCluster(request.arguments());
          cluster = made;
          made.take(standing(files).texts()).forEach(line -> tell(with, "not in the API: " + line));
          reconciler =
              Reconciler.first(
                  made,
                  folder,
                  scenario -> Lab.up(instance, scenario, options, step -> tell(with, step)));
          reconciler.complaints().forEach(line -> tell(with, "not in force: " + line));
          return true;
        });
    if (stands) {
      if (options.resyncSeconds() > 0) {
        var _ =
            worker.scheduleWithFixedDelay(
                this::repair, options.resyncSeconds(), options.resyncSeconds(), TimeUnit.SECONDS);
      }
      LabReport report =
          inTurn(() -> {
            standing(cluster).brought(lab().scenario());
            standing(cluster).follow(this::wake);
            return probe(List.of(), step -> tell(with, step));
          });
      with.send(Reply.report(report, true).line());
    } else {
      door.close();
    }
  }

  /// The API with what it held last, or a new one if these are other manifests.
  private Cluster openCluster(List<String> paths) throws IOException {
    if (!folder.apiIsOf(paths)) {
      Leftovers.deleteTree(folder.api());
    }
    Cluster out = Cluster.open(folder.api(), "ringfence-" + instance.name());
    folder.apiOf(paths);
    return out;
  }

  /// Something changed in the API: one more round, unless one is waiting.
  private void wake() {
    if (waiting.compareAndSet(false, true)) {
      worker.execute(() -> {
        waiting.set(false);
        try {
          standing(reconciler).run(false);
        } catch (Exception failed) {
          LOG.log(System.Logger.Level.WARNING, "the API's state cannot be brought about", failed);
        }
      });
    }
  }

  /// What fails now is tried again the next time; meanwhile a round of probes shows it.
  private void repair() {
    try {
      lab().repair();
      standing(reconciler).run(true);
    } catch (Exception failed) {
      LOG.log(System.Logger.Level.WARNING, "the lab could not be repaired", failed);
    }
  }

  private void watch(JsonLines with) throws Exception {
    AtomicBoolean gone = new AtomicBoolean();
    Thread.ofPlatform().name("client gone").daemon().start(() -> awaitEnd(with, gone));
    FileState state = inTurn(() -> standing(files));
    try (FileWatch watch = new FileWatch(state.paths())) {
      send(applied(true), with);
      while (!gone.get()) {
        if (watch.awaitChange(LOOK_FOR_CLIENT)) {
          send(applied(false), with);
        }
      }
    }
  }

  private static void send(List<Reply> replies, JsonLines with) throws IOException {
    for (Reply reply : replies) {
      with.send(reply.line());
    }
  }

  /// Takes the files as they are now, and says what cannot be taken; probes if anything changed.
  private List<Reply> applied(boolean probeAnyway) throws Exception {
    return inTurn(() -> {
      FileState.Reading reading = standing(files).read();
      List<String> refusals = new ArrayList<>(reading.refusals());
      standing(cluster)
          .take(standing(files).texts())
          .forEach(line -> refusals.add("error: not taken: " + line));
      boolean changed = standing(reconciler).run(false);
      standing(reconciler)
          .complaints()
          .forEach(line -> refusals.add("error: not in force: " + line));
      List<Reply> out = new ArrayList<>();
      if (!refusals.isEmpty()) {
        out.add(Reply.refused(refusals, false));
      }
      if (changed || probeAnyway || refusals.isEmpty()) {
        out.add(Reply.report(probe(List.of(), step -> {}), false));
      }
      return out;
    });
  }

  private static void awaitEnd(JsonLines with, AtomicBoolean gone) {
    try {
      with.awaitEnd();
    } catch (IOException reset) {
      // Gone as well.
    }
    gone.set(true);
  }

  private LabReport probe(List<String> selection, Consumer<String> progress) throws Exception {
    Lab standing = lab();
    return standing.probe(Selection.of(standing.scenario(), selection), progress);
  }

  private LabStatus status() throws Exception {
    return lab().status(startedAt, standing(files).paths());
  }

  private String table(List<String> arguments) throws Exception {
    return lab().describe(arguments.getFirst());
  }

  private String proof(List<String> arguments) throws Exception {
    String node = arguments.getFirst();
    Provable what =
        inTurn(() -> lab().provable(node))
            .orElseThrow(() -> new LabException("nothing is in force on node " + node));
    return Json.line(what.prove());
  }

  private String namespaceOf(List<String> arguments) {
    return lab().namespaceOf(arguments.getFirst());
  }

  private Lab lab() {
    return standing(reconciler).lab();
  }

  private static <T> T standing(@Nullable T what) {
    if (what == null) {
      throw new LabException("this lab is not up yet");
    }
    return what;
  }

  private static void tell(JsonLines with, String step) {
    try {
      with.send(Reply.progress(step).line());
    } catch (IOException gone) {
      // Nobody listens; the work goes on.
    }
  }
}
