/// A lab that never stands still: random changes under traffic, every packet held against the
/// answers.
///
/// In: a scenario, a seed. Out: a [dev.ringfence.report.ChaosReport] of the packets that passed
/// wrongly or were wrongly lost. Never here: printing, what a policy means. Start at [Chaos#run].
@NullMarked
package dev.ringfence.lab.chaos;

import org.jspecify.annotations.NullMarked;
