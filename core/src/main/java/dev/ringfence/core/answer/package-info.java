/// Answers to questions: may this talk to that, and which rule decided.
///
/// In: `model`, `cluster`, `compiled`. Out: [Decision]. Never here: YAML, kernels, output formats.
/// Start at [Evaluator#decide]; its laws say that the compiled policy agrees.
@NullMarked
package dev.ringfence.core.answer;

import org.jspecify.annotations.NullMarked;
