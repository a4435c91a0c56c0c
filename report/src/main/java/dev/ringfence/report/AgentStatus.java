package dev.ringfence.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a node's agent and its table stand. Times are UTC, as RFC 3339 writes them.
///
/// @param boot one value for each run of the agent
/// @param pid of the agent
/// @param health `healthy`, or `degraded`: something below needs a person
/// @param degraded why, one sentence each; empty where healthy
/// @param ready a table is in force, and nothing is degraded
/// @param generation how many states this run has put in force; 0 for none yet
/// @param appliedAt when the last of them was
/// @param policies those in force
/// @param unguarded local pods that could borrow an address
/// @param denied packets since the table was made, by `ingress`, `egress` and `unsure`: those of
///   connections that connection tracking does not know well enough
/// @param lastError null if there was none in this run
public record AgentStatus(
    String node,
    String boot,
    long pid,
    String version,
    String startedAt,
    double uptimeSeconds,
    String health,
    List<String> degraded,
    boolean ready,
    long generation,
    @Nullable String appliedAt,
    Holds holds,
    Budget budget,
    Input input,
    Table table,
    Proved proof,
    SortedMap<String, Count> denied,
    List<Unguarded> unguarded,
    @Nullable LastError lastError,
    List<InForce> policies) {
  public static final String HEALTHY = "healthy";
  public static final String DEGRADED = "degraded";

  public AgentStatus {
    degraded = List.copyOf(degraded);
    denied = new TreeMap<>(denied);
    unguarded = List.copyOf(unguarded);
    policies = List.copyOf(policies);
  }

  public boolean healthy() {
    return health.equals(HEALTHY);
  }

  /// What is programmed.
  ///
  /// @param localPods counting pods of this node that have an address
  /// @param pods all pods known, of any node
  /// @param groups local pods to which the same rules apply in one direction
  /// @param sets named sets and maps
  /// @param members elements of them all
  /// @param estimatedKernelBytes what that takes of the kernel's memory, roughly
  public record Holds(
      int localPods,
      int pods,
      int policies,
      int groups,
      int chains,
      int rules,
      int sets,
      long members,
      long estimatedKernelBytes) {
    public static final Holds NOTHING = new Holds(0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /// What may be programmed of peers: the members of all sets of pods, both families.
  ///
  /// @param members how many there may be
  /// @param used how many there are
  /// @param unions groups that are told by the sets of their selectors, to stay within it
  /// @param refused how many the last state would need, where it was refused for that; null else
  public record Budget(long members, long used, int unions, @Nullable Long refused) {}

  /// Where the state comes from.
  ///
  /// @param complete whether all of it is in force as it is written now
  /// @param refusals what is not, each with its file and line
  /// @param kinds how each kind of objects of a running cluster is followed; empty for files
  public record Input(
      List<String> paths, boolean complete, List<String> refusals, List<Followed> kinds) {
    public Input {
      paths = List.copyOf(paths);
      refusals = List.copyOf(refusals);
      kinds = List.copyOf(kinds);
    }

    /// Of files.
    public Input(List<String> paths, boolean complete, List<String> refusals) {
      this(paths, complete, refusals, List.of());
    }
  }

  /// How one kind of objects of a running cluster is followed.
  ///
  /// @param objects how many are known
  /// @param listedAt when all of them were listed last; null before the first list
  /// @param silentSeconds for how long the server has said nothing about them; null before it did
  /// @param lists how often all of them were listed
  /// @param watches how often a watch was begun
  /// @param events how many of their changes were read from watches
  /// @param trouble why they cannot be followed now; null while they are
  public record Followed(
      String kind,
      int objects,
      @Nullable String listedAt,
      @Nullable Double silentSeconds,
      long lists,
      long watches,
      long events,
      @Nullable String trouble) {}

  /// How the table is kept.
  ///
  /// @param owned whether the kernel lets nobody else edit it
  /// @param resyncSeconds how often it is looked at; 0 for never
  /// @param repairs how often a foreign edit was found and put right
  /// @param repaired how many elements, chains and sets that were
  /// @param established what becomes of connections that a change denies: `cut` or `keep`, with the
  ///   bits of their mark where these are not the usual
  /// @param judgedAnew of how many addresses, which have just changed hands, kept connections are
  ///   judged anew
  public record Table(
      boolean owned,
      double resyncSeconds,
      long repairs,
      long repaired,
      @Nullable String lastRepairAt,
      String established,
      int judgedAnew) {}

  /// Whether the table in the kernel does what the policies say, for every packet there can be.
  ///
  /// @param result `equal`, `different` or `not-run`
  /// @param generation that it was about
  /// @param at null where it did not run
  /// @param differences a packet and a rule each, or what could not be interpreted
  public record Proved(
      String result,
      long generation,
      @Nullable String at,
      double seconds,
      long regions,
      List<String> differences) {
    public static final String NOT_RUN = "not-run";
    public static final Proved NOT_YET = new Proved(NOT_RUN, 0, null, 0, 0, List.of());

    public Proved {
      differences = List.copyOf(differences);
    }

    /// The short of it.
    public static Proved of(ProofDocument proof) {
      List<String> all = new ArrayList<>();
      proof.differences().forEach(one -> all.add(one.sentence()));
      proof.unproved().forEach(what -> all.add("could not be interpreted: " + what));
      return new Proved(
          proof.result(), proof.generation(), proof.at(), proof.seconds(), proof.regions(), all);
    }
  }

  /// What a counter of the kernel's says.
  public record Count(long packets, long bytes) {}

  /// A local pod whose own wire is not watched, or not all of it.
  public record Unguarded(String pod, String reason) {}

  /// The last thing that went wrong.
  ///
  /// @param what `input`, `kernel`, `budget`, `repair`, `wires`, `proof`, `files` or `cluster`
  /// @param over whether it was put right since
  /// @param lastGoodInForce whether some good state was in force then, and stayed
  public record LastError(
      String what, String message, String at, boolean over, boolean lastGoodInForce) {}

  /// A policy.
  ///
  /// @param uid null where its manifest has none
  /// @param generation `metadata.generation`, null where its manifest has none
  public record InForce(String id, @Nullable String uid, @Nullable Long generation) {}
}
