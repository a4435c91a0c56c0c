package dev.ringfence.lab.control;

import dev.ringfence.agent.socket.JsonLines;
import dev.ringfence.lab.LabOptions;
import dev.ringfence.lab.netns.Instance;
import dev.ringfence.lab.netns.Leftovers;
import dev.ringfence.lab.scenario.Assigned;
import dev.ringfence.report.Json;
import dev.ringfence.report.LabReport;
import dev.ringfence.report.LabStatus;
import dev.ringfence.report.ProofDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A lab as the command line sees it: a process in the background, started, asked and ended.
///
/// Every method throws [LabException] with words for a person.
public final class LabClient {
  private final Instance instance;
  private final LabFolder folder;
  private final LabProcess process;

  public LabClient(Instance instance) {
    this.instance = instance;
    this.folder = new LabFolder(instance);
    this.process = new LabProcess(instance, folder);
  }

  /// What came of a request that depends on the input.
  public sealed interface Outcome {
    /// Probes were sent.
    record Probed(LabReport report) implements Outcome {}

    /// The input has errors, one line each; nothing changed.
    record Refused(List<String> problems) implements Outcome {
      public Refused {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Whether the lab's process is there.
  public boolean running() {
    try {
      return folder.process().isPresent();
    } catch (IOException unreadable) {
      throw new LabException("cannot read the lab's state: " + unreadable.getMessage(), unreadable);
    }
  }

  /// Starts a lab in place of the one there was, and probes all of it.
  ///
  /// @param serve the command whose `main` calls [LabServer#serve] for this instance
  /// @param paths files, folders, `-`, as typed
  /// @param standardInput what `-` stands for
  /// @param anew forget what `kubectl` changed in a lab of the same manifests before
  /// @param progress is told what is being done
  public Outcome up(
      List<String> serve,
      List<String> paths,
      byte[] standardInput,
      LabOptions options,
      boolean anew,
      Consumer<String> progress) {
    try (LabFolder.Held _ = folder.hold()) {
      Assigned before = folder.assigned(); // whoever is still there keeps its addresses
      boolean kept = process.endAndClear(progress, anew);
      folder.create();
      folder.assigned(before);
      folder.standardInput(standardInput);
      Process started = process.start(serve);
      Outcome outcome;
      try (JsonLines to = process.connect(started)) {
        to.send(Request.up(paths, options).line());
        outcome = outcome(to, progress);
      }
      if (outcome instanceof Outcome.Refused) {
        process.endAndClear(step -> {}, !kept);
      }
      return outcome;
    } catch (JsonLines.Gone gone) {
      throw new LabException("the lab's process ended: " + process.logged(), gone);
    } catch (IOException failed) {
      throw new LabException("the lab cannot be started: " + failed.getMessage(), failed);
    }
  }

  /// Keeps everybody else from starting a lab of this name, for one in this process.
  ///
  /// @throws LabException if there is one
  public Reserved reserve() {
    try {
      LabFolder.Held held =
          folder
              .tryHold()
              .orElseThrow(
                  () -> new LabException("somebody is using a lab called " + instance.name()));
      if (folder.process().isPresent()) {
        held.close();
        throw new LabException(
            "a lab called " + instance.name() + " is up: say another --instance");
      }
      return new Reserved(held);
    } catch (IOException failed) {
      throw new LabException("the lab cannot be started: " + failed.getMessage(), failed);
    }
  }

  /// The right to a lab's name, until it is closed.
  public static final class Reserved implements AutoCloseable {
    private final LabFolder.Held held;

    private Reserved(LabFolder.Held held) {
      this.held = held;
    }

    @Override
    public void close() throws IOException {
      held.close();
    }
  }

  /// Ends the lab and clears everything of its name, whether it is running or crashed.
  ///
  /// @return whether there was anything
  public boolean down(Consumer<String> progress) {
    try (LabFolder.Held _ = folder.hold()) {
      return process.endAndClear(progress);
    } catch (IOException failed) {
      throw new LabException("the lab cannot be ended: " + failed.getMessage(), failed);
    }
  }

  public LabStatus status() {
    Reply reply = ask(Request.of(Request.STATUS, List.of()), step -> {});
    if (reply.status() == null) {
      throw new LabException("the lab answered " + reply.kind());
    }
    return reply.status();
  }

  /// Sends probes.
  ///
  /// @param selection nothing for all; else from, to and, if wanted, `port` or `port/protocol`
  public LabReport probe(List<String> selection, Consumer<String> progress) {
    Reply reply = ask(Request.of(Request.PROBE, selection), progress);
    if (reply.report() == null) {
      throw new LabException("the lab answered " + reply.kind());
    }
    return reply.report();
  }

  /// Enforces and probes at once and whenever a file of the lab changes; returns only by an
  /// exception, such as that the lab has ended.
  public void watch(Consumer<Outcome> each, Consumer<String> progress) {
    try (JsonLines to = connect()) {
      to.send(Request.of(Request.WATCH, List.of()).line());
      while (true) {
        each.accept(outcome(to, progress));
      }
    } catch (JsonLines.Gone gone) {
      throw new LabException("the lab has ended", gone);
    } catch (IOException failed) {
      throw new LabException("the lab cannot be watched: " + failed.getMessage(), failed);
    }
  }

  /// What is programmed on a node and, beside each part, why.
  public String table(String node) {
    return ask(Request.of(Request.TABLE, List.of(node)), step -> {}).lines().getFirst();
  }

  /// Whether a node's tables do what its policies say.
  public ProofDocument proof(String node) {
    String line = ask(Request.of(Request.PROOF, List.of(node)), step -> {}).lines().getFirst();
    try {
      return Json.read(line, ProofDocument.class);
    } catch (Json.Unreadable unreadable) {
      throw new LabException("the lab answered something else", unreadable);
    }
  }

  /// The command that does another inside the network namespace of a pod, a node or the outside.
  ///
  /// @param end a pod by any of its names, a workload, `node/NAME`, or a host outside
  public List<String> execCommand(String end, List<String> command) {
    Reply reply = ask(Request.of(Request.NAMESPACE_OF, List.of(end)), step -> {});
    List<String> out = new ArrayList<>(List.of("ip", "netns", "exec", reply.lines().getFirst()));
    out.addAll(command);
    return out;
  }

  /// Runs a command inside, with our own input and output; answers its exit code.
  public int exec(String end, List<String> command) {
    try {
      return new ProcessBuilder(execCommand(end, command)).inheritIO().start().waitFor();
    } catch (IOException failed) {
      throw new LabException(
          "cannot run " + command.getFirst() + ": " + failed.getMessage(), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", interrupted);
    }
  }

  private Reply ask(Request request, Consumer<String> progress) {
    try (JsonLines to = connect()) {
      to.send(request.line());
      return last(to, progress);
    } catch (JsonLines.Gone gone) {
      throw new LabException("the lab's process ended: " + process.logged(), gone);
    } catch (IOException failed) {
      throw new LabException("the lab does not answer: " + failed.getMessage(), failed);
    }
  }

  private static Outcome outcome(JsonLines from, Consumer<String> progress) throws IOException {
    Reply reply = last(from, progress);
    if (reply.kind() == Reply.Kind.REFUSED) {
      return new Outcome.Refused(reply.lines());
    }
    if (reply.report() == null) {
      throw new LabException("the lab answered " + reply.kind());
    }
    return new Outcome.Probed(reply.report());
  }

  /// The next reply that is no progress.
  private static Reply last(JsonLines from, Consumer<String> progress) throws IOException {
    while (true) {
      Reply reply = from.receive(Reply.class);
      switch (reply.kind()) {
        case PROGRESS -> reply.lines().forEach(progress);
        case FAILED -> throw new LabException(String.join("\n", reply.lines()));
        case REPORT, STATUS, REFUSED, VALUE, DONE -> {
          return reply;
        }
      }
    }
  }

  private JsonLines connect() throws IOException {
    if (!running()) {
      boolean crashed = Leftovers.any(instance) || folder.exists();
      throw new LabException(
          crashed
              ? "no lab is running, but a crashed one left something: `ringfence lab down` clears it"
              : "no lab is running: start one with `ringfence lab up PATH`");
    }
    return JsonLines.to(folder.socket());
  }

  /// Whether `up` would go on with what the API of this lab held, being of the same manifests.
  public boolean wouldContinue(List<String> paths) {
    try {
      return folder.apiIsOf(paths);
    } catch (IOException unreadable) {
      throw new LabException("cannot read the lab's state: " + unreadable.getMessage(), unreadable);
    }
  }

  /// What `KUBECONFIG` is to point to, while the lab is up.
  public Path kubeconfig() {
    return folder.api().resolve("kubeconfig");
  }
}
