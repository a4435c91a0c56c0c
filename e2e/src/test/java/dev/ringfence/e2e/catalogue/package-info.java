/// The edge cases of semantics.md section 5 put to the kernel, one test a number.
///
/// In: the cases of core's tests (`core/src/test/resources/catalogue/017.yaml`). Out: whether every
/// packet went where the case says, and evaluator and compiled policy say the same; over IPv4, and
/// over IPv6 with every address translated. One set of namespaces serves all cases; a case's steps
/// are changes to running tables. What no packet can show stands in [NotForPackets], with its
/// reason. Never here: policies, expected answers.
///
/// Start at [KernelCatalogueTest]. As root: `mvn test -pl e2e -am -Dtest=KernelCatalogueTest
/// -Dsurefire.failIfNoSpecifiedTests=false`, with `-Dcase=17` one case alone.
@NullMarked
package dev.ringfence.e2e.catalogue;

import org.jspecify.annotations.NullMarked;
