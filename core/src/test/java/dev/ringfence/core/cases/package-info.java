/// Questions with known answers: the edge cases of semantics.md section 5, and suites of others.
///
/// In: `catalogue/` among the resources, and `../shared/cases` where it is there. Out: whether
/// `check`, evaluator and compiled policy agree with it; `e2e` puts the same cases to the kernel.
/// Never here: worlds. Start at [Catalogue]. One case alone: read `catalogue/017.yaml`, and run
/// `mvn test -pl core -Dtest='CatalogueTest' -Dcase=17`.
@NullMarked
package dev.ringfence.core.cases;

import org.jspecify.annotations.NullMarked;
