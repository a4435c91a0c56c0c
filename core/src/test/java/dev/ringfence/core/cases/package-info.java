/// Questions with known answers, each asked as `query` asks it.
///
/// In: `cases/` among the resources, and `../shared/cases` where it is there. Never here: worlds.
@NullMarked
package dev.ringfence.core.cases;

import org.jspecify.annotations.NullMarked;
