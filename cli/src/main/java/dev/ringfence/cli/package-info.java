/// Commands, output formats, exit codes: the only room that prints or exits.
@NullMarked
package dev.ringfence.cli;

import org.jspecify.annotations.NullMarked;
