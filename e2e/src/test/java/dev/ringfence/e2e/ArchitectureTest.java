package dev.ringfence.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The arrows of the design: who may use whom, and what a room never does.
///
/// A rule that finds no class to judge fails, so that a renamed package cannot slip out of it.
class ArchitectureTest {
  private static final String OURS = "dev.ringfence.";

  /// Everything that ships; neither tests nor measurements.
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(at -> !at.contains("/test-classes/") && !at.contains("-tests.jar"))
          .importPackages("dev.ringfence");

  /// Each module, and core's packages: what of ours it may use besides itself.
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("core.model", List.of()),
          Map.entry("core.cluster", List.of("core.model")),
          Map.entry("core.manifest", List.of("core.model", "core.cluster")),
          Map.entry("core.compiled", List.of("core.model", "core.cluster")),
          Map.entry("core.answer", List.of("core.model", "core.cluster", "core.compiled")),
          Map.entry("core", List.of()),
          Map.entry("nftables", List.of("core")),
          Map.entry("report", List.of("core")),
          Map.entry("kubernetes", List.of("core")),
          Map.entry("agent", List.of("core", "nftables", "report", "kubernetes")),
          Map.entry("lab", List.of("core", "nftables", "report", "agent")),
          Map.entry("cli", List.of("core", "nftables", "report", "kubernetes", "agent", "lab")));

  /// Rooms that may still be empty; every other must hold what its rules judge.
  private static final Set<String> NOT_BUILT_YET = Set.of("agent");

  static Stream<Arguments> rooms() {
    return MAY_USE.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @MethodSource("rooms")
  void roomUsesOnlyWhatTheDesignLetsIt(String room, List<String> others) {
    String[] allowed =
        Stream.concat(Stream.of(room), others.stream())
            .map(ArchitectureTest::within)
            .toArray(String[]::new);
    noClasses()
        .that(resideInAPackage(within(room)).and(isNoSign()))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.ringfence..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(NOT_BUILT_YET.contains(room))
        .check(PRODUCT);
  }

  @Test
  void everyRoomIsInTheTable() {
    Set<String> unknown = new TreeSet<>();
    for (JavaPackage found : packages()) {
      String room = found.getName().substring(OURS.length());
      String module = room.split("\\.", 2)[0];
      if (!MAY_USE.containsKey(module.equals("core") ? room : module)) {
        unknown.add(found.getName());
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.ringfence.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void coreTouchesNothingOutsideItself() {
    noClasses()
        .that(resideInAPackage(within("core")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.util.concurrent..",
                    "java.util.logging..",
                    "tools.jackson..",
                    "com.fasterxml..")
                .or(nameMatching("java\\.io\\.(File|RandomAccess|Console).*"))
                .or(nameMatching("java\\.net\\.(?!Inet[46]?Address).*"))
                .or(nameMatching("java\\.lang\\.(Thread|Process|Runtime|ThreadLocal)"))
                .or(nameMatching("java\\.time\\.(Clock|InstantSource)")))
        .orShould()
        .callMethodWhere(
            target(nameMatching("now")).and(target(owner(resideInAPackage("java.time..")))))
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .check(PRODUCT);
  }

  @Test
  void yamlIsReadInManifestAndNowhereElse() {
    onlyIn("core.manifest", "org.snakeyaml..");
  }

  /// Documents are written by `report`; the Kubernetes API's objects are handled by three rooms.
  /// Manifests are read by nobody with it.
  @Test
  void jacksonIsForDocumentsAndTheApi() {
    onlyIn(List.of("report", "kubernetes", "lab.api", "lab.cluster"), "tools.jackson..");
  }

  @Test
  void theKubernetesClientIsUsedInOneRoom() {
    onlyIn("kubernetes", "io.fabric8..");
  }

  @Test
  void theCommandLineParserIsTheCommandLinesOwn() {
    onlyIn("cli", "picocli..");
  }

  @Test
  void nativeCodeIsCalledFromOnePackage() {
    onlyIn("nftables.linux", "java.lang.foreign..");
  }

  @Test
  void onlyTheCommandLinePrintsOrExits() {
    noClasses()
        .that(resideInAPackage("dev.ringfence..").and(not(resideInAPackage(within("cli")))))
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(PRODUCT);
  }

  @Test
  void namesSayWhatAThingIs() {
    classes()
        .that(resideInAPackage("dev.ringfence.."))
        .should()
        .haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl)(\\$.*)?")
        .check(PRODUCT);
  }

  @Test
  void everyPackageHasItsSign() {
    assertThat(packages())
        .isNotEmpty()
        .allSatisfy(room ->
            assertThat(room.tryGetPackageInfo())
                .as(room.getName())
                .hasValueSatisfying(
                    sign -> assertThat(sign.isAnnotatedWith(NullMarked.class)).isTrue()));
  }

  /// It may jump: what is done, and when, goes by [System#nanoTime]. Only what is shown to people,
  /// or to other machines as the Lease is, has a time of day; and files have.
  @Test
  void theClockOnTheWallDecidesNothing() {
    noClasses()
        .that(
            resideInAnyPackage(
                    within("core"), within("nftables"), within("kubernetes"), within("agent"))
                .and(
                    not(
                        nameMatching(
                            ".*\\.(Journal|Provable|FeedStatus|ClusterEvents|LeaseKeeper|Rollout"
                                + "|AgentDoor)"))))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat(resideInAPackage("java.time..").and(nameMatching(".*\\.Clock")))
        .check(PRODUCT);
  }

  /// `library` is used in `room`, and nowhere else.
  private static void onlyIn(String room, String library) {
    onlyIn(List.of(room), library);
    boolean used =
        PRODUCT.that(resideInAPackage(within(room))).stream()
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .anyMatch(d -> resideInAPackage(library).test(d.getTargetClass()));
    assertThat(used || NOT_BUILT_YET.contains(room)).as("%s uses %s", room, library).isTrue();
  }

  /// `library` is used in none but these rooms.
  private static void onlyIn(List<String> rooms, String library) {
    String[] allowed = rooms.stream().map(ArchitectureTest::within).toArray(String[]::new);
    noClasses()
        .that(resideInAPackage("dev.ringfence..").and(not(resideInAnyPackage(allowed))))
        .should()
        .dependOnClassesThat(resideInAPackage(library))
        .check(PRODUCT);
  }

  /// Our packages that hold a class besides their sign.
  private static Set<JavaPackage> packages() {
    Set<JavaPackage> found = new LinkedHashSet<>();
    PRODUCT.that(isNoSign()).forEach(c -> found.add(c.getPackage()));
    return found;
  }

  private static DescribedPredicate<JavaClass> isNoSign() {
    return not(simpleName("package-info"));
  }

  private static String within(String room) {
    return OURS + room + "..";
  }
}
