/// Who may reach whom, as plain sets: every selector is already resolved.
///
/// In: `model`, `cluster`. Out: [CompiledPolicy] for `answer`, [NodePolicy] for `nftables`. Never
/// here: YAML, sockets, clocks, reasons. Start at [PolicyEngine#apply].
@NullMarked
package dev.ringfence.core.compiled;

import org.jspecify.annotations.NullMarked;
